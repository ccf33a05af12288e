"""What the network for Chinese sees: words, by the embeddings of the default encoder, and old line ends.

The encoder's pieces of words are known from much text in many languages, so that a network on top of them
needs few examples of its own. A run of Chinese characters is cut into pieces; a Latin word or number is one
unit, the mean of its pieces. Marks are no units.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from studykit.engines.boundaries.layers import Floats
from studykit.faces import late
from studykit.languages import HAN

if TYPE_CHECKING:
    from studykit.engines.encoders.usem_network import Network
    from studykit.engines.encoders.usem_pieces import Tokenizer

__all__ = ["EMBEDDED", "SCALARS", "ChineseUnits"]

EMBEDDED = 512
SCALARS = 2
"""Whether a line ends after the unit; how often lines end in the text."""

_RUN = late(rf"[{HAN}]+|[^\W{HAN}]+(?:[-.'’+#/&][^\W{HAN}]+)*")
_CHINESE = late(f"[{HAN}]")
_OLD_BREAK = late(rf"(?<=[{HAN}]) (?=[{HAN}])")
_OFTEN = 0.1
"""A line end for every ten units is often."""


class ChineseUnits(Struct, frozen=True, kw_only=True):
    """Of a text's ``n`` units, in order."""

    starts: list[int]
    ends: list[int]
    pieces: list[list[int]]
    """The encoder's numbers of each unit's pieces."""
    lines: Floats
    """``(n, SCALARS)``."""

    @classmethod
    def of(cls, text: str, breaks: Collection[int] = ()) -> ChineseUnits:
        """``breaks``: where lines start. A space between Chinese characters is an old line end too."""
        starts: list[int] = []
        ends: list[int] = []
        pieces: list[list[int]] = []
        tokenizer, _ = _encoder()
        for run in _RUN.finditer(text):
            at = run.start()
            if _CHINESE.match(run.group()):
                for piece in tokenizer.cut(run.group()):
                    starts.append(at)
                    at += tokenizer.lengths[piece]
                    ends.append(at)
                    pieces.append([piece])
            else:
                starts.append(at)
                ends.append(run.end())
                pieces.append(tokenizer.pieces(run.group()))
        places = {*breaks, *(found.end() for found in _OLD_BREAK.finditer(text))}
        return cls(starts=starts, ends=ends, pieces=pieces, lines=_line_ends(starts, places))

    def seen(self, first: int = 0, last: int | None = None) -> Floats:
        """``(last - first, EMBEDDED + SCALARS)``: the mean of each unit's pieces, and line ends."""
        pieces = self.pieces[first:last]
        rows = _rows(pieces) if pieces else np.zeros((0, EMBEDDED), dtype=np.float32)
        return np.concatenate([rows, self.lines[first:last]], axis=1)


def _line_ends(starts: list[int], places: Collection[int]) -> Floats:
    """For each unit, whether a line starts between it and the next; and how often that is so."""
    lines = np.array(sorted(places), dtype=np.int64)
    numbers = np.searchsorted(lines, np.array(starts, dtype=np.int64), side="right")
    ended = np.zeros((len(starts), SCALARS), dtype=np.float32)
    if len(starts) > 1:
        ended[:-1, 0] = numbers[1:] > numbers[:-1]
        ended[:, 1] = min(1.0, float(ended[:-1, 0].mean()) / _OFTEN)
    return ended


def _rows(pieces: list[list[int]]) -> Floats:
    _, network = _encoder()
    flat = np.array([piece for found in pieces for piece in found], dtype=np.int64)
    sizes = np.array([len(found) for found in pieces])
    sums = np.add.reduceat(network.embedded(flat), np.cumsum(sizes) - sizes, axis=0)
    return np.asarray(sums / sizes[:, None], dtype=np.float32)


def _encoder() -> tuple[Tokenizer, Network]:
    """Tokenizer and network of the default encoder, loaded once for all who use it."""
    from studykit.engines.encoders import usem

    return usem.loaded()
