"""Which Chinese words of a translation say an English item, decided over all places where it is said.

In every bead the items and the other content words compete for the same Chinese: pairs are taken best
first, and what is taken is taken (competitive linking, Melamed 2000, "Models of Translational Equivalence
among Words"). What an item is linked to counts over the whole talk; where nothing fits well enough, an
item has no Chinese.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from studykit.annotate.glosses.affinity import Affinity, Own
from studykit.annotate.glosses.units import (
    ChineseUnit,
    EnglishUnit,
    chinese_units,
    content_words,
    core,
)
from studykit.annotate.tagger import Embedder
from studykit.lexicon.dictionary import Cedict
from studykit.types import Sentence, Span, Token

__all__ = ["Aligner", "Link", "Wanted"]

_FAR = 0.25
"""What a pair loses when one stands at the beginning of its bead and the other at the end."""
_PHRASE = 0.7
"""What is added where the words of an English and of a Chinese phrase cover each other."""
_LEAST = 0.3
"""Least score of a link, for an item and for the words that compete with it."""
_SURE, _SURE_PHRASE = 0.55, 0.7
"""Least score of the best link of an item that is glossed."""
_SURE_KNOWN = 0.95
"""The same for a phrase with Chinese of its own, where the translation says it otherwise."""
_COVERED = 0.5
"""Least share of a phrase and of its Chinese that must say each other, word by word."""
_ALONE = 0.9
"""Least score of a single character, which the dictionary must have besides."""
_SCATTERED, _SCATTERED_SURE = 0.34, 0.9
"""A link that so small a share of the places speaks for must score this much."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item to find Chinese for: its lemma, part of speech, known Chinese, and places (sentence, span)."""

    lemma: str
    upos: str | None
    known: tuple[str, ...]
    places: tuple[tuple[int, Span], ...]
    phrase: bool


@dataclass(frozen=True, slots=True)
class Link:
    """The Chinese of an item and where in the translation it stands, with the score of its best place."""

    text: str
    score: float
    listed: bool
    """Whether a dictionary or the item's own list has it."""
    places: tuple[tuple[int, Span], ...]


@dataclass(frozen=True, slots=True)
class _Bead:
    english: tuple[EnglishUnit, ...]
    chinese: tuple[ChineseUnit, ...]


_Pair = tuple[float, float, EnglishUnit, ChineseUnit]


class Aligner:
    """Links the items of one talk. ``beads``: English and Chinese sentences that say the same."""

    def __init__(
        self,
        english: Sequence[Sentence],
        tagged: Sequence[Sequence[Token]],
        chinese: Sequence[Sentence],
        beads: Iterable[tuple[Span, Span]],
        *,
        cedict: Cedict,
        embedder: Embedder,
        own: Own,
    ) -> None:
        self._affinity = Affinity(cedict, embedder, own)
        self._beads: list[_Bead] = []
        self._bead_of: dict[int, int] = {}
        for source, target in beads:
            self._bead_of.update(dict.fromkeys(source, len(self._beads)))
            said = [(i, english[i].text, tagged[i]) for i in source]
            translated = [(i, chinese[i].text) for i in target]
            self._beads.append(_Bead(tuple(content_words(said)), tuple(chinese_units(translated, cedict))))
        self._affinity.read(
            ({unit.lemma for unit in bead.english}, {unit.text for unit in bead.chinese})
            for bead in self._beads
        )

    def link(self, wanted: Sequence[Wanted]) -> list[Link | None]:
        """For each item its Chinese, if any fits."""
        there = self._by_bead(wanted)
        self._affinity.encode(
            text
            for bead, found in there.items()
            for text in (
                *(unit.lemma for unit in self._beads[bead].english),
                *(core(unit.text) for unit in self._beads[bead].chinese),
                *(part for unit in self._beads[bead].chinese for part in unit.parts),
                *(
                    text
                    for i, _ in found
                    for text in (wanted[i].lemma, *wanted[i].lemma.split(), *wanted[i].known)
                ),
            )
        )
        links: dict[int, list[tuple[float, ChineseUnit]]] = defaultdict(list)
        for bead, found in there.items():
            for i, score, unit in self._compete(
                self._beads[bead], [(i, unit, wanted[i]) for i, unit in found]
            ):
                links[i].append((score, unit))
        return [self._decide(item, links.get(i, [])) for i, item in enumerate(wanted)]

    def _by_bead(self, wanted: Sequence[Wanted]) -> dict[int, list[tuple[int, EnglishUnit]]]:
        """The places of the items in each bead, as units of it."""
        there: dict[int, list[tuple[int, EnglishUnit]]] = defaultdict(list)
        for i, item in enumerate(wanted):
            for sentence, span in item.places:
                bead = self._bead_of.get(sentence)
                if bead is None or not self._beads[bead].chinese:
                    continue
                inside = [
                    unit.middle
                    for unit in self._beads[bead].english
                    if unit.sentence == sentence and unit.start < span.end and unit.end > span.start
                ]
                middle = sum(inside) / len(inside) if inside else 0.5
                there[bead].append(
                    (i, EnglishUnit(sentence, span.start, span.end, item.lemma, item.upos, middle))
                )
        return there

    def _compete(
        self, bead: _Bead, found: Sequence[tuple[int, EnglishUnit, Wanted]]
    ) -> Iterable[tuple[int, float, ChineseUnit]]:
        """The links of the items of one bead, with their scores."""
        rivals = [unit for unit in bead.english if not any(_overlap(unit, mine) for _, mine, _ in found)]
        sides: list[tuple[int | None, EnglishUnit, tuple[str, ...], bool]] = [
            *((i, unit, item.known, item.phrase) for i, unit, item in found),
            *((None, unit, (), False) for unit in rivals),
        ]
        units = [core(unit.text) for unit in bead.chinese]
        cosines = self._affinity.cosines([unit.lemma for _, unit, _, _ in sides], units)
        for row, (_, _, known, phrase) in enumerate(sides):
            if known and phrase:  # what it is known to mean says more than the phrase itself
                cosines[row] = np.maximum(cosines[row], self._affinity.cosines(known, units).max(axis=0))
        pairs = []
        for row, (_, unit, known, phrase) in enumerate(sides):
            for column, chinese in enumerate(bead.chinese):
                score = self._affinity.score(
                    unit.lemma, unit.upos, chinese.text, float(cosines[row, column]), known
                )
                score -= _FAR * abs(unit.middle - chinese.middle)
                if phrase:
                    score += _PHRASE * self._affinity.phrase(unit.lemma.split(), chinese.parts)
                if score >= _LEAST:
                    # Of two that score alike the longer word, then the shorter run.
                    pairs.append((score + 0.02 * len(core(chinese.text)) / len(chinese.parts), row, column))
        linked: set[int] = set()
        taken: list[tuple[EnglishUnit, ChineseUnit]] = []
        for score, row, column in sorted(pairs, reverse=True):
            chinese = bead.chinese[column]
            unit = sides[row][1]
            # Of two items one may be a part of the other; those share their Chinese.
            if row in linked or any(
                _same_place(chinese, other) and not _overlap(unit, owner) for owner, other in taken
            ):
                continue
            linked.add(row)
            taken.append((unit, chinese))
            mine = sides[row][0]
            if mine is not None:
                yield mine, score, chinese

    def _decide(self, item: Wanted, links: Sequence[tuple[float, ChineseUnit]]) -> Link | None:
        """The Chinese that most places speak for."""
        by_text: dict[str, list[tuple[float, ChineseUnit]]] = defaultdict(list)
        for score, unit in links:
            by_text[core(unit.text)].append((score, unit))
        if not by_text:
            return None
        text = max(by_text, key=lambda text: (sum(score for score, _ in by_text[text]), text))
        best = max(score for score, _ in by_text[text])
        listed = text in item.known or self._affinity.listed(item.lemma, item.upos, text) > 0
        if not self._fits(item, by_text[text][0][1], best, listed):
            return None
        if len(by_text[text]) < _SCATTERED * len(item.places) and best < _SCATTERED_SURE:
            return None
        places = tuple(
            (unit.sentence, Span(start=unit.start, end=unit.start + len(text))) for _, unit in by_text[text]
        )
        return Link(text, best, listed, places)

    def _fits(self, item: Wanted, unit: ChineseUnit, score: float, listed: bool) -> bool:
        if len(unit.text) == 1:
            return listed and score >= _ALONE
        if item.phrase and item.known:
            return score >= _SURE_KNOWN
        if item.phrase and not listed:
            covered = self._affinity.phrase(item.lemma.split(), unit.parts)
            return score >= _SURE_PHRASE and covered >= _COVERED
        return score >= _SURE


def _overlap(a: EnglishUnit, b: EnglishUnit) -> bool:
    return a.sentence == b.sentence and a.start < b.end and b.start < a.end


def _same_place(a: ChineseUnit, b: ChineseUnit) -> bool:
    return a.sentence == b.sentence and a.start < b.end and b.start < a.end
