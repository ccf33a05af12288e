"""Sentences that sum up paragraphs: they name them, and bring nothing that these lack."""

from __future__ import annotations

from collections.abc import Sequence

from studykit.assist.answer import SummarySentence
from studykit.assist.proof.bilingual import proven_pair
from studykit.assist.proof.brought import require_nothing_new
from studykit.assist.proof.failure import UnprovenError
from studykit.assist.proof.nearness import nearest, shared_words
from studykit.assist.said import Judged
from studykit.types import Backed, Quote, Span

__all__ = ["proven_sentence"]

NEAR_SUMMARY = 0.28
"""Least likeness to the nearest sentence of the paragraphs that are named; 20 good sentences have .35."""
HELD = 0.4
"""Least share of its words that these paragraphs have; of 20 good sentences all have half."""
SURELY_NEAR = 0.45
"""From here on the sentence is taken to say the same, and is held to its polarity."""
_MOST_PARAGRAPHS = 8


def proven_sentence(written: SummarySentence, said: Judged, *, within: Span | None = None) -> Backed:
    """A summary sentence with, as evidence, the sentence of each named paragraph that is nearest to it.

    ``within``: the paragraphs that it may be about. Raises ``UnprovenError``.
    """
    numbers = list(dict.fromkeys(written.paragraphs))
    allowed = within or Span(start=0, end=len(said.notes.paragraphs))
    if not numbers or len(numbers) > _MOST_PARAGRAPHS or any(number - 1 not in allowed for number in numbers):
        raise UnprovenError("sentence")
    by_paragraph = [found for number in numbers if (found := said.sentences_of([number]))]
    if not by_paragraph:
        raise UnprovenError("sentence")
    pair = proven_pair(written, said)
    own = pair.chinese if said.language == "zh" else pair.english
    text = said.text_of(i for found in by_paragraph for i in found)
    require_nothing_new(own, text, said)
    if said.judges.checker.goes_beyond(own, text, said.language):
        raise UnprovenError("opposite")
    if shared_words(own, text, said) < HELD:
        raise UnprovenError("meaning")
    return Backed(
        english=pair.english, chinese=pair.chinese, evidence=tuple(_evidence(own, by_paragraph, said))
    )


def _evidence(own: str, by_paragraph: Sequence[Sequence[int]], said: Judged) -> list[Quote]:
    near = [nearest(own, numbers, said) for numbers in by_paragraph]
    best, score = max(near, key=lambda one: one[1])
    if score < NEAR_SUMMARY:
        raise UnprovenError("meaning")
    if score >= SURELY_NEAR and said.judges.checker.is_turned(own, said.text_of([best]), said.language):
        raise UnprovenError("opposite")
    quotes = []
    for number, _ in near:
        sentence = said.sentence(number)
        assert sentence
        quotes.append(
            Quote(sentence=sentence.index, span=Span(start=0, end=len(sentence.raw)), quote=sentence.raw)
        )
    return quotes
