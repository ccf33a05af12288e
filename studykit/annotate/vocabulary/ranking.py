"""Which items come first: set phrases and hard words before terms that everybody in the field knows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from studykit.annotate.vocabulary.candidate import Found
from studykit.lexicon import known_key
from studykit.types import CEFR_LEVELS, CefrLevel, Span
from studykit.types.kinds import ITEM_KINDS

__all__ = ["ranked", "within_paragraphs"]

_GLOSSARY = -0.95
"""What a glossary term is worth; notes show it in a place of its own."""
_WORD: Mapping[str, float] = {
    "SCONJ": 0.65,
    "ADP": 0.1,
    "ADV": -0.4,
    "ADJ": -0.5,
    "VERB": -0.8,
    "NOUN": -1.2,
}
"""What a word is worth by part of speech."""
_WORD_LEVEL, _PHRASE_LEVEL = 1.0, 1.5
"""What a level above the learner's is worth."""
_REPEATED, _MOST_REPEATED = 0.3, 3.0
"""What each doubling of the number of places is worth, and how many count."""
_MISHEARD_ZIPF, _MISHEARD = 2.7, 0.75
"""Below this a word is more and more often a slip of the recogniser."""
_LONGER = 0.8
"""What each further word of a glossary term is worth; single ones are what everybody knows."""
_PHRASE_LONGER, _CANDIDATE_LONGER = 0.25, -0.45
_IN_DICTIONARY = 0.5


def ranked(items: Sequence[Found], *, level: CefrLevel, known: AbstractSet[str]) -> list[tuple[Found, float]]:
    """Items to study with their scores, best first; without known ones and those below ``level``.

    ``known`` holds keys of ``known_key``. What stands only inside better items is left out too.
    """
    needed = CEFR_LEVELS.index(level) + 1
    kept = [
        (item, _score(item, needed))
        for item in items
        if known.isdisjoint({known_key(item.head), known_key(item.lemma)})
        and (item.level_value is None or round(item.level_value) >= needed or item.source == "glossary")
    ]
    best_first = sorted(kept, key=lambda scored: (-scored[1], scored[0].places[0].sentence, scored[0].head))
    return list(_not_inside(best_first))


def _score(item: Found, needed: int) -> float:
    """A linear model; its weights were fitted to what a teacher chose in fourteen talks."""
    kind = ITEM_KINDS[item.kind]
    length = len(item.head.split(" (")[0].split())
    repeated = _REPEATED * min(_MOST_REPEATED, math.log2(len(item.places)))
    above = (item.level_value or needed + 1.5) - needed
    if item.kind == "word":
        misheard = _MISHEARD * max(0.0, _MISHEARD_ZIPF - item.zipf)
        return _WORD.get(item.upos or "NOUN", _WORD["NOUN"]) + _WORD_LEVEL * (above - 1) + repeated - misheard
    if item.source == "glossary":
        return _GLOSSARY + _LONGER * (length - 1) + repeated
    if item.kind == "term":
        listed = _IN_DICTIONARY if item.in_dictionary else 0.0
        return kind.weight + _CANDIDATE_LONGER * (length - 2) + repeated + listed
    return kind.weight + _PHRASE_LEVEL * (above - 0.5) + _PHRASE_LONGER * (length - 2)


def _not_inside(scored: Iterable[tuple[Found, float]]) -> Iterator[tuple[Found, float]]:
    """All but the words and terms that stand only inside better terms.

    What is part of an expression was never found apart; what stands in its gap is no part of it.
    """
    covered: dict[int, list[Span]] = {}
    for item, score in scored:
        inside = item.kind in {"word", "term"} and all(
            any(
                span.start <= place.span.start and place.span.end <= span.end
                for span in covered.get(place.sentence, ())
            )
            for place in item.places
        )
        if inside:
            continue
        if item.kind == "term" and " " in item.head:
            for place in item.places:
                covered.setdefault(place.sentence, []).append(place.span)
        yield item, score


def within_paragraphs(
    scored: Sequence[tuple[Found, float]], paragraph_of: Callable[[int], int], most: int
) -> Iterator[bool]:
    """For each item, best first, whether its paragraph has fewer than ``most`` better ones."""
    taken: dict[int, int] = {}
    for item, _ in scored:
        paragraph = paragraph_of(item.places[0].sentence)
        taken[paragraph] = taken.get(paragraph, 0) + 1
        yield taken[paragraph] <= most
