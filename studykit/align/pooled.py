"""Evidence for every bead in a box, from sums of single sentences' vectors.

The cosine of two pooled groups is a rectangle sum over the single cosines, divided by the groups'
norms, so all beads of all sizes come from one small matrix product a box and one integral image.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.align.evidence import Evidence, Groups
from studykit.align.lattice import NEVER, Batch
from studykit.align.side import Side

__all__ = ["empty_batch", "pooled_batch"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_REPEATED = -3.0  # nats: what is said twice is seldom left out, it belongs where it is said first


def empty_batch(boxes: Indices, sides: tuple[Side, Side], kinds: tuple[tuple[int, int], ...]) -> Batch:
    """A batch without evidence for any bead yet."""
    height, width = int((boxes[:, 1] - boxes[:, 0]).max()), int((boxes[:, 3] - boxes[:, 2]).max())
    rows, columns = _places(boxes[:, 0], height, sides[0]), _places(boxes[:, 2], width, sides[1])
    return Batch(
        boxes=boxes,
        evidence=np.full((len(kinds), len(boxes), height + 1, width + 1), NEVER, dtype=np.float32),
        kinds=kinds,
        source_extra=_REPEATED * np.append(sides[0].repeated, 0.0)[rows],
        target_extra=_REPEATED * np.append(sides[1].repeated, 0.0)[columns],
    )


def pooled_batch(
    boxes: Indices,
    sides: tuple[Side, Side],
    groups: tuple[Groups, Groups],
    evidence: Evidence,
    kinds: tuple[tuple[int, int], ...],
) -> Batch:
    """A batch with the evidence for every bead."""
    batch = empty_batch(boxes, sides, kinds)
    source, target = sides
    first, second = groups
    height, width = batch.shape[1] - 1, batch.shape[2] - 1
    rows, columns = _places(boxes[:, 0], height + 1, source), _places(boxes[:, 2], width + 1, target)
    product = _padded(source, rows[:, :-1]) @ _padded(target, columns[:, :-1]).transpose(0, 2, 1)
    image = np.zeros((len(boxes), height + 1, width + 1))
    np.cumsum(np.cumsum(product, axis=1, dtype=np.float64), axis=2, out=image[:, 1:, 1:])
    depth, breadth = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    for k, (a, b) in enumerate(kinds):
        if a > height or b > width:
            continue
        top, left = rows[:, : height + 1 - a], columns[:, : width + 1 - b]
        total = image[:, a:, b:] - image[:, :-a, b:] - image[:, a:, :-b] + image[:, :-a, :-b]
        total /= first.norm[a, top][:, :, None]
        total /= second.norm[b, left][:, None]
        total -= (first.hub[a, top] / 2)[:, :, None]
        total -= (second.hub[b, left] / 2)[:, None]
        nats = evidence.of_margin(total, (a, b))
        nats += evidence.of_lengths(first.letters[a, top][:, :, None], second.letters[b, left][:, None])
        nats += evidence.of_times(
            (first.start_s[a, top][:, :, None], first.end_s[a, top][:, :, None]),
            (second.start_s[b, left][:, None], second.end_s[b, left][:, None]),
        )
        outside = (np.arange(height + 1 - a) + a > depth[:, None])[:, :, None]
        outside = outside | (np.arange(width + 1 - b) + b > breadth[:, None])[:, None]
        nats[outside] = NEVER
        batch.evidence[k, :, : height + 1 - a, : width + 1 - b] = nats
    return batch


def _places(starts: Indices, length: int, side: Side) -> Indices:
    """``(b, length)``: sentence indices from each start on; one past the end where there is none."""
    return np.asarray(np.minimum(starts[:, None] + np.arange(length), len(side)))


def _padded(side: Side, places: Indices) -> NDArray[np.float32]:
    """Weighted vectors ``(b, length, d)``, zero where there is no sentence."""
    inside = np.minimum(places, len(side) - 1)
    weight = np.where(places < len(side), side.weight[inside], 0.0).astype(np.float32)
    return np.asarray(side.vectors[inside] * weight[:, :, None])
