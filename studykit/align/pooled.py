"""Evidence for every bead in a box, from sums of single sentences' vectors.

The cosine of two pooled groups is a rectangle sum over the single cosines, divided by the groups'
norms, so all beads of all sizes come from one small matrix product a box and running sums.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studykit.align.anchors import STRIP, Windows
from studykit.align.evidence import Evidence, Groups, Seen
from studykit.align.lattice import NEVER, Frame
from studykit.align.sentences.side import Side
from studykit.align.terms import EveryBead
from studykit.align.weights import Weights

__all__ = ["frame_of", "pooled_beads"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float32]


def frame_of(
    boxes: Indices, extra: tuple[NDArray[np.float64], NDArray[np.float64]], windows: Windows | None = None
) -> Frame:
    """A frame around boxes; ``extra`` as in ``Frame``, for all sentences; ``windows`` of theirs."""
    height, width = int((boxes[:, 1] - boxes[:, 0]).max()), int((boxes[:, 3] - boxes[:, 2]).max())
    rows = _places(boxes[:, 0], height, len(extra[0]))
    columns = _places(boxes[:, 2], width, len(extra[1]))
    return Frame(
        boxes=boxes,
        left=np.repeat(windows.left, STRIP)[: height + 1] if windows else np.zeros(height + 1, dtype=np.intp),
        band=windows.band if windows else width + 1,
        source_extra=np.append(extra[0], 0.0)[rows],
        target_extra=np.append(extra[1], 0.0)[columns],
    )


def pooled_beads(
    boxes: Indices,
    *,
    sides: tuple[Side, Side],
    groups: tuple[Groups, Groups],
    extra: tuple[NDArray[np.float64], NDArray[np.float64]],
    evidence: Evidence,
    weights: Weights,
    kinds: tuple[tuple[int, int], ...],
    windows: Windows | None = None,
) -> EveryBead:
    """Every bead of some boxes, or of windows of theirs, with the evidence for it."""
    frame = frame_of(boxes, extra, windows)
    tiles = windows.tiles(boxes, reach=max(a for a, _ in kinds)) if windows else boxes
    shape = (STRIP, windows.band) if windows else (len(frame.left), frame.band)
    nats = _nats(tiles, shape, sides=sides, groups=groups, evidence=evidence, weights=weights, kinds=kinds)
    if windows:  # one tile above the other
        apart = nats.reshape(STRIP, len(kinds), len(boxes), -1, windows.band).transpose(3, 0, 1, 2, 4)
        nats = apart.reshape(-1, len(kinds), len(boxes), windows.band)[: len(frame.left)]
    return EveryBead(frame, nats, kinds)


def _nats(
    boxes: Indices,
    shape: tuple[int, int],
    *,
    sides: tuple[Side, Side],
    groups: tuple[Groups, Groups],
    evidence: Evidence,
    weights: Weights,
    kinds: tuple[tuple[int, int], ...],
) -> Floats:
    """``(rows, kinds, b, columns)``: the evidence for every bead inside the boxes from a node on.

    ``shape`` is the number of rows and columns of nodes wanted.
    """
    first, second = groups
    height, width = int((boxes[:, 1] - boxes[:, 0]).max()), int((boxes[:, 3] - boxes[:, 2]).max())
    found = np.full((shape[0], len(kinds), len(boxes), shape[1]), NEVER, dtype=np.float32)
    rows = _places(boxes[:, 0], height + 1, len(sides[0]))
    columns = _places(boxes[:, 2], width + 1, len(sides[1]))
    depth, breadth = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    sums = _Sums(
        boxes, shape, sides=sides, groups=groups, places=(rows, columns), chance=evidence.chance, kinds=kinds
    )
    for k, a, b, cosine, belonging in sums.beads():
        r, c = cosine.shape[1:]
        top, left = rows[:, :r], columns[:, :c]
        seen = Seen(
            sizes=(a, b),
            cosine=cosine,
            belonging=belonging,
            letters=(first.letters[a, top][:, :, None], second.letters[b, left][:, None]),
            marks=first.marks[a, top][:, :, None] + second.marks[b, left][:, None],
            replies=(first.replies[a, top][:, :, None], second.replies[b, left][:, None]),
            times=(
                (first.start_s[a, top][:, :, None], first.end_s[a, top][:, :, None]),
                (second.start_s[b, left][:, None], second.end_s[b, left][:, None]),
            ),
        )
        nats = evidence.nats(seen, weights)
        outside = (np.arange(r) + a > depth[:, None])[:, :, None]
        outside = outside | (np.arange(c) + b > breadth[:, None])[:, None]
        nats[outside] = NEVER
        found[:r, k, :, :c] = nats.transpose(1, 0, 2)
    return found


class _Sums:
    """Cosines between the groups of a batch of boxes, and how well their sentences belong there."""

    def __init__(
        self,
        boxes: Indices,
        shape: tuple[int, int],
        *,
        sides: tuple[Side, Side],
        groups: tuple[Groups, Groups],
        places: tuple[Indices, Indices],
        chance: float,
        kinds: tuple[tuple[int, int], ...],
    ) -> None:
        self._groups, self._places, self._chance, self._shape = groups, places, np.float32(chance), shape
        self._height, self._width = places[0].shape[1] - 1, places[1].shape[1] - 1
        self._kinds = [(k, a, b) for k, (a, b) in enumerate(kinds) if a <= self._height and b <= self._width]
        near = (
            _with_neighbours(boxes[:, 0], self._height, sides[0]),
            _with_neighbours(boxes[:, 2], self._width, sides[1]),
        )
        # One more row and column on every side, since a group's neighbours may lie outside the box.
        self._single = near[0][0] @ near[1][0].transpose(0, 2, 1)
        self._single[~(near[0][1][:, :, None] & near[1][1][:, None])] = -1.0
        weight = [
            np.where(place < len(side), side.weight[np.minimum(place, len(side) - 1)], 0.0).astype(np.float32)
            for place, side in zip((places[0][:, :-1], places[1][:, :-1]), sides, strict=True)
        ]
        inner = self._single[:, 1:-1, 1:-1]
        self._down = _running(inner * weight[0][:, :, None], axis=1)
        self._right = _running(inner * weight[1][:, None], axis=2)
        self._column_weight = weight[1][:, None]

    def beads(self) -> Iterator[tuple[int, int, int, Floats, Floats]]:
        """Kind, sizes, cosine of the groups, and least belonging (see ``Seen``), both ``(b, r, c)``."""
        height, width, most = self._height, self._width, self._shape
        of_rows: dict[int, Floats] = {}  # by target size: least belonging of the source sentences so far
        by_target = {b: self._rows_belonging(b) for b in {b for _, _, b in self._kinds}}
        size = 0
        for k, a, b in self._kinds:
            if a != size:
                size, rows = a, min(height + 1 - a, most[0])
                norm = self._groups[0].norm[a, self._places[0][:, :rows]].astype(np.float32)
                to_single = (self._down[:, a : a + rows] - self._down[:, :rows]) / norm[:, :, None]
                total = _running(to_single * self._column_weight, axis=2)
                beyond = np.maximum(self._single[:, :rows, 1:-1], self._single[:, a + 1 : a + 1 + rows, 1:-1])
                columns_belonging = to_single - np.maximum(beyond, self._chance)
                least = columns_belonging
                reached = 1
            while reached < b:
                least = np.minimum(least[:, :, :-1], columns_belonging[:, :, reached:])
                reached += 1
            if a == 1:
                of_rows[b] = by_target[b]
            else:
                of_rows[b] = np.minimum(of_rows[b][:, :-1], by_target[b][:, a - 1 :])
            columns = min(width + 1 - b, most[1])
            norm = self._groups[1].norm[b, self._places[1][:, :columns]].astype(np.float32)
            cosine = (total[:, :, b : b + columns] - total[:, :, :columns]) / norm[:, None]
            yield k, a, b, cosine, np.minimum(least[:, :, :columns], of_rows[b][:, :rows, :columns])

    def _rows_belonging(self, b: int) -> Floats:
        """``(b, height, width + 1 - b)``: of each source sentence to groups of ``b``."""
        norm = self._groups[1].norm[b, self._places[1][:, : self._width + 1 - b]].astype(np.float32)
        to_single = (self._right[:, :, b:] - self._right[:, :, :-b]) / norm[:, None]
        beyond = np.maximum(self._single[:, 1:-1, : self._width + 1 - b], self._single[:, 1:-1, b + 1 :])
        return np.asarray(to_single - np.maximum(beyond, self._chance))


def _running(values: Floats, *, axis: int) -> Floats:
    """Running sums with a zero in front."""
    shape = list(values.shape)
    shape[axis] += 1
    sums = np.zeros(shape, dtype=np.float32)
    np.cumsum(values, axis=axis, out=sums[:, 1:] if axis == 1 else sums[:, :, 1:])
    return sums


def _places(starts: Indices, length: int, count: int) -> Indices:
    """``(b, length)``: sentence indices from each start on; one past the end where there is none."""
    return np.asarray(np.minimum(starts[:, None] + np.arange(length), count))


def _with_neighbours(starts: Indices, length: int, side: Side) -> tuple[Floats, NDArray[np.bool_]]:
    """Vectors ``(b, length + 2, d)`` from one before each start on, and which of them there are."""
    places = starts[:, None] + np.arange(-1, length + 1)
    there = (places >= 0) & (places < len(side))
    return side.vectors[np.clip(places, 0, len(side) - 1)], there
