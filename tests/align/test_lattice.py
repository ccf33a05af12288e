"""The sums over all ways, against counting the ways one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from studykit.align.anchors import STRIP, Anchors, windows_of
from studykit.align.lattice import NEVER, Frame, Prices, Ways, batches, kinds
from studykit.align.terms import EveryBead, SomeBeads

PRICES = Prices(first=-1.3, more=-0.4)
NO_PLACES = np.zeros(0, dtype=np.intp)


def small_batch(boxes: list[tuple[int, int, int, int]], seed: int = 0) -> EveryBead:
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
    frame = Frame(
        boxes=np.array(boxes, dtype=np.intp),
        left=np.zeros(height + 1, dtype=np.intp),
        band=width + 1,
        source_extra=draw.normal(size=(len(boxes), height)),
        target_extra=draw.normal(size=(len(boxes), width)),
    )
    return EveryBead(frame, evidence, table)


Step = tuple[str, int, int, int]


def every_way(batch: EveryBead, at: int) -> Iterator[tuple[float, list[Step]]]:
    """Weight and steps of each way; in a gap the source comes first."""
    top, bottom, left, right = batch.frame.boxes[at].tolist()
    n, m = bottom - top, right - left

    def on(r: int, c: int, last: str) -> Iterator[tuple[float, list[Step]]]:
        if (r, c) == (n, m):
            yield 0.0, []
        if r < n and last != "target":
            price = (PRICES.more if last == "source" else PRICES.first) + batch.frame.source_extra[at, r]
            for weight, steps in on(r + 1, c, "source"):
                yield weight + price, [("source", r, c, 0), *steps]
        if c < m:
            price = (PRICES.more if last == "target" else PRICES.first) + batch.frame.target_extra[at, c]
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
    frame = Frame(
        boxes=together.frame.boxes[1:],
        left=together.frame.left[:3],
        band=5,
        source_extra=together.frame.source_extra[1:, :2],
        target_extra=together.frame.target_extra[1:, :4],
    )
    alone = EveryBead(frame, together.evidence[:3, :, 1:, :5], together.kinds)
    both, one = Ways(together, PRICES).likely(1e-9), Ways(alone, PRICES).likely(1e-9)
    inside = both.source >= 4
    assert sorted(both.probability[inside]) == pytest.approx(sorted(one.probability), rel=1e-4)


def test_a_few_beads_have_the_sums_that_they_have_among_others_that_are_impossible() -> None:
    every = small_batch([(0, 4, 0, 3), (4, 6, 3, 7)])
    some = Ways(every, PRICES).likely(0.02)
    order = np.argsort(some.source, kind="stable")
    some = replace(
        some, **{name: getattr(some, name)[order] for name in ("source", "target", "kind", "probability")}
    )
    box = (some.source >= 4).astype(np.intp)
    places = some.source - 4 * box, some.kind, box, some.target - 3 * box
    nats = every.evidence[places].astype(np.float64)
    kept = np.full_like(every.evidence, NEVER)
    kept[places] = every.evidence[places]
    sizes = np.array(every.kinds)[some.kind]
    few = SomeBeads(every.frame, some, (sizes[:, 0], sizes[:, 1]), nats)
    assert few.fit
    one, other = Ways(few, PRICES), Ways(EveryBead(every.frame, kept, every.kinds), PRICES)
    assert one.log_sum() == pytest.approx(other.log_sum(), rel=1e-5)
    assert one.gaps() == pytest.approx(other.gaps(), rel=1e-4)
    found, wanted = one.likely(1e-9), other.likely(1e-9)
    assert len(found.source) == len(wanted.source) == len(some.source)
    assert sorted(found.probability) == pytest.approx(sorted(wanted.probability), rel=1e-4)


def long_box(size: int, wanted: float) -> EveryBead:
    """A box in which sentences pair off; ``wanted``: nats for each right pair."""
    draw = np.random.default_rng(1)
    table = kinds(4)
    evidence = draw.normal(-4, 1, size=(size + 1, len(table), 1, size + 1)).astype(np.float32)
    evidence[np.arange(size), 0, 0, np.arange(size)] = wanted
    for k, (a, b) in enumerate(table):
        evidence[size + 1 - a :, k] = NEVER
        evidence[:, k, :, size + 1 - b :] = NEVER
    frame = Frame(
        boxes=np.array([(0, size, 0, size)], dtype=np.intp),
        left=np.zeros(size + 1, dtype=np.intp),
        band=size + 1,
        source_extra=np.zeros((1, size)),
        target_extra=np.zeros((1, size)),
    )
    return EveryBead(frame, evidence, table)


def windowed(whole: EveryBead, left: NDArray[np.intp], band: int) -> EveryBead:
    columns = left[:, None] + np.arange(band)
    evidence = np.take_along_axis(whole.evidence, columns[:, None, None], axis=3)
    return EveryBead(replace(whole.frame, left=left, band=band), evidence, whole.kinds)


def test_windows_change_nothing_where_ways_keep_clear_of_their_edges() -> None:
    size = 100
    whole = long_box(size, 5.0)
    every = np.arange(0, size, 2)
    anchors = Anchors(rows=every, columns=every, evidence=np.full(len(every), 9.0))
    windows = windows_of(anchors, np.array([(0, size, 0, size)]))
    assert windows
    assert windows.band < size / 2
    full, part = (
        Ways(beads, PRICES)
        for beads in (whole, windowed(whole, np.repeat(windows.left, STRIP)[: size + 1], windows.band))
    )
    assert part.at_edges() < 1e-9
    assert part.log_sum() == pytest.approx(full.log_sum(), abs=1e-6)
    one, other = full.likely(1e-3), part.likely(1e-3)
    assert set(zip(one.source.tolist(), one.target.tolist(), one.kind.tolist(), strict=True)) == set(
        zip(other.source.tolist(), other.target.tolist(), other.kind.tolist(), strict=True)
    )
    assert sorted(one.probability) == pytest.approx(sorted(other.probability), abs=1e-5)


def test_ways_that_want_to_leave_their_windows_show_at_the_edges() -> None:
    whole = long_box(100, 5.0)
    astray = np.minimum(np.maximum(np.arange(101) - 35, 0) // 2, 61)  # ways along the diagonal do not fit
    assert Ways(windowed(whole, astray, 40), PRICES).at_edges() > 0.5


def test_small_boxes_and_boxes_without_anchors_are_looked_at_as_a_whole() -> None:
    none = Anchors(rows=NO_PLACES, columns=NO_PLACES, evidence=np.zeros(0))
    assert windows_of(none, np.array([(0, 20, 0, 20)])) is None
    assert windows_of(none, np.array([(0, 300, 0, 300)])) is None


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
