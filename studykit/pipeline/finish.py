"""From documents to notes: the stages that a new run and a change by hand have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from studykit import engines
from studykit.align import CachedEncoder, Cut, align
from studykit.annotate import find_terms, gists, lexicon_digest, notable_claims
from studykit.check import check
from studykit.compose import compose
from studykit.glossary import Glossary
from studykit.pipeline.locks import as_read, place
from studykit.pipeline.noted import Given
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.stages import StageResult, Stages
from studykit.pipeline.vocabulary import ecdict_state, items_of_notes
from studykit.store import Embeddings, Lock, known_keys
from studykit.types import (
    Alignment,
    Annotations,
    Correction,
    Document,
    Finding,
    Notes,
    Source,
    Texts,
    TimeOrigin,
)

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
    corrections: Sequence[Correction] = (),
    locks: Sequence[Lock],
    glossary: Glossary,
    options: PipelineOptions,
    given: Given = Given(),
) -> Finished:
    """Align, annotate and compose the documents in ``docs``, by language, the talk's own first.

    ``corrections`` are those that were made in them. ``locks``, oldest first, are kept wherever
    their sentences stand; ``given`` is what notes that were made elsewhere say themselves.
    """
    lead, other = [*docs.values(), None][:2]
    assert lead
    aligned: StageResult[Alignment] | None = None
    lost: tuple[Lock, ...] = ()
    if other:
        aligned, lost = _align(stages, docs, locks=locks, cuts=given.cuts, options=options)
    annotations = _annotate(stages, source, docs, aligned, given=given, glossary=glossary, options=options)
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
            msgspec.to_builtins(tuple(corrections)),
            [glossary.entry_digest(entry_id) for entry_id in found],
            msgspec.to_builtins(options.compose),
            msgspec.to_builtins(given.cuts),
        ],
        code=("compose", "glossary", "languages"),
        compute=lambda: compose(
            source=source,
            timing=timing,
            lead=lead.value,
            other=other.value if other else None,
            alignment=aligned.value if aligned else None,
            annotations=annotations.value,
            corrections=corrections,
            glossary=glossary,
            cuts=given.cuts,
            options=options.compose,
        ),
    )
    return Finished(notes=_check(stages, notes, glossary) if other else notes, lost=lost)


def _check(stages: Stages, notes: StageResult[Notes], glossary: Glossary) -> StageResult[Notes]:
    """The notes with what is doubtful about the Chinese."""
    findings = stages.run(
        "check",
        tuple[Finding, ...],
        inputs=[notes.digest, glossary.forms_digest],
        code=("check", "glossary", "languages"),
        compute=lambda: check(notes.value, glossary),
    )
    return StageResult.of(replace(notes.value, findings=findings.value), Notes)


def _annotate(
    stages: Stages,
    source: Source,
    docs: Mapping[str, StageResult[Document]],
    aligned: StageResult[Alignment] | None,
    *,
    given: Given,
    glossary: Glossary,
    options: PipelineOptions,
) -> StageResult[Annotations]:
    """Terms, and what to study: in notes made elsewhere what they explain, else what is found."""
    tagger = engines.tagger()
    encoder = engines.encoder(options.encoder)
    known = known_keys(stages.store) | options.known

    def compute() -> Annotations:
        texts = Texts.of(doc.value for doc in docs.values())
        sentences = {doc.language: doc.sentences for doc in texts}
        alignment = aligned.value if aligned else None
        terms = find_terms(sentences, glossary, alignment, lead=source.language)
        if given.explains:
            return Annotations(terms=terms, vocabulary=given.vocabulary, claims=given.claims)
        claims = notable_claims(
            texts.lead,
            CachedEncoder(encoder, Embeddings(stages.store)).encode(gists(texts.lead)),
            terms=terms,
            other=texts.other,
            alignment=aligned.value if aligned else None,
        )
        items = items_of_notes(
            texts.by_language,
            alignment,
            terms=terms,
            glossary=glossary,
            tagger=tagger,
            encoder=encoder,
            known=known,
            options=options,
        )
        return Annotations(terms=terms, vocabulary=items, claims=claims)

    return stages.run(
        "annotate",
        Annotations,
        inputs=[
            [[language, doc.digest] for language, doc in docs.items()],
            aligned.digest if aligned else None,
            glossary.forms_digest,
            tagger.name,
            encoder.name,
            sorted(known),
            msgspec.to_builtins(options.vocabulary),
            ecdict_state(options.ecdict),
            lexicon_digest(),
            source.language,
            msgspec.to_builtins([given.explains, given.vocabulary, given.claims]),
        ],
        code=("annotate", "kinds", "lexicon", "glossary", "languages", "pipeline/vocabulary"),
        compute=compute,
    )


def _align(
    stages: Stages,
    docs: Mapping[str, StageResult[Document]],
    *,
    locks: Sequence[Lock],
    cuts: Sequence[Cut],
    options: PipelineOptions,
) -> tuple[StageResult[Alignment], tuple[Lock, ...]]:
    english, chinese = docs["en"], docs["zh"]
    encoder = CachedEncoder(engines.encoder(options.encoder), Embeddings(stages.store))
    locked = []
    lost: tuple[Lock, ...] = ()
    if locks:
        texts = [as_read(doc.value.sentences, doc.value.language) for doc in (english, chinese)]
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
            list(cuts),
        ],
        code=("align", "engines"),
        compute=lambda: align(
            english.value, chinese.value, encoder=encoder, options=options.align, locked=locked, cuts=cuts
        ),
    )
    return aligned, lost
