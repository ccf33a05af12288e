"""One talk through all stages. Only this package joins engines to stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from studykit import engines, formats
from studykit.correct import Corrected, Decision, correct
from studykit.edit import edit
from studykit.engines.opencc import simplified
from studykit.errors import InputError
from studykit.fingerprint import digest_bytes
from studykit.glossary import Glossary
from studykit.ingest import CaptionTrack, Ingested, IngestOptions
from studykit.pipeline.finish import Finished, finish
from studykit.pipeline.imports import import_notes, read_noted
from studykit.pipeline.locks import lost_warnings
from studykit.pipeline.media import media_digest, transcribed
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.parts import with_parts
from studykit.pipeline.reading import ingested
from studykit.pipeline.remote import read_link
from studykit.pipeline.stages import Progress, StageReport, StageResult, Stages
from studykit.segment import segment
from studykit.store import Store, add_origin, decisions_of, locks_of
from studykit.types import Correction, Document, Notes

__all__ = ["LINK_STAGES", "STAGES", "TRANSLATION_STAGES", "NotesResult", "make_notes"]

STAGES = 7
"""How many stages ``make_notes`` goes through, for progress; a translation or a link adds some."""
TRANSLATION_STAGES = 5
LINK_STAGES = 1


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
    captions: tuple[CaptionTrack, ...] = ()
    """Those that were read of a talk behind a link."""


def make_notes(
    source: Path | str,
    *,
    translation: Path | None,
    store: Store,
    glossary: Glossary,
    options: PipelineOptions,
    progress: Progress,
) -> NotesResult:
    """Make the notes of the talk in ``source``, a path or (as ``str``) a web address, and store them.

    Raises ``InputError`` for files that cannot be used, and what the engines raise.
    """
    translated = formats.read_bytes(translation) if translation else None
    captions: tuple[CaptionTrack, ...] = ()
    other = None
    recording = media_digest(source) if isinstance(source, Path) else None
    if isinstance(source, Path) and recording is not None:
        stages = Stages(store=store, source_id=recording, progress=progress)
        lead = transcribed(stages, source, recording, glossary, options)
        origin, warnings = str(source.resolve()), []
    elif isinstance(source, Path):
        data = formats.read_bytes(source)
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
        lead = ingested(stages, "ingest", source, data, options.ingest)
        origin = str(source.resolve())
        warnings = [f"{source}: {warning}" for warning in lead.value.warnings]
    else:
        link = read_link(
            source,
            translated=translated is not None,
            store=store,
            glossary=glossary,
            options=options,
            progress=progress,
        )
        stages, lead, other = link.stages, link.lead, link.other
        captions, origin, warnings = link.captions, link.origin, list(link.warnings)
    segmented = [_segment(stages, "segment", lead, options)]
    if translation is not None and translated is not None:
        other = ingested(stages, "ingest translation", translation, translated, IngestOptions())
        if other.value.source.language == lead.value.source.language:
            language = "Chinese" if other.value.source.language == "zh" else "English"
            raise InputError(
                translation,
                f"source and translation are both in {language}",
                hint=f"{source} is the other one. --language states what the source is.",
            )
        warnings += [f"{translation}: {warning}" for warning in other.value.warnings]
    if other:
        segmented.append(_segment(stages, "segment translation", other, options))
    elif any(row.translated for row in store.talks() if row.id == stages.source_id):
        warnings.append(
            f"{source}: these notes had a translation and now have none; --translation brings it back"
        )

    lineage = add_origin(store, stages.source_id, origin)
    decisions = decisions_of(store, lineage)
    docs: dict[str, StageResult[Document]] = {}
    corrections: list[Correction] = []
    for stage, doc in zip(("correct", "correct translation"), segmented, strict=False):
        corrected = _correct(stages, stage, doc, decisions, glossary).value
        corrections += corrected.corrections
        docs[corrected.document.language] = StageResult.of(corrected.document, Document)
    if options.edited:
        docs = {language: _edit(stages, f"edit {language}", doc) for language, doc in docs.items()}
    source_read = lead.value.source
    cut, docs[source_read.language] = with_parts(
        stages, source_read, docs[source_read.language], glossary=glossary, options=options
    )
    done = finish(
        stages,
        source=cut,
        timing=lead.value.transcript.timing,
        docs=docs,
        corrections=corrections,
        locks=locks_of(store, lineage),
        glossary=glossary,
        options=options,
    )
    return _stored(
        stages,
        done,
        [doc.value for doc in docs.values()],
        format=lead.value.transcript.engine,
        warnings=warnings,
        captions=captions,
    )


def _stored(
    stages: Stages,
    done: Finished,
    documents: Sequence[Document],
    *,
    format: str,
    warnings: Sequence[str],
    restored_chars: int = 0,
    captions: tuple[CaptionTrack, ...] = (),
) -> NotesResult:
    stages.save(done.notes, [StageResult.of(doc, Document) for doc in documents])
    return NotesResult(
        notes=done.notes.value,
        key=done.notes.digest,
        format=format,
        restored_chars=restored_chars,
        stages=tuple(stages.reports),
        warnings=(*warnings, *lost_warnings(done.lost)),
        captions=captions,
    )


def _segment(
    stages: Stages, stage: str, ingested: StageResult[Ingested], options: PipelineOptions
) -> StageResult[Document]:
    boundaries = engines.boundary_model(options.boundaries)
    return stages.run(
        stage,
        Document,
        inputs=[ingested.digest, msgspec.to_builtins(options.segment), boundaries.name],
        code=("segment", "languages", "engines/boundary_net", "engines/boundary_features"),
        compute=lambda: segment(
            ingested.value.transcript,
            chapters=ingested.value.source.chapters,
            options=options.segment,
            boundaries=boundaries,
        ),
    )


def _correct(
    stages: Stages,
    stage: str,
    doc: StageResult[Document],
    decisions: Sequence[Decision],
    glossary: Glossary,
) -> StageResult[Corrected]:
    return stages.run(
        stage,
        Corrected,
        inputs=[doc.digest, glossary.hearing_digest, msgspec.to_builtins(decisions)],
        code=("correct", "glossary", "languages"),
        compute=lambda: correct(doc.value, glossary, decisions=decisions),
    )


def _edit(stages: Stages, stage: str, doc: StageResult[Document]) -> StageResult[Document]:
    return stages.run(
        stage,
        Document,
        inputs=[doc.digest],
        code=("edit", "languages", "engines/opencc"),
        compute=lambda: edit(doc.value, simplified=simplified),
    )
