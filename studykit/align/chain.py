"""The heaviest chain: which of many overlapping boxes to keep so that the rest stays in order."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

__all__ = ["heaviest_chain"]

Indices = NDArray[np.intp]


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
