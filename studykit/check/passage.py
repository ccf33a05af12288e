"""What is compared: the English and the Chinese of one bead, with what stands around it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from studykit.check.messages import Message
from studykit.languages import join_sentences
from studykit.types import Finding, FindingKind, Notes, Severity, Span

__all__ = ["Passage", "passages"]

_AROUND, _FAR_AROUND = 3, 12
"""Sentences before and after in which a translator may have put something instead; in a summary more."""


class Passage(Struct, frozen=True, kw_only=True):
    """Texts are one line each; ``near_…`` hold the passage's own text too, its paragraph, and more."""

    paragraph: int
    english: str
    chinese: str
    near_english: str
    near_chinese: str
    source: Span
    target: Span
    score: float
    is_summary: bool = False
    """Whether the Chinese need not say all that the English says."""

    def finding(self, kind: FindingKind, severity: Severity, message: Message) -> Finding:
        """A finding about this passage."""
        return Finding(
            kind=kind,
            severity=severity,
            paragraph=self.paragraph,
            english=self.english,
            chinese=self.chinese,
            message=message.english,
            message_zh=message.chinese,
        )


def passages(notes: Notes, summarised: Collection[int] = ()) -> list[Passage]:
    """One for each bead; none when one language is missing. ``summarised``: paragraphs that are summaries."""
    if notes.alignment is None:
        return []
    texts = {
        "en": [sent.text for sent in notes.english],
        "zh": [sent.text for sent in notes.chinese],
    }
    made: list[Passage] = []
    for bead in notes.alignment.beads:
        language, first = ("en", bead.source.start) if len(bead.source) else ("zh", bead.target.start)
        at = notes.paragraph_of(language, first)
        para = notes.paragraphs[at]
        reach = _FAR_AROUND if at in summarised else _AROUND
        made.append(
            Passage(
                paragraph=at,
                english=_text(texts["en"], bead.source, "en"),
                chinese=_text(texts["zh"], bead.target, "zh"),
                near_english=_text(
                    texts["en"], _around(bead.source, para.english, len(texts["en"]), reach), "en"
                ),
                near_chinese=_text(
                    texts["zh"], _around(bead.target, para.chinese, len(texts["zh"]), reach), "zh"
                ),
                source=bead.source,
                target=bead.target,
                score=bead.score,
                is_summary=at in summarised,
            )
        )
    return made


def _text(sentences: Sequence[str], span: Span, language: str) -> str:
    return join_sentences(sentences[span.start : span.end], language)


def _around(span: Span, paragraph: Span, count: int, reach: int) -> Span:
    start, end = span.start - reach, span.end + reach
    if len(paragraph):
        start, end = min(start, paragraph.start), max(end, paragraph.end)
    return Span(start=max(0, start), end=min(count, end))
