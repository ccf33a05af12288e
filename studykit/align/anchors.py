"""First pass: single sentences that surely belong together, and the boxes between them.

Every sentence is compared with every other, block by block, so an insertion of any length is no
obstacle and no more than one block is in memory. Pairs that are each other's nearest are chained
monotonically; where several in a row are beyond doubt the text is cut there, and the second pass
works inside the boxes between the cuts.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.align.encoder import Vectors
from studykit.align.sentences.side import Side

__all__ = [
    "STRIP",
    "Anchors",
    "Box",
    "Neighbours",
    "Windows",
    "boxes_between",
    "find_neighbours",
    "heaviest_chain",
    "windows_of",
]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]
Box = tuple[int, int, int, int]
"""Source start and end, target start and end; ends excluded."""

_QUARTERS = 4
_BLOCK = 1024
_BOX_SIDE = 12  # a box is closed at the first sure cut after this many sentences on each side
_LARGEST_BOX = 250_000  # nodes; beyond, less sure cuts are taken as well
_RUN = 4  # single pairs in a row that make the middle of them a sure cut
_SURE = 4.0  # nats for each of them
STRIP = 16  # rows that share a window
_WIDE = 30  # columns; in fewer windows save nothing
_AROUND = 3  # sure anchors on either side of a strip that its window takes in
_BESIDE = 6  # columns beyond those


class Neighbours(Struct, frozen=True, kw_only=True):
    """Nearest neighbours across the languages.

    ``source_hub`` and ``target_hub`` are mean cosines to the nearest sentences of the other side:
    high for a sentence that is near to everything. Taking them off is cross-domain similarity local
    scaling (CSLS; Conneau et al. 2018, section 2.3), the margin of Artetxe & Schwenk (2019) as a
    difference.
    """

    source_hub: Floats
    target_hub: Floats
    source_best: Floats
    """Cosine to the nearest of all."""
    target_best: Floats
    rows: Indices
    columns: Indices
    cosine: Floats
    mutual: NDArray[np.bool_]
    """Whether the pair is the nearest of all to both, not only among a quarter of the sentences."""

    @property
    def margin(self) -> Floats:
        """CSLS of each pair, halved."""
        return self.cosine - (self.source_hub[self.rows] + self.target_hub[self.columns]) / 2


class Anchors(Struct, frozen=True, kw_only=True):
    """A monotone chain of single pairs with the evidence for each, in nats."""

    rows: Indices
    columns: Indices
    evidence: Floats

    @classmethod
    def chained(cls, rows: Indices, columns: Indices, evidence: Floats) -> Anchors:
        """The heaviest chain among the pairs that have some evidence for them."""
        good = np.flatnonzero(evidence > 0)
        rows, columns, evidence = rows[good], columns[good], evidence[good]
        keep = heaviest_chain(rows, columns, rows + 1, columns + 1, evidence)
        return cls(rows=rows[keep], columns=columns[keep], evidence=evidence[keep])


def find_neighbours(source: Side, target: Side) -> Neighbours:
    """Nearest neighbours by full comparison, in blocks; neither side may be empty.

    The four neighbours of a sentence are the nearest in each of four interleaved quarters of the
    other side: almost the four nearest, for the price of a maximum. Pairs returned are nearest to
    each other within their quarters. A text that occurs several times is compared once, and its
    first, second, third occurrence paired with the first, second, third of the other text.
    """
    first, second = source.distinct(), target.distinct()
    row_best, row_at, column_best = _best_by_quarter(source.vectors[first], target.vectors[second])
    every_row = np.arange(len(first))
    pairs = [
        (every_row[both], row_at[c][both], row_best[c][both])
        for c in range(len(row_best))
        for both in [row_best[c] >= column_best[every_row % _QUARTERS, row_at[c]]]
    ]
    rows, columns, cosines = (np.concatenate(part) for part in zip(*pairs, strict=True))
    mutual = (cosines >= row_best.max(axis=0)[rows]) & (cosines >= column_best.max(axis=0)[columns])
    source_order, source_at, source_count = _occurrences(source.same)
    target_order, target_at, target_count = _occurrences(target.same)
    times = np.minimum(source_count[rows], target_count[columns])
    nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return Neighbours(
        source_hub=row_best.mean(axis=0, dtype=np.float64)[source.same],
        target_hub=column_best.mean(axis=0, dtype=np.float64)[target.same],
        source_best=row_best.max(axis=0).astype(np.float64)[source.same],
        target_best=column_best.max(axis=0).astype(np.float64)[target.same],
        rows=source_order[np.repeat(source_at[rows], times) + nth],
        columns=target_order[np.repeat(target_at[columns], times) + nth],
        cosine=np.repeat(cosines, times).astype(np.float64),
        mutual=np.repeat(mutual, times),
    )


def _best_by_quarter(source: Vectors, target: Vectors) -> tuple[Vectors, Indices, Vectors]:
    """Greatest cosine of each source with each quarter of the targets, where, and vice versa.

    Shapes ``(quarters, n)``, ``(quarters, n)``, ``(quarters, m)``; fewer quarters for few sentences.
    """
    n, m = len(source), len(target)
    row_best = np.empty((min(_QUARTERS, m), n), dtype=np.float32)
    row_at = np.empty((min(_QUARTERS, m), n), dtype=np.intp)
    column_best = np.full((min(_QUARTERS, n), m), -2.0, dtype=np.float32)
    quarters = [np.ascontiguousarray(target[c::_QUARTERS]) for c in range(len(row_best))]
    for r in range(len(column_best)):
        members = np.arange(r, n, _QUARTERS)
        for at in range(0, len(members), _BLOCK):
            block = members[at : at + _BLOCK]
            for c, quarter in enumerate(quarters):
                cosine = source[block] @ quarter.T
                nearest = cosine.argmax(axis=1)
                row_at[c, block] = nearest * _QUARTERS + c
                row_best[c, block] = cosine[np.arange(len(block)), nearest]
                best = column_best[r, c::_QUARTERS]
                np.maximum(best, cosine.max(axis=0), out=best)
    return row_best, row_at, column_best


def _occurrences(same: Indices) -> tuple[Indices, Indices, Indices]:
    """Sentences sorted by text; where each text's occurrences begin in there; how many they are."""
    count = np.bincount(same)
    return np.argsort(same, kind="stable"), np.cumsum(count) - count, count


def boxes_between(anchors: Anchors, box: Box) -> list[Box]:
    """``box`` cut wherever the anchors inside it allow, into boxes that touch at their corners."""
    inside = np.flatnonzero(
        (anchors.rows >= box[0])
        & (anchors.rows < box[1])
        & (anchors.columns >= box[2])
        & (anchors.columns < box[3])
    )
    rows, columns, evidence = anchors.rows[inside], anchors.columns[inside], anchors.evidence[inside]
    cuts: list[tuple[int, int]] = []
    at = (box[0], box[2])
    for k in _runs(rows, columns, evidence, _RUN, _SURE):
        cut = (int(rows[k]), int(columns[k]))
        if min(cut[0] - at[0], cut[1] - at[1]) >= _BOX_SIDE:
            cuts.append(cut)
            at = cut
    corners = [(box[0], box[2]), *cuts, (box[1], box[3])]
    found: list[Box] = []
    for (top, left), (bottom, right) in pairwise(corners):
        found += _halved(rows, columns, evidence, (top, bottom, left, right))
    return found


def _runs(rows: Indices, columns: Indices, evidence: Floats, length: int, least: float) -> list[int]:
    """Indices of anchors in the middle of ``length`` sure ones that follow each other directly."""
    if len(rows) < length:
        return []
    sure = evidence > least
    joined = (np.diff(rows) == 1) & (np.diff(columns) == 1) & sure[1:] & sure[:-1]
    window = np.lib.stride_tricks.sliding_window_view(joined, length - 1)
    return (np.flatnonzero(window.all(axis=1)) + length // 2).tolist()


def _halved(rows: Indices, columns: Indices, evidence: Floats, box: Box) -> list[Box]:
    """The box itself or, if it is too large, two or more cut at the surest anchor near its middle."""
    top, bottom, left, right = box
    height, width = bottom - top, right - left
    if height * width <= _LARGEST_BOX or min(height, width) <= 2 * _BOX_SIDE:
        return [box]
    inner = np.flatnonzero(
        (rows > top + height // 4) & (rows < bottom - height // 4) & (columns > left) & (columns < right)
    )
    if len(inner):
        best = inner[evidence[inner].argmax()]
        row, column = int(rows[best]), int(columns[best])
    else:  # nothing here resembles anything there: any cut is as good
        row, column = top + height // 2, left + width // 2
    halves = ((top, row, left, column), (row, bottom, column, right))
    return [piece for half in halves for piece in _halved(rows, columns, evidence, half)]


class Windows(Struct, frozen=True, kw_only=True):
    """Which columns of boxes are looked at: a window for each strip of rows, all of one width."""

    left: Indices
    """``(strips,)``: the first column of each, counted from the left of the box; never falls."""
    band: int
    """Columns of nodes in a window."""

    def tiles(self, boxes: Indices, *, reach: int) -> Indices:
        """``(b * strips, 4)``: boxes around all beads that begin in windows, of up to ``reach`` sentences."""
        top, bottom, left, right = boxes.T[:, :, None]
        rows = np.minimum(top + np.arange(len(self.left)) * STRIP, bottom)
        columns = np.minimum(left + self.left, right)
        last_row = np.minimum(rows + STRIP - 1 + reach, bottom)
        last_column = np.minimum(columns + self.band - 1 + reach, right)
        return np.stack([rows, last_row, columns, last_column], axis=2).reshape(-1, 4)


def windows_of(anchors: Anchors, boxes: Indices) -> Windows | None:
    """Windows around the sure anchors of boxes ``(b, 4)``; None where they would save little.

    A window reaches some sure anchors further than its strip, up and down, so that a wrong one does no
    harm; where there are no anchors, as in a long gap, it is as wide as the gap.
    """
    height, width = (int((boxes[:, k + 1] - boxes[:, k]).max()) for k in (0, 2))
    if height < 2 * STRIP or width < _WIDE:
        return None
    strips = np.arange(0, height + 1, STRIP)
    first, final = np.full(len(strips), width), np.zeros(len(strips), dtype=np.intp)
    sure = anchors.evidence > _SURE
    for top, bottom, left, right in boxes.tolist():
        part = slice(*np.searchsorted(anchors.rows, (top, bottom)))
        inside = sure[part] & (anchors.columns[part] >= left) & (anchors.columns[part] < right)
        rows = anchors.rows[part][inside] - top
        columns = np.full(len(rows) + 2 * _AROUND, right - left)
        columns[:_AROUND] = 0
        columns[_AROUND:-_AROUND] = anchors.columns[part][inside] - left
        some = strips[strips <= bottom - top]
        before = np.searchsorted(rows, some)
        after = np.searchsorted(rows, some + STRIP, side="right") + 2 * _AROUND - 1
        first[: len(some)] = np.minimum(first[: len(some)], columns[before] - _BESIDE)
        final[: len(some)] = np.maximum(final[: len(some)], columns[after] + _BESIDE)
    first, final = np.maximum(first, 0), np.minimum(final, width)
    band = int((final - first).max()) + 1
    if 3 * band > 2 * width:
        return None
    return Windows(left=np.minimum(first, width + 1 - band), band=band)


def heaviest_chain(
    top: Indices, left: Indices, bottom: Indices, right: Indices, weight: NDArray[np.float64]
) -> list[int]:
    """Boxes of the greatest total weight, each beginning where the one before has ended or later.

    Box k covers rows ``top[k]`` up to ``bottom[k]`` and columns ``left[k]`` up to ``right[k]``,
    ends excluded, and is not empty; weights are positive. This is the heaviest increasing
    subsequence made two-dimensional, by a sweep over the rows: O(k log k) in time, O(k) in space,
    and free of any assumption about where the diagonal is. Returns indices in order.
    """
    count = len(weight)
    if not count:
        return []
    tops, lefts, bottoms, rights = top.tolist(), left.tolist(), bottom.tolist(), right.tolist()
    total: list[float] = weight.tolist()
    before = [-1] * count
    # The frontier: chains that end in ever later columns, each heavier than the one before it.
    columns: list[int] = [-1]
    values: list[float] = [0.0]
    owners: list[int] = [-1]
    ending = np.lexsort((right, bottom)).tolist()
    ended = 0
    for k in [*np.lexsort((left, top)).tolist(), -1]:
        while ended < count and (k < 0 or bottoms[ending[ended]] <= tops[k]):
            box = ending[ended]
            ended += 1
            at = bisect_right(columns, rights[box])
            if total[box] <= values[at - 1]:
                continue
            after = at
            while after < len(columns) and values[after] <= total[box]:
                after += 1
            if columns[at - 1] == rights[box]:
                at -= 1
            columns[at:after] = [rights[box]]
            values[at:after] = [total[box]]
            owners[at:after] = [box]
        if k >= 0:
            at = bisect_right(columns, lefts[k]) - 1
            total[k] += values[at]
            before[k] = owners[at]
    chain: list[int] = []
    box = owners[-1]
    while box >= 0:
        chain.append(box)
        box = before[box]
    return chain[::-1]
