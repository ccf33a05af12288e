"""How well a Chinese word says an English one: by dictionary, by embedding, by keeping company in a talk."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.annotate.glosses.units import core
from studykit.annotate.tagger import Embedder
from studykit.lexicon.dictionary import Cedict
from studykit.lexicon.supplement import without_hints

__all__ = ["Affinity", "Own", "derived_from", "names"]

_KNOWN, _LISTED, _SHARED, _DICE = 1.1, 0.9, 0.55, 0.5
"""What a word known for the item, a dictionary entry, shared characters and company are worth at most."""
_NO_COSINE, _COSINE = 0.3, 1.2
"""Cosines up to here say nothing; what exceeds it counts so much."""
_AMONG_CHINESE = 0.1
"""Words of one language are that much nearer to each other than to a word of another."""
_ONE_OF_TWO = 0.5
"""What a definition of two words says for either: "magnifying glass" for glass."""
_OTHER_POS = 0.6
"""What is left of a dictionary hit that is another part of speech: "to gain" for the noun gain."""


_SHORT = 2
"""Most words of a definition that names a word's family: "regurgitation" for to regurgitate."""
_FAMILY = 5
"""Least letters that two words of a family begin with."""
_MEANINGS = 12
"""The commonest words of the dictionary that are compared character by character."""
_LEAST_SAID = 0.2
"""Every word of a Chinese phrase must say at least so much of the English one."""
_DENIED = 0.5
"""What a pair loses when only one of the two says no: 意识 for unaware."""
_NEGATIONS = ("不", "无", "没", "未", "非")
_PARTICLES = {"的", "地", "之", "了"}


class Own(Struct, frozen=True):
    """Our own dictionary."""

    senses: Callable[[str, str | None], tuple[str, ...]]
    """The Chinese of a lemma as a part of speech, best first."""
    any: Callable[[str], tuple[str, ...]]
    """The Chinese of a lemma as any part of speech."""
    words: AbstractSet[str]
    """All its Chinese."""


class _Meant(Struct, frozen=True):
    """What is known of a lemma, the same for all Chinese that it is compared with."""

    own: tuple[str, ...]
    denied: bool | None
    """Whether all that the word is known to mean says no (unaware), or nothing of it; else None."""
    chars: tuple[tuple[frozenset[str], int], ...]
    """The characters and the length of the Chinese words that it may mean."""
    all_chars: frozenset[str]


class _Explained(Struct, frozen=True):
    """A Chinese word's definitions, each with whether it explains a verb."""

    definitions: tuple[tuple[str, bool], ...]
    words: frozenset[str]
    """The definitions themselves, their words, and what words of short ones begin with: a lemma that is
    none of them and begins with none is not named."""

    @classmethod
    def of(cls, definitions: Sequence[tuple[str, bool]]) -> _Explained:
        words: set[str] = set()
        for definition, _ in definitions:
            said = _words(definition)
            words.update((definition, *said))
            if len(said) <= _SHORT:
                words.update(word[:_FAMILY] for word in said)
        return cls(tuple(definitions), frozenset(words))

    def may_name(self, lemma: str) -> bool:
        """Whether ``names`` could be more than 0 for a definition."""
        return " " in lemma or lemma in self.words or lemma[:_FAMILY] in self.words


class Affinity:
    """Scores pairs of an English lemma and a Chinese unit."""

    def __init__(self, cedict: Cedict, embedder: Embedder, own: Own) -> None:
        self._cedict = cedict
        self._own = lru_cache(maxsize=None)(lambda lemma, upos: plain_senses(own.senses(lemma, upos)))
        self._own_any = lru_cache(maxsize=None)(lambda lemma: plain_senses(own.any(lemma)))
        self._embedder = embedder
        self._vectors: NDArray[np.float32] = np.empty((0, 0), dtype=np.float32)
        self._rows: dict[str, int] = {}
        self._listed: dict[tuple[str, str, str | None], float] = {}
        self._meant = lru_cache(maxsize=None)(self._meaning)
        self._explained = lru_cache(maxsize=None)(lambda word: _Explained.of(cedict.explained(word)))
        self._together: Counter[tuple[str, str]] = Counter()
        self._english_in: Counter[str] = Counter()
        self._chinese_in: Counter[str] = Counter()

    def read(self, beads: Iterable[tuple[set[str], set[str]]]) -> None:
        """Count company: the lemmas and the Chinese units of each bead."""
        for lemmas, units in beads:
            self._english_in.update(lemmas)
            self._chinese_in.update(units)
            self._together.update((lemma, unit) for lemma in lemmas for unit in units)

    def encode(self, texts: Iterable[str]) -> None:
        """Make the vectors of texts that will be asked for."""
        new = sorted(set(texts) - self._rows.keys())
        if new:
            made = self._embedder.encode(new)
            self._vectors = np.concatenate([self._vectors, made]) if self._rows else made
            self._rows.update(zip(new, range(len(self._rows), len(self._vectors)), strict=True))

    def rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts; all must have been encoded."""
        return self._vectors[[self._rows[text] for text in texts]]

    def senses(self, lemma: str, upos: str | None) -> tuple[str, ...]:
        """The Chinese of our own dictionary, of another part of speech where it lacks this one."""
        return self._own(lemma, upos) or self._own_any(lemma)

    def scores(
        self,
        lemma: str,
        upos: str | None,
        known: tuple[str, ...],
        units: Sequence[tuple[str, str]],
        cosines: Sequence[float],
    ) -> Iterator[float]:
        """Of each unit, given with its ``core``, from 0 (nothing speaks for it) to about 3.

        ``known``: Chinese that the item comes with; ``cosines``: the nearness of each unit.
        """
        meant = self._meant(lemma, upos, known)
        exact = {*known, *meant.own}
        for (unit, word), cosine in zip(units, cosines, strict=True):
            if unit in exact or word in exact:
                listed = _KNOWN
            else:
                listed = self.listed(lemma, upos, word)
                if unit != word:
                    listed = max(self.listed(lemma, upos, unit), listed)
                listed = _LISTED * listed if listed else _SHARED * _shared(meant, word)
            if meant.denied is not None and meant.denied != is_denied(word):
                listed -= _DENIED
            yield listed + _COSINE * max(0.0, cosine - _NO_COSINE) + _DICE * self._company(lemma, unit)

    def may_be_verb(self, word: str) -> bool:
        """Whether the dictionary explains a Chinese word as a verb."""
        return any(verb for _, verb in self._cedict.explained(word))

    def is_no_verb(self, word: str) -> bool:
        """Whether the dictionary has a Chinese word, and never as a verb: 重新."""
        return bool(self._cedict.explained(word)) and not self.may_be_verb(word)

    def nearness(
        self, lemma: str, upos: str | None, known: Sequence[str], units: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """``(units,)``: the cosine of the word, or of what it is known to mean if that is nearer."""
        near: NDArray[np.float32] = (self.rows([lemma]) @ units.T)[0]
        senses = known or self.senses(lemma, upos)
        if senses:
            near = np.maximum(near, (self.rows(senses) @ units.T).max(axis=0) - _AMONG_CHINESE)
        return near

    def nearest(self, words: Sequence[str], units: Sequence[str]) -> float:
        """The best cosine of a word and a unit that both say no or neither does; 0 where there is none."""
        if not words or not units:
            return 0.0
        alike = np.equal.outer([is_denied(word) for word in words], [is_denied(unit) for unit in units])
        return float(((self.rows(words) @ self.rows(units).T) * alike).max())

    def phrase(self, lemmas: Sequence[str], upos: str | None, parts: Sequence[str]) -> float:
        """How well the words of an English phrase and those of a Chinese one cover each other, 0 to 1.

        In what names things a single character must be in the dictionary: vectors tell no opposites
        apart (右 for left).
        """
        parts = [part for part in parts if part not in _PARTICLES]
        if len(parts) < 2 or len(lemmas) < 2:
            return 0.0
        names_things = upos is not None and upos != "VERB"
        table = np.array(
            [[self._word(lemma, part, names_things and len(part) == 1) for part in parts] for lemma in lemmas]
        )
        said = table.max(axis=0)
        if said.min() < _LEAST_SAID:
            return 0.0
        return float(min(table.max(axis=1).mean(), said.mean()))

    def _word(self, lemma: str, part: str, by_dictionary: bool) -> float:
        listed = self.listed(lemma, None, part)
        row, other = self._rows[lemma], self._rows[part]
        cosine = 0.0 if by_dictionary else float(self._vectors[row] @ self._vectors[other])
        return min(1.0, max(listed, 1.3 * max(0.0, cosine - _NO_COSINE)))

    def listed(self, lemma: str, upos: str | None, word: str) -> float:
        """How nearly the dictionary's explanation of a Chinese word is the English one."""
        key = lemma, word, upos
        if key not in self._listed:
            mine = word in self._own(lemma, upos)
            other = (
                _OTHER_POS * (word in self._own_any(lemma)) if upos else 1.0 * (word in self._own_any(lemma))
            )
            self._listed[key] = 1.0 if mine else max(other, self._look_up(lemma, upos, word))
        return self._listed[key]

    def _look_up(self, lemma: str, upos: str | None, word: str) -> float:
        best = 0.0
        explained = self._explained(word)
        base = derived_from(lemma) if upos == "ADV" else None
        if not explained.may_name(lemma) and not (base and explained.may_name(base)):
            return best
        for definition, verb in explained.definitions:
            fit = names(definition, lemma)
            if base:
                fit = max(fit, 0.9 * names(definition, base))
            if fit and upos in {"VERB", "NOUN"} and verb != (upos == "VERB"):
                fit *= _OTHER_POS
            best = max(best, fit)
        return best

    def _meaning(self, lemma: str, upos: str | None, known: tuple[str, ...]) -> _Meant:
        meant = (*known, *self.senses(lemma, upos))
        denied = {is_denied(sense) for sense in meant}
        words = (*meant, *self._cedict.chinese(lemma)[:_MEANINGS])
        several = [word for word in dict.fromkeys(words) if len(word) >= 2]
        return _Meant(
            own=self._own(lemma, upos),
            denied=denied.pop() if len(denied) == 1 else None,
            chars=tuple((frozenset(word), len(word)) for word in several),
            all_chars=frozenset("".join(several)),
        )

    def _company(self, lemma: str, unit: str) -> float:
        together = self._together.get((lemma, unit), 0)
        if together < 2:
            return 0.0
        return 2 * together / (self._english_in[lemma] + self._chinese_in[unit])


def _shared(meant: _Meant, word: str) -> float:
    """Characters that a unit shares with a word that the lemma may mean: 数额 for 数量."""
    if len(word) < 2 or meant.all_chars.isdisjoint(word):
        return 0.0
    chars, length = set(word), len(word)
    return max((2 * len(chars & other) / (length + size) for other, size in meant.chars), default=0.0)


def is_denied(chinese: str) -> bool:
    """Whether a Chinese word says no: 不同, 无法, 未知."""
    return chinese.startswith(_NEGATIONS)


def plain_senses(senses: Iterable[str]) -> tuple[str, ...]:
    """Senses without hints in parentheses, and as a stem where they end in 的 or 地: 独立的, 独立."""
    plain = [without_hints(sense) for sense in senses]
    return tuple(dict.fromkeys(text for sense in plain for text in (sense, core(sense)) if text))


def derived_from(adverb: str) -> str | None:
    """The adjective of an adverb in -ly; None where there is no such ending."""
    for ending, other in (("ically", "ic"), ("bly", "ble"), ("ily", "y"), ("lly", "l"), ("ly", "")):
        if adverb.endswith(ending) and len(adverb) > len(ending) + 2:
            return adverb.removesuffix(ending) + other
    return None


def names(definition: str, lemma: str) -> float:
    """How nearly a definition names a word: 1 is the word itself, 0 not at all."""
    if definition == lemma:
        return 1.0
    words = _words(definition)
    if lemma in words or (" " in lemma and lemma in definition):
        return _ONE_OF_TWO / max(1, len(words) - len(lemma.split()))
    if len(words) <= _SHORT and any(_same_family(word, lemma) for word in words):
        return 0.3 / len(words)
    return 0.0


@lru_cache(maxsize=65_536)
def _words(definition: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+(?:[-'][a-z]+)*", definition))


def _same_family(a: str, b: str) -> bool:
    """``regurgitate`` and ``regurgitation``: a long common beginning."""
    shared = max(_FAMILY, math.ceil(0.7 * max(len(a), len(b))))
    return min(len(a), len(b)) >= shared and a[:shared] == b[:shared]
