"""What every reader takes and returns, and the steps that readers share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from studykit import engines
from studykit.errors import InputError
from studykit.faces import Late
from studykit.formats import read_bytes
from studykit.glossary import Glossary
from studykit.ingest import CaptionTrack, Ingested, ingest_file
from studykit.options import IngestOptions, Options, SegmentOptions
from studykit.talk.cache import Cache, Result, keyed
from studykit.talk.read.supplied import Supplied
from studykit.types import Alignment, Correction, Document, Source, TimeOrigin

if TYPE_CHECKING:
    from studykit.segment import BoundaryModel

__all__ = ["ReadRequest", "ReadTalk", "as_read", "cut", "cut_other", "ingested", "read_translation"]

segment = Late("studykit.segment", "segment", Document)


class ReadRequest(Struct, frozen=True, kw_only=True):
    """What a reader needs: the source as the user named it, options, glossary and cache."""

    source: str
    translation: Path | None
    cache: Cache
    glossary: Glossary
    options: Options
    translating: bool = False
    """Whether to translate a talk that has no translation."""


class ReadTalk(Struct, frozen=True, kw_only=True):
    """A talk as read from its source: its metadata, and its one or two texts in sentences."""

    source: Source
    timing: TimeOrigin
    format: str
    """The format that the source was read as."""
    digest: str
    """Digest of the source's content; results are stored under it."""
    origin: str
    """The path or link of the source."""
    talk_id: str | None = None
    """Id of the talk, if the source is a stored talk."""
    lead: Result[Document]
    other: Result[Document] | None = None
    captions: tuple[CaptionTrack, ...] = ()
    """The caption tracks read, if the source is a link."""
    warnings: tuple[str, ...] = ()
    supplied: Supplied = Supplied()
    """What notes made elsewhere already contain."""
    proofread: bool = False
    """Whether the texts are already corrected, so that they are left as they are."""
    corrections: tuple[Correction, ...] = ()
    """Corrections made while reading."""
    restored_chars: int = 0
    """Number of characters of the source that had lost bytes and were restored."""
    alignment: Alignment | None = None
    """The alignment of a stored talk, with its locked beads."""


def ingested(cache: Cache, stage: str, path: Path, data: bytes, options: IngestOptions) -> Result[Ingested]:
    """Parse the file ``path``, whose bytes are ``data``. Raises ``InputError``."""
    return cache.run(stage, ingest_file, keyed(path, path.name), data, options)


def cut(cache: Cache, stage: str, read: Result[Ingested], options: SegmentOptions) -> Result[Document]:
    """The sentences and paragraphs of what was read."""
    boundaries = engines.boundary_model(options.boundaries)
    return cache.run(stage, _cut, read, options, boundaries)


def _cut(read: Ingested, options: SegmentOptions, boundaries: BoundaryModel) -> Document:
    return segment(read.transcript, chapters=read.source.chapters, options=options, boundaries=boundaries)


def cut_other(cache: Cache, read: Ingested, options: SegmentOptions) -> Result[Document]:
    """The sentences and paragraphs of the other language of a file that is in both."""
    assert read.other is not None
    alone = Ingested(source=replace(read.source, chapters=()), transcript=read.other)
    return cut(cache, "segment translation", Result.of(alone), options)


def as_read(request: ReadRequest, read: Result[Ingested], path: Path, digest: str) -> ReadTalk:
    """What was read of the file ``path``, whose SHA-256 is ``digest``, with its translation if one is given.

    Raises ``InputError`` for a translation that cannot be used.
    """
    lead = cut(request.cache, "segment", read, request.options.segment)
    other, warnings = None, tuple(f"{path}: {warning}" for warning in read.value.warnings)
    if request.translation is not None:
        other, more = read_translation(request, read.value.source.language)
        warnings += more
    elif read.value.other is not None:
        other = cut_other(request.cache, read.value, request.options.segment)
    return ReadTalk(
        source=read.value.source,
        timing=read.value.transcript.timing,
        format=read.value.transcript.engine,
        digest=digest,
        origin=str(path.resolve()),
        lead=lead,
        other=other,
        warnings=warnings,
    )


def read_translation(request: ReadRequest, language: str) -> tuple[Result[Document], tuple[str, ...]]:
    """The file with the talk in the other language, and warnings.

    ``language`` is the talk's own. Raises ``InputError``, also when both are in one language.
    """
    path = request.translation
    assert path is not None
    read = ingested(request.cache, "ingest translation", path, read_bytes(path), IngestOptions())
    if read.value.other is not None and read.value.other.language != language:
        other = cut_other(request.cache, read.value, request.options.segment)
        return other, tuple(f"{path}: {warning}" for warning in read.value.warnings)
    if read.value.source.language == language:
        name = "Chinese" if language == "zh" else "English"
        raise InputError(
            path,
            f"source and translation are both in {name}",
            hint=f"{request.source} is the other one. --language sets the language of the source.",
        )
    other = cut(request.cache, "segment translation", read, request.options.segment)
    return other, tuple(f"{path}: {warning}" for warning in read.value.warnings)
