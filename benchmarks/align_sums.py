"""All monotone ways through the possible beads of a text, summed fast enough to fit weights by.

The same sums as ``studykit.align.lattice``, over the beads that are possible and no others, compiled
by numba. Numbers are natural logarithms.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["sums"]

NEVER = -1e30


@njit(cache=True)
def _plus(a, b):
    """Logarithm of the sum of two exponentials."""
    if a < b:
        a, b = b, a
    if b < a - 30 or b <= NEVER:
        return a
    return a + np.log1p(np.exp(b - a))


@njit(cache=True)
def sums(boxes, first, beads, nats, extra, prices):  # noqa: PLR0917  (numba)
    """The sum of all ways, gaps, sentences that go on a gap, and posteriors of beads and lonely sentences.

    ``boxes`` ``(k, 4)``; ``first`` ``(k + 1,)``: where each box's beads begin; ``beads`` ``(n, 4)``: source
    and target start and size, in order; ``extra``: nats for leaving each sentence alone, of either side,
    beyond ``prices``, of the first and of each further sentence of a gap.
    """
    total = gaps = further = 0.0
    posterior = np.zeros(len(beads))
    alone = np.zeros(len(extra[0])), np.zeros(len(extra[1]))
    for k in range(len(boxes)):
        ways = _forward(boxes[k], first[k : k + 2], beads, nats, extra, prices)
        onward = _backward(boxes[k], first[k : k + 2], beads, nats, extra, prices)
        top, left = boxes[k, 0], boxes[k, 2]
        height, width = boxes[k, 1] - top, boxes[k, 3] - left
        whole = ways[3, height, width]
        total += whole
        for q in range(first[k], first[k + 1]):
            r, c = beads[q, 0] - top, beads[q, 1] - left
            after = onward[3, r + beads[q, 2], c + beads[q, 3]]
            posterior[q] = np.exp(ways[3, r, c] + nats[q] + after - whole)
        on = prices[1] - prices[0]
        for r in range(height + 1):
            for c in range(width + 1):
                if r < height:
                    after = _plus(_plus(onward[0, r + 1, c], onward[2, r + 1, c]), onward[1, r + 1, c] + on)
                    after += extra[0][top + r] - whole
                    one = np.exp(ways[0, r, c] + prices[0] + after)
                    more = np.exp(ways[1, r, c] + prices[1] + after)
                    gaps, further = gaps + one, further + more
                    alone[0][top + r] += one + more
                if c < width:
                    after = _plus(onward[0, r, c + 1], onward[2, r, c + 1] + on) + extra[1][left + c] - whole
                    one = np.exp(_plus(ways[0, r, c], ways[1, r, c]) + prices[0] + after)
                    more = np.exp(ways[2, r, c] + prices[1] + after)
                    gaps, further = gaps + one, further + more
                    alone[1][left + c] += one + more
    return total, gaps, further, posterior, alone


@njit(cache=True)
def _forward(box, part, beads, nats, extra, prices):  # noqa: PLR0917  (numba)
    """Ways to each node ending in a bead, a source gap, a target gap, and all: ``(4, rows, columns)``."""
    top, bottom, left, right = box
    ways = np.full((4, bottom - top + 1, right - left + 1), NEVER)
    ways[0, 0, 0] = 0.0
    q = part[0]
    for r in range(ways.shape[1]):
        for c in range(ways.shape[2]):
            if r > 0:
                before = _plus(ways[0, r - 1, c] + prices[0], ways[1, r - 1, c] + prices[1])
                ways[1, r, c] = extra[0][top + r - 1] + before
            if c > 0:
                before = _plus(ways[0, r, c - 1], ways[1, r, c - 1]) + prices[0]
                ways[2, r, c] = extra[1][left + c - 1] + _plus(before, ways[2, r, c - 1] + prices[1])
            ways[3, r, c] = _plus(_plus(ways[0, r, c], ways[1, r, c]), ways[2, r, c])
            while q < part[1] and beads[q, 0] == top + r and beads[q, 1] == left + c:
                end_r, end_c = r + beads[q, 2], c + beads[q, 3]
                ways[0, end_r, end_c] = _plus(ways[0, end_r, end_c], ways[3, r, c] + nats[q])
                q += 1
    return ways


@njit(cache=True)
def _backward(box, part, beads, nats, extra, prices):  # noqa: PLR0917  (numba)
    """Ways on from each node beginning with a bead, a source gap, a target gap, and all."""
    top, bottom, left, right = box
    onward = np.full((4, bottom - top + 1, right - left + 1), NEVER)
    onward[0, -1, -1] = 0.0
    on = prices[1] - prices[0]
    q = part[1] - 1
    for r in range(bottom - top, -1, -1):
        for c in range(right - left, -1, -1):
            while q >= part[0] and beads[q, 0] == top + r and beads[q, 1] == left + c:
                after = onward[3, r + beads[q, 2], c + beads[q, 3]]
                onward[0, r, c] = _plus(onward[0, r, c], nats[q] + after)
                q -= 1
            if left + c < right:
                after = _plus(onward[0, r, c + 1], onward[2, r, c + 1] + on)
                onward[2, r, c] = extra[1][left + c] + prices[0] + after
            if top + r < bottom:
                after = _plus(_plus(onward[0, r + 1, c], onward[2, r + 1, c]), onward[1, r + 1, c] + on)
                onward[1, r, c] = extra[0][top + r] + prices[0] + after
            onward[3, r, c] = _plus(_plus(onward[0, r, c], onward[1, r, c]), onward[2, r, c])
    return onward
