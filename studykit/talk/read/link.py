"""Reads talks behind a link: downloaded once, kept in the store, then read like a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from studykit import engines
from studykit.errors import InputError
from studykit.fingerprint import digest, digest_bytes, digest_file
from studykit.ingest import (
    CaptionFile,
    FetchedTalk,
    Fetcher,
    Ingested,
    describe,
    fetch,
    link_of,
)
from studykit.languages import is_chinese
from studykit.options import AudioUse, FetchOptions, IngestOptions
from studykit.resources import cache_dir
from studykit.talk.cache import Cache, Result, keyed
from studykit.talk.read.base import ReadRequest, ReadTalk, cut, cut_other, ingested, read_translation
from studykit.talk.read.recording import transcribed
from studykit.timecode import to_clock
from studykit.types import Language

__all__ = ["FetchedAudio", "fetch_audio", "fetch_talk", "is_fetched", "link_cache", "read_link"]


class FetchedAudio(Struct, frozen=True, kw_only=True):
    """A recording on this machine and the SHA-256 of its content."""

    path: str
    digest: str


def link_cache(cache: Cache, url: str) -> Cache:
    """The cache of a link, used before its content is known."""
    return replace(cache, source_id=digest("link", url))


def fetch_talk(
    cache: Cache, url: str, options: FetchOptions, *, language: str | None = None
) -> Result[FetchedTalk]:
    """The talk behind a link with its captions; raises what ``ingest.fetch`` raises."""
    return cache.run(*_fetching(url, options, language), fresh=options.refresh)


def is_fetched(cache: Cache, url: str, options: FetchOptions, *, language: str | None = None) -> bool:
    """Whether ``fetch_talk`` would ask the site nothing."""
    return not options.refresh and cache.holds(*_fetching(url, options, language))


def _fetching(url: str, options: FetchOptions, language: str | None) -> tuple[Any, ...]:
    fetcher = engines.fetcher(options)
    return "fetch", _fetch, url, keyed(fetcher, _code_of(fetcher)), language, options.transcribe


def _fetch(url: str, fetcher: Fetcher, language: str | None, transcribe: AudioUse) -> FetchedTalk:
    return fetch(url, fetcher, language=language, transcribe=transcribe)


def fetch_audio(cache: Cache, url: str, options: FetchOptions) -> FetchedAudio:
    """The talk's audio, in a folder of its own; raises what ``Fetcher.audio`` raises."""
    folder = cache_dir() / "audio" / digest("link", url)[:16]
    there = any(path.suffix not in {".part", ".ytdl"} for path in folder.glob("audio.*"))
    fetcher = engines.fetcher(options)
    return cache.run(
        "fetch audio", _fetch_audio, url, folder, keyed(fetcher, _code_of(fetcher)), keyed(cache, None),
        fresh=options.refresh or not there,
    ).value  # fmt: skip


def _fetch_audio(url: str, folder: Path, fetcher: Fetcher, cache: Cache) -> FetchedAudio:
    path = fetcher.audio(url, folder, lambda at: cache.progress.said(f"fetch audio, {at}"))
    return FetchedAudio(path=str(path), digest=digest_file(path))


def _code_of(fetcher: Fetcher) -> object:
    """The key of a fetcher: its code, since a site's answer does not depend on cookies and proxies."""
    return type(fetcher)


def read_link(request: ReadRequest) -> ReadTalk:
    """Fetch the talk behind a link and read its captions or, if necessary, transcribe its audio.

    Raises ``InputError`` for a list of talks, and if there are no usable captions and audio is not
    wanted; ``EngineError``, ``MissingExtraError`` and ``MissingNetworkError``.
    """
    url = link_of(request.source) or request.source
    options = request.options
    fetching = link_cache(request.cache, url)
    fetched = fetch_talk(fetching, url, options.fetch, language=options.ingest.language).value
    read = _lead(request, fetching, url, fetched)
    cache = replace(request.cache, source_id=read.digest)
    request = replace(request, source=url, cache=cache)
    described = describe(read.ingested.value, fetched.talk, options.ingest)
    warnings = [*described.warnings, *fetched.withheld]
    other = None
    if request.translation is not None:
        document, more = read_translation(request, described.source.language)
        other = document
        warnings += more
    elif not fetched.other:
        warnings += fetched.warnings
        if described.other is not None:  # captions made by people are often in both languages
            other = cut_other(cache, described, options.segment)
    elif not _replaced(request, fetched.other):
        made = _read(cache, "ingest translation", fetched.other, IngestOptions())
        warnings += [*fetched.warnings, *made.value.warnings]
        if made.value.source.language != described.source.language:  # otherwise the site is wrong about it
            other = cut(cache, "segment translation", made, options.segment)
            source = replace(described.source, translation=fetched.other.track.kind)
            described = replace(described, source=source)
    lead = cut(cache, "segment", Result.of(described, Ingested), options.segment)
    from_site = other if request.translation is None else None
    return ReadTalk(
        source=described.source,
        timing=described.transcript.timing,
        format=described.transcript.engine,
        digest=read.digest,
        origin=fetched.talk.url,
        lead=lead,
        other=other,
        captions=tuple(file.track for file in (fetched.lead, fetched.other if from_site else None) if file),
        warnings=tuple(f"{url}: {warning}" for warning in warnings),
    )


class _Lead(Struct, frozen=True, kw_only=True):
    """The talk's own text, and the digest of what it was read from."""

    ingested: Result[Ingested]
    digest: str


def _lead(request: ReadRequest, fetching: Cache, url: str, fetched: FetchedTalk) -> _Lead:
    if fetched.lead:
        digest = digest_bytes(fetched.lead.data)
        cache = replace(fetching, source_id=digest)
        return _Lead(ingested=_read(cache, "ingest", fetched.lead, request.options.ingest), digest=digest)
    if request.options.fetch.transcribe == "never":
        raise InputError(
            url,
            "there are no captions in English or Chinese other than machine translations",
            hint="--transcribe auto transcribes the audio.",
        )
    request.cache.progress.noted(_before_hearing(url, fetched, request.options.fetch.transcribe))
    audio = fetch_audio(fetching, url, request.options.fetch)
    cache = replace(fetching, source_id=audio.digest)
    return _Lead(
        ingested=transcribed(cache, Path(audio.path), audio.digest, request.glossary, request.options),
        digest=audio.digest,
    )


def _before_hearing(url: str, fetched: FetchedTalk, transcribe: AudioUse) -> str:
    """What the user should know before audio is downloaded and transcribed, which may take hours."""
    length_s = fetched.talk.duration_s
    length = f" ({to_clock(length_s)})" if length_s else ""
    if transcribe == "always":
        return f"{url}: the audio{length} will be transcribed"
    return "\n".join(
        [
            f"{url}: no captions that can be read, so the audio{length} will be downloaded and transcribed.",
            *(f"  yt-dlp warned: {warning}" for warning in fetched.withheld),
            "  If captions are withheld: log in (--cookies-from-browser firefox), or install a JavaScript",
            "  runtime (studykit doctor looks for one) and run again with --refresh.",
            "  If you have captions: studykit notes captions.vtt --url LINK",
        ]
    )


def _replaced(request: ReadRequest, other: CaptionFile) -> bool:
    """Whether the user's engine replaces a site's machine translation, which goes line by line."""
    return (
        request.translating
        and request.options.translate.engine != "captions"
        and other.track.kind == "translated"
    )


def _read(cache: Cache, stage: str, file: CaptionFile, options: IngestOptions) -> Result[Ingested]:
    """Read captions; the site's word on their language is better than a guess from the text."""
    path = Path(f"captions.{file.track.language}.{file.format}")
    language: Language = "zh" if is_chinese(file.track.language) else "en"
    return ingested(cache, stage, path, file.data, replace(options, language=language))
