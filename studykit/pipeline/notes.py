"""One talk through all stages. Only this package joins engines to stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from studykit import formats
from studykit.errors import InputError
from studykit.fingerprint import digest_bytes
from studykit.glossary import Glossary
from studykit.ingest import CaptionTrack, IngestOptions
from studykit.pipeline.finish import Finished, finish
from studykit.pipeline.imports import import_notes, read_noted
from studykit.pipeline.locks import lost_warnings
from studykit.pipeline.media import media_digest, transcribed
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.parts import with_parts
from studykit.pipeline.proofread import proofread, segmented
from studykit.pipeline.reading import ingested
from studykit.pipeline.remote import read_link
from studykit.pipeline.stages import Progress, StageReport, StageResult, Stages
from studykit.pipeline.translation import translated_stage
from studykit.store import Store, add_origin, decisions_of, locks_of
from studykit.types import Document, Notes

__all__ = ["LINK_STAGES", "STAGES", "TRANSLATION_STAGES", "NotesResult", "make_notes"]

STAGES = 7
"""How many stages ``make_notes`` goes through, for progress; a translation or a link adds some."""
TRANSLATION_STAGES = 6
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
                warnings=(
                    *imported.warnings,
                    *([f"{source}: holds notes, which --translate leaves as they are"] * options.translating),
                ),
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
    texts = [segmented(stages, "segment", lead, options)]
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
        texts.append(segmented(stages, "segment translation", other, options))
    elif not options.translating and any(
        row.translated for row in store.talks() if row.id == stages.source_id
    ):
        warnings.append(
            f"{source}: these notes had a translation and now have none; --translation brings it back"
        )

    lineage = add_origin(store, stages.source_id, origin)
    decisions = decisions_of(store, lineage)
    docs, corrections = proofread(stages, texts, decisions, glossary, options)
    spoken = lead.value.source.language
    described, docs[spoken] = with_parts(
        stages, lead.value.source, docs[spoken], glossary=glossary, options=options
    )
    if options.translating and not other:
        if options.translate.engine == "captions":
            raise InputError(
                str(source),
                "no captions in the other language",
                hint="Another engine translates: --translate openai:MODEL or --translate transformers.",
            )
        made, told = translated_stage(stages, docs, source=described, glossary=glossary, options=options)
        warnings += [f"{source}: {warning}" for warning in told]
        if made:
            docs[made.value.language] = made
            described = replace(described, translation="translated")
    done = finish(
        stages,
        source=described,
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
