"""Which items come first: rare in general, frequent here, at the learner's level or above, not known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from studykit.annotate.vocabulary.candidate import Found
from studykit.lexicon import known_key
from studykit.types import CEFR_LEVELS, CefrLevel
from studykit.types.kinds import ITEM_KINDS

__all__ = ["ranked", "within_paragraphs"]

_KEYNESS = 0.35
_LEVEL = 0.5
_REPEATED = 0.3
_PHRASE_RARITY = 2.0
"""What stands for the keyness of phrases, whose frequency in general wordfreq cannot tell."""


def ranked(
    items: Sequence[Found], *, level: CefrLevel, known: AbstractSet[str], words: int
) -> list[tuple[Found, float]]:
    """Items to study with their scores, best first; without known ones and those below ``level``.

    ``known`` holds keys of ``known_key``; ``words`` is how many words the talk has.
    """
    needed = CEFR_LEVELS.index(level) + 1
    kept = [
        (item, _score(item, needed, words))
        for item in items
        if known.isdisjoint({known_key(item.head), known_key(item.lemma)})
        and (item.level_value is None or round(item.level_value) >= needed or item.source == "glossary")
    ]
    return sorted(kept, key=lambda scored: (-scored[1], scored[0].places[0].sentence, scored[0].head))


def _score(item: Found, needed: int, words: int) -> float:
    count = len(item.places)
    kind = ITEM_KINDS[item.kind]
    if item.kind == "word" or (item.kind == "term" and item.zipf):
        # Zipf is the logarithm of uses in a billion words.
        keyness = math.log10(count / max(words, 1000)) + 9 - item.zipf
    else:
        keyness = _PHRASE_RARITY + math.log10(count)
    above = max(0.0, (item.level_value or 5.0) - needed)
    # For a term candidate the C-value stands for how often it is said.
    repeated = _REPEATED * math.log2(1 + (item.termhood or count)) if kind.is_wording else 0.0
    return kind.weight + _KEYNESS * min(keyness, 4.0) + _LEVEL * min(above, 3.0) / 3 + repeated


def within_paragraphs(
    scored: Sequence[tuple[Found, float]], paragraph_of: Callable[[int], int], most: int
) -> Iterator[bool]:
    """For each item, best first, whether its paragraph has fewer than ``most`` better ones."""
    taken: dict[int, int] = {}
    for item, _ in scored:
        paragraph = paragraph_of(item.places[0].sentence)
        taken[paragraph] = taken.get(paragraph, 0) + 1
        yield taken[paragraph] <= most
