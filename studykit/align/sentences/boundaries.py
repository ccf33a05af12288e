"""Whether clauses lie on the right side of the boundaries between beads.

A clause that a translator moved into the next sentence leaves two beads that look right: each pairs
sentences that mean nearly the same, and nothing competes with them. At the boundary between them it shows:
the clause is nearer to what stands beyond than to what stands on its own side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.align.encoder import Encoder, Vectors
from studykit.align.sentences.clauses import outer_clauses
from studykit.align.sentences.side import Side

__all__ = ["worst_boundaries"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_APART = 0.2  # in the unit of ``Evidence.too_long``
_BLOCK = 256  # beads, few enough for the processor's cache
_FIRST, _LAST = 0, 1


def worst_boundaries(
    beads: Indices,
    too_long: Floats,
    *,
    texts: tuple[Sequence[str], Sequence[str]],
    sides: tuple[Side, Side],
    chance: float,
    encoder: Encoder,
) -> Floats:
    """For beads ``(k, 4)`` in order, starts and ends of either side: 0 or less.

    A boundary is where two beads follow each other directly. It is looked at where lengths allow that
    something has moved over it, the target being too long on one side and too short on the other. Up to four
    clauses count there, the outer ones of both groups of both beads. For each is summed how much nearer it is
    to what stands beyond the boundary, a sentence or its facing clause, than to what stands on its own side.
    """
    follows = (beads[1:, 0] == beads[:-1, 1]) & (beads[1:, 2] == beads[:-1, 3])
    moved = (too_long[1:] * too_long[:-1] < 0) & (np.minimum(*np.abs([too_long[1:], too_long[:-1]])) > _APART)
    ends = np.zeros((len(beads), 2), dtype=np.bool_)
    ends[1:, _FIRST] = ends[:-1, _LAST] = follows & moved
    nearer = _nearer_beyond(beads, ends, texts=texts, sides=sides, chance=chance, encoder=encoder)
    nearer[:-1, _LAST] = nearer[1:, _FIRST] = nearer[:-1, _LAST] + nearer[1:, _FIRST]
    return np.asarray(nearer.min(axis=1, initial=0.0))


def _nearer_beyond(
    beads: Indices,
    ends: Flags,
    *,
    texts: tuple[Sequence[str], Sequence[str]],
    sides: tuple[Side, Side],
    chance: float,
    encoder: Encoder,
) -> Floats:
    """``(k, 2)``: at each of the ``ends`` of beads, summed over the bead's own two outer clauses."""
    outer = [
        _Outer(text, side, *_edges(beads[:, column : column + 2], ends), encoder)
        for text, side, column in zip(texts, sides, (0, 2), strict=True)
    ]
    found = np.zeros(ends.shape)
    for edge, step in ((_FIRST, -1), (_LAST, 1)):
        own = (beads[:, 0], beads[:, 2]) if edge == _FIRST else (beads[:, 1] - 1, beads[:, 3] - 1)
        for this, other in ((0, 1), (1, 0)):
            inside, opposite, beyond = own[this], own[other], own[other] + step
            some = ends[:, edge] & outer[this].several(inside, edge)
            for part in _blocks(np.flatnonzero(some)):
                clause = outer[this].clauses(inside[part], edge)
                near = outer[other].nearest(clause, opposite[part], edge)
                far = outer[other].nearest(clause, beyond[part], 1 - edge)
                found[part, edge] += np.minimum(near - np.maximum(far, chance), 0.0)
    return found


def _edges(groups: Indices, ends: Flags) -> tuple[Indices, Indices]:
    """Sentences of which the first clause is looked at, and those of the last; groups are starts and ends."""
    at = np.unique(groups[ends])
    return at, at - 1


def _blocks(numbers: Indices) -> Iterator[Indices]:
    yield from (numbers[at : at + _BLOCK] for at in range(0, len(numbers), _BLOCK))


class _Outer:
    """The outer clauses of one side's sentences; one that is all of a piece is its own clause."""

    def __init__(
        self, text: Sequence[str], side: Side, firsts: Indices, lasts: Indices, encoder: Encoder
    ) -> None:
        self._side = side
        self._row = np.full((2, len(side)), -1)
        split = {i: outer_clauses(text[i]) for i in {*firsts.tolist(), *lasts.tolist()}}
        found = [
            (edge, i, clauses[edge])
            for edge, numbers in ((_FIRST, firsts), (_LAST, lasts))
            for i in numbers.tolist()
            if (clauses := split[i])
        ]
        if found:
            edges, numbers, clauses = zip(*found, strict=True)
            self._row[list(edges), list(numbers)] = np.arange(len(found))
            self._vectors = side.place(np.asarray(encoder.encode(list(clauses)), dtype=np.float32))

    def several(self, sentences: Indices, edge: int) -> Flags:
        """Whether sentences fall apart into clauses."""
        return np.asarray(self._row[edge, sentences] >= 0)

    def clauses(self, sentences: Indices, edge: int) -> Vectors:
        """``(k, d)``, of sentences that do."""
        return np.asarray(self._vectors[self._row[edge, sentences]])

    def nearest(self, clauses: Vectors, sentences: Indices, edge: int) -> Floats:
        """``(k,)``: the cosine of clauses to a sentence each or to its outer clause, whichever is nearer."""
        cosine = np.einsum("kd,kd->k", clauses, self._side.vectors[sentences]).astype(np.float64)
        some = np.flatnonzero(self.several(sentences, edge))
        if len(some):
            to_clause = np.einsum("kd,kd->k", clauses[some], self.clauses(sentences[some], edge))
            cosine[some] = np.maximum(cosine[some], to_clause)
        return np.asarray(cosine)
