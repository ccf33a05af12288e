"""Whether the outer clauses of two groups belong together.

A group with a sentence too few, or one that ends a clause too early, often looks right as a whole; but
its outer clause is nearer to what stands next to the other group than to that group.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.align.encoder import Encoder, Vectors
from studykit.align.sentences.side import Side
from studykit.faces import late
from studykit.languages import HAN, join_pieces

__all__ = ["edge_belonging"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_BETWEEN = late(r"(?<=[，；：。！？…—])|(?<=[,;:.!?])\s+")
_HAN_CHAR = late(f"[{HAN}]")
_LEAST_LETTERS = 6  # a Chinese character counting as three, as elsewhere


def outer_clauses(text: str) -> tuple[str, str] | None:
    """The first and the last clause of a sentence that has several of some length."""
    clauses: list[str] = []
    short = ""
    for piece in _BETWEEN.split(text):
        whole = join_pieces([short, piece], "zh") if short else piece
        if _letters(whole) < _LEAST_LETTERS:
            short = whole
        else:
            clauses.append(whole)
            short = ""
    if short and clauses:
        clauses[-1] = join_pieces([clauses[-1], short], "zh")
    return (clauses[0], clauses[-1]) if len(clauses) > 1 else None


def _letters(text: str) -> int:
    han = len(_HAN_CHAR.findall(text))
    return sum(map(str.isalnum, text)) + 2 * han


def edge_belonging(
    places: tuple[tuple[Indices, Indices], tuple[Indices, Indices]],
    vectors: tuple[Vectors, Vectors],
    *,
    texts: tuple[Sequence[str], Sequence[str]],
    sides: tuple[Side, Side],
    chance: float,
    encoder: Encoder,
) -> Floats:
    """For beads as (starts, sizes) of either side, with the vectors of their groups.

    The sum, over the outer clauses of both groups, of how much nearer each is to what stands next to the
    other group there than to that group: 0 or less.
    """
    total = np.zeros(len(places[0][0]))
    for this, other in ((0, 1), (1, 0)):
        (start, size), (other_start, other_size) = places[this], places[other]
        side, across = sides[this], sides[other]
        used = np.unique(np.concatenate([start, start + size - 1]))
        outer = {i: found for i in used.tolist() if (found := outer_clauses(texts[this][i]))}
        if not outer:
            continue
        encoded = encoder.encode([clause for pair in outer.values() for clause in pair])
        clauses = side.place(np.asarray(encoded, dtype=np.float32)).reshape(len(outer), 2, -1)
        row = np.full(len(side), -1)
        row[list(outer)] = np.arange(len(outer))
        ends = (
            (0, start, other_start - 1, other_start),
            (1, start + size - 1, other_start + other_size, other_start + other_size - 1),
        )
        for edge, sentence, beyond, nearest in ends:
            some = np.flatnonzero((row[sentence] >= 0) & (beyond >= 0) & (beyond < len(across)))
            clause = clauses[row[sentence[some]], edge]
            group = np.einsum("kd,kd->k", clause, vectors[other][some])
            single = np.einsum("kd,kd->k", clause, across.vectors[nearest[some]])
            outside = np.einsum("kd,kd->k", clause, across.vectors[beyond[some]])
            total[some] += np.minimum(np.maximum(group, single) - np.maximum(outside, chance), 0.0)
    return total
