"""The glossary's terms in a talk."""

from __future__ import annotations

from studykit.annotate import find_terms
from studykit.glossary import Glossary
from studykit.talk.stages.sure import sure
from studykit.types import Alignment, Document, TermMatch

__all__ = ["terms_of"]


def terms_of(
    lead: Document, other: Document | None, alignment: Alignment | None, glossary: Glossary
) -> tuple[TermMatch, ...]:
    """The glossary's terms in both texts, none of them in sentences that were hardly heard."""
    texts = {doc.language: sure(doc).sentences for doc in (lead, other) if doc}
    return find_terms(texts, glossary, alignment, lead=lead.language)
