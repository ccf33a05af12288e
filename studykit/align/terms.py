"""The beads that ways through a frame of boxes can take: every one, or a few that are known."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from studykit.align.lattice import NEVER, Frame, Likely

__all__ = ["EveryBead", "SomeBeads"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_SLACK = 0.01  # nats: sums in single precision are that exact and far more


class EveryBead:
    """All beads of all kinds; those of one source size are one numpy operation."""

    def __init__(
        self, frame: Frame, evidence: NDArray[np.float32], kinds: tuple[tuple[int, int], ...]
    ) -> None:
        """``evidence``: nats for a bead of each kind from each node on, ``(height + 1, kinds, b, band)``."""
        self.frame, self.evidence, self.kinds = frame, evidence, kinds
        self.margin = max(b for _, b in kinds)
        by_size: dict[int, list[int]] = {}
        for k, (a, _) in enumerate(kinds):
            by_size.setdefault(a, []).append(k)
        # Per source size: its kinds as a slice, and the smallest target size; the others follow on.
        self._sizes = [
            (a, slice(ks[0], ks[-1] + 1), kinds[ks[0]][1]) for a, ks in by_size.items() if a < len(frame.left)
        ]
        _, count, width = frame.shape
        into = np.full((len(kinds), count, width + self.margin), NEVER)
        self._into = into[:, :, :width]
        self._from = np.full((len(kinds), count, frame.band), NEVER)
        # Of each source size: where a bead of the k-th target size that begins in a column ends.
        down, over, along = into.strides
        self._ends = [
            as_strided(
                into[of_size, :, b:],
                (of_size.stop - of_size.start, count, width),
                (down + along, over, along),
            )
            for _, of_size, b in self._sizes
        ]
        self._after: list[Floats] = []
        self._left: list[int] = frame.left.tolist()

    def ending(self, row: int, ways: Floats) -> Floats:
        """See ``Beads``."""
        band = self.frame.band
        for (a, of_size, _), ends in zip(self._sizes, self._ends, strict=True):
            if a <= row:
                begin = self._left[row - a]
                if row > a and begin > self._left[row - a - 1]:  # what the row before left behind
                    ends[:, :, self._left[row - a - 1] : begin] = NEVER
                columns = slice(begin, begin + band)
                np.add(self.evidence[row - a, of_size], ways[row - a, :, columns], out=ends[:, :, columns])
        return _sum(self._into[:, :, self._left[row] : self._left[row] + band])

    def beginning(self, row: int, onward: Floats) -> Floats:
        """See ``Beads``."""
        if not self._after:
            self._after = [self._shifted(onward, b, of_size) for _, of_size, b in self._sizes]
        columns = slice(self._left[row], self._left[row] + self.frame.band)
        for (a, of_size, _), after in zip(self._sizes, self._after, strict=True):
            if row + a < len(self._left):
                np.add(self.evidence[row, of_size], after[row + a, :, :, columns], out=self._from[of_size])
        return _sum(self._from)

    def _shifted(self, onward: Floats, first: int, of_size: slice) -> Floats:
        """``(height + 1, count, b, width + 1)``: nodes where beads of ``first`` and more targets end."""
        down, over, along = onward.strides
        height, count, width = self.frame.shape
        shape = (height, of_size.stop - of_size.start, count, width)
        return as_strided(onward[:, :, first:], shape, (down, along, over, along))

    def likely(self, least: float, ways: Floats, onward: Floats) -> Likely:
        """See ``Beads``."""
        floor = np.log(least)
        # On a node that ways hardly pass no likely bead begins.
        row, box, column = np.nonzero(ways + onward[:, :, : ways.shape[2]] >= floor - _SLACK)
        sizes = np.array(self.kinds, dtype=np.intp)
        after = row[:, None] + sizes[:, 0]
        inside = after < len(self.frame.left)
        on = onward[np.where(inside, after, 0), box[:, None], column[:, None] + sizes[:, 1]]
        nats = self.evidence[row, :, box, column - self.frame.left[row]]
        found = np.where(inside, nats + ways[row, box, column][:, None] + on, NEVER)
        at, kind = np.nonzero(found >= floor)
        corner = self.frame.boxes[box[at]]
        return Likely(
            source=corner[:, 0] + row[at],
            target=corner[:, 2] + column[at],
            kind=kind,
            probability=np.exp(np.minimum(found[at, kind], 0.0)),
        )


class SomeBeads:
    """A few beads, known by their places."""

    margin = 0

    def __init__(self, frame: Frame, beads: Likely, sizes: tuple[Indices, Indices], nats: Floats) -> None:
        """``beads`` are in order of their source, and all inside the frame's boxes."""
        self.frame = frame
        low, high = (np.searchsorted(beads.source, frame.boxes[:, edge]) for edge in (0, 1))
        which = np.concatenate([np.arange(*part) for part in zip(low, high, strict=True)])
        box = np.repeat(np.arange(len(frame.boxes)), high - low)
        self._row, self._column = (
            start[which] - frame.boxes[box, edge] for start, edge in ((beads.source, 0), (beads.target, 2))
        )
        self._end_row, self._end_column = self._row + sizes[0][which], self._column + sizes[1][which]
        self._box, self._which, self._nats, self._beads = box, which, nats[which], beads
        rows = np.arange(len(frame.left) + 1)
        self._by_start, self._by_end = (
            np.argsort(self._row, kind="stable"),
            np.argsort(self._end_row, kind="stable"),
        )
        self._starts = np.searchsorted(self._row[self._by_start], rows).tolist()
        self._ends = np.searchsorted(self._end_row[self._by_end], rows).tolist()

    @property
    def fit(self) -> bool:
        """Whether all begin and end where the frame is looked at; else there are no sums of them."""
        left, band = self.frame.left, self.frame.band
        return all(
            bool(((column >= left[row]) & (column < left[row] + band)).all())
            for row, column in ((self._row, self._column), (self._end_row, self._end_column))
        )

    def ending(self, row: int, ways: Floats) -> Floats:
        """See ``Beads``."""
        some = self._by_end[self._ends[row] : self._ends[row + 1]]
        nats = self._nats[some] + ways[self._row[some], self._box[some], self._column[some]]
        return self._summed(row, self._box[some], self._end_column[some], nats)

    def beginning(self, row: int, onward: Floats) -> Floats:
        """See ``Beads``."""
        some = self._by_start[self._starts[row] : self._starts[row + 1]]
        nats = self._nats[some] + onward[self._end_row[some], self._box[some], self._end_column[some]]
        return self._summed(row, self._box[some], self._column[some], nats)

    def _summed(self, row: int, box: Indices, column: Indices, nats: Floats) -> Floats:
        total = np.full((self.frame.shape[1], self.frame.band), NEVER)
        if len(box):
            np.logaddexp.at(total, (box, column - self.frame.left[row]), nats)
        return total

    def likely(self, least: float, ways: Floats, onward: Floats) -> Likely:
        """See ``Beads``."""
        before = ways[self._row, self._box, self._column]
        found = self._nats + before + onward[self._end_row, self._box, self._end_column]
        some = found >= np.log(least)
        kept = self._which[some]
        return Likely(
            source=self._beads.source[kept],
            target=self._beads.target[kept],
            kind=self._beads.kind[kept],
            probability=np.exp(np.minimum(found[some], 0.0)),
        )


def _sum(values: Floats) -> Floats:
    """Logarithm of the sum of exponentials over the first axis."""
    top = values.max(axis=0)
    shares = (values - top).astype(np.float32)
    np.exp(shares, out=shares)
    return np.asarray(top + np.log(shares.sum(axis=0)))
