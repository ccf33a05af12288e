"""What a talk is read from: its source, and the transcript as heard or captioned."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from studykit.types.text import check_score, check_times

__all__ = [
    "CaptionKind",
    "Chapter",
    "Hearing",
    "Segment",
    "Source",
    "SourceKind",
    "TimeOrigin",
    "Transcript",
    "Word",
]

CaptionKind = Literal["manual", "automatic", "translated"]
"""Who made captions: people, a recogniser, or a machine translating other captions."""
SourceKind = Literal["captions", "transcript", "text", "media", "url", "notes"]
TimeOrigin = Literal["forced_alignment", "attention", "captions", "restored", "none"]
"""Where times come from; ``restored``: reconstructed from clocks that restart, see ``slack_s``."""


class Chapter(Struct, frozen=True, kw_only=True):
    """A titled stretch of the recording, up to the next: as published, or found where the subject changes."""

    title: str
    start_s: float
    translation: str | None = None
    """The title in the other language, if it was made."""

    def __post_init__(self) -> None:
        check_times(self.start_s, None, f"chapter {self.title!r}")


class Source(Struct, frozen=True, kw_only=True):
    """What the user gave. ``id`` is the SHA-256 of its content."""

    id: str
    kind: SourceKind
    language: str
    """BCP 47, such as ``en`` or ``zh``."""
    title: str
    url: str | None = None
    duration_s: float | None = None
    chapters: tuple[Chapter, ...] = ()
    channel: str | None = None
    """Who published it."""
    published: str | None = None
    """ISO 8601 date."""
    made_title: str | None = None
    """Made from what is said if ``title`` is a file name that tells nothing; in the talk's language."""
    made_translation: str | None = None
    """The same in the other language."""
    translation: CaptionKind | None = None
    """Origin of the text in the other language: captions of the talk, or ``translated`` by a machine."""

    @property
    def shown_title(self) -> str:
        """What pages are headed with."""
        return self.made_title or self.title


class Word(Struct, frozen=True, kw_only=True):
    """One spoken word. Times are ``None`` if the word could not be placed."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    score: float | None = None
    """The recogniser's or aligner's confidence, 0-1; None for a word placed between its neighbours."""

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, f"word {self.text!r}")
        check_score(self.score, f"word {self.text!r}")


class Hearing(Struct, frozen=True, kw_only=True):
    """What a recogniser says of itself about a window of speech; None for what it does not say."""

    compression_ratio: float | None = None
    """Bytes of the text by bytes of the text compressed; above 2.4, it repeats itself."""
    mean_logprob: float | None = None
    """Mean log-probability of the tokens."""
    no_speech: float | None = None
    """Probability that nobody speaks."""
    language: str | None = None
    """Another language that it seems to be in, ISO 639-1; None for the transcript's own."""


class Segment(Struct, frozen=True, kw_only=True):
    """A unit emitted by a recogniser or caption file; its words lie inside it, in order."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: tuple[Word, ...] = ()
    speaker: str | None = None
    slack_s: float = 0.0
    """By how much the true times may be later than stated; above 0 only for restored times."""
    original: str | None = None
    """The text as recognised, if the recogniser wrote Chinese in another script."""
    hearing: Hearing | None = None
    """Of the window that it was recognised in; None for captions."""
    doubtful: bool = False
    """Whether what was recognised is likely wrong; then it is text, and nothing is made of it."""

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, f"segment {self.text[:40]!r}")


class Transcript(Struct, frozen=True, kw_only=True):
    """All that was said, as timed segments sorted by start."""

    source_id: str
    language: str
    segments: tuple[Segment, ...]
    engine: str
    """The recogniser with its version, or the format that the captions were read from."""
    timing: TimeOrigin
    options: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        last_s = 0.0
        for seg in self.segments:
            if seg.start_s is not None:
                if seg.start_s < last_s:
                    raise ValueError(f"segments are not sorted: {seg.start_s} s after {last_s} s")
                last_s = seg.start_s
