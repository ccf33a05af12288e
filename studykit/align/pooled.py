"""Evidence for every bead in a box, from sums of single sentences' vectors.

The cosine of two pooled groups is a rectangle sum over the single cosines, divided by the groups'
norms, so all beads of all sizes come from one small matrix product a box and running sums.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
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
    strips = len(tiles) // len(boxes)  # one above the other
    shape = (strips, STRIP if windows else len(frame.left), len(kinds), len(boxes), frame.band)
    nats = _nats(tiles, shape, sides=sides, groups=groups, evidence=evidence, weights=weights, kinds=kinds)
    return EveryBead(frame, nats.reshape(-1, *shape[2:])[: len(frame.left)], kinds)


def _nats(
    boxes: Indices,
    shape: tuple[int, int, int, int, int],
    *,
    sides: tuple[Side, Side],
    groups: tuple[Groups, Groups],
    evidence: Evidence,
    weights: Weights,
    kinds: tuple[tuple[int, int], ...],
) -> Floats:
    """``(strips, rows, kinds, b, columns)``, the ``shape``: the evidence for every bead from a node on.

    ``boxes``: all strips of the first, then of the second; beads inside them count.
    """
    strips, rows, _, count, columns = shape
    found = np.full(shape, NEVER, dtype=np.float32)
    first = _Spread.of(groups[0], boxes[:, 0:2], sides[0], axis=1)
    second = _Spread.of(groups[1], boxes[:, 2:4], sides[1], axis=2)
    sums = _Sums(
        _cosines(boxes, sides), (first, second), (rows, columns), chance=evidence.chance, kinds=kinds
    )
    for k, a, b, cosine, belonging in sums.beads():
        r, c = cosine.shape[1:]
        seen = Seen(
            sizes=(a, b),
            cosine=cosine,
            belonging=belonging,
            letters=(first.letters[a, :, :r], second.letters[b, :, :, :c]),
            marks=first.marks[a, :, :r] + second.marks[b, :, :, :c],
            replies=(first.replies[a, :, :r], second.replies[b, :, :, :c]),
            times=(
                (first.start_s[a, :, :r], first.end_s[a, :, :r]),
                (second.start_s[b, :, :, :c], second.end_s[b, :, :, :c]),
            ),
        )
        nats = evidence.nats(seen, weights).reshape(count, strips, r, c)
        found[:, :r, k, :, :c] = nats.transpose(1, 2, 0, 3)
    return found


def _cosines(boxes: Indices, sides: tuple[Side, Side]) -> Floats:
    """``(b, height + 2, width + 2)``: of single sentences, -1 where there are none.

    One more row and column on every side, since a group's neighbours may lie outside the box.
    """
    first, second = sides[0].vectors, sides[1].vectors
    height, width = (int((boxes[:, k + 1] - boxes[:, k]).max()) for k in (0, 2))
    found = np.full((len(boxes), height + 2, width + 2), -1.0, dtype=np.float32)
    for at, (top, bottom, left, right) in zip(found, boxes.tolist(), strict=True):
        row, column = max(top - 1, 0), max(left - 1, 0)
        part = first[row : bottom + 1] @ second[column : right + 1].T
        at[row - top + 1 :, column - left + 1 :][: part.shape[0], : part.shape[1]] = part
    return found


class _Spread(Struct, frozen=True, kw_only=True):
    """Groups of one side of a batch of boxes, in single precision, to be spread over the other side.

    Arrays of groups are ``(size, b, k, 1)`` or ``(size, b, 1, k)``.
    """

    weight: Floats
    """``(b, k - 1)``: of the sentences inside."""
    norm: Floats
    letters: Floats
    marks: Floats
    """With ``NEVER`` where a group would pass the end of its box."""
    replies: NDArray[np.uint8]
    start_s: Floats
    end_s: Floats

    @classmethod
    def of(cls, groups: Groups, edges: Indices, side: Side, *, axis: int) -> _Spread:
        """``edges``: ``(b, 2)``, where boxes begin and end."""
        length = int((edges[:, 1] - edges[:, 0]).max())
        places = _places(edges[:, 0], length + 1, len(side))
        inside = places + np.arange(len(groups.norm))[:, None, None] <= edges[:, 1:]
        form = (*inside.shape, 1) if axis == 1 else (*inside.shape[:2], 1, inside.shape[2])

        def spread(values: NDArray[np.float64], beyond: float) -> Floats:
            return np.where(inside, values[:, places], beyond).astype(np.float32).reshape(form)

        return cls(
            weight=np.append(side.weight, 0.0).astype(np.float32)[places[:, :-1]],
            norm=spread(groups.norm, 1.0),
            letters=spread(groups.letters, 1.0),
            marks=spread(groups.marks, NEVER),
            replies=groups.replies[:, places].reshape(form),
            start_s=spread(groups.start_s, np.nan),
            end_s=spread(groups.end_s, np.nan),
        )


class _Sums:
    """Cosines between the groups of a batch of boxes, and how well their sentences belong there."""

    def __init__(
        self,
        single: Floats,
        spread: tuple[_Spread, _Spread],
        shape: tuple[int, int],
        *,
        chance: float,
        kinds: tuple[tuple[int, int], ...],
    ) -> None:
        first, second = spread
        self._norms, self._chance, self._shape = (first.norm, second.norm), np.float32(chance), shape
        self._height, self._width = first.weight.shape[1], second.weight.shape[1]
        self._kinds = [(k, a, b) for k, (a, b) in enumerate(kinds) if a <= self._height and b <= self._width]
        self._single = single
        inner = self._single[:, 1:-1, 1:-1]
        self._column_weight = second.weight[:, None]
        self._down = _running(inner * first.weight[:, :, None], axis=1)
        self._right = _running(inner * self._column_weight, axis=2)

    def beads(self) -> Iterator[tuple[int, int, int, Floats, Floats]]:
        """Kind, sizes, cosine of the groups, and least belonging (see ``Seen``), both ``(b, r, c)``."""
        height, width, most = self._height, self._width, self._shape
        of_rows: dict[int, Floats] = {}  # by target size: least belonging of the source sentences so far
        by_target = {b: self._rows_belonging(b) for b in {b for _, _, b in self._kinds}}
        size = 0
        for k, a, b in self._kinds:
            if a != size:
                size, rows = a, min(height + 1 - a, most[0])
                to_single = self._down[:, a : a + rows] - self._down[:, :rows]
                to_single /= self._norms[0][a, :, :rows]
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
            cosine = total[:, :, b : b + columns] - total[:, :, :columns]
            cosine /= self._norms[1][b, :, :, :columns]
            yield k, a, b, cosine, np.minimum(least[:, :, :columns], of_rows[b][:, :rows, :columns])

    def _rows_belonging(self, b: int) -> Floats:
        """``(b, height, width + 1 - b)``: of each source sentence to groups of ``b``."""
        last = self._width + 1 - b
        to_single = (self._right[:, :, b:] - self._right[:, :, :-b]) / self._norms[1][b, :, :, :last]
        beyond = np.maximum(self._single[:, 1:-1, :last], self._single[:, 1:-1, b + 1 :])
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
