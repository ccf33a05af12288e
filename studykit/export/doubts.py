"""Which paragraphs a reader should compare, and which only sum up what was said."""

from __future__ import annotations

from studykit.check.relation import summarised
from studykit.types import Notes

__all__ = ["doubtful_paragraphs", "summarised_paragraphs"]


def doubtful_paragraphs(notes: Notes) -> frozenset[int]:
    """Paragraphs whose Chinese may belong elsewhere; not where it is a summary, which aligns badly anyway."""
    return frozenset(para.index for para in notes.paragraphs if para.doubtful) - summarised_paragraphs(notes)


def summarised_paragraphs(notes: Notes) -> frozenset[int]:
    """Paragraphs whose Chinese is a summary; none in notes where nothing aligns badly."""
    if not any(para.doubtful for para in notes.paragraphs):
        return frozenset()
    return summarised(notes)
