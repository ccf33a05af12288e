"""Features of the boundary network: rows of two tables, found by hashing the word.

A word is the sum of two rows of one table, so that words which share one rarely share both (Svenstrup et
al. 2017, *Hash embeddings for efficient word representations*), and a row each for its first and last
three letters, which represent unseen words. No vocabulary is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["AFFIX_ROWS", "WORD_ROWS", "bare_words", "name_core", "word_rows"]

WORD_ROWS = 16384
AFFIX_ROWS = 4096

_LONGEST_WORD = 40
_NAME = re.compile(r"[^\W_](?:[\w.+#/&-]*[\w+#])?")
_CORE = re.compile(r"(?<![\w'.%$-])[\w'.%$-]*[\w%]")


def bare_words(words: Iterable[str]) -> list[str]:
    """Words in lower case without punctuation, except for "I", the only form that models know."""
    bare = []
    for word in words:
        low = _core(word)
        bare.append("I" + low[1:] if low == "i" or low.startswith("i'") else low)
    return bare


def _core(word: str) -> str:
    low = word[:_LONGEST_WORD].lower().replace("’", "'")
    core = _CORE.search(low)
    return core.group() if core else low


def name_core(word: str) -> str:
    """The part of a word to look up in a list of names: "GitHub" of "GitHub's,"."""
    core = _NAME.search(word)
    return core.group() if core else word


@lru_cache(maxsize=65536)
def _rows(word: str) -> tuple[int, int, int, int]:
    low = re.sub(r"\d", "0", _core(word))
    bare = low.strip("'") or low
    whole = bare.encode()
    return (
        crc32(whole) % WORD_ROWS,
        crc32(whole, 0x5EED) % WORD_ROWS,
        crc32(f"<{bare[:3]}".encode()) % AFFIX_ROWS,
        crc32(f"{bare[-3:]}>".encode()) % AFFIX_ROWS,
    )


def word_rows(words: Iterable[str]) -> NDArray[np.int64]:
    """``(n, 4)``: two rows of the table of words, two of the table of affixes, for each word."""
    rows = [_rows(word) for word in words]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 4)
