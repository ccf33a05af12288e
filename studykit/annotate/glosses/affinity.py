"""How well a Chinese word says an English one: by dictionary, by embedding, by keeping company in a talk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studykit.annotate.glosses.units import core
from studykit.annotate.tagger import Embedder
from studykit.lexicon.dictionary import Cedict

__all__ = ["Affinity", "Own", "derived_from", "names"]

_KNOWN, _LISTED, _SHARED, _DICE = 1.1, 0.9, 0.55, 0.5
"""What a word known for the item, a dictionary entry, shared characters and company are worth at most."""
_NO_COSINE, _COSINE = 0.3, 1.2
"""Cosines up to here say nothing; what exceeds it counts so much."""
_OTHER_POS = 0.6
"""What is left of a dictionary hit that is another part of speech: "to gain" for the noun gain."""


_LEAST_SAID = 0.2
"""Every word of a Chinese phrase must say at least so much of the English one."""
_HINT = re.compile(r"[（(][^）)]*[）)]")
_PARTICLES = {"的", "地", "之", "了"}


Own = Callable[[str, str | None], tuple[str, ...]]
"""Our own dictionary: the Chinese of a lemma as a part of speech, best first."""


class Affinity:
    """Scores pairs of an English lemma and a Chinese unit."""

    def __init__(self, cedict: Cedict, embedder: Embedder, own: Own) -> None:
        self._cedict = cedict
        self._own = lru_cache(maxsize=None)(lambda lemma, upos: plain_senses(own(lemma, upos)))
        self._embedder = embedder
        self._rows: dict[str, NDArray[np.float32]] = {}
        self._listed: dict[tuple[str, str, str | None], float] = {}
        self._chinese: dict[str, tuple[str, ...]] = {}
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
            self._rows.update(zip(new, self._embedder.encode(new), strict=True))

    def cosines(self, lemmas: Sequence[str], units: Sequence[str]) -> NDArray[np.float32]:
        """``(lemmas, units)``; all must have been encoded."""
        a = np.stack([self._rows[text] for text in lemmas])
        b = np.stack([self._rows[text] for text in units])
        return a @ b.T

    def score(
        self, lemma: str, upos: str | None, unit: str, cosine: float, known: Sequence[str] = ()
    ) -> float:
        """From 0 (nothing speaks for it) to about 3; ``known``: Chinese that the item comes with."""
        word = core(unit)
        own = self._own(lemma, upos)
        if unit in known or word in known or unit in own or word in own:
            listed = _KNOWN
        else:
            listed = _LISTED * max(self.listed(lemma, upos, unit), self.listed(lemma, upos, word))
            if not listed:
                listed = _SHARED * self._shared(lemma, word, (*known, *own))
        return listed + _COSINE * max(0.0, cosine - _NO_COSINE) + _DICE * self._company(lemma, unit)

    def phrase(self, lemmas: Sequence[str], parts: Sequence[str]) -> float:
        """How well the words of an English phrase and those of a Chinese one cover each other, 0 to 1."""
        parts = [part for part in parts if part not in _PARTICLES]
        if len(parts) < 2 or len(lemmas) < 2:
            return 0.0
        table = np.array([[self._word(lemma, part) for part in parts] for lemma in lemmas])
        said = table.max(axis=0)
        if said.min() < _LEAST_SAID:
            return 0.0
        return float(min(table.max(axis=1).mean(), said.mean()))

    def _word(self, lemma: str, part: str) -> float:
        cosine = float(self._rows[lemma] @ self._rows[part])
        return min(1.0, max(self.listed(lemma, None, part), 1.3 * max(0.0, cosine - _NO_COSINE)))

    def listed(self, lemma: str, upos: str | None, word: str) -> float:
        """How nearly the dictionary's explanation of a Chinese word is the English one."""
        key = lemma, word, upos
        if key not in self._listed:
            mine = word in self._own(lemma, upos)
            self._listed[key] = 1.0 if mine else self._look_up(lemma, upos, word)
        return self._listed[key]

    def _look_up(self, lemma: str, upos: str | None, word: str) -> float:
        best = 0.0
        for definition, verb in self._cedict.explained(word):
            fit = names(definition, lemma)
            base = derived_from(lemma) if upos == "ADV" else None
            if base:
                fit = max(fit, 0.9 * names(definition, base))
            if fit and upos in {"VERB", "NOUN"} and verb != (upos == "VERB"):
                fit *= _OTHER_POS
            best = max(best, fit)
        return best

    def _shared(self, lemma: str, word: str, known: Sequence[str]) -> float:
        """Characters that a unit shares with a Chinese word of the dictionary: 数额 for 数量."""
        if lemma not in self._chinese:
            self._chinese[lemma] = tuple(self._cedict.chinese(lemma)[:12])
        return max(
            (
                2 * len(common) / (len(word) + len(other))
                for other in (*known, *self._chinese[lemma])
                if len(other) >= 2 and len(word) >= 2 and (common := set(word) & set(other))
            ),
            default=0.0,
        )

    def _company(self, lemma: str, unit: str) -> float:
        together = self._together[lemma, unit]
        if together < 2:
            return 0.0
        return 2 * together / (self._english_in[lemma] + self._chinese_in[unit])


def plain_senses(senses: Iterable[str]) -> tuple[str, ...]:
    """Senses without hints in parentheses, and as a stem where they end in 的 or 地: 独立的, 独立."""
    plain = [_HINT.sub("", sense) for sense in senses]
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
    words = re.findall(r"[a-z]+(?:[-'][a-z]+)*", definition)
    if lemma in words or (" " in lemma and lemma in definition):
        return 0.8 / max(1, len(words) - len(lemma.split()))
    if len(words) <= 2 and any(_same_family(word, lemma) for word in words):
        return 0.3 / len(words)
    return 0.0


def _same_family(a: str, b: str) -> bool:
    """``regurgitate`` and ``regurgitation``: a long common beginning."""
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared >= 5 and shared >= 0.7 * max(len(a), len(b))
