"""Talks behind a link: what is known about one, and which of its captions are worth reading.

Who fetches is not known here: a ``Fetcher`` does, see ``studykit/engines/programs/ytdlp.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from studykit.errors import EngineError
from studykit.ingest.local import Ingested
from studykit.languages import is_chinese, primary
from studykit.options import AudioUse, IngestOptions
from studykit.types import CaptionKind, Chapter

__all__ = [
    "CaptionFile",
    "CaptionTrack",
    "Choice",
    "FetchedTalk",
    "Fetcher",
    "RemoteTalk",
    "choose_tracks",
    "describe",
    "fetch",
    "is_link",
    "link_of",
]

_BARE_LINK = re.compile(
    r"(?:www\.[\w.-]+|(?:[\w-]+\.)*(?:youtube\.com|youtu\.be|bilibili\.com|b23\.tv|vimeo\.com|ted\.com))/\S",
    re.IGNORECASE,
)
_VARIETIES = {
    "en": ("en", "en-us", "en-gb"),
    "zh": ("zh-hans", "zh-cn", "zh-sg", "zh", "cmn", "zh-hant", "zh-tw", "zh-hk", "yue"),
}
"""Varieties in the order of preference; simplified characters first, as in the labels."""
_NAMES = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionTrack:
    """Captions that a talk has. ``name`` is what the fetcher knows them by."""

    language: str
    """BCP 47."""
    kind: CaptionKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteTalk:
    """What a site tells about one talk."""

    id: str
    url: str
    """The talk's own page, whatever link led there."""
    title: str
    channel: str | None = None
    published: str | None = None
    """ISO 8601 date."""
    duration_s: float | None = None
    language: str | None = None
    """What is spoken, BCP 47, where the site tells."""
    thumbnail_url: str | None = None
    chapters: tuple[Chapter, ...] = ()
    tracks: tuple[CaptionTrack, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionFile:
    """Captions as the site sent them; ``format`` is a file suffix without its dot."""

    track: CaptionTrack
    format: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedTalk:
    """A talk with its own captions (``lead``) and those in the other language, as far as there are."""

    talk: RemoteTalk
    lead: CaptionFile | None
    other: CaptionFile | None
    warnings: tuple[str, ...] = ()

    @property
    def captions(self) -> tuple[CaptionFile, ...]:
        """Those that are there, the talk's own first."""
        return tuple(file for file in (self.lead, self.other) if file)


class Fetcher(Protocol):
    """Gets things from a site.

    Each method raises ``EngineError`` with the site's reason, ``MissingExtraError`` and
    ``MissingNetworkError``.
    """

    def look(self, url: str) -> RemoteTalk:
        """What there is; raises ``TalkListError`` when it is a playlist or a channel."""

    def captions(self, url: str, track: CaptionTrack) -> CaptionFile:
        """One of the tracks that ``look`` found there."""

    def audio(self, url: str, folder: Path, progress: Callable[[str], None]) -> Path:
        """The best audio as a file in ``folder``, whole; one begun before is continued.

        ``progress`` gets how far it is, in words.
        """


class Choice(NamedTuple):
    """The tracks to read."""

    lead: CaptionTrack | None
    other: CaptionTrack | None


def link_of(source: str) -> str | None:
    """The web address that the user gave, None for anything else.

    Sites of talks are known without ``https://``, as browsers show their addresses.
    """
    if re.match(r"https?://", source, re.IGNORECASE):
        return source
    return f"https://{source}" if _BARE_LINK.match(source) else None


def is_link(source: str) -> bool:
    """Whether the user gave a web address."""
    return link_of(source) is not None


def choose_tracks(talk: RemoteTalk, *, language: str | None, transcribe: AudioUse) -> Choice:
    """The captions to read of a talk; ``language`` states what is spoken, ``en`` or ``zh``.

    The lead is in the language that is spoken, by people rather than automatic, and never a machine's
    translation; None where the audio has to serve. The other may be one, where there is nothing
    better. Where no one knows what is spoken, English leads.
    """
    spoken = _side(language or talk.language or "")
    sides = [spoken] if spoken else ["en", "zh"]
    if spoken and transcribe == "never":
        sides.append(_opposite(spoken))
    lead = None
    if transcribe != "always":
        own = [track for track in talk.tracks if track.kind != "translated"]
        lead = next((track for side in sides if (track := _best(own, side))), None)
    other = _best(talk.tracks, _opposite(_side(lead.language) or sides[0] if lead else sides[0]))
    if other and other.kind == "automatic":  # a recogniser writes what is spoken
        other = replace(other, kind="translated")
    return Choice(lead, other)


def _side(tag: str) -> str | None:
    if is_chinese(tag):
        return "zh"
    return "en" if primary(tag) == "en" else None


def _opposite(side: str) -> str:
    return "en" if side == "zh" else "zh"


def _best(tracks: Iterable[CaptionTrack], side: str) -> CaptionTrack | None:
    kinds = ("manual", "automatic", "translated")

    def rank(track: CaptionTrack) -> tuple[int, int, int]:
        return kinds.index(track.kind), *_variety_rank(track.language, side)

    return min((track for track in tracks if _side(track.language) == side), key=rank, default=None)


def _variety_rank(tag: str, side: str) -> tuple[int, int]:
    """How many subtags are left out (RFC 4647, 3.4: lookup), and the place in the order of varieties."""
    varieties, parts = _VARIETIES[side], re.split("[-_]", tag.lower())
    for left_out in range(len(parts)):
        variety = "-".join(parts[: len(parts) - left_out])
        if variety in varieties:
            return left_out, varieties.index(variety)
    return len(parts), len(varieties)


def fetch(url: str, fetcher: Fetcher, *, language: str | None, transcribe: AudioUse) -> FetchedTalk:
    """The talk behind ``url`` and its captions.

    Raises what the fetcher raises. Captions in the other language that cannot be fetched are a
    warning only: the notes can do without.
    """
    talk = fetcher.look(url)
    choice = choose_tracks(talk, language=language, transcribe=transcribe)
    lead = fetcher.captions(url, choice.lead) if choice.lead else None
    other, warnings = None, []
    if choice.other:
        side = _NAMES[_side(choice.other.language) or "en"]
        try:
            other = fetcher.captions(url, choice.other)
        except EngineError as error:
            warnings.append(
                f"its {side} captions ({choice.other.language}, {choice.other.kind}) could not be fetched: "
                f"{error.problem}; --refresh tries again"
            )
        else:
            if choice.other.kind == "translated":
                warnings.append(
                    f"its {side} captions ({choice.other.language}) are a machine's translation, made by "
                    "the site line by line: often wrong; --translation FILE replaces them"
                )
    return FetchedTalk(talk=talk, lead=lead, other=other, warnings=tuple(warnings))


def describe(ingested: Ingested, talk: RemoteTalk, options: IngestOptions) -> Ingested:
    """What was read of a talk's captions or audio, with what the site tells about it.

    What the user says in ``options`` outranks the site, which outranks the file.
    """
    source = replace(
        ingested.source,
        kind="url",
        title=options.title or talk.title,
        url=options.url or talk.url,
        channel=talk.channel,
        published=talk.published,
        duration_s=talk.duration_s or ingested.source.duration_s,
        chapters=options.chapters or talk.chapters or ingested.source.chapters,
    )
    return replace(ingested, source=source)
