"""Second pass: all monotone ways through a box at once, and how likely each bead is among them.

A node (r, c) of a box means: r source and c target sentences are done with. Beads lead from node to
node, and so do gaps, runs of sentences left alone; in a gap those of the source come first, so that
each way is counted once. The forward-backward sums (Baum et al. 1970) run over many boxes in
lockstep, row by row, each row one numpy operation; boxes padded to one size share a batch. All
numbers are natural logarithms of probabilities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studykit.align.anchors import Box
from studykit.align.skip import Counts, Prices

__all__ = ["Batch", "Likely", "Ways", "batches"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

NEVER = -1e30
_NONE = np.zeros(0, dtype=np.intp)
_VOLUME = 120_000  # nodes in a batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Boxes to be worked on together; arrays are padded to the largest of them."""

    boxes: Indices
    """``(b, 4)``, each a ``Box``."""
    evidence: NDArray[np.float32]
    """``(kinds, b, height + 1, width + 1)``: nats for the bead of that kind from that node on."""
    kinds: tuple[tuple[int, int], ...]
    source_extra: Floats
    """``(b, height)``: what leaving each sentence alone costs beyond the usual price."""
    target_extra: Floats

    @property
    def shape(self) -> tuple[int, int, int]:
        """Boxes, rows of nodes, columns of nodes."""
        return self.evidence.shape[1:]


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


class Ways:
    """The sums over all ways through the boxes of a batch."""

    def __init__(self, batch: Batch, prices: Prices) -> None:
        self.batch = batch
        self._prices = prices
        self._used = [(k, a, b) for k, (a, b) in enumerate(batch.kinds) if batch.evidence[k].max() > NEVER]
        # Running costs of leaving alone every target sentence up to a node.
        self._run = np.zeros((batch.shape[0], batch.shape[2]))
        np.cumsum(batch.target_extra + prices.more[1], axis=1, out=self._run[:, 1:])
        self._forward()
        self._backward()
        at = np.arange(batch.shape[0])
        last = batch.boxes[:, 1] - batch.boxes[:, 0], batch.boxes[:, 3] - batch.boxes[:, 2]
        self._total = self._all[last[0], at, last[1]][None, :, None]

    def _forward(self) -> None:
        """Ways up to each node: ending in a bead, in a source gap, in a target gap, and all.

        Arrays are ``(height, b, width)``, so that a row of all boxes is contiguous.
        """
        batch, prices = self.batch, self._prices
        count, height, width = batch.shape
        shape = (height, count, width)
        self._bead, self._source, self._target, self._all = (np.full(shape, NEVER) for _ in range(4))
        terms = np.full((len(self._used) + 1, count, width), NEVER)
        for r in range(height):
            if r == 0:
                self._bead[0, :, 0] = 0.0
            else:
                for term, (k, a, b) in zip(terms, self._used, strict=False):
                    if a <= r:
                        into = term[:, b:]
                        np.add(
                            self._all[r - a, :, : width - b],
                            batch.evidence[k, :, r - a, : width - b],
                            out=into,
                        )
                        into += prices.kinds[k]
                self._bead[r] = _sum(terms)
                self._source[r] = batch.source_extra[:, r - 1, None] + np.logaddexp(
                    self._bead[r - 1] + prices.first[0], self._source[r - 1] + prices.more[0]
                )
            open_ended = np.logaddexp(self._bead[r], self._source[r])
            sums = np.logaddexp.accumulate(open_ended - self._run, axis=1)
            self._target[r, :, 1:] = sums[:, :-1] + self._run[:, 1:] + prices.first[1] - prices.more[1]
            self._all[r] = np.logaddexp(open_ended, self._target[r])

    def _backward(self) -> None:
        """Ways on from each node: beginning with a bead, a target gap, a source gap, and all."""
        batch, prices = self.batch, self._prices
        count, height, width = batch.shape
        shape = (height, count, width)
        self._on_bead, self._on_target, self._on_source, self._on = (np.full(shape, NEVER) for _ in range(4))
        terms = np.full((len(self._used) + 1, count, width), NEVER)
        end_row = batch.boxes[:, 1] - batch.boxes[:, 0]
        end_column = batch.boxes[:, 3] - batch.boxes[:, 2]
        for r in range(height - 1, -1, -1):
            for term, (k, a, b) in zip(terms, self._used, strict=False):
                if r + a < height:
                    into = term[:, : width - b]
                    np.add(self._on[r + a, :, b:], batch.evidence[k, :, r, : width - b], out=into)
                    into += prices.kinds[k]
            self._on_bead[r] = _sum(terms)
            ending = np.flatnonzero(end_row == r)
            self._on_bead[r, ending, end_column[ending]] = 0.0
            sums = np.logaddexp.accumulate((self._on_bead[r] + self._run)[:, ::-1], axis=1)[:, ::-1]
            self._on_target[r, :, :-1] = sums[:, 1:] - self._run[:, :-1] + prices.first[1] - prices.more[1]
            closed = np.logaddexp(self._on_bead[r], self._on_target[r])
            if r + 1 < height:
                after = np.logaddexp(self._on_bead[r + 1], self._on_target[r + 1])
                self._on_source[r] = batch.source_extra[:, r, None] + np.logaddexp(
                    after + prices.first[0], self._on_source[r + 1] + prices.more[0]
                )
            self._on[r] = np.logaddexp(closed, self._on_source[r])

    def counts(self) -> Counts:
        """Expected numbers of beads and gaps over all boxes."""
        beads = np.zeros(len(self.batch.kinds))
        for k, ways in self._ways():
            beads[k] = _exp(ways).sum()
        open_ended = np.logaddexp(self._bead, self._source)
        return Counts(
            kinds=beads,
            runs=(
                float(_exp(self._bead + self._on_source - self._total).sum()),
                float(_exp(open_ended + self._on_target - self._total).sum()),
            ),
            alone=(float(self._source_alone().sum()), float(self._target_alone().sum())),
        )

    def likely(self, least: float) -> Likely:
        """Every bead of probability ``least`` or more, at its place in the documents."""
        places: list[tuple[Indices, Indices, Indices]] = [(_NONE, _NONE, _NONE)]
        probabilities = [np.zeros(0)]
        for k, ways in self._ways():
            row, box, column = np.nonzero(ways >= np.log(least))
            corner = self.batch.boxes[box]
            places.append((corner[:, 0] + row, corner[:, 2] + column, np.full(len(row), k)))
            probabilities.append(np.exp(np.minimum(ways[row, box, column], 0.0)))
        source, target, kind = (np.concatenate(part) for part in zip(*places, strict=True))
        return Likely(source=source, target=target, kind=kind, probability=np.concatenate(probabilities))

    def add_alone(self, source: Floats, target: Floats) -> None:
        """Write each sentence's probability of standing alone into arrays over the documents."""
        rows, columns = self._source_alone(), self._target_alone()
        for b, (top, bottom, left, right) in enumerate(self.batch.boxes.tolist()):
            source[top:bottom] = rows[: bottom - top, b]
            target[left:right] = columns[b, : right - left]

    def _ways(self) -> Iterator[tuple[int, Floats]]:
        """Log posterior of the beads of each kind, by the node where they begin."""
        height, width = self.batch.shape[1:]
        for k, a, b in self._used:
            ways = self._all[: height - a, :, : width - b] + self._on[a:, :, b:]
            ways += self.batch.evidence[k, :, : height - a, : width - b].transpose(1, 0, 2)
            ways += self._prices.kinds[k] - self._total
            yield k, ways

    def _source_alone(self) -> Floats:
        """``(height, b)``: posterior that the gap holds the sentence before each node row."""
        prices = self._prices
        closed = np.logaddexp(self._on_bead[1:], self._on_target[1:])
        onward = np.logaddexp(closed, self._on_source[1:] + prices.more[0] - prices.first[0])
        return np.asarray(_exp(self._source[1:] + onward - self._total).sum(axis=2))

    def _target_alone(self) -> Floats:
        """``(b, width)``, as above."""
        prices = self._prices
        onward = np.logaddexp(
            self._on_bead[:, :, 1:], self._on_target[:, :, 1:] + prices.more[1] - prices.first[1]
        )
        return np.asarray(_exp(self._target[:, :, 1:] + onward - self._total).sum(axis=0))
