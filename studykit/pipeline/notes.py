"""One talk through all stages. Only this package joins engines to stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from studykit import formats
from studykit.errors import InputError
from studykit.fingerprint import digest_bytes
from studykit.glossary import Glossary
from studykit.ingest import Ingested, IngestOptions, ingest_file
from studykit.pipeline.finish import Finished, finish
from studykit.pipeline.imports import import_notes, read_noted
from studykit.pipeline.locks import lost_warnings
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.stages import Progress, StageReport, StageResult, Stages
from studykit.segment import segment
from studykit.store import Store, add_origin, locks_of
from studykit.types import Document, Notes

__all__ = ["STAGES", "TRANSLATION_STAGES", "NotesResult", "make_notes"]

STAGES = 5
"""How many stages ``make_notes`` goes through, for progress; a translation adds some."""
TRANSLATION_STAGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesResult:
    """Notes that are in the store now, the key of what they are, and how they came about."""

    notes: Notes
    key: str
    format: str
    """What the source was read as."""
    restored_chars: int
    """Characters of it that had lost bytes and were restored."""
    stages: tuple[StageReport, ...]
    warnings: tuple[str, ...]


def make_notes(
    source: Path,
    *,
    translation: Path | None,
    store: Store,
    glossary: Glossary,
    options: PipelineOptions,
    progress: Progress,
) -> NotesResult:
    """Make the notes of the talk in ``source`` and store them.

    Raises ``InputError`` for files that cannot be used, and what the engines raise.
    """
    data = formats.read_bytes(source)
    translated = formats.read_bytes(translation) if translation else None
    stages = Stages(store=store, source_id=digest_bytes(data), progress=progress)

    noted = read_noted(stages, source, data, options)
    if noted:
        imported = import_notes(
            stages, noted, source, translation=translation, glossary=glossary, options=options
        )
        return _stored(
            stages,
            imported.finished,
            imported.documents,
            format=noted.notes.format,
            restored_chars=len(noted.restored),
            warnings=imported.warnings,
        )
    lead = _ingest(stages, "ingest", source, data, options.ingest)
    docs = {lead.value.source.language: _segment(stages, "segment", lead, options)}
    warnings = [f"{source}: {warning}" for warning in lead.value.warnings]
    if translation is not None and translated is not None:
        other = _ingest(stages, "ingest translation", translation, translated, IngestOptions())
        language = other.value.source.language
        if language in docs:
            raise InputError(
                translation,
                f"source and translation are both in {'Chinese' if language == 'zh' else 'English'}",
                hint=f"{source} is the other one. --language states what the source is.",
            )
        warnings += [f"{translation}: {warning}" for warning in other.value.warnings]
        docs[language] = _segment(stages, "segment translation", other, options)
    elif any(row.translated for row in store.talks() if row.id == stages.source_id):
        warnings.append(
            f"{source}: these notes had a translation and now have none; --translation brings it back"
        )

    done = finish(
        stages,
        source=lead.value.source,
        timing=lead.value.transcript.timing,
        docs=docs,
        locks=locks_of(store, add_origin(store, stages.source_id, str(source.resolve()))),
        glossary=glossary,
        options=options,
    )
    return _stored(
        stages,
        done,
        [doc.value for doc in docs.values()],
        format=lead.value.transcript.engine,
        restored_chars=0,
        warnings=warnings,
    )


def _stored(
    stages: Stages,
    done: Finished,
    documents: Sequence[Document],
    *,
    format: str,
    restored_chars: int,
    warnings: Sequence[str],
) -> NotesResult:
    stages.save(done.notes, [StageResult.of(doc, Document) for doc in documents])
    return NotesResult(
        notes=done.notes.value,
        key=done.notes.digest,
        format=format,
        restored_chars=restored_chars,
        stages=tuple(stages.reports),
        warnings=(*warnings, *lost_warnings(done.lost)),
    )


def _ingest(
    stages: Stages, stage: str, path: Path, data: bytes, options: IngestOptions
) -> StageResult[Ingested]:
    return stages.run(
        stage,
        Ingested,
        inputs=[digest_bytes(data), path.name, msgspec.to_builtins(options)],
        code=("formats", "ingest", "languages", "safexml", "timecode"),
        compute=lambda: ingest_file(path, data, options),
    )


def _segment(
    stages: Stages, stage: str, ingested: StageResult[Ingested], options: PipelineOptions
) -> StageResult[Document]:
    return stages.run(
        stage,
        Document,
        inputs=[ingested.digest, msgspec.to_builtins(options.segment)],
        code=("segment", "languages"),
        compute=lambda: segment(
            ingested.value.transcript, chapters=ingested.value.source.chapters, options=options.segment
        ),
    )
