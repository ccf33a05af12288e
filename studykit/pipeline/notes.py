"""One talk through all stages. Only this package joins engines to stages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from studykit import engines, formats
from studykit.align import AlignOptions, align
from studykit.annotate import find_terms
from studykit.compose import ComposeOptions, compose
from studykit.errors import InputError
from studykit.fingerprint import digest_bytes
from studykit.glossary import Glossary
from studykit.ingest import Ingested, IngestOptions, ingest_file
from studykit.pipeline.stages import Progress, StageReport, StageResult, Stages
from studykit.segment import SegmentOptions, segment
from studykit.store import Store
from studykit.types import Alignment, Annotations, Document, Notes

__all__ = ["STAGES", "TRANSLATION_STAGES", "NotesResult", "PipelineOptions", "make_notes"]

STAGES = 5
"""How many stages ``make_notes`` goes through, for progress; a translation adds some."""
TRANSLATION_STAGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOptions:
    """The options of all stages."""

    ingest: IngestOptions = IngestOptions()
    segment: SegmentOptions = SegmentOptions()
    align: AlignOptions = AlignOptions()
    compose: ComposeOptions = ComposeOptions()
    encoder: str = "usem"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesResult:
    """Notes that are in the store now, the key of what they are, and how they came about."""

    notes: Notes
    key: str
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

    lead = _ingest(stages, "ingest", source, data, options.ingest)
    lead_doc = _segment(stages, "segment", lead, options)
    docs = {lead.value.source.language: lead_doc}
    warnings = [f"{source}: {warning}" for warning in lead.value.warnings]
    aligned: StageResult[Alignment] | None = None
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
        aligned = _align(stages, docs["en"], docs["zh"], options)

    annotations = stages.run(
        "annotate",
        Annotations,
        inputs=[{language: doc.digest for language, doc in docs.items()}, glossary.forms_digest],
        code=("annotate", "glossary"),
        compute=lambda: Annotations(
            terms=find_terms({language: doc.value.sentences for language, doc in docs.items()}, glossary)
        ),
    )
    found = [match.entry_id for match in annotations.value.terms]
    other_doc = next((doc for doc in docs.values() if doc is not lead_doc), None)
    notes = stages.run(
        "compose",
        Notes,
        inputs=[
            lead.digest,
            lead_doc.digest,
            other_doc.digest if other_doc else None,
            aligned.digest if aligned else None,
            annotations.digest,
            [glossary.entry_digest(entry_id) for entry_id in found],
            msgspec.to_builtins(options.compose),
        ],
        code=("compose", "glossary", "languages"),
        compute=lambda: compose(
            source=lead.value.source,
            timing=lead.value.transcript.timing,
            lead=lead_doc.value,
            other=other_doc.value if other_doc else None,
            alignment=aligned.value if aligned else None,
            annotations=annotations.value,
            glossary=glossary,
            options=options.compose,
        ),
    )
    stages.save(notes)
    return NotesResult(
        notes=notes.value, key=notes.digest, stages=tuple(stages.reports), warnings=tuple(warnings)
    )


def _ingest(
    stages: Stages, stage: str, path: Path, data: bytes, options: IngestOptions
) -> StageResult[Ingested]:
    return stages.run(
        stage,
        Ingested,
        inputs=[digest_bytes(data), path.name, msgspec.to_builtins(options)],
        code=("formats", "ingest", "languages", "timecode"),
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


def _align(
    stages: Stages, english: StageResult[Document], chinese: StageResult[Document], options: PipelineOptions
) -> StageResult[Alignment]:
    encoder = engines.encoder(options.encoder)
    return stages.run(
        "align",
        Alignment,
        inputs=[english.digest, chinese.digest, encoder.name, msgspec.to_builtins(options.align)],
        code=("align", "engines"),
        compute=lambda: align(english.value, chinese.value, encoder=encoder, options=options.align),
    )
