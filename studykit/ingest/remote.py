"""Talks behind a link: their metadata, and which of their captions to read.

Downloading is left to a ``Fetcher``, see ``studykit/engines/programs/ytdlp.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from studykit.errors import EngineError
from studykit.faces import late
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

_ON_CAPTIONS = re.compile(r"subtitle|caption|JavaScript runtime|PO token", re.IGNORECASE)
_BARE_LINK = late(
    r"(?:www\.[\w.-]+|(?:[\w-]+\.)*(?:youtube\.com|youtu\.be|bilibili\.com|b23\.tv|vimeo\.com|ted\.com))/\S",
    re.IGNORECASE,
)
_VARIETIES = {
    "en": ("en", "en-us", "en-gb"),
    "zh": ("zh-hans", "zh-cn", "zh-sg", "zh", "cmn", "zh-hant", "zh-tw", "zh-hk", "yue"),
}
"""Varieties in order of preference; simplified characters first, as in the labels."""
_NAMES = {"en": "English", "zh": "Chinese"}


class CaptionTrack(Struct, frozen=True, kw_only=True):
    """Captions that a talk has. ``name`` identifies them to the fetcher."""

    language: str
    """BCP 47."""
    kind: CaptionKind
    name: str


class RemoteTalk(Struct, frozen=True, kw_only=True):
    """What a site says about one talk."""

    id: str
    url: str
    """The talk's canonical page."""
    title: str
    channel: str | None = None
    published: str | None = None
    """ISO 8601 date."""
    duration_s: float | None = None
    language: str | None = None
    """The spoken language, BCP 47, if the site states it."""
    thumbnail_url: str | None = None
    chapters: tuple[Chapter, ...] = ()
    tracks: tuple[CaptionTrack, ...] = ()
    warnings: tuple[str, ...] = ()
    """What the downloader warned of while it looked, in its words."""


class CaptionFile(Struct, frozen=True, kw_only=True):
    """Captions as the site sent them; ``format`` is a file suffix without its dot."""

    track: CaptionTrack
    format: str
    data: bytes


class FetchedTalk(Struct, frozen=True, kw_only=True):
    """A talk with its captions, if any: in its own language (``lead``) and in the other."""

    talk: RemoteTalk
    lead: CaptionFile | None
    other: CaptionFile | None
    warnings: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    """Why captions or audio may be missing, as the downloader warned."""

    @property
    def captions(self) -> tuple[CaptionFile, ...]:
        """The captions present, the talk's own language first."""
        return tuple(file for file in (self.lead, self.other) if file)


class Fetcher(Protocol):
    """Downloads from a site.

    Each method raises ``EngineError`` with the site's reason, ``MissingExtraError`` and
    ``MissingNetworkError``.
    """

    def look(self, url: str) -> RemoteTalk:
        """The talk's metadata and tracks; raises ``TalkListError`` for a playlist or channel."""

    def captions(self, url: str, track: CaptionTrack) -> CaptionFile:
        """One of the tracks that ``look`` found."""

    def audio(self, url: str, folder: Path, progress: Callable[[str], None]) -> Path:
        """Download the best audio to a file in ``folder``; an interrupted download is resumed.

        ``progress`` gets the state of the download, as text.
        """


class Choice(NamedTuple):
    """The tracks to read."""

    lead: CaptionTrack | None
    other: CaptionTrack | None


def link_of(source: str) -> str | None:
    """``source`` as a web address, or None if it is not one.

    Addresses of known sites may lack ``https://``, as browsers display them.
    """
    if re.match(r"https?://", source, re.IGNORECASE):
        return source
    return f"https://{source}" if _BARE_LINK.match(source) else None


def is_link(source: str) -> bool:
    """Whether ``source`` is a web address."""
    return link_of(source) is not None


def choose_tracks(talk: RemoteTalk, *, language: str | None, transcribe: AudioUse) -> Choice:
    """Choose the captions to read; ``language`` is the spoken language if known, ``en`` or ``zh``.

    The lead track is in the spoken language, preferably made by people, and never a machine translation;
    it is None if the audio must be transcribed. The other track may be a machine translation as a last
    resort. If the spoken language is unknown, English leads.
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
    if other and other.kind == "automatic":  # a recogniser writes the spoken language
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
    """How many subtags are dropped (RFC 4647, 3.4: lookup), and the rank of the variety."""
    varieties, parts = _VARIETIES[side], re.split("[-_]", tag.lower())
    for left_out in range(len(parts)):
        variety = "-".join(parts[: len(parts) - left_out])
        if variety in varieties:
            return left_out, varieties.index(variety)
    return len(parts), len(varieties)


def fetch(url: str, fetcher: Fetcher, *, language: str | None, transcribe: AudioUse) -> FetchedTalk:
    """The talk behind ``url`` and its captions.

    Raises what the fetcher raises. If captions in the other language cannot be downloaded, that is only
    a warning.
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
                f"its {side} captions ({choice.other.language}, {choice.other.kind}) failed to download: "
                f"{error.problem}; --refresh tries again"
            )
        else:
            if choice.other.kind == "translated":
                warnings.append(
                    f"its {side} captions ({choice.other.language}) were machine-translated "
                    "by the site line by line and are often wrong; --translation FILE replaces them"
                )
    return FetchedTalk(
        talk=talk, lead=lead, other=other, warnings=tuple(warnings), withheld=tuple(_withheld(talk, choice))
    )


def _withheld(talk: RemoteTalk, choice: Choice) -> Iterator[str]:
    """The downloader's warnings that matter: all if there are no captions, those on captions if some lack."""
    for warning in talk.warnings:
        if choice.lead is None or (choice.other is None and _ON_CAPTIONS.search(warning)):
            yield warning


def describe(ingested: Ingested, talk: RemoteTalk, options: IngestOptions) -> Ingested:
    """``ingested``, read from a talk's captions or audio, with the site's metadata added.

    ``options`` outrank the site, which outranks the file.
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
