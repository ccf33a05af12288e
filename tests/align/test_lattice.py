"""The sums over all ways, against counting the ways one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from studykit.align.lattice import NEVER, Batch, Prices, Ways, batches, kinds

PRICES = Prices(first=-1.3, more=-0.4)


def small_batch(boxes: list[tuple[int, int, int, int]], seed: int = 0) -> Batch:
    draw = np.random.default_rng(seed)
    height = max(box[1] - box[0] for box in boxes)
    width = max(box[3] - box[2] for box in boxes)
    table = kinds(4)
    evidence = draw.normal(size=(height + 1, len(table), len(boxes), width + 1)).astype(np.float32)
    for k, (a, b) in enumerate(table):
        for at, (top, bottom, left, right) in enumerate(boxes):
            for r in range(height + 1):
                for c in range(width + 1):
                    if r + a > bottom - top or c + b > right - left:
                        evidence[r, k, at, c] = NEVER
    return Batch(
        boxes=np.array(boxes, dtype=np.intp),
        evidence=evidence,
        kinds=table,
        source_extra=draw.normal(size=(len(boxes), height)),
        target_extra=draw.normal(size=(len(boxes), width)),
    )


Step = tuple[str, int, int, int]


def every_way(batch: Batch, at: int) -> Iterator[tuple[float, list[Step]]]:
    """Weight and steps of each way; in a gap the source comes first."""
    top, bottom, left, right = batch.boxes[at].tolist()
    n, m = bottom - top, right - left

    def on(r: int, c: int, last: str) -> Iterator[tuple[float, list[Step]]]:
        if (r, c) == (n, m):
            yield 0.0, []
        if r < n and last != "target":
            price = (PRICES.more if last == "source" else PRICES.first) + batch.source_extra[at, r]
            for weight, steps in on(r + 1, c, "source"):
                yield weight + price, [("source", r, c, 0), *steps]
        if c < m:
            price = (PRICES.more if last == "target" else PRICES.first) + batch.target_extra[at, c]
            for weight, steps in on(r, c + 1, "target"):
                yield weight + price, [("target", r, c, 0), *steps]
        for k, (a, b) in enumerate(batch.kinds):
            if r + a <= n and c + b <= m:
                for weight, steps in on(r + a, c + b, "bead"):
                    yield weight + float(batch.evidence[r, k, at, c]), [("bead", r, c, k), *steps]

    yield from on(0, 0, "bead")


@pytest.mark.parametrize("seed", range(3))
def test_probabilities_are_shares_of_all_ways(seed: int) -> None:
    boxes = [(0, 4, 0, 3), (4, 6, 3, 7)]
    batch = small_batch(boxes, seed)
    ways = Ways(batch, PRICES)
    found = ways.likely(1e-9)
    alone = np.zeros(6), np.zeros(7)
    ways.add_alone(*alone)
    expected_gaps = 0.0
    for at, (top, _, left, _) in enumerate(boxes):
        total = 0.0
        beads: dict[tuple[int, int, int], float] = {}
        lonely: dict[tuple[str, int], float] = {}
        gaps = 0.0
        for weight, steps in every_way(batch, at):
            share = np.exp(weight)
            total += share
            before = "bead"
            for what, r, c, k in steps:
                if what == "bead":
                    beads[top + r, left + c, k] = beads.get((top + r, left + c, k), 0.0) + share
                else:
                    place = (what, top + r if what == "source" else left + c)
                    lonely[place] = lonely.get(place, 0.0) + share
                    gaps += share * (what != before)
                before = what
        expected_gaps += gaps / total
        rows = zip(found.source, found.target, found.kind, found.probability, strict=True)
        mine = {(int(r), int(c), int(k)): p for r, c, k, p in rows if top <= r < boxes[at][1]}
        assert mine == pytest.approx({bead: share / total for bead, share in beads.items()}, rel=1e-4)
        for (side, sentence), share in lonely.items():
            assert alone[side == "target"][sentence] == pytest.approx(share / total, rel=1e-4)
    assert ways.gaps() == pytest.approx(expected_gaps, rel=1e-4)


def test_a_box_has_the_same_sums_in_any_company() -> None:
    boxes = [(0, 4, 0, 3), (4, 6, 3, 7)]
    together = small_batch(boxes)
    alone = Batch(
        boxes=together.boxes[1:],
        evidence=together.evidence[:3, :, 1:, :5],
        kinds=together.kinds,
        source_extra=together.source_extra[1:, :2],
        target_extra=together.target_extra[1:, :4],
    )
    both, one = Ways(together, PRICES).likely(1e-9), Ways(alone, PRICES).likely(1e-9)
    inside = both.source >= 4
    assert sorted(both.probability[inside]) == pytest.approx(sorted(one.probability), rel=1e-4)


def test_batches_hold_every_box_once() -> None:
    boxes = [(k, k + k % 7, k, k + k % 5) for k in range(50)]
    assert sorted(tuple(box) for part in batches(boxes) for box in part.tolist()) == sorted(boxes)


def test_sizes_of_beads() -> None:
    table = kinds(12)
    assert (1, 11) in table
    assert (11, 1) in table
    assert (3, 5) in table
    assert (4, 4) not in table
    assert {(b, a) for a, b in table} == set(table)
    assert kinds(2) == ((1, 1),)
