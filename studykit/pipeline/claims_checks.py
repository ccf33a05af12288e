"""Claims of a talk in files, and checks of its translation; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from studykit import engines
from studykit.annotate import find_claims, find_terms, gists
from studykit.check import check
from studykit.compose import compose
from studykit.glossary import Glossary
from studykit.ingest import IngestOptions
from studykit.pipeline.files import read_files
from studykit.pipeline.options import PipelineOptions
from studykit.types import Annotations, Claim, Document, Notes

__all__ = ["FoundClaims", "check_files", "claims_of_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClaims:
    """Claims, best first, and the document that their evidence is in."""

    document: Document
    claims: tuple[Claim, ...]


def claims_of_file(
    path: Path, *, translation: Path | None, count: int, glossary: Glossary, options: PipelineOptions
) -> FoundClaims:
    """The ``count`` best claims of the talk in ``path``.

    Raises ``InputError`` for files that cannot be used, and what engines raise.
    """
    talk = read_files(path, translation, glossary=glossary, options=options)
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
    options = replace(options, ingest=IngestOptions(language="en"))
    talk = read_files(english, chinese, glossary=glossary, options=options, translation_language="zh")
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
