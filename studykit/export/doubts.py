"""What a reader should compare: paragraphs in doubt, and restored characters in doubt where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from studykit.check.relation import summarised
from studykit.export.page.runs import doubts_of, runs
from studykit.types import Notes, Sentence, Span

__all__ = ["doubtful_paragraphs", "summarised_paragraphs", "with_doubts_shown"]


def doubtful_paragraphs(notes: Notes) -> frozenset[int]:
    """Paragraphs whose Chinese may belong elsewhere; not where it is a summary, which aligns badly anyway."""
    return frozenset(para.index for para in notes.paragraphs if para.doubtful) - summarised_paragraphs(notes)


def summarised_paragraphs(notes: Notes) -> frozenset[int]:
    """Paragraphs whose Chinese is a summary; none in notes where nothing aligns badly."""
    if not any(para.doubtful for para in notes.paragraphs):
        return frozenset()
    return summarised(notes)


def with_doubts_shown(notes: Notes) -> Notes:
    """The notes with ``DOUBT_MARK`` after each doubtful restored character of the Chinese text.

    For outputs that print whole sentences: places in the Chinese are those of the text without marks.
    """
    doubts = doubts_of(notes)

    def marked() -> Iterator[Sentence]:
        for sent in notes.chinese:
            whole = Span(start=sent.index, end=sent.index + 1)
            shown = runs(notes.chinese, whole, {}, "zh", doubts=doubts) if sent.index in doubts else ()
            yield replace(sent, text="".join(run.text for run in shown)) if shown else sent

    return replace(notes, chinese=tuple(marked())) if doubts else notes
