"""Talks behind a link: fetched once, kept in the store, then read as a file would be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from studykit import engines
from studykit.errors import InputError
from studykit.fingerprint import digest, digest_bytes, digest_file
from studykit.glossary import Glossary
from studykit.ingest import (
    CaptionFile,
    CaptionTrack,
    FetchedTalk,
    FetchOptions,
    Ingested,
    IngestOptions,
    describe,
    fetch,
)
from studykit.pipeline.media import transcribed
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.reading import ingested
from studykit.pipeline.stages import Progress, StageResult, Stages
from studykit.resources import cache_dir
from studykit.store import Store

__all__ = ["FetchedAudio", "ReadLink", "fetch_audio", "fetch_stages", "fetch_talk", "read_link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedAudio:
    """A recording on this machine and the SHA-256 of its content."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLink:
    """What a link gave, as ``make_notes`` goes on with it."""

    stages: Stages
    lead: StageResult[Ingested]
    other: StageResult[Ingested] | None
    """The talk in the other language, when there are captions in it and they are wanted."""
    captions: tuple[CaptionTrack, ...]
    """What was read."""
    origin: str
    warnings: tuple[str, ...]


def fetch_stages(store: Store, url: str, progress: Progress) -> Stages:
    """The stages of a link, before its content is known."""
    return Stages(store=store, source_id=digest("link", url), progress=progress)


def fetch_talk(
    stages: Stages, url: str, options: FetchOptions, *, language: str | None = None
) -> StageResult[FetchedTalk]:
    """What there is behind the link, captions included; raises what ``ingest.fetch`` raises."""
    return stages.run(
        "fetch",
        FetchedTalk,
        inputs=[url, language, options.transcribe],
        code=("engines/programs/ytdlp", "engines/programs/ytdlp_info", "ingest/remote"),
        compute=lambda: fetch(
            url, engines.fetcher(options), language=language, transcribe=options.transcribe
        ),
        fresh=options.refresh,
    )


def fetch_audio(stages: Stages, url: str, options: FetchOptions) -> FetchedAudio:
    """The talk's audio in a folder of its own; raises what ``Fetcher.audio`` raises."""
    folder = cache_dir() / "audio" / digest("link", url)[:16]

    def compute() -> FetchedAudio:
        path = engines.fetcher(options).audio(
            url, folder, lambda at: stages.progress.started(f"fetch audio, {at}")
        )
        return FetchedAudio(path=str(path), digest=digest_file(path))

    there = any(path.suffix not in {".part", ".ytdl"} for path in folder.glob("audio.*"))
    return stages.run(
        "fetch audio",
        FetchedAudio,
        inputs=[url, str(folder)],
        code=("engines/programs/ytdlp",),
        compute=compute,
        fresh=options.refresh or not there,
    ).value


def read_link(
    url: str,
    *,
    translated: bool,
    store: Store,
    glossary: Glossary,
    options: PipelineOptions,
    progress: Progress,
) -> ReadLink:
    """Fetch the talk behind ``url`` and read it, from its captions or, where need be, its audio.

    ``translated``: the user has a translation, so the talk's own is not read. Raises ``InputError``
    for a list of talks, and where no captions will do and audio is not wanted; ``EngineError``,
    ``MissingExtraError`` and ``MissingNetworkError``.
    """
    fetching = fetch_stages(store, url, progress)
    fetched = fetch_talk(fetching, url, options.fetch, language=options.ingest.language).value
    talk = fetched.talk
    # An engine that the user chose does better than a site that translates line by line.
    replaced = options.translating and options.translate.engine != "captions"
    if replaced and fetched.other and fetched.other.track.kind == "translated":
        translated = True
    if fetched.lead:
        stages = replace(fetching, source_id=digest_bytes(fetched.lead.data))
        read = _read(stages, "ingest", fetched.lead, options.ingest)
    elif options.fetch.transcribe == "never":
        raise InputError(
            url,
            "no captions in English or Chinese but machine translations",
            hint="--transcribe auto makes a transcript of the audio.",
        )
    else:
        audio = fetch_audio(fetching, url, options.fetch)
        stages = replace(fetching, source_id=audio.digest)
        read = transcribed(stages, Path(audio.path), audio.digest, glossary, options)
    lead = describe(read.value, talk, options.ingest)
    other = None
    if fetched.other and not translated:
        other = _read(stages, "ingest translation", fetched.other, IngestOptions())
        if other.value.source.language == lead.source.language:  # more was heard than the site told
            other = None
        else:
            lead = replace(lead, source=replace(lead.source, translation=fetched.other.track.kind))
    return ReadLink(
        stages=stages,
        lead=StageResult.of(lead, Ingested),
        other=other,
        captions=tuple(file.track for file in (fetched.lead, fetched.other if other else None) if file),
        origin=talk.url,
        warnings=tuple(
            f"{url}: {warning}"
            for warning in (
                *lead.warnings,
                *(() if translated else fetched.warnings),
                *(other.value.warnings if other else ()),
            )
        ),
    )


def _read(stages: Stages, stage: str, file: CaptionFile, options: IngestOptions) -> StageResult[Ingested]:
    """Read captions; a site knows their language better than their text tells it."""
    path = Path(f"captions.{file.track.language}.{file.format}")
    return ingested(stages, stage, path, file.data, replace(options, language=file.track.language))
