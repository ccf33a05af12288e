"""Where a long talk turns to another subject, when nobody has cut it into chapters.

Paragraphs are grouped so that those of a part resemble their mean: the best partition into a given
number of parts by dynamic programming (Fisher 1958, *On grouping for maximum homogeneity*), with
sentence vectors in place of word counts (Alemi & Ginsparg 2015, *Text segmentation based on semantic
word embeddings*). The parts are named after the terms that are said there more than elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["part_starts"]

Floats = NDArray[np.float64]

_SHORTEST = 0.35
_LONGEST = 2.5
"""A part's length in shares of the usual one."""
_FEWEST = 3
"""A talk that makes fewer parts than this is read in one go."""


def part_starts(vectors: Floats, lengths_s: Sequence[float], *, usual_s: float) -> list[int]:
    """Indices of the paragraphs that begin parts; ``[0]`` when the talk is too short to be cut.

    ``vectors`` is ``(n, d)``, a row for each paragraph, of any length above 0; ``lengths_s`` is how
    long each takes.
    """
    count = len(lengths_s)
    total_s = sum(lengths_s)
    parts = round(total_s / usual_s)
    if parts < _FEWEST or count < 2 * parts:
        return [0]
    rows = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    rows *= np.sqrt(np.asarray(lengths_s))[:, None]
    sums = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows, axis=0)])
    ends_s = np.concatenate([[0.0], np.cumsum(lengths_s)])
    worth = np.full((parts + 1, count + 1), -np.inf)
    worth[0, 0] = 0.0
    before = np.zeros((parts + 1, count + 1), dtype=np.intp)
    for end in range(1, count + 1):
        lasting_s = ends_s[end] - ends_s[:end]
        fits = (lasting_s >= _SHORTEST * usual_s) & (lasting_s <= _LONGEST * usual_s)
        starts = np.flatnonzero(fits)
        if not len(starts):
            continue
        # How much the paragraphs of [start, end) have in common, as the length of their sum.
        common = np.linalg.norm(sums[end] - sums[starts], axis=1) ** 2 / lasting_s[starts]
        for k in range(1, parts + 1):
            values = worth[k - 1, starts] + common
            best = int(np.argmax(values))
            worth[k, end], before[k, end] = values[best], starts[best]
    if not np.isfinite(worth[parts, count]):
        return [0]
    cuts: list[int] = []
    at = count
    for k in range(parts, 0, -1):
        at = int(before[k, at])
        cuts.append(at)
    return cuts[::-1]
