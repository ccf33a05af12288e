"""Whether CC-CEDICT explains words of a Chinese text by words of an English one."""

from __future__ import annotations

import re
from functools import lru_cache

from studykit.lexicon.dictionary import load_cedict

__all__ = ["is_explained", "is_glossed", "may_say"]

_WORD = re.compile(r"[a-z]{2,}")
_SHORT = re.compile(r"(?<![a-z])[a-z]{2,3}(?![a-z])")
_LONGEST = 4
_STEM, _LONG_STEM = 5, 6
_EMPTY = frozenset("the of an be is are was to or etc sth sb one see used for it at by as on".split())


def is_glossed(chinese: str, at: int, english: str) -> bool:
    """Whether ``english`` has a word that is given for a word, up to four long, over ``chinese[at]``."""
    said = _stems(english.lower())
    return any(
        not said.isdisjoint(_glosses(chinese[start : start + length]))
        for length in range(1, _LONGEST + 1)
        for start in range(max(0, at - length + 1), at + 1)
    )


def is_explained(chinese: str, english: str) -> bool:
    """Whether all words of one of its explanations stand in the English."""
    said = _words(english)
    return any((words := _words(text)) and words <= said for text in load_cedict().definitions(chinese))


def may_say(english: str, chinese: str) -> bool:
    """Whether the Chinese has, for every word of the English, a word that is explained by it, or an
    abbreviation itself: 令牌, 类型 and ID for "token type ID".

    One character must mean just that: 库, library.
    """
    wanted = _words(english)
    if not wanted:
        return False
    words = {word for _, word in load_cedict().words_in(chinese)}
    kept = _SHORT.findall(chinese.lower())
    return wanted <= _words(" ".join(kept)).union(*map(_explaining, words))


def _words(text: str) -> frozenset[str]:
    """Words but for their endings: more of each than a stem, so that data is no dataset."""
    return frozenset(
        word.removesuffix("s")[:_LONG_STEM] for word in _WORD.findall(text.lower()) if word not in _EMPTY
    )


@lru_cache(maxsize=20_000)
def _explaining(word: str) -> frozenset[str]:
    stated = [text for text in load_cedict().definitions(word) if len(word) > 1 or " " not in text]
    return _words(" ".join((*stated, *(text.replace(" ", "") for text in stated))))  # trace back, traceback


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM].rstrip("s") for word in _WORD.findall(text) if word not in _EMPTY)


@lru_cache(maxsize=20_000)
def _glosses(word: str) -> frozenset[str]:
    """Stems of the English of a Chinese word."""
    return _stems(" ".join(load_cedict().definitions(word)))
