"""The first sentence that says something to learn, with its translation."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from studykit.languages import join_sentences
from studykit.types import Notes, Occurrence, Sentence, Span

__all__ = ["Example", "first_example", "translation_of"]


class Example(Struct, frozen=True, kw_only=True):
    """An English sentence; ``span`` is the place of the words in it."""

    sentence: Sentence
    span: Span
    chinese: str
    """The text aligned to the sentence; may be empty."""


def first_example(notes: Notes, occurrences: Sequence[Occurrence]) -> Example | None:
    """The first English sentence in which it is said; None if there is none."""
    said = sorted((at.sentence, at.span.start, at.span.end) for at in occurrences if at.language == "en")
    if not said:
        return None
    sentence, start, end = said[0]
    return Example(
        sentence=notes.english[sentence],
        span=Span(start=start, end=end),
        chinese=translation_of(notes, sentence),
    )


def translation_of(notes: Notes, sentence: int) -> str:
    """The Chinese sentences that are aligned to an English one, as one line."""
    return join_sentences((notes.chinese[i].text for i in notes.counterparts("en", sentence)), "zh")
