"""Texts: what was given, what was said in it, and its sentences and paragraphs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from studykit.types.choices import LANGUAGES

__all__ = [
    "DOUBTFUL",
    "RESTORED",
    "CaptionKind",
    "Chapter",
    "Correction",
    "Cue",
    "Decision",
    "Document",
    "Paragraph",
    "Segment",
    "Sentence",
    "Source",
    "SourceKind",
    "Span",
    "Texts",
    "TimeOrigin",
    "Token",
    "Transcript",
    "Word",
]

CaptionKind = Literal["manual", "automatic", "translated"]
"""Who made captions: people, a recogniser, or a machine that translated others."""
SourceKind = Literal["captions", "transcript", "text", "media", "url", "notes"]
TimeOrigin = Literal["forced_alignment", "attention", "captions", "restored", "none"]
"""Where times come from; ``restored``: put together from clocks that start again, see ``slack_s``."""


def check_times(start_s: float | None, end_s: float | None, what: str) -> None:
    if start_s is not None and start_s < 0:
        raise ValueError(f"{what} starts before the recording: {start_s} s")
    if start_s is not None and end_s is not None and end_s < start_s:
        raise ValueError(f"{what} ends before it starts: {start_s} s, {end_s} s")


def check_score(score: float | None, what: str) -> None:
    if score is not None and not 0 <= score <= 1:
        raise ValueError(f"{what} has a score outside 0-1: {score}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The half-open range ``[start, end)``, of sentences in a document or code points in a text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.end))

    def __contains__(self, index: int) -> bool:
        return self.start <= index < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A titled stretch of the recording, ends where the next begins.

    Cut by its publisher or, in a long talk that has none, where the subject changes; the title is
    empty when nothing stands out.
    """

    title: str
    start_s: float

    def __post_init__(self) -> None:
        check_times(self.start_s, None, f"chapter {self.title!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the user gave. ``id`` is the SHA-256 of its content: the same bytes have the same id."""

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
    translation: CaptionKind | None = None
    """How the other language's text came: as captions of the talk, or ``translated`` by a machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One spoken word. Times are ``None`` when the word could not be placed."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    score: float | None = None
    """The recogniser's or aligner's confidence, 0-1; None with times: placed between its neighbours."""

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, f"word {self.text!r}")
        check_score(self.score, f"word {self.text!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What a recogniser or a caption file emitted at once; its words lie inside it, in order."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: tuple[Word, ...] = ()
    speaker: str | None = None
    slack_s: float = 0.0
    """How much later than stated the true times may lie; above 0 only for restored clocks."""
    original: str | None = None
    """The text as heard, where the recogniser wrote Chinese in another script."""

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, f"segment {self.text[:40]!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or mark of an English text as a tagger sees it; ``[start, end)`` are code points."""

    text: str
    start: int
    end: int
    lemma: str
    upos: str
    """Universal part of speech: ``NOUN``, ``VERB`` …"""
    tag: str
    """Penn Treebank tag: ``NNS``, ``VBD`` …"""
    dep: str
    """How it hangs on its head (ClearNLP labels: ``nsubj``, ``prt`` …); the root on itself."""
    head: int
    """Index of its head among the text's tokens."""
    entity: str | None
    """Kind of name or number that it is part of (OntoNotes 5: ``ORG``, ``PERSON`` …)."""


RESTORED = "restored"
"""The rule of corrections that stand for bytes which a file had lost."""

DOUBTFUL = 0.7
"""A restored character that is less likely right than this is marked; 9 of 10 wrong ones lie below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A mis-heard term put right. Undoing all corrections restores the text as read."""

    language: str
    """``en`` or ``zh``: whose sentences are counted."""
    sentence: int
    span: Span
    """Code points in the sentence's raw text."""
    wrong: str
    right: str
    rule: str
    confidence: float

    def __post_init__(self) -> None:
        check_score(self.confidence, f"correction {self.wrong!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person has said about a correction, found again by the sentence it stands in."""

    language: str
    sentence: str
    """The sentence's raw text."""
    span: Span
    right: str
    accepted: bool
    everywhere: bool = False
    """Whether it is about the same words in every sentence, not in this one alone."""

    @property
    def wrong(self) -> str:
        """The words that it is about."""
        return self.sentence[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence. ``raw`` holds the words as read, ``text`` what is shown."""

    index: int
    text: str
    raw: str
    start_s: float | None = None
    end_s: float | None = None
    slack_s: float = 0.0
    speaker: str | None = None

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, f"sentence {self.index}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Sentences that belong together, never empty, within one chapter and one speaker's turn."""

    index: int
    sentences: Span
    chapter: int | None = None
    """Index into the source's chapters."""

    def __post_init__(self) -> None:
        if not len(self.sentences):
            raise ValueError(f"paragraph {self.index} has no sentence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text in sentences and paragraphs.

    The paragraphs' spans cover the sentences in order; the sentences' raw texts, joined, are the
    transcript's words, white space aside.
    """

    id: str
    """Digest of language and sentences."""
    language: str
    sentences: tuple[Sentence, ...]
    paragraphs: tuple[Paragraph, ...]

    def __post_init__(self) -> None:
        if any(sent.index != i for i, sent in enumerate(self.sentences)):
            raise ValueError("sentences are not numbered 0, 1, 2 …")
        at = 0
        for i, para in enumerate(self.paragraphs):
            if para.index != i or para.sentences.start != at:
                raise ValueError(f"paragraph {para.index} does not follow the one before")
            at = para.sentences.end
        if at != len(self.sentences):
            raise ValueError(f"paragraphs cover {at} of {len(self.sentences)} sentences")

    def paragraph_of(self, sentence: int) -> int:
        """Index of the paragraph in which a sentence stands; raises ``ValueError`` for no sentence."""
        if not 0 <= sentence < len(self.sentences):
            raise ValueError(f"no sentence {sentence} among {len(self.sentences)}")
        return bisect_right(self.paragraphs, sentence, key=lambda para: para.sentences.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A talk's two texts: ``lead`` in the language that is spoken, ``other`` its translation, if any."""

    lead: Document
    other: Document | None = None

    def __post_init__(self) -> None:
        for doc in self:
            if doc.language not in LANGUAGES:
                raise ValueError(f"neither English nor Chinese: {doc.language}")
        if self.other and self.other.language == self.lead.language:
            raise ValueError(f"both texts are in {self.lead.language}")

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Texts:
        """One document or two, the talk's own first; raises ``ValueError`` for another number."""
        lead, *others = documents
        if len(others) > 1:
            raise ValueError(f"a talk has two texts, not {1 + len(others)}")
        return cls(lead=lead, other=others[0] if others else None)

    def __iter__(self) -> Iterator[Document]:
        """The texts that there are, the talk's own first."""
        return iter((self.lead, self.other) if self.other else (self.lead,))

    @property
    def by_language(self) -> dict[str, Document]:
        """The texts that there are by language, the talk's own first."""
        return {doc.language: doc for doc in self}

    @property
    def english(self) -> Document | None:
        """The English text, whichever language leads."""
        return self.by_language.get("en")

    @property
    def chinese(self) -> Document | None:
        """The Chinese text, whichever language leads."""
        return self.by_language.get("zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One displayed subtitle; made only when subtitles are written."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, "cue")
