"""All monotone ways through a box at once, and how likely each bead is among them.

A node (r, c) of a box means: r source and c target sentences are done with. Beads lead from node to
node, and so do gaps, runs of sentences left alone; in a gap those of the source come first, so that
each way is counted once. The forward-backward sums (Baum et al. 1970) run over many boxes in
lockstep, row by row; beads of one source size are one numpy operation. All numbers are natural
logarithms, nats for short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from studykit.align.anchors import Box

__all__ = ["NEVER", "Batch", "Likely", "Prices", "Ways", "batches", "kinds"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

NEVER = -1e30
_NONE = np.zeros(0, dtype=np.intp)
_VOLUME = 40_000  # nodes in a batch
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Nats for a gap, on either side."""

    first: float
    """To leave one sentence alone."""
    more: float
    """To leave the next one alone as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Boxes to be worked on together; arrays are padded to the largest of them."""

    boxes: Indices
    """``(b, 4)``, each a ``Box``."""
    evidence: NDArray[np.float32]
    """``(height + 1, kinds, b, width + 1)``: nats for the bead of that kind from that node on."""
    kinds: tuple[tuple[int, int], ...]
    source_extra: Floats
    """``(b, height)``: nats for leaving each sentence alone, beyond the usual price."""
    target_extra: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """Beads with their posterior probabilities, one row each."""

    source: Indices
    target: Indices
    kind: Indices
    probability: Floats


def batches(boxes: Sequence[Box]) -> Iterator[Indices]:
    """Boxes of like size together, as arrays ``(b, 4)``."""
    waiting: list[Box] = []
    height = width = 0
    for box in sorted(boxes, key=lambda box: (box[1] - box[0], box[3] - box[2])):
        taller, wider = max(height, box[1] - box[0]), max(width, box[3] - box[2])
        padded = (len(waiting) + 1) * (taller + 1) * (wider + 1)
        if waiting and (padded > _VOLUME or wider > 2 * width + 16):
            yield np.array(waiting, dtype=np.intp)
            waiting, taller, wider = [], box[1] - box[0], box[3] - box[2]
        waiting.append(box)
        height, width = taller, wider
    if waiting:
        yield np.array(waiting, dtype=np.intp)


def _sum(values: Floats) -> Floats:
    """Logarithm of the sum of exponentials over the first axis."""
    top = values.max(axis=0)
    shares = (values - top).astype(np.float32)
    np.exp(shares, out=shares)
    return np.asarray(top + np.log(shares.sum(axis=0)))


def _exp(values: Floats) -> NDArray[np.float32]:
    """Probabilities from logarithms; single precision is twice as fast and enough to count."""
    return np.asarray(np.exp(np.minimum(values, 0.0).astype(np.float32)))


def _slanted(values: Floats, count: int, first: int, width: int) -> Floats:
    """A view ``(count, b, width)`` of ``values (b, w)`` or ``(count, b, w)``, row k shifted by first + k."""
    step = values.strides[-1]
    across = values.strides[0] if values.ndim == 3 else 0
    return as_strided(
        values[..., first:],
        shape=(count, values.shape[-2], width),
        strides=(across + step, values.strides[-2], step),
    )


class Ways:
    """The sums over all ways through the boxes of a batch."""

    def __init__(self, batch: Batch, prices: Prices) -> None:
        self.batch = batch
        self._prices = prices
        self._height, _, self._count, self._width = batch.evidence.shape
        by_size: dict[int, list[int]] = {}
        for k, (a, _) in enumerate(batch.kinds):
            by_size.setdefault(a, []).append(k)
        # Per source size: its kinds as a slice, and the smallest target size; the others follow on.
        self._sizes = [
            (a, slice(ks[0], ks[-1] + 1), batch.kinds[ks[0]][1])
            for a, ks in by_size.items()
            if a < self._height and batch.evidence[:, ks].max() > NEVER
        ]
        self._margin = max(b for _, b in batch.kinds)
        # Running costs of leaving alone every target sentence up to a node.
        self._run = np.zeros((self._count, self._width))
        np.cumsum(batch.target_extra + prices.more, axis=1, out=self._run[:, 1:])
        self._forward()
        self._backward()
        at = np.arange(self._count)
        last = batch.boxes[:, 1] - batch.boxes[:, 0], batch.boxes[:, 3] - batch.boxes[:, 2]
        self._total = self._all[last[0], at, last[1]][None, :, None]

    def _forward(self) -> None:
        """Ways up to each node: ending in a bead, in a source gap, in a target gap, and all.

        Arrays are ``(height, b, width)``, so that a row of all boxes is contiguous.
        """
        prices, width = self._prices, self._width
        evidence = self.batch.evidence
        shape = (self._height, self._count, width)
        self._bead, self._source, self._target, self._all = (np.full(shape, NEVER) for _ in range(4))
        terms = np.full((evidence.shape[1], self._count, width + self._margin), NEVER)
        for r in range(self._height):
            if r == 0:
                self._bead[0, :, 0] = 0.0
            else:
                for a, of_size, b in self._sizes:
                    if a <= r:
                        into = _slanted(terms[of_size], of_size.stop - of_size.start, b, width)
                        np.add(evidence[r - a, of_size], self._all[r - a], out=into)
                self._bead[r] = _sum(terms[:, :, :width])
                self._source[r] = self.batch.source_extra[:, r - 1, None] + np.logaddexp(
                    self._bead[r - 1] + prices.first, self._source[r - 1] + prices.more
                )
            open_ended = np.logaddexp(self._bead[r], self._source[r])
            sums = np.logaddexp.accumulate(open_ended - self._run, axis=1)
            self._target[r, :, 1:] = sums[:, :-1] + self._run[:, 1:] + (prices.first - prices.more)
            self._all[r] = np.logaddexp(open_ended, self._target[r])

    def _backward(self) -> None:
        """Ways on from each node: beginning with a bead, a target gap, a source gap, and all."""
        batch, prices, width = self.batch, self._prices, self._width
        shape = (self._height, self._count, width)
        self._on_bead, self._on_target, self._on_source = (np.full(shape, NEVER) for _ in range(3))
        self._on = np.full((self._height, self._count, width + self._margin), NEVER)
        terms = np.full((batch.evidence.shape[1], self._count, width), NEVER)
        end_row = batch.boxes[:, 1] - batch.boxes[:, 0]
        end_column = batch.boxes[:, 3] - batch.boxes[:, 2]
        for r in range(self._height - 1, -1, -1):
            for a, of_size, b in self._sizes:
                if r + a < self._height:
                    after = _slanted(self._on[r + a], of_size.stop - of_size.start, b, width)
                    np.add(batch.evidence[r, of_size], after, out=terms[of_size])
            self._on_bead[r] = _sum(terms)
            ending = np.flatnonzero(end_row == r)
            self._on_bead[r, ending, end_column[ending]] = 0.0
            sums = np.logaddexp.accumulate((self._on_bead[r] + self._run)[:, ::-1], axis=1)[:, ::-1]
            self._on_target[r, :, :-1] = sums[:, 1:] - self._run[:, :-1] + (prices.first - prices.more)
            closed = np.logaddexp(self._on_bead[r], self._on_target[r])
            if r + 1 < self._height:
                later = np.logaddexp(self._on_bead[r + 1], self._on_target[r + 1])
                self._on_source[r] = batch.source_extra[:, r, None] + np.logaddexp(
                    later + prices.first, self._on_source[r + 1] + prices.more
                )
            self._on[r, :, :width] = np.logaddexp(closed, self._on_source[r])

    def likely(self, least: float) -> Likely:
        """Every bead of probability ``least`` or more, at its place in the documents."""
        floor = np.log(least)
        places: list[tuple[Indices, Indices, Indices]] = [(_NONE, _NONE, _NONE)]
        probabilities = [np.zeros(0)]
        for a, of_size, b in self._sizes:
            rows, (down, over, along) = self._height - a, self._on.strides
            after = as_strided(
                self._on[a:, :, b:],
                shape=(rows, of_size.stop - of_size.start, self._count, self._width),
                strides=(down, along, over, along),
            )
            ways = self.batch.evidence[:rows, of_size] + (self._all[:rows] - self._total)[:, None] + after
            row, kind, box, column = np.nonzero(ways >= floor)
            corner = self.batch.boxes[box]
            places.append((corner[:, 0] + row, corner[:, 2] + column, kind + of_size.start))
            probabilities.append(np.exp(np.minimum(ways[row, kind, box, column], 0.0)))
        source, target, kind = (np.concatenate(part) for part in zip(*places, strict=True))
        return Likely(source=source, target=target, kind=kind, probability=np.concatenate(probabilities))

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
        for b, (top, bottom, left, right) in enumerate(self.batch.boxes.tolist()):
            source[top:bottom] = rows[: bottom - top, b]
            target[left:right] = columns[b, : right - left]

    def _source_alone(self) -> Floats:
        """``(height, b)``: posterior that the gap holds the sentence before each node row."""
        prices = self._prices
        closed = np.logaddexp(self._on_bead[1:], self._on_target[1:])
        onward = np.logaddexp(closed, self._on_source[1:] + (prices.more - prices.first))
        return np.asarray(_exp(self._source[1:] + onward - self._total).sum(axis=2))

    def _target_alone(self) -> Floats:
        """``(b, width)``, as above."""
        prices = self._prices
        onward = np.logaddexp(
            self._on_bead[:, :, 1:], self._on_target[:, :, 1:] + (prices.more - prices.first)
        )
        return np.asarray(_exp(self._target[:, :, 1:] + onward - self._total).sum(axis=0))
