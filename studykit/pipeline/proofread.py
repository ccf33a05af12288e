"""The stages between reading and anything that is done with a text: cut, corrected, edited."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from studykit import engines
from studykit.correct import Corrected, Decision, correct
from studykit.edit import edit
from studykit.glossary import Glossary
from studykit.ingest import Ingested
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.stages import StageResult, Stages
from studykit.segment import segment
from studykit.types import Correction, Document

__all__ = ["proofread", "segmented"]


def segmented(
    stages: Stages, stage: str, ingested: StageResult[Ingested], options: PipelineOptions
) -> StageResult[Document]:
    """Sentences and paragraphs of what was read."""
    boundaries = engines.boundary_model(options.boundaries)
    return stages.run(
        stage,
        Document,
        inputs=[ingested.digest, msgspec.to_builtins(options.segment), boundaries.name],
        code=("segment", "languages", *engines.BOUNDARY_CODE),
        compute=lambda: segment(
            ingested.value.transcript,
            chapters=ingested.value.source.chapters,
            options=options.segment,
            boundaries=boundaries,
        ),
    )


def proofread(
    stages: Stages,
    texts: Sequence[StageResult[Document]],
    decisions: Sequence[Decision],
    glossary: Glossary,
    options: PipelineOptions,
) -> tuple[dict[str, StageResult[Document]], list[Correction]]:
    """The documents by language, the talk's own first, with mis-heard terms put right and fillers trimmed."""
    docs: dict[str, StageResult[Document]] = {}
    corrections: list[Correction] = []
    for stage, doc in zip(("correct", "correct translation"), texts, strict=False):
        corrected = _correct(stages, stage, doc, decisions, glossary).value
        corrections += corrected.corrections
        docs[corrected.document.language] = StageResult.of(corrected.document, Document)
    if options.edited:
        docs = {language: _edit(stages, f"edit {language}", doc) for language, doc in docs.items()}
    return docs, corrections


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
        compute=lambda: edit(doc.value, simplified=engines.simplified),
    )
