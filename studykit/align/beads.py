"""From sentences to beads: both passes, the choice among likely beads, and their scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from studykit.align.anchors import Anchors, Box, boxes_between, find_neighbours
from studykit.align.chain import heaviest_chain
from studykit.align.confidence import score_linked
from studykit.align.encoder import Encoder
from studykit.align.evidence import Evidence, Groups, observed
from studykit.align.lattice import Batch, Likely, Ways, batches
from studykit.align.pooled import empty_batch, pooled_batch
from studykit.align.side import Side, make_sides
from studykit.align.skip import Prices, fitted_prices, kinds
from studykit.align.spoken import encoded_evidence
from studykit.options import AlignOptions
from studykit.types import Bead, Span

__all__ = ["Chosen", "choose_beads"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_DOUBT = 0.5  # of the evidence counts in the first round, which only has to keep what is possible
_POSSIBLE = 0.01  # least probability in the first round
_WORTH = 0.01  # least probability in the second
_SAMPLE = 1000  # sentences from which the prices are estimated
_ALONE = 0.5  # what a sentence rightly left alone is worth, beside a right bead


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Beads with gaps in between, and the posterior of each sentence's standing in a gap."""

    beads: list[Bead]
    source_alone: Floats
    target_alone: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """All that the second pass needs to know."""

    texts: tuple[Sequence[str], Sequence[str]]
    sides: tuple[Side, Side]
    groups: tuple[Groups, Groups]
    evidence: Evidence
    encoder: Encoder
    max_bead: int
    boxes: list[Box]

    @property
    def kinds(self) -> tuple[tuple[int, int], ...]:
        return kinds(self.max_bead)

    def sizes(self, beads: Likely) -> tuple[Indices, Indices]:
        """Numbers of sentences on either side of each bead."""
        size = np.array(self.kinds, dtype=np.intp).reshape(-1, 2)
        return size[beads.kind, 0], size[beads.kind, 1]

    def prices(self, make: Callable[[Indices], Batch]) -> Prices:
        """Prices fitted to boxes spread evenly over the text, so that long texts cost no more."""
        sizes = [box[1] - box[0] + box[3] - box[2] for box in self.boxes]
        step = max(1, round(sum(sizes) / _SAMPLE))
        first = min(step // 2, len(self.boxes) - 1)
        sample = [make(part) for part in batches(self.boxes[first::step])]
        return fitted_prices(
            self.max_bead,
            lambda prices: reduce(add, (Ways(batch, prices).counts() for batch in sample)),
        )


def choose_beads(
    texts: tuple[Sequence[str], Sequence[str]],
    times_s: tuple[Floats, Floats],
    free: Sequence[Box],
    encoder: Encoder,
    options: AlignOptions,
) -> Chosen:
    """The beads inside the boxes ``free``, of which one is not empty; nor is either text."""
    raw = [np.asarray(encoder.encode(list(side)), dtype=np.float32) for side in texts]
    sides = make_sides(texts, (raw[0], raw[1]), times_s)
    near = find_neighbours(*sides)
    evidence = observed(*sides, near)
    anchors = Anchors.chained(near.rows, near.columns, evidence.of_pairs(sides, near))
    boxes = [box for outer in free for box in boxes_between(anchors, outer)]
    task = _Task(
        texts=texts,
        sides=sides,
        groups=(
            Groups.of(sides[0], near.source_hub, options.max_bead - 1),
            Groups.of(sides[1], near.target_hub, options.max_bead - 1),
        ),
        evidence=evidence,
        encoder=encoder,
        max_bead=options.max_bead,
        boxes=[box for box in boxes if box[1] > box[0] or box[3] > box[2]],
    )
    alone = np.ones(len(texts[0])), np.ones(len(texts[1]))
    likely = _likely_beads(task, _possible_beads(task), alone)
    return Chosen(beads=_best(task, likely, alone), source_alone=alone[0], target_alone=alone[1])


def _possible_beads(task: _Task) -> Likely:
    """First round: pooled vectors say which beads are possible at all."""
    doubtful = replace(task.evidence, slope=task.evidence.slope * _DOUBT)

    def pooled(boxes: Indices) -> Batch:
        return pooled_batch(boxes, task.sides, task.groups, doubtful, task.kinds)

    prices = task.prices(pooled)
    return _joined([Ways(pooled(part), prices).likely(_POSSIBLE) for part in batches(task.boxes)])


def _likely_beads(task: _Task, possible: Likely, alone: tuple[Floats, Floats]) -> Likely:
    """Second round: passages encoded as they stand say which of the possible beads are likely.

    Writes the probabilities of standing alone into ``alone``.
    """
    nats = encoded_evidence(
        possible,
        task.sizes(possible),
        texts=task.texts,
        sides=task.sides,
        groups=task.groups,
        evidence=task.evidence,
        encoder=task.encoder,
    )
    filler = _Filler(possible, nats, task.sides, task.kinds)
    prices = task.prices(filler.batch)
    rounds = []
    for part in batches(task.boxes):
        ways = Ways(filler.batch(part), prices)
        ways.add_alone(*alone)
        rounds.append(ways.likely(_WORTH))
    return _joined(rounds)


class _Filler:
    """Makes batches that know the evidence of some beads and of no others."""

    def __init__(
        self, beads: Likely, nats: Floats, sides: tuple[Side, Side], table: tuple[tuple[int, int], ...]
    ) -> None:
        order = np.argsort(beads.source, kind="stable")
        self._source, self._target = beads.source[order], beads.target[order]
        self._kind, self._nats = beads.kind[order], nats[order]
        self._sides, self._table = sides, table

    def batch(self, boxes: Indices) -> Batch:
        batch = empty_batch(boxes, self._sides, self._table)
        first = np.searchsorted(self._source, boxes[:, 0])
        last = np.searchsorted(self._source, boxes[:, 1])
        for b, (low, high) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
            inside = slice(low, high)
            rows, columns = self._source[inside] - boxes[b, 0], self._target[inside] - boxes[b, 2]
            batch.evidence[self._kind[inside], b, rows, columns] = self._nats[inside]
        return batch


def _joined(rounds: list[Likely]) -> Likely:
    return Likely(
        source=np.concatenate([part.source for part in rounds]),
        target=np.concatenate([part.target for part in rounds]),
        kind=np.concatenate([part.kind for part in rounds]),
        probability=np.concatenate([part.probability for part in rounds]),
    )


def _best(task: _Task, likely: Likely, alone: tuple[Floats, Floats]) -> list[Bead]:
    """The monotone choice with the most right beads and rightly lonely sentences to be expected.

    Maximum expected accuracy (Do et al. 2005) in place of the likeliest single way.
    """
    height, width = task.sizes(likely)
    top, left = likely.source, likely.target
    bottom, right = top + height, left + width
    lonely = [np.concatenate([[0.0], np.cumsum(side)]) for side in alone]
    gain = likely.probability - _ALONE * (
        lonely[0][bottom] - lonely[0][top] + lonely[1][right] - lonely[1][left]
    )
    # Of beads that are equally good the earlier wins, from whichever side one looks.
    gain = np.round(gain, 6) + 1e-9 / (2.0 + top + left)
    good = np.flatnonzero(gain > 0)
    chain = good[heaviest_chain(top[good], left[good], bottom[good], right[good], gain[good])]
    beads = []
    for k in chain.tolist():
        source, target = slice(top[k], bottom[k]), slice(left[k], right[k])
        shortest = min(task.sides[0].letters[source].min(), task.sides[1].letters[target].min())
        beads.append(
            Bead(
                source=Span(start=int(top[k]), end=int(bottom[k])),
                target=Span(start=int(left[k]), end=int(right[k])),
                score=score_linked(float(likely.probability[k]), float(shortest)),
            )
        )
    return beads
