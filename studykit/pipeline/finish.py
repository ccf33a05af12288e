"""From documents to notes: the stages that a new run and a change by hand have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from studykit import engines
from studykit.align import CachedEncoder, align
from studykit.annotate import find_terms
from studykit.compose import compose
from studykit.glossary import Glossary
from studykit.pipeline.locks import place
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.stages import StageResult, Stages
from studykit.store import Embeddings, Lock
from studykit.types import Alignment, Annotations, Document, Notes, Source, TimeOrigin

__all__ = ["Finished", "finish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Notes, and the locks whose sentences are not in the text."""

    notes: StageResult[Notes]
    lost: tuple[Lock, ...]


def finish(
    stages: Stages,
    *,
    source: Source,
    timing: TimeOrigin,
    docs: dict[str, StageResult[Document]],
    locks: Sequence[Lock],
    glossary: Glossary,
    options: PipelineOptions,
) -> Finished:
    """Align, annotate and compose the documents in ``docs``, by language, the talk's own first.

    ``locks``, oldest first, are kept wherever their sentences stand.
    """
    lead, other = [*docs.values(), None][:2]
    assert lead
    aligned: StageResult[Alignment] | None = None
    lost: tuple[Lock, ...] = ()
    if other:
        aligned, lost = _align(stages, docs["en"], docs["zh"], locks, options)
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
    notes = stages.run(
        "compose",
        Notes,
        inputs=[
            msgspec.to_builtins(source),
            timing,
            lead.digest,
            other.digest if other else None,
            aligned.digest if aligned else None,
            annotations.digest,
            [glossary.entry_digest(entry_id) for entry_id in found],
            msgspec.to_builtins(options.compose),
        ],
        code=("compose", "glossary", "languages"),
        compute=lambda: compose(
            source=source,
            timing=timing,
            lead=lead.value,
            other=other.value if other else None,
            alignment=aligned.value if aligned else None,
            annotations=annotations.value,
            glossary=glossary,
            options=options.compose,
        ),
    )
    return Finished(notes=notes, lost=lost)


def _align(
    stages: Stages,
    english: StageResult[Document],
    chinese: StageResult[Document],
    locks: Sequence[Lock],
    options: PipelineOptions,
) -> tuple[StageResult[Alignment], tuple[Lock, ...]]:
    encoder = CachedEncoder(engines.encoder(options.encoder), Embeddings(stages.store))
    locked = []
    lost: tuple[Lock, ...] = ()
    if locks:
        texts = [[sent.text for sent in doc.value.sentences] for doc in (english, chinese)]
        placed = place(locks, texts[0], texts[1])
        locked, lost = [bead for bead, _ in placed.beads], placed.lost
    aligned = stages.run(
        "align",
        Alignment,
        inputs=[
            english.digest,
            chinese.digest,
            encoder.name,
            msgspec.to_builtins(options.align),
            msgspec.to_builtins(locked),
        ],
        code=("align", "engines"),
        compute=lambda: align(
            english.value, chinese.value, encoder=encoder, options=options.align, locked=locked
        ),
    )
    return aligned, lost
