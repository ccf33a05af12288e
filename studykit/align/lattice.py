"""All monotone ways through a box at once, and how likely each bead is among them.

A node (r, c) of a box means: r source and c target sentences are done with. Beads lead from node to
node, and so do gaps, runs of sentences left alone; in a gap those of the source come first, so that
each way is counted once. The forward-backward sums (Baum et al. 1970) run over many boxes in
lockstep, row by row. All numbers are natural logarithms, nats for short. Of a large box only windows of
each row are looked at, wherever ways are likely to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.align.anchors import Box

__all__ = ["NEVER", "Beads", "Frame", "Likely", "Prices", "Ways", "batches", "kinds"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

NEVER = -1e30
_VOLUME = 40_000  # nodes in a batch
_LARGEST = 250_000  # nodes in a batch of which all columns are looked at
_LOOKED_AT = 48  # columns in each row of a wide box, about
_ROW = 100
_SMALLER_SIDE, _BOTH_LONG = 3, 8  # a bead with several sentences on both sides has no more than these


def kinds(max_bead: int) -> tuple[tuple[int, int], ...]:
    """The (source, target) sizes of beads, in order.

    One sentence may match up to ``max_bead - 1``; where both sides have several, the smaller has no
    more than three and both together no more than eight.
    """
    return tuple(
        (a, b)
        for a in range(1, max_bead)
        for b in range(1, max_bead - a + 1)
        if min(a, b) == 1 or (min(a, b) <= _SMALLER_SIDE and a + b <= _BOTH_LONG)
    )


class Prices(Struct, frozen=True, kw_only=True):
    """Nats for a gap, on either side."""

    first: float
    """To leave one sentence alone."""
    more: float
    """To leave the next one alone as well."""


class Frame(Struct, frozen=True, kw_only=True):
    """Boxes to be worked on together; arrays are padded to the largest of them."""

    boxes: Indices
    """``(b, 4)``, each a ``Box``."""
    left: Indices
    """``(height + 1,)``: the first column that is looked at in each row of nodes; never falls."""
    band: int
    """How many columns are looked at."""
    source_extra: Floats
    """``(b, height)``: nats for leaving each sentence alone, beyond the usual price."""
    target_extra: Floats

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of arrays of nodes, ``(height + 1, b, width + 1)``, so that a row of all boxes is contiguous."""
        return len(self.left), len(self.boxes), self.target_extra.shape[1] + 1


class Beads(Protocol):
    """The beads that are possible in a frame, and what speaks for them.

    Arrays of nodes are of the frame's shape, with ``margin`` more columns.
    """

    frame: Frame
    margin: int

    def ending(self, row: int, ways: Floats) -> Floats:
        """``(b, band)``: ways to the nodes of a row that end in a bead, from ``ways`` to the rows before.

        Rows are asked for in order.
        """

    def beginning(self, row: int, onward: Floats) -> Floats:
        """``(b, band)``: ways on that begin with a bead, from ways on from the rows after.

        Always with the same array, which fills up row by row.
        """

    def likely(self, least: float, ways: Floats, onward: Floats) -> Likely:
        """Every bead of probability ``least`` or more, at its place in the documents.

        ``ways`` are less the total of their box.
        """


class Likely(Struct, frozen=True, kw_only=True):
    """Beads with their posterior probabilities, one row each."""

    source: Indices
    target: Indices
    kind: Indices
    probability: Floats


def batches(boxes: Sequence[Box]) -> Iterator[Indices]:
    """Boxes of like size together, as arrays ``(b, 4)``.

    A row of a batch costs about as much as ``_ROW`` nodes, so boxes share rows as long as the nodes that pad
    them to one size cost less than the rows saved.
    """
    waiting: list[Box] = []
    height = width = filled = rows = 0
    for box in sorted(boxes, key=lambda box: (box[1] - box[0], box[3] - box[2])):
        deep, broad = box[1] - box[0], box[3] - box[2]
        taller, wider, count = max(height, deep), max(width, broad), len(waiting) + 1
        padded = count * (taller + 1) * (min(wider, _LOOKED_AT) + 1)
        nodes = (deep + 1) * (min(broad, _LOOKED_AT) + 1)
        waste, saved = padded - filled - nodes, rows + deep - taller
        large = padded > _VOLUME or count * (taller + 1) * (wider + 1) > _LARGEST
        if waiting and (large or waste > _ROW * saved):
            yield np.array(waiting, dtype=np.intp)
            waiting, taller, wider, filled, rows = [], deep, broad, 0, 0
        waiting.append(box)
        height, width, filled, rows = taller, wider, filled + nodes, rows + deep
    if waiting:
        yield np.array(waiting, dtype=np.intp)


def _exp(values: Floats) -> NDArray[np.float32]:
    """Probabilities from logarithms; single precision is twice as fast and enough to count."""
    return np.asarray(np.exp(np.minimum(values, 0.0).astype(np.float32)))


class Ways:
    """The sums over all ways through the boxes of a batch."""

    def __init__(self, beads: Beads, prices: Prices) -> None:
        self._frame = frame = beads.frame
        self._beads = beads
        self._prices = prices
        self._height, self._count, self._width = frame.shape
        # Running costs of leaving alone every target sentence up to a node.
        self._run = np.zeros((self._count, self._width))
        np.cumsum(frame.target_extra + prices.more, axis=1, out=self._run[:, 1:])
        self._forward()
        self._backward()
        at = np.arange(self._count)
        boxes = frame.boxes
        self._total = self._all[boxes[:, 1] - boxes[:, 0], at, boxes[:, 3] - boxes[:, 2]][None, :, None]

    def _rows(self) -> list[slice]:
        """The columns that are looked at in each row."""
        return [slice(at, at + self._frame.band) for at in self._frame.left.tolist()]

    def _forward(self) -> None:
        """Ways up to each node: ending in a bead, in a source gap, in a target gap, and all."""
        prices, extra = self._prices, self._frame.source_extra
        self._bead, self._source, self._target, self._all = (
            np.full(self._frame.shape, NEVER) for _ in range(4)
        )
        for r, at in enumerate(self._rows()):
            if r == 0:
                self._bead[0, :, 0] = 0.0
            else:
                self._bead[r, :, at] = self._beads.ending(r, self._all)
                self._source[r, :, at] = extra[:, r - 1, None] + np.logaddexp(
                    self._bead[r - 1, :, at] + prices.first, self._source[r - 1, :, at] + prices.more
                )
            open_ended = np.logaddexp(self._bead[r, :, at], self._source[r, :, at])
            run = self._run[:, at]
            sums = np.logaddexp.accumulate(open_ended - run, axis=1)
            self._target[r, :, at][:, 1:] = sums[:, :-1] + run[:, 1:] + (prices.first - prices.more)
            self._all[r, :, at] = np.logaddexp(open_ended, self._target[r, :, at])

    def _backward(self) -> None:
        """Ways on from each node: beginning with a bead, a target gap, either, a source gap, and all."""
        prices, boxes, extra = self._prices, self._frame.boxes, self._frame.source_extra
        self._on_bead, self._on_target, self._closed, self._on_source = (
            np.full(self._frame.shape, NEVER) for _ in range(4)
        )
        self._on = np.full((self._height, self._count, self._width + self._beads.margin), NEVER)
        end_row, end_column = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
        for r, at in reversed(list(enumerate(self._rows()))):
            self._on_bead[r, :, at] = self._beads.beginning(r, self._on)
            ending = np.flatnonzero(end_row == r)
            self._on_bead[r, ending, end_column[ending]] = 0.0
            on_bead, run = self._on_bead[r, :, at], self._run[:, at]
            sums = np.logaddexp.accumulate((on_bead + run)[:, ::-1], axis=1)[:, ::-1]
            self._on_target[r, :, at][:, :-1] = sums[:, 1:] - run[:, :-1] + (prices.first - prices.more)
            self._closed[r, :, at] = np.logaddexp(on_bead, self._on_target[r, :, at])
            if r + 1 < self._height:
                self._on_source[r, :, at] = extra[:, r, None] + np.logaddexp(
                    self._closed[r + 1, :, at] + prices.first, self._on_source[r + 1, :, at] + prices.more
                )
            self._on[r, :, at] = np.logaddexp(self._closed[r, :, at], self._on_source[r, :, at])

    def at_edges(self) -> float:
        """The greatest probability of a way along an edge of the windows, where it may want to go on."""
        most = 0.0
        for columns, beyond in (
            (self._frame.left, self._frame.left > 0),
            (
                self._frame.left + self._frame.band - 1,
                self._frame.left + self._frame.band < self._width,
            ),
        ):
            rows = np.flatnonzero(beyond)
            if len(rows):
                ways = self._all[rows, :, columns[rows]] + self._on[rows, :, columns[rows]]
                most = max(most, float(_exp(ways - self._total[:, :, 0]).max()))
        return most

    def likely(self, least: float) -> Likely:
        """Every bead of probability ``least`` or more, at its place in the documents."""
        return self._beads.likely(least, self._all - self._total, self._on)

    def log_sum(self) -> Floats:
        """``(b,)``: logarithm of the sum of all ways through each box."""
        return np.asarray(self._total[0, :, 0])

    def gaps(self) -> float:
        """The number of gaps to be expected, runs of sentences left alone on either side."""
        open_ended = np.logaddexp(self._bead, self._source)
        of_source = _exp(self._bead + self._on_source - self._total).sum()
        return float(of_source + _exp(open_ended + self._on_target - self._total).sum())

    def add_alone(self, source: Floats, target: Floats) -> None:
        """Write each sentence's probability of standing alone into arrays over the documents."""
        rows, columns = self._source_alone(), self._target_alone()
        for b, (top, bottom, left, right) in enumerate(self._frame.boxes.tolist()):
            source[top:bottom] = rows[: bottom - top, b]
            target[left:right] = columns[b, : right - left]

    def _source_alone(self) -> Floats:
        """``(height, b)``: posterior that the gap holds the sentence before each node row."""
        prices = self._prices
        onward = np.logaddexp(self._closed[1:], self._on_source[1:] + (prices.more - prices.first))
        return np.asarray(_exp(self._source[1:] + onward - self._total).sum(axis=2))

    def _target_alone(self) -> Floats:
        """``(b, width)``, as above."""
        prices = self._prices
        onward = np.logaddexp(
            self._on_bead[:, :, 1:], self._on_target[:, :, 1:] + (prices.more - prices.first)
        )
        return np.asarray(_exp(self._target[:, :, 1:] + onward - self._total).sum(axis=0))
