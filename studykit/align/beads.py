"""From sentences to beads: both passes, the choice among likely beads, and their scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from studykit.align.anchors import (
    Anchors,
    Box,
    Neighbours,
    Windows,
    boxes_between,
    find_neighbours,
    heaviest_chain,
    windows_of,
)
from studykit.align.confidence import boundaries, score_linked
from studykit.align.encoder import Encoder
from studykit.align.evidence import Evidence, Groups, Seen, alone_extra, named, observed
from studykit.align.lattice import Likely, Ways, batches, kinds
from studykit.align.pooled import frame_of, pooled_beads
from studykit.align.sentences.notes import without_notes
from studykit.align.sentences.side import Side, make_sides
from studykit.align.spoken import encoded_beads
from studykit.align.terms import EveryBead, SomeBeads
from studykit.align.weights import ENCODED, POOLED, Weights
from studykit.options import AlignOptions
from studykit.types import Bead, Span

__all__ = [
    "Chosen",
    "Task",
    "Weighed",
    "best_beads",
    "choose_beads",
    "possible_beads",
    "prepared",
    "scored",
    "weigh_beads",
]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

_POSSIBLE = 0.01  # least probability in the first round
_SURE = 0.95  # in the first round: not worth a closer look
_BEYOND_DOUBT = 0.9999  # there the second round begins anew
_WORTH = 0.01  # least probability in the second
_UNSEEN = 1e-9  # with more at the edges of its windows, a box is looked at as a whole
_ALONE = 0.35  # what a sentence rightly left alone is worth, beside a right bead


class Chosen(Struct, frozen=True, kw_only=True):
    """Beads with gaps in between, and the posterior of each sentence's standing in a gap."""

    beads: list[Bead]
    source_alone: Floats
    target_alone: Floats


class Task(Struct, frozen=True, kw_only=True):
    """All that the second pass needs to know."""

    texts: tuple[Sequence[str], Sequence[str]]
    sides: tuple[Side, Side]
    unmarked: tuple[Groups, Groups]
    """Sums over groups of sentences, without marks, which depend on weights."""
    near: Neighbours
    evidence: Evidence
    encoder: Encoder
    kinds: tuple[tuple[int, int], ...]
    anchors: Anchors
    boxes: list[Box]
    weights: tuple[Weights, Weights]
    """Of the first round and of the second."""
    sure: tuple[Flags, Flags] | None = None
    """Sentences that the first round has placed beyond doubt."""

    def doubtful(self, beads: Likely) -> Flags:
        """Which beads have a sentence that is not sure: worth encoding."""
        found = np.full(len(beads.source), self.sure is None)
        for sure, start, size in zip(
            self.sure or (), (beads.source, beads.target), self.sizes(beads), strict=False
        ):
            so_far = np.concatenate([[0], np.cumsum(~sure)])
            found |= so_far[start + size] > so_far[start]
        return found

    def with_sure(self, beads: Likely) -> Task:
        """The same, knowing which sentences the first round has placed beyond doubt."""
        sides = []
        for side, start, size in zip(
            self.sides, (beads.source, beads.target), self.sizes(beads), strict=True
        ):
            covered = np.zeros(len(side) + 1)
            certain = beads.probability >= _SURE
            np.add.at(covered, start[certain], 1)
            np.add.at(covered, (start + size)[certain], -1)
            sides.append(np.cumsum(covered)[:-1] > 0)
        return replace(self, sure=(sides[0], sides[1]))

    def sizes(self, beads: Likely) -> tuple[Indices, Indices]:
        """Numbers of sentences on either side of each bead."""
        size = np.array(self.kinds, dtype=np.intp).reshape(-1, 2)
        return size[beads.kind, 0], size[beads.kind, 1]

    def seen(self, beads: Likely, weights: Weights, *, spoken: bool = True) -> Seen:
        """Beads with their passages encoded as they stand, or as sums of their sentences."""
        return encoded_beads(
            beads,
            self.sizes(beads),
            texts=self.texts,
            sides=self.sides,
            groups=self.groups(weights),
            chance=self.evidence.chance,
            encoder=self.encoder if spoken else None,
            doubtful=self.doubtful(beads),
        )

    def groups(self, weights: Weights) -> tuple[Groups, Groups]:
        """Of both sides."""
        (first, second), sides = self.unmarked, self.sides
        return first.marked(sides[0], weights), second.marked(sides[1], weights)

    def boundaries(self, places: Indices) -> list[float]:
        """See ``confidence.boundaries``."""
        return boundaries(
            places, texts=self.texts, sides=self.sides, evidence=self.evidence, encoder=self.encoder
        )

    def alone_extra(self, weights: Weights) -> tuple[Floats, Floats]:
        """Nats for leaving each sentence alone, beyond the usual price."""
        near, scale = self.near, self.evidence.scale
        return (
            alone_extra(self.sides[0], near.source_best, near.source_hub, scale, weights),
            alone_extra(self.sides[1], near.target_best, near.target_hub, scale, weights),
        )


class Weighed(Struct, frozen=True, kw_only=True):
    """What is known once both rounds are done."""

    task: Task
    possible: Likely
    """Beads of the first round, with its probabilities."""
    likely: Likely
    """Those of the second."""
    alone: tuple[Floats, Floats]
    """Each sentence's probability of standing alone."""


def choose_beads(
    texts: tuple[Sequence[str], Sequence[str]],
    times_s: tuple[Floats, Floats],
    free: Sequence[Box],
    encoder: Encoder,
    options: AlignOptions,
) -> Chosen:
    """The beads inside the boxes ``free``, of which one is not empty; nor is either text."""
    weighed = weigh_beads(texts, times_s, free, encoder, options)
    return Chosen(
        beads=best_beads(weighed.task, weighed.likely, weighed.alone),
        source_alone=weighed.alone[0],
        target_alone=weighed.alone[1],
    )


def weigh_beads(
    texts: tuple[Sequence[str], Sequence[str]],
    times_s: tuple[Floats, Floats],
    free: Sequence[Box],
    encoder: Encoder,
    options: AlignOptions,
    *,
    weights: tuple[Weights, Weights] = (POOLED, ENCODED),
) -> Weighed:
    """Both rounds, for ``choose_beads`` and for an explanation of what it chose."""
    task = prepared(texts, times_s, free, encoder, options, weights=weights)
    alone = np.ones(len(texts[0])), np.ones(len(texts[1]))
    possible, gaps = possible_beads(task)
    evidence = task.evidence.learnt(possible, task.sizes(possible), task.sides, gaps)
    task = replace(task, evidence=evidence).with_sure(possible)
    likely = _likely_beads(replace(task, boxes=_cut_at_sure(task, possible)), possible, alone)
    return Weighed(task=task, possible=possible, likely=likely, alone=alone)


def prepared(
    texts: tuple[Sequence[str], Sequence[str]],
    times_s: tuple[Floats, Floats],
    free: Sequence[Box],
    encoder: Encoder,
    options: AlignOptions,
    *,
    weights: tuple[Weights, Weights],
) -> Task:
    """What both rounds need: sentences as vectors, what the text says of itself, and boxes."""
    texts = without_notes(texts[0]), without_notes(texts[1])
    raw = [np.asarray(encoder.encode(list(side)), dtype=np.float32) for side in texts]
    sides = make_sides(texts, (raw[0], raw[1]), times_s)
    near = find_neighbours(*sides)
    evidence = observed(*sides, near)
    anchors = Anchors.chained(near.rows, near.columns, evidence.of_pairs(sides, near))
    boxes = [box for outer in free for box in boxes_between(anchors, outer)]
    largest = max(options.max_bead - 1, 1)
    return Task(
        texts=texts,
        sides=sides,
        unmarked=(Groups.of(sides[0], largest), Groups.of(sides[1], largest)),
        near=near,
        evidence=evidence,
        encoder=encoder,
        kinds=kinds(options.max_bead),
        anchors=anchors,
        boxes=[box for box in boxes if box[1] > box[0] or box[3] > box[2]],
        weights=weights,
    )


def possible_beads(task: Task, least: float = _POSSIBLE) -> tuple[Likely, float]:
    """First round: pooled vectors say which beads are possible at all, and how many gaps there are."""
    weights = task.weights[0]
    groups, extra = task.groups(weights), task.alone_extra(weights)

    def made(boxes: Indices, windows: Windows | None) -> EveryBead:
        return pooled_beads(
            boxes,
            sides=task.sides,
            groups=groups,
            extra=extra,
            evidence=task.evidence,
            weights=weights,
            kinds=task.kinds,
            windows=windows,
        )

    rounds, gaps = [], 0.0
    for ways in _sums(task, made, weights):
        rounds.append(ways.likely(least))
        gaps += ways.gaps()
    return _joined(rounds), gaps


def _sums(
    task: Task, made: Callable[[Indices, Windows | None], EveryBead | SomeBeads | None], weights: Weights
) -> Iterator[Ways]:
    """Sums over all ways, batch by batch: in windows of large boxes, if ways keep clear of their edges."""
    prices = weights.prices(task.evidence.habits)
    for boxes in batches(task.boxes):
        windows = windows_of(task.anchors, boxes)
        if windows and (beads := made(boxes, windows)):
            ways = Ways(beads, prices)
            if ways.at_edges() < _UNSEEN:
                yield ways
                continue
        if beads := made(boxes, None):
            yield Ways(beads, prices)


def _cut_at_sure(task: Task, possible: Likely) -> list[Box]:
    """The boxes, cut wherever the first round has a bead begin that is beyond any doubt."""
    begins = np.flatnonzero(possible.probability >= _BEYOND_DOUBT)
    begins = begins[np.argsort(possible.source[begins])]
    rows, columns = possible.source[begins], possible.target[begins]
    boxes = []
    for top, bottom, left, right in task.boxes:
        inside = slice(*np.searchsorted(rows, (top, bottom)))
        corners = [(top, left), *zip(rows[inside].tolist(), columns[inside].tolist(), strict=True)]
        corners = [*dict.fromkeys(corners), (bottom, right)]
        boxes += [(a, c, b, d) for (a, b), (c, d) in pairwise(corners)]
    return boxes


def _likely_beads(task: Task, possible: Likely, alone: tuple[Floats, Floats]) -> Likely:
    """Second round: passages encoded as they stand say which of the possible beads are likely.

    Writes the probabilities of standing alone into ``alone``.
    """
    sizes = task.sizes(possible)
    weights = task.weights[1]
    nats = task.evidence.nats(task.seen(possible, weights), weights)
    nats += named(possible, sizes, task.sides, weights)
    extra = task.alone_extra(weights)
    order = np.argsort(possible.source, kind="stable")
    ordered = Likely(
        source=possible.source[order],
        target=possible.target[order],
        kind=possible.kind[order],
        probability=possible.probability[order],
    )
    ordered_sizes = sizes[0][order], sizes[1][order]

    def made(boxes: Indices, windows: Windows | None) -> SomeBeads | None:
        beads = SomeBeads(frame_of(boxes, extra, windows), ordered, ordered_sizes, nats[order])
        return beads if beads.fit else None

    rounds = []
    for ways in _sums(task, made, weights):
        ways.add_alone(*alone)
        rounds.append(ways.likely(_WORTH))
    return _joined(rounds)


def _joined(rounds: list[Likely]) -> Likely:
    names = Likely.__struct_fields__
    return Likely(**{name: np.concatenate([getattr(part, name) for part in rounds]) for name in names})


def best_beads(task: Task, likely: Likely, alone: tuple[Floats, Floats]) -> list[Bead]:
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
    return scored(task, np.stack([top, bottom, left, right], axis=1)[chain], likely.probability[chain])


def scored(task: Task, places: Indices, probability: Floats) -> list[Bead]:
    """Beads ``(k, 4)`` in order, starts and ends of either side, with their scores."""
    return [
        Bead(
            source=Span(start=top, end=bottom),
            target=Span(start=left, end=right),
            score=score_linked(share, boundary),
        )
        for (top, bottom, left, right), share, boundary in zip(
            places.tolist(), probability.tolist(), task.boundaries(places), strict=True
        )
    ]
