"""How much likelier sentences are to belong together than to have met by chance, in nats.

The evidence for a bead is a log likelihood ratio of three observations: the margin between the
groups' vectors, their lengths (Gale & Church 1993, section 3.1) and, where both sides carry
times, how far they begin and end apart. Every parameter is estimated from the text itself, so that
it holds for any encoder and needs no setting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studykit.align.anchors import Neighbours
from studykit.align.side import Side

__all__ = ["Evidence", "Groups", "observed"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_LENGTH_PRICE = 8.0  # one over twice the variance of log length ratios, about .25 squared
_SHORT = 15.0  # letters added to both lengths: short sentences vary more
_PAIRS = 4096
_LEAST_SPREAD = 0.03
_CLOCK_LIMIT = 3.0  # nats; a wrong time stamp must not outweigh the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Sums over all groups of neighbouring sentences of one side, ``(max_size + 1, n + 1)``.

    Entry ``[a, i]`` belongs to the group of ``a`` sentences from ``i`` on; where it would pass the
    end it is not a number.
    """

    norm: Floats
    """Length of the sum of weighted vectors."""
    hub: Floats
    letters: Floats
    start_s: Floats
    end_s: Floats

    @classmethod
    def of(cls, side: Side, hub: Floats, max_size: int) -> Groups:
        """The sums of ``side``; ``hub`` per sentence, see ``Neighbours``."""
        n = len(side)
        shape = (max_size + 1, n + 1)
        norm, hubs, letters, start, end = (np.full(shape, np.nan) for _ in range(5))
        weighted = side.vectors * side.weight[:, None].astype(np.float32)
        vectors, weights = weighted.copy(), side.weight.copy()
        hubness, length = side.weight * hub, side.letters.copy()
        for a in range(1, min(max_size, n) + 1):
            if a > 1:
                vectors = vectors[:-1] + weighted[a - 1 :]
                weights = weights[:-1] + side.weight[a - 1 :]
                hubness = hubness[:-1] + (side.weight * hub)[a - 1 :]
                length = length[:-1] + side.letters[a - 1 :]
            last = n - a + 1
            norm[a, :last] = np.sqrt(np.maximum(np.einsum("nd,nd->n", vectors, vectors), 1e-18))
            hubs[a, :last] = hubness / weights
            letters[a, :last] = length
            start[a, :last] = side.start_s[:last]
            end[a, :last] = side.end_s[a - 1 :]
        return cls(norm=norm, hub=hubs, letters=letters, start_s=start, end_s=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The estimated parameters."""

    chance: float
    """Median margin of sentences that have nothing to do with each other."""
    middle: float
    """The margin at which belonging together and chance are equally likely."""
    slope: float
    """Nats per unit of margin."""
    joint: float
    """How much nearer long groups are by chance, times the base-2 logs of both sizes."""
    ratio: float
    """Target letters per source letter."""
    offset_s: float
    """Target time minus source time of sentences that belong together."""
    spread_s: float | None
    """Their mean deviation from that; None when one side has no times or they tell nothing."""

    def of_margin(self, margin: Floats, sizes: tuple[Floats, Floats] | tuple[int, int]) -> Floats:
        """Nats for margins between groups of these sizes.

        A linear discriminant with equal variances, since the tails of a text's own few matches are
        not known well enough for more. Rounded, so that the order of summation never decides.
        """
        usual = self.joint * np.log2(sizes[0]) * np.log2(sizes[1])
        return np.round(self.slope * (margin - usual - self.middle), 4)

    def of_lengths(self, source: Floats, target: Floats) -> Floats:
        """Nats, never positive."""
        share = self.ratio**0.5
        difference = np.log((target / share + _SHORT) / (source * share + _SHORT))
        return np.asarray(-_LENGTH_PRICE * np.minimum(difference**2, 4.0))

    def of_times(self, first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Floats | float:
        """Nats for (starts, ends) on both sides; none where a time is unknown."""
        if self.spread_s is None:
            return 0.0
        apart = sum(abs(b - a - self.offset_s) for a, b in zip(first, second, strict=True)) / 2
        nats = _CLOCK_LIMIT - np.minimum(apart / self.spread_s, 2 * _CLOCK_LIMIT)
        return np.asarray(np.nan_to_num(nats, nan=0.0))

    def of_pairs(self, sides: tuple[Side, Side], near: Neighbours) -> Floats:
        """Nats for pairs of single sentences, lengths left aside."""
        source, target = sides
        times = self.of_times(
            (source.start_s[near.rows], source.end_s[near.rows]),
            (target.start_s[near.columns], target.end_s[near.columns]),
        )
        return np.asarray(self.of_margin(near.margin, (1, 1)) + times)


def observed(source: Side, target: Side, near: Neighbours) -> Evidence:
    """Parameters from the pairs that are nearest to each other, beside pairs met by chance."""
    match = near.mutual
    rows, columns, margin = near.rows[match], near.columns[match], near.margin[match]
    taken = set(zip(rows.tolist(), columns.tolist(), strict=True))
    chance_rows, chance_columns = _spread_pairs(len(source), len(target))
    free = [
        k
        for k, pair in enumerate(zip(chance_rows.tolist(), chance_columns.tolist(), strict=True))
        if pair not in taken
    ]
    chance_rows, chance_columns = chance_rows[free], chance_columns[free]
    cosine = np.einsum("kd,kd->k", source.vectors[chance_rows], target.vectors[chance_columns])
    by_chance = cosine - (near.source_hub[chance_rows] + near.target_hub[chance_columns]) / 2
    if not len(by_chance) or not len(margin):
        return Evidence(chance=0.0, middle=0.0, slope=0.0, joint=0.0, ratio=1.0, offset_s=0.0, spread_s=None)
    high, low = float(np.median(margin)), float(np.median(by_chance))
    variance = (_spread(margin) ** 2 + _spread(by_chance) ** 2) / 2
    offset_s, spread_s = _clock(
        target.start_s[columns] - source.start_s[rows], target.end_s[columns] - source.end_s[rows]
    )
    return Evidence(
        chance=low,
        middle=(high + low) / 2,
        slope=(high - low) / variance,
        joint=0.0,
        ratio=float(np.exp(np.median(np.log(target.letters[columns] / source.letters[rows])))),
        offset_s=offset_s,
        spread_s=spread_s,
    )


def _spread_pairs(n: int, m: int) -> tuple[Indices, Indices]:
    """Pairs spread evenly over the matrix, the same when source and target change places.

    All of them if few; else the R2 sequence (Roberts 2018) and its mirror image.
    """
    if n * m <= _PAIRS:
        rows, columns = np.divmod(np.arange(n * m), m)
        return rows, columns
    k = np.arange(1, _PAIRS // 2 + 1)
    x, y = (k * 0.7548776662466927) % 1, (k * 0.5698402909980532) % 1
    return (
        np.concatenate([x * n, y * n]).astype(np.intp),
        np.concatenate([y * m, x * m]).astype(np.intp),
    )


def _spread(values: Floats) -> float:
    """A robust standard deviation."""
    return max(1.4826 * float(np.median(abs(values - np.median(values)))), _LEAST_SPREAD)


def _clock(starts_s: Floats, ends_s: Floats) -> tuple[float, float | None]:
    """Offset and mean deviation of two clocks, from time differences of likely pairs."""
    apart = np.concatenate([starts_s, ends_s])
    apart = apart[np.isfinite(apart)]
    if len(apart) < 8:
        return 0.0, None
    offset_s = float(np.median(apart))
    spread_s = float(np.median(abs(apart - offset_s))) + 0.2
    return offset_s, spread_s if spread_s < 60 else None
