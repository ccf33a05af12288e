"""What the networks see of a word: four strings and two flags, as the numbers that choose their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Attributes", "rows", "shape_of", "string_id"]

_MASK = (1 << 64) - 1
_M = 0xC6A4A7935BD1E995
_LONGEST_SHAPE = 100
_RUN = 4
"""Letters of one kind after each other that a shape keeps."""

Ids = NDArray[np.uint64]


def string_id(text: str) -> int:
    """MurmurHash64A of the UTF-8 with seed 1 (Appleby 2008), 0 of nothing."""
    if not text:
        return 0
    data = text.encode()
    length = len(data)
    h = 1 ^ (length * _M & _MASK)
    for at in range(0, length - 7, 8):
        k = int.from_bytes(data[at : at + 8], "little") * _M & _MASK
        h = (h ^ ((k ^ k >> 47) * _M & _MASK)) * _M & _MASK
    if rest := length & 7:
        h = (h ^ int.from_bytes(data[length - rest :], "little")) * _M & _MASK
    h = (h ^ h >> 47) * _M & _MASK
    return h ^ h >> 47


@lru_cache(maxsize=4096)
def shape_of(text: str) -> str:
    """``Xxxx``, ``dd:dd``: capitals, small letters and digits, at most four of a kind in a row."""
    if len(text) >= _LONGEST_SHAPE:
        return "LONG"
    shape: list[str] = []
    last, run = "", 0
    for char in text:
        kind = ("X" if char.isupper() else "x") if char.isalpha() else "d" if char.isdigit() else char
        run = run + 1 if kind == last else 0
        last = kind
        if run < _RUN:
            shape.append(kind)
    return "".join(shape)


class Attributes:
    """Numbers of words' attributes. ``norms``: what some words, given as numbers, count as; ``symbols``:
    strings with numbers of their own."""

    def __init__(self, norms: Mapping[str, str], symbols: Mapping[str, int]) -> None:
        self._norms = {int(number): norm for number, norm in norms.items()}
        self._symbols = symbols
        self._ids: dict[str, int] = {}

    def of(self, words: Iterable[tuple[str, str | None]]) -> Ids:
        """``(n, 4)``: norm, prefix, suffix and shape of words, each given with its own norm if it has one."""
        table = [
            (
                self._id(norm or self._norms.get(self._id(text)) or text.lower()),
                self._id(text[0]),
                self._id(text[-3:]),
                self._id(shape_of(text)),
            )
            for text, norm in words
        ]
        return np.array(table, dtype=np.uint64).reshape(-1, 4)

    def _id(self, text: str) -> int:
        found = self._ids.get(text)
        if found is None:
            found = self._ids[text] = self._symbols.get(text) or string_id(text)
        return found


def rows(ids: Ids, seed: int, count: int) -> NDArray[np.intp]:
    """``(n, 4)``: the rows of a table of ``count`` whose sum stands for each number (Bloom embeddings,
    Serrà & Karatzoglou 2017; MurmurHash3 x86 128)."""
    h = ids * np.uint64(0x87C37B91114253D5)
    h = (h << np.uint64(31)) | (h >> np.uint64(33))
    h *= np.uint64(0x4CF5AD432745937F)
    h ^= np.uint64(seed ^ 8)
    g = np.full_like(h, seed ^ 8)
    h += g
    g += h
    h, g = _mixed(h), _mixed(g)
    h += g
    g += h
    low = np.uint64(0xFFFFFFFF)
    hashes = np.stack([h & low, h >> np.uint64(32), g & low, g >> np.uint64(32)], axis=1)
    return (hashes % np.uint64(count)).astype(np.intp)


def _mixed(h: Ids) -> Ids:
    h = (h ^ h >> np.uint64(33)) * np.uint64(0xFF51AFD7ED558CCD)
    h = (h ^ h >> np.uint64(33)) * np.uint64(0xC4CEB9FE1A85EC53)
    return h ^ h >> np.uint64(33)
