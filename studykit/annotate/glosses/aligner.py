"""Which Chinese words of a translation say an English item, decided over all places where it is said.

In every bead the items and the other content words compete for the same Chinese: pairs are taken best
first, and what is taken is taken (competitive linking, Melamed 2000, "Models of Translational Equivalence
among Words"). What an item is linked to counts over the whole talk; where nothing fits well enough, an
item has no Chinese.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

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
_INSIDE_WORD = 0.2
"""What a pair loses when its Chinese is a part of a longer word."""
_PHRASE = 0.7
"""What is added where the words of an English and of a Chinese phrase cover each other."""
_LEAST = 0.3
"""Least score of a link, for an item and for the words that compete with it."""
_SURE, _SURE_PHRASE = 0.55, 0.7
"""Least score of the best link of an item that is glossed."""
_SURE_KNOWN, _SURE_ALIKE = 0.95, 0.7
"""The same for a phrase with Chinese of its own, where the translation says it otherwise or nearly so."""
_MOST = 0.7
"""Share of the characters of known Chinese that a unit must have to be nearly it."""
_COVERED = 0.5
"""Least share of a phrase and of its Chinese that must say each other, word by word."""
_ALONE = 0.9
"""Least score of a single character, which the dictionary must have besides."""
_AS_TO = "上"
_SCATTERED, _SCATTERED_SURE = 0.34, 0.9
"""A link that so small a share of the places speaks for must score this much."""
_WANTED_ELSEWHERE = 0.15
"""What another English word that fits the same Chinese takes, as a share of its own score, from a pair's
place in the queue: 安装 is left to install, where to mount may be 挂载."""


class Wanted(Struct, frozen=True):
    """An item to find Chinese for: its lemma, part of speech, known Chinese, and places (sentence, span)."""

    lemma: str
    upos: str | None
    known: tuple[str, ...]
    places: tuple[tuple[int, Span], ...]
    phrase: bool


class Link(Struct, frozen=True):
    """The Chinese of an item and where in the translation it stands, with the score of its best place."""

    text: str
    score: float
    listed: float
    """How nearly a dictionary or the item's own list has it: 1 is the word itself, 0 not at all."""
    places: tuple[tuple[int, Span], ...]


class _Bead(Struct, frozen=True):
    english: tuple[EnglishUnit, ...]
    chinese: tuple[ChineseUnit, ...]


_Pair = tuple[float, float, EnglishUnit, ChineseUnit]


class Aligner:
    """Links the items of one talk. ``beads``: English and Chinese sentences that say the same; ``known``:
    Chinese that the items come with."""

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
        known: AbstractSet[str] = frozenset(),
    ) -> None:
        self._affinity = Affinity(cedict, embedder, own)
        self._chinese = chinese
        known = own.words | known
        self._beads: list[_Bead] = []
        self._bead_of: dict[int, int] = {}
        for source, target in beads:
            self._bead_of.update(dict.fromkeys(source, len(self._beads)))
            said = [(i, english[i].text, tagged[i]) for i in source]
            translated = [(i, chinese[i].text) for i in target]
            self._beads.append(
                _Bead(tuple(content_words(said)), tuple(chinese_units(translated, cedict, known)))
            )
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
                *(
                    sense
                    for unit in self._beads[bead].english
                    for sense in self._affinity.senses(unit.lemma, unit.upos)
                ),
                *(core(unit.text) for unit in self._beads[bead].chinese),
                *self._parts(bead, [wanted[i] for i, _ in found]),
                *(
                    text
                    for i, _ in found
                    for text in (
                        wanted[i].lemma,
                        *(wanted[i].known or self._affinity.senses(wanted[i].lemma, wanted[i].upos)),
                    )
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

    def near(self, asked: Sequence[tuple[AbstractSet[int], Sequence[str]]]) -> list[float]:
        """How near the translation of some sentences comes to one of some Chinese words: the best cosine."""
        texts = []
        for sentences, words in asked:
            beads = sorted({self._bead_of[i] for i in sentences if i in self._bead_of} if words else ())
            texts.append((sorted({core(unit.text) for b in beads for unit in self._beads[b].chinese}), words))
        self._affinity.encode(text for units, words in texts for text in (*units, *words))
        return [self._affinity.nearest(words, units) for units, words in texts]

    def _parts(self, bead: int, wanted: Sequence[Wanted]) -> Iterable[str]:
        """The words of a bead's phrases in both languages: those that ``Affinity.phrase`` compares."""
        lemmas = [word for item in wanted if item.phrase for word in item.lemma.split()]
        units = self._beads[bead].chinese if lemmas else ()
        return (*lemmas, *(part for unit in units if len(unit.parts) > 1 for part in unit.parts))

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
        units = [(chinese.text, core(chinese.text)) for chinese in bead.chinese]
        rows = self._affinity.rows([word for _, word in units])
        pairs = []
        for row, (_, unit, known, phrase) in enumerate(sides):
            near = self._affinity.nearness(unit.lemma, unit.upos, known, rows).tolist()
            scores = self._affinity.scores(unit.lemma, unit.upos, known, units, near)
            for column, (chinese, score) in enumerate(zip(bead.chinese, scores, strict=True)):
                fit = score - (_FAR * abs(unit.middle - chinese.middle) + _INSIDE_WORD * chinese.inside)
                if phrase:
                    if self._takes_of(unit, chinese, bead.english):
                        continue
                    fit += _PHRASE * self._affinity.phrase(unit.lemma.split(), unit.upos, chinese.parts)
                if fit >= _LEAST:
                    # Of two that score alike the longer word, then the shorter run.
                    pairs.append((fit + 0.02 * len(units[column][1]) / len(chinese.parts), row, column))
        linked: set[int] = set()
        taken: list[tuple[EnglishUnit, ChineseUnit]] = []
        for _, score, row, column in sorted(_queued(pairs, [unit for _, unit, *_ in sides]), reverse=True):
            chinese = bead.chinese[column]
            unit = sides[row][1]
            if row in linked or any(_excludes(owner, other, unit, chinese) for owner, other in taken):
                continue
            linked.add(row)
            taken.append((unit, chinese))
            mine = sides[row][0]
            if mine is not None:
                yield mine, score, chinese

    def _takes_of(self, phrase: EnglishUnit, chinese: ChineseUnit, english: Sequence[EnglishUnit]) -> bool:
        """Whether a word of a Chinese phrase is in the dictionary for another word of the bead, and for none
        of the English phrase: of 引导磁盘, said of boot disks, nothing says drive."""
        others = {unit.lemma for unit in english if not _overlap(unit, phrase)}
        mine = phrase.lemma.split()
        return len(chinese.parts) > 1 and any(
            any(self._affinity.listed(other, None, part) == 1 for other in others)
            and not any(self._affinity.listed(word, None, part) for word in mine)
            for part in chinese.parts
        )

    def _decide(self, item: Wanted, links: Sequence[tuple[float, ChineseUnit]]) -> Link | None:
        """The Chinese that most places speak for."""
        by_text: dict[str, list[tuple[float, ChineseUnit]]] = defaultdict(list)
        for score, unit in links:
            by_text[core(unit.text)].append((score, unit))
        if not by_text:
            return None
        text = max(by_text, key=lambda text: (sum(score for score, _ in by_text[text]), text))
        text = self._at_first(item, by_text) or text
        if len(text) == 1:  # 想要 rather than 想, where the translation has both
            means = [*item.known, *self._affinity.senses(item.lemma, item.upos)]
            text = next(
                (other for other in means if other != text and text in other and other in by_text), text
            )
        best = max(score for score, _ in by_text[text])
        listed = self._lists(item, text)
        if not self._fits(item, by_text[text][0][1], best, listed > 0):
            return None
        if len(by_text[text]) < _SCATTERED * len(item.places) and best < _SCATTERED_SURE:
            return None
        said = [(unit.sentence, unit.start) for _, unit in by_text[text]]
        if item.upos == "ADV":
            text, said = self._as_adverb(text, said)
        places = tuple((sentence, Span(start=start, end=start + len(text))) for sentence, start in said)
        return Link(text, best, listed, places)

    def _at_first(
        self, item: Wanted, by_text: Mapping[str, Sequence[tuple[float, ChineseUnit]]]
    ) -> str | None:
        """A sense of the item that the translation has where the item is printed, at its first place."""
        bead = self._bead_of.get(item.places[0][0])
        said = {unit.sentence for unit in self._beads[bead].chinese} if bead is not None else set()
        senses = (*item.known, *self._affinity.senses(item.lemma, item.upos))
        return next((s for s in senses if any(unit.sentence in said for _, unit in by_text.get(s, ()))), None)

    def _as_adverb(self, text: str, said: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
        """With the 上 that makes an adverb of a noun, where one follows: 直觉上 for intuitively."""
        longer = text + _AS_TO
        there = [(i, start) for i, start in said if self._chinese[i].text.startswith(longer, start)]
        return (longer, there) if there else (text, said)

    def _lists(self, item: Wanted, text: str) -> float:
        return 1.0 if text in item.known else self._affinity.listed(item.lemma, item.upos, text)

    def _fits(self, item: Wanted, unit: ChineseUnit, score: float, listed: bool) -> bool:
        if len(unit.text) == 1:
            return listed and score >= _ALONE
        if item.upos == "VERB" and not item.phrase and self._names_no_act(item, core(unit.text)):
            return False
        if item.phrase and item.known:
            return self._fits_known(item, core(unit.text), score)
        if item.phrase and not listed:
            covered = self._affinity.phrase(item.lemma.split(), item.upos, unit.parts)
            return score >= _SURE_PHRASE and covered >= _COVERED
        return score >= _SURE

    def _fits_known(self, item: Wanted, text: str, score: float) -> bool:
        """Whether Chinese that is not known for a phrase is better than what is.

        Expressions, which have no part of speech, mean one thing, and their Chinese was written for it.
        """
        if any(_says_little(text, known) for known in item.known):
            return False
        alike = any(_says_most(text, known) for known in item.known)
        if item.upos == "VERB":
            alike = alike and self._affinity.may_be_verb(text)
        return score >= _SURE_ALIKE if alike else item.upos is not None and score >= _SURE_KNOWN

    def _names_no_act(self, item: Wanted, text: str) -> bool:
        """Whether Chinese that is never a verb is no sense of the item either: 分布式 for to distribute."""
        meant = (*item.known, *self._affinity.senses(item.lemma, item.upos))
        return text not in meant and self._affinity.is_no_verb(text)


def _queued(
    pairs: Sequence[tuple[float, int, int]], english: Sequence[EnglishUnit]
) -> Iterable[tuple[float, float, int, int]]:
    """Pairs (score, English, Chinese) with what decides which is made first."""
    wanting: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for score, row, column in pairs:
        wanting[column].append((score, row))
    for score, row, column in pairs:
        others = (theirs for theirs, other in wanting[column] if not _overlap(english[other], english[row]))
        yield score - _WANTED_ELSEWHERE * max(others, default=0.0), score, row, column


def _says_most(part: str, known: str) -> bool:
    """Whether a part of what is known says most of it: 各种大小的 is more than 大小."""
    plain = known.strip("…")
    return part in plain and len(part) >= _MOST * len(core(plain))


def _says_little(part: str, known: str) -> bool:
    """Whether it is a part of what is known that leaves much of it out: 所见 of 如你所见."""
    return part in known and not _says_most(part, known)


def _excludes(owner: EnglishUnit, taken: ChineseUnit, unit: EnglishUnit, chinese: ChineseUnit) -> bool:
    """Whether a link that was made leaves nothing for a pair.

    Of two items one may be a part of the other; those share their Chinese, but a part is not all of it:
    放大镜 is no Chinese for the magnifying of "magnifying glass".
    """
    if not _same_place(taken, chinese):
        return False
    part = owner.start <= unit.start and unit.end <= owner.end and len(owner.lemma) > len(unit.lemma)
    return not _overlap(unit, owner) or (part and (taken.start, taken.text) == (chinese.start, chinese.text))


def _overlap(a: EnglishUnit, b: EnglishUnit) -> bool:
    return a.sentence == b.sentence and a.start < b.end and b.start < a.end


def _same_place(a: ChineseUnit, b: ChineseUnit) -> bool:
    return a.sentence == b.sentence and a.start < b.end and b.start < a.end
