"""Which times of a list are in order, if the order of the list is trusted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

__all__ = ["longest_rise"]


def longest_rise(values: Sequence[float], *, strict: bool) -> list[int]:
    """Indices of a longest increasing subsequence (Fredman 1975); unless ``strict``, values may be equal.

    >>> longest_rise([0.0, 99.0, 10.0, 10.0, 20.0], strict=False)
    [0, 2, 3, 4]
    """
    place = bisect_left if strict else bisect_right
    tails: list[float] = []
    tail_at: list[int] = []
    before: list[int] = []
    for i, value in enumerate(values):
        k = place(tails, value)
        before.append(tail_at[k - 1] if k else -1)
        tails[k : k + 1] = [value]
        tail_at[k : k + 1] = [i]
    rise = []
    at = tail_at[-1] if tail_at else -1
    while at >= 0:
        rise.append(at)
        at = before[at]
    return rise[::-1]
