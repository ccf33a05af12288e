"""Study notes that someone made elsewhere, into the same tables as a fresh run.

Their paragraphs and their pairs of English and Chinese are kept: the aligner works inside each pair.
What they explain and claim stands beside what studykit finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from studykit import engines, formats
from studykit.errors import InputError
from studykit.fingerprint import digest_bytes
from studykit.formats.study_notes import looks_like_notes
from studykit.glossary import Glossary
from studykit.ingest import NotedTalk, ingest_notes
from studykit.pipeline.finish import Finished, finish
from studykit.pipeline.noted import NotedDocuments, given_by, noted_documents, restorations
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.proofread import proofread
from studykit.pipeline.stages import StageResult, Stages
from studykit.store import add_origin, decisions_of, locks_of
from studykit.types import Document

__all__ = ["Imported", "import_notes", "read_noted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Notes of notes: what came of them and the documents it was composed from."""

    finished: Finished
    documents: tuple[Document, ...]
    warnings: tuple[str, ...]


def read_noted(stages: Stages, path: Path, data: bytes, options: PipelineOptions) -> NotedTalk | None:
    """The study notes in a file, None when it holds something else. Raises ``InputError``."""
    text = formats.decode(data, path)
    if not (looks_like_notes(text) or formats.may_be_damaged(text)):
        return None
    found = stages.run(
        "ingest notes",
        tuple[NotedTalk, ...],
        inputs=[digest_bytes(data), path.name, msgspec.to_builtins(options.ingest)],
        code=("formats", "ingest", "languages", "timecode"),
        compute=lambda: tuple(talk for talk in [ingest_notes(path, data, options.ingest)] if talk),
    )
    return next(iter(found.value), None)


def import_notes(
    stages: Stages,
    talk: NotedTalk,
    path: Path,
    *,
    translation: Path | None,
    glossary: Glossary,
    options: PipelineOptions,
) -> Imported:
    """Compose and store the notes of notes. Raises ``InputError`` when a translation is given too."""
    if translation is not None:
        raise InputError(translation, f"{path} brings its own Chinese; leave --translation out")
    boundaries = engines.boundary_model(options.boundaries)
    cut = stages.run(
        "segment",
        NotedDocuments,
        inputs=[msgspec.to_builtins(talk.notes), msgspec.to_builtins(options.segment), boundaries.name],
        code=("segment", "languages", *engines.BOUNDARY_CODE, "pipeline/noted"),
        compute=lambda: noted_documents(talk.notes, talk.source, options.segment, boundaries),
    )
    texts = [StageResult.of(doc, Document) for doc in (cut.value.english, cut.value.chinese) if doc]
    docs = {doc.value.language: doc for doc in texts}
    corrections = list(restorations(talk.notes, cut.value, talk.restored))
    lineage = add_origin(stages.store, talk.source.id, str(path.resolve()))
    if not talk.notes.paragraphs_given:  # captions as they came: nobody has put them right yet
        docs, made = proofread(stages, texts, decisions_of(stages.store, lineage), glossary, options)
        corrections += made
    finished = finish(
        stages,
        source=talk.source,
        timing=talk.notes.timing,
        docs=docs,
        locks=locks_of(stages.store, lineage),
        glossary=glossary,
        options=options,
        corrections=corrections,
        given=given_by(talk.notes, cut.value),
    )
    return Imported(
        finished=finished,
        documents=tuple(doc.value for doc in docs.values()),
        warnings=tuple(f"{path}: {warning}" for warning in talk.warnings),
    )
