"""What a part of a talk is about, and how much one word or phrase says about it.

It counts by how often and over how much of the part it is said, by how far the part is where it is said,
and by how rare it is; inside a longer one, it counts for what it is said alone (the C-value of Frantzi,
Ananiadou & Mima 2000).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log

from msgspec import Struct

__all__ = ["Key", "Mention", "Subject", "rank"]

Key = tuple[str, ...]
"""The words that a subject is known by."""

_LEAST_SAID = 2
_INSIDE = 0.7
"""What a mention inside a longer subject takes away."""
_TIMES = 0.8
_SELDOM = 0.5
"""What one word said in no more sentences than that is worth, against one said in more."""
_LONG = 1.5
"""What more than one word is worth, against one."""


class Mention(Struct, frozen=True):
    """A subject said in a sentence, and how it is written there."""

    key: Key
    sentence: int
    text: str


class Subject(Struct, frozen=True):
    """A word or phrase, with its weight in one part and the sentences there that have it."""

    key: Key
    text: str
    weight: float
    sentences: tuple[int, ...]


def rank(
    mentions: Iterable[Mention], part_of: Sequence[int], parts: int, rarity: Callable[[Key], float]
) -> list[list[Subject]]:
    """The subjects of each part, heaviest first; ``part_of`` is the part of each sentence, in order."""
    said: list[dict[Key, list[int]]] = [{} for _ in range(parts)]
    forms: dict[Key, Counter[str]] = {}
    for mention in mentions:
        said[part_of[mention.sentence]].setdefault(mention.key, []).append(mention.sentence)
        forms.setdefault(mention.key, Counter())[mention.text] += 1
    everywhere = Counter({key: sum(len(here.get(key, ())) for here in said) for key in forms})
    sizes = Counter(part_of)
    rarities = {key: rarity(key) for key in forms}
    ranked: list[list[Subject]] = []
    for part, here in enumerate(said):
        inside: Counter[Key] = Counter()
        for key, places in here.items():
            shorter = {key[a:b] for a in range(len(key)) for b in range(a + 1, len(key) + 1)} - {key}
            for within in shorter & here.keys():
                inside[within] += len(places)
        found: list[Subject] = []
        for key, places in here.items():
            alone = len(places) - _INSIDE * inside[key]
            if len(set(places)) < _LEAST_SAID or alone <= 0 or rarities[key] <= 0:
                continue
            share = len(places) / everywhere[key]
            spread = min(1.0, 0.3 + (places[-1] - places[0]) / (0.5 * sizes[part]))
            weight = alone**_TIMES * (_LONG if len(key) > 1 else 1.0) * rarities[key] * spread
            if len(key) == 1 and len(set(places)) == _LEAST_SAID:
                weight *= _SELDOM  # as likely an idiom
            if parts == 1:
                weight *= rarities[key] ** 2  # nothing else tells what is said everywhere
            weight *= (0.3 + share) * log(1 + parts * share)
            found.append(Subject(key, _usual(forms[key]), weight, tuple(sorted(set(places)))))
        ranked.append(sorted(found, key=lambda it: (-it.weight, it.text)))
    return ranked


def _usual(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))
