"""Whether an English text has a word that CC-CEDICT gives for the Chinese word at a place."""

from __future__ import annotations

import re
from functools import lru_cache

from studykit.lexicon.dictionary import load_cedict

__all__ = ["is_glossed"]

_WORD = re.compile(r"[a-z]{2,}")
_LONGEST = 4
_STEM = 5
_EMPTY = frozenset("the of an be is are was to or etc sth sb one see used for it at by as on".split())


def is_glossed(chinese: str, at: int, english: str) -> bool:
    """Whether ``english`` has a word that is given for a word, up to four long, over ``chinese[at]``."""
    said = _stems(english.lower())
    return any(
        not said.isdisjoint(_glosses(chinese[start : start + length]))
        for length in range(1, _LONGEST + 1)
        for start in range(max(0, at - length + 1), at + 1)
    )


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM].rstrip("s") for word in _WORD.findall(text) if word not in _EMPTY)


@lru_cache(maxsize=20_000)
def _glosses(word: str) -> frozenset[str]:
    """Stems of the English of a Chinese word."""
    return _stems(" ".join(load_cedict().definitions(word)))
