"""Which demo tests what a claim says: the nearest of the sentences in which people say the same.

Vectors alone put a claim near any sentence on the same subject, and words alone do not see what is said of
them; so both must agree. What counts is the sum of two cosines, of the sentence vectors and of the words
(tf-idf, where a document is all that one demo's sentences say). Most claims say what no demo tests, and get
none: docs/claims.md has the figures.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from msgspec.structs import replace

from studykit.annotate.claims.score import Vectors
from studykit.faces import late
from studykit.languages import HAN
from studykit.types import Claim

__all__ = ["SURE", "Tested", "with_demos"]

_WORDS_COUNT = 1.3
"""What the cosine of words counts beside that of vectors."""
SURE = {"en": 1.0, "zh": 0.75}
"""Sums below this are no match. Chinese sentences share fewer of their pairs of characters."""
_LEAST = {"en": 0.2, "zh": 0.1}
"""Cosine of words: sentences that share less are not encoded."""
_FEWEST = {"en": 2, "zh": 3}
"""Sentences that share fewer words are not looked at: a short claim is near to any other with its word."""

_STOP = frozenset(
    """a about after again all also an and any are as at be because been before being best better but by can
    could did do does doing don each even ever every few for from get gets give given go goes good had
    has have he her here him his how i if in into is isn it its just kind know knows last let like ll m
    make makes many may might more most much my need needs never new no not of off often on one only or
    other our out over own rather re really s said same say says she should so some still such t than
    that the their them then there these they thing things think this those through to too under up us
    use used uses using ve very want was way we well were what when where which while who why will with
    without would you your""".split()
)
_ENDINGS = ("ingly", "edly", "ings", "ing", "ies", "ied", "ed", "es", "ly", "s")
_SHORTEST = 3
"""Letters of a stem."""
_WORD = late(r"[a-z][a-z0-9]*|\d+(?:\.\d+)?")
_RUN = late(f"[{HAN}]+")

Words = frozenset[str]
Encode = Callable[[Sequence[str]], Vectors]


class Tested(Protocol):
    """A sentence as people say it, and the demo that tests it."""

    @property
    def demo(self) -> str:
        """The demo's name."""

    @property
    def text(self) -> str:
        """The sentence."""

    @property
    def verdict(self) -> str:
        """What the demo finds instead, in English; empty where the sentence holds."""

    @property
    def verdict_zh(self) -> str:
        """The same in Chinese."""


def with_demos(
    claims: Sequence[Claim], language: str, tested: Callable[[str], Sequence[Tested]], encode: Encode
) -> tuple[Claim, ...]:
    """The claims of a talk in ``language``, each with the demo that surely tests it, if there is one.

    ``tested`` gives the sentences in ``en`` or ``zh``. ``encode`` is the default encoder's, for which the
    limits hold.
    """
    said = [_said(claim, language) for claim in claims]
    indices = {told: _Index(tested(told), told) for told in sorted({told for told, _ in said})}
    alike = [indices[told].alike(text) for told, text in said]
    compared = [
        text
        for (told, own), found in zip(said, alike, strict=True)
        if found
        for text in (own, *indices[told].texts(found))
    ]
    vectors = dict(zip(compared, encode(compared), strict=True)) if compared else {}
    return tuple(
        _with_demo(claim, indices[told].nearest(text, found, vectors) if found else None)
        for claim, (told, text), found in zip(claims, said, alike, strict=True)
    )


def _said(claim: Claim, language: str) -> tuple[str, str]:
    """The language in which a claim is compared, and its words."""
    if language == "zh" or not claim.statement:
        return "zh", claim.statement_zh or ""
    return "en", claim.statement


def _with_demo(claim: Claim, found: Tested | None) -> Claim:
    if found is None:
        return replace(claim, demo=None, verdict="", verdict_zh="")
    return replace(claim, demo=found.demo, verdict=found.verdict, verdict_zh=found.verdict_zh)


class _Index:
    """The words of the sentences, with their weights."""

    def __init__(self, tested: Sequence[Tested], language: str) -> None:
        self._tested, self._language = tested, language
        self._words = [_words(one.text, language) for one in tested]
        demos = defaultdict[str, set[str]](set)
        for one, words in zip(tested, self._words, strict=True):
            for word in words:
                demos[word].add(one.demo)
        self._demos: Mapping[str, set[str]] = demos
        self._all = len({one.demo for one in tested})
        self._lengths = [self._length(words) for words in self._words]

    def texts(self, numbers: Iterable[int]) -> Iterator[str]:
        """The sentences of these numbers."""
        return (self._tested[i].text for i in numbers)

    def alike(self, text: str) -> dict[int, float]:
        """The sentences that share enough words with ``text``, by number: how alike the words are, 0 to 1."""
        words = _words(text, self._language)
        length, alike = self._length(words), dict[int, float]()
        for i, others in enumerate(self._words):
            shared = words & others
            if len(shared) >= _FEWEST[self._language]:
                cosine = self._length(shared) ** 2 / (length * self._lengths[i])
                if cosine >= _LEAST[self._language]:
                    alike[i] = cosine
        return alike

    def nearest(self, text: str, alike: Mapping[int, float], vectors: Mapping[str, Vectors]) -> Tested | None:
        """The one of ``alike`` that says surely the same as ``text``; None if none does."""
        cosines = np.stack([vectors[other] for other in self.texts(alike)]) @ vectors[text]
        score, best = max(
            (float(cosine) + _WORDS_COUNT * alike[i], -i) for cosine, i in zip(cosines, alike, strict=True)
        )
        return self._tested[-best] if score >= SURE[self._language] else None

    def _length(self, words: Iterable[str]) -> float:
        return math.sqrt(sum(self._weight(word) ** 2 for word in words)) or 1.0

    def _weight(self, word: str) -> float:
        return math.log((self._all + 1) / (len(self._demos.get(word, ())) + 1))


def _words(text: str, language: str) -> Words:
    """Stems of the words that carry content; of Chinese pairs of characters, and what is not Chinese."""
    foreign = {_stem(word) for word in _WORD.findall(text.lower().replace("n't", "")) if word not in _STOP}
    if language != "zh":
        return frozenset(foreign)
    runs = _RUN.findall(text)
    return frozenset({run[i : i + 2] for run in runs for i in range(len(run) - 1)} | foreign)


def _stem(word: str) -> str:
    """Rough: words of one family mostly share it."""
    word = word.replace("isation", "ization").removesuffix("ation")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
            break
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.rstrip("e") if len(word) > _SHORTEST + 1 else word
