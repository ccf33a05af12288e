"""A talk from its files, for commands that want one thing of it; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from studykit import engines, formats
from studykit.align import align
from studykit.annotate import find_claims, find_terms, gists
from studykit.check import check
from studykit.compose import compose
from studykit.edit import edit
from studykit.engines.opencc import simplified
from studykit.errors import InputError
from studykit.glossary import Glossary
from studykit.ingest import IngestOptions, ingest_file
from studykit.pipeline.options import PipelineOptions
from studykit.segment import segment
from studykit.types import Alignment, Annotations, Claim, Document, Notes, Source, TimeOrigin

__all__ = ["FoundClaims", "check_files", "claims_of_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClaims:
    """Claims, best first, and the document that their evidence is in."""

    document: Document
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    source: Source
    timing: TimeOrigin
    lead: Document
    other: Document | None
    alignment: Alignment | None


def claims_of_file(
    path: Path, *, translation: Path | None, count: int, glossary: Glossary, options: PipelineOptions
) -> FoundClaims:
    """The ``count`` best claims of the talk in ``path``.

    Raises ``InputError`` for files that cannot be used, and what engines raise.
    """
    talk = _read(path, options.ingest, translation, IngestOptions(), options)
    return FoundClaims(
        document=talk.lead,
        claims=find_claims(
            talk.lead,
            engines.encoder(options.encoder).encode(gists(talk.lead)),
            count=count,
            terms=find_terms({talk.lead.language: talk.lead.sentences}, glossary),
            other=talk.other,
            alignment=talk.alignment,
        ),
    )


def check_files(english: Path, chinese: Path, *, glossary: Glossary, options: PipelineOptions) -> Notes:
    """Plain notes of the two texts, with findings.

    Raises ``InputError`` for files that cannot be used, and what engines raise.
    """
    talk = _read(english, IngestOptions(language="en"), chinese, IngestOptions(language="zh"), options)
    assert talk.other
    terms = find_terms({"en": talk.lead.sentences, "zh": talk.other.sentences}, glossary)
    notes = compose(
        source=talk.source,
        timing=talk.timing,
        lead=talk.lead,
        other=talk.other,
        alignment=talk.alignment,
        annotations=Annotations(terms=terms),
        glossary=glossary,
        options=options.compose,
    )
    return replace(notes, findings=check(notes, glossary))


def _read(
    path: Path,
    ingest: IngestOptions,
    translation: Path | None,
    ingest_translation: IngestOptions,
    options: PipelineOptions,
) -> _Talk:
    lead = ingest_file(path, formats.read_bytes(path), ingest)
    boundaries = engines.boundary_model(options.boundaries)
    found = [lead]
    if translation is not None:
        found.append(ingest_file(translation, formats.read_bytes(translation), ingest_translation))
        if found[0].source.language == found[1].source.language:
            language = "Chinese" if lead.source.language == "zh" else "English"
            raise InputError(translation, f"source and translation are both in {language}")
    docs = [
        segment(one.transcript, chapters=one.source.chapters, options=options.segment, boundaries=boundaries)
        for one in found
    ]
    if options.edited:
        docs = [edit(doc, simplified=simplified) for doc in docs]
    by_language = {doc.language: doc for doc in docs}
    aligned = None
    if len(docs) > 1:
        encoder = engines.encoder(options.encoder)
        aligned = align(by_language["en"], by_language["zh"], encoder=encoder, options=options.align)
    return _Talk(
        source=lead.source,
        timing=lead.transcript.timing,
        lead=docs[0],
        other=docs[1] if len(docs) > 1 else None,
        alignment=aligned,
    )
