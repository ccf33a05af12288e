"""What speaks for and against a bead, in nats.

The evidence for a bead is a weighted sum of a few observations: how near the two groups are, how
clearly each sentence belongs to the other side's group and not to what stands next to it, the
lengths, the marks, names and numbers, the times, and how usual beads of that size are. The weights
make the gold alignments of the tuning texts likely among all alignments (a conditional random field
over beads; Lafferty et al. 2001, Sarawagi & Cohen 2004); benchmarks/align_fit.py finds them. What
an encoder's similarities are worth is measured on the text itself, so that they hold for others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from studykit.align.anchors import Neighbours
from studykit.align.lattice import Likely
from studykit.align.sentences.side import Side
from studykit.align.weights import USUAL, Habits, Weights

__all__ = ["Evidence", "Groups", "Seen", "alone_extra", "named", "observed"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]
Reals = NDArray[np.float64] | NDArray[np.float32]
Some = NDArray[np.intp] | NDArray[np.float64] | NDArray[np.float32] | float

_PAIRS = 4096
_BLOCK = 256  # sentences
_LEAST_SPREAD = 0.03
_LEAST_MATCH_SPREAD = 0.05
_LEAST_SCALE = 0.05
_CLOCK_LIMIT = 3.0  # nats; a wrong time stamp must not outweigh the words
_LENGTH_LIMIT = 6.0
_LETTERS = 300.0  # of both sides: draws the ratio of lengths towards 1 on short texts
_LEAST_RATIO = 0.6
_UNIT = 5.3
_FEW_SPREADS, _MOST_SPREADS = 3.5, 10.0
_NAMES_LIMIT = 3.0
_BITS_SET = np.array([bits.bit_count() for bits in range(256)], dtype=np.float32)


class Groups(Struct, frozen=True, kw_only=True):
    """Sums over all groups of neighbouring sentences of one side, ``(max_size + 1, n + 1)``.

    Entry ``[a, i]`` belongs to the group of ``a`` sentences from ``i`` on; where it would pass the
    end it is not a number.
    """

    norm: Floats
    """Length of the sum of weighted vectors."""
    letters: Floats
    marks: Floats
    """Nats for how the group is marked: at its end, and before it."""
    start_s: Floats
    end_s: Floats
    replies: NDArray[np.uint8]
    """Bits of the replies in a group; none where it would pass the end."""

    @classmethod
    def of(cls, side: Side, max_size: int) -> Groups:
        """The sums of ``side``, without marks."""
        n = len(side)
        shape = (max_size + 1, n + 1)
        norm, letters, start, end = (np.full(shape, np.nan) for _ in range(4))
        replies = np.zeros(shape, dtype=np.uint8)
        found, length = side.replies.copy(), side.letters.copy()
        for at in range(0, n, _BLOCK):  # small enough to stay in the processor's cache
            cls._add_norms(norm, side, at)
        for a in range(1, min(max_size, n) + 1):
            if a > 1:
                length = length[:-1] + side.letters[a - 1 :]
                found = found[:-1] | side.replies[a - 1 :]
            last = n - a + 1
            letters[a, :last] = length
            replies[a, :last] = found
            start[a, :last] = side.start_s[:last]
            end[a, :last] = side.end_s[a - 1 :]
        marks = np.zeros(shape)
        return cls(norm=norm, letters=letters, marks=marks, start_s=start, end_s=end, replies=replies)

    @staticmethod
    def _add_norms(norm: Floats, side: Side, at: int) -> None:
        """Write the lengths of sums that begin in the block from ``at`` on."""
        part = slice(at, at + _BLOCK + len(norm) - 2)
        weighted = side.vectors[part] * side.weight[part, None].astype(np.float32)
        vectors = weighted[:_BLOCK].copy()
        for a in range(1, min(len(norm) - 1, len(weighted)) + 1):
            if a > 1:
                following = weighted[a - 1 : a - 1 + _BLOCK]
                vectors = vectors[: len(following)] + following
            norm[a, at : at + len(vectors)] = np.sqrt(
                np.maximum(np.einsum("nd,nd->n", vectors, vectors), 1e-18)
            )

    def marked(self, side: Side, weights: Weights) -> Groups:
        """The same with the nats for marks."""
        n = len(side)
        marks = np.full(self.marks.shape, np.nan)
        inside = np.zeros(n)
        for a in range(1, min(len(marks) - 1, n) + 1):
            if a > 1:
                inside = inside[:-1] + side.marked[a - 2 : n - 1]
            last = n - a + 1
            marks[a, :last] = weights.unmarked * side.unmarked[a - 1 :] + weights.marks_inside * inside
            if a > 1:
                marks[a, :last] += weights.wordless_first * side.wordless[:last]
        return replace(self, marks=marks)


class Seen(Struct, frozen=True, kw_only=True):
    """What is seen of beads, in arrays of one shape."""

    sizes: tuple[Some, Some]
    cosine: Some
    belonging: Some
    """The least, over the sentences of both groups, of cosine to the other group less cosine to the
    nearest neighbour of that group."""
    letters: tuple[Reals, Reals]
    times: tuple[tuple[Reals, Reals], tuple[Reals, Reals]]
    """(starts, ends) of either side, in seconds."""
    marks: Reals
    """Nats, from ``Groups``."""
    replies: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    """Bits of either side."""
    edges: Some = 0.0
    """How much nearer, in sum, the outer clauses of both groups are to what stands next to the other group
    than to that group."""


class Evidence(Struct, frozen=True, kw_only=True):
    """What the text itself says about similarities, lengths and times."""

    chance: float
    """Median cosine of sentences that have nothing to do with each other."""
    scale: float
    """How far above that sentences are that are nearest to each other."""
    spread: float
    """A robust standard deviation of their cosines."""
    unit: float
    """Some five times the standard deviation of chance cosines: what similarity is measured in."""
    middle: float
    """The margin at which belonging together and chance are equally likely, for single sentences."""
    slope: float
    """Nats per unit of margin, for single sentences."""
    ratio: float
    """Target letters per source letter."""
    offset_s: float
    """Target time minus source time of sentences that belong together."""
    spread_s: float | None
    """Their mean deviation from that; None when one side has no times or they tell nothing."""
    habits: Habits = USUAL

    def learnt(
        self, beads: Likely, sizes: tuple[Indices, Indices], sides: tuple[Side, Side], gaps: float
    ) -> Evidence:
        """The same with the translator's habits and lengths, as likely beads and gaps show them."""
        letters = []
        for side, start, size in zip(sides, (beads.source, beads.target), sizes, strict=True):
            total = np.concatenate([[0.0], np.cumsum(side.letters)])
            letters.append(float(((total[start + size] - total[start]) * beads.probability).sum()))
        return replace(
            self,
            habits=Habits.of(sizes, beads.probability, gaps),
            ratio=(letters[1] + _LETTERS) / (letters[0] + _LETTERS),
        )

    def parts(self, seen: Seen, weights: Weights) -> Iterator[tuple[str, Some]]:
        """Nats by reason; their sum is the evidence."""
        a, b = seen.sizes
        yield "size", weights.of_size(a, b, self.habits)
        slope = weights.similarity + weights.similarity_of_longer * ((a + b) / 2 - 1)
        yield "similarity", slope / self.unit * seen.cosine
        yield "unlikeness", weights.unlikeness * self.unlikeness(seen.cosine) if weights.unlikeness else 0.0
        yield "belonging", weights.belonging / self.unit * seen.belonging
        first, second = seen.replies
        # Replies that one side has alone are those of both sides less twice the common ones.
        common = (weights.answered - 2 * weights.unanswered) * _BITS_SET.take(first & second)
        yield "replies", common + weights.unanswered * (_BITS_SET[first] + _BITS_SET[second])
        yield "edges", weights.edges / self.unit * seen.edges
        yield "length", weights.length * self.unlike(*seen.letters)
        yield "marks", seen.marks
        yield "times", self.of_times(*seen.times)

    def nats(self, seen: Seen, weights: Weights) -> Floats:
        """Rounded, so that the order of summation never decides; as precise as what is seen."""
        total: Some = 0.0
        for _, part in self.parts(seen, weights):
            total = total + (part if np.ndim(part) else float(part))
        return np.asarray(np.round(total, 4))

    def unlikeness(self, cosine: Some) -> Floats:
        """By how many standard deviations, beyond the usual few, matches are more alike than this."""
        apart = (self.chance + self.scale - cosine) / self.spread - _FEW_SPREADS
        return np.asarray(np.clip(apart, 0.0, _MOST_SPREADS))

    def unlike(self, source: Reals, target: Reals) -> Floats:
        """How unlike two lengths are: Gale & Church's (1993) square deviation, in tens."""
        root = self.ratio**0.5
        first, second = source * root, target / root
        apart = (second - first) ** 2 / (10.0 * first + (10.0 * second + 200.0))
        return np.asarray(np.minimum(apart, _LENGTH_LIMIT))

    def too_long(self, source: Reals, target: Reals) -> Floats:
        """The root of that, positive where the target is the longer one; 0 where lengths are as usual."""
        return np.asarray(
            np.round(np.sign(target - self.ratio * source) * np.sqrt(self.unlike(source, target)), 4)
        )

    def of_times(self, first: tuple[Reals, Reals], second: tuple[Reals, Reals]) -> Floats | float:
        """Nats for (starts, ends) on both sides; none where a time is unknown."""
        if self.spread_s is None:
            return 0.0
        apart = sum(abs(b - a - self.offset_s) for a, b in zip(first, second, strict=True)) / 2
        nats = _CLOCK_LIMIT - np.minimum(apart / self.spread_s, 2 * _CLOCK_LIMIT)
        return np.asarray(np.nan_to_num(nats, nan=0.0))

    def of_pairs(self, sides: tuple[Side, Side], near: Neighbours) -> Floats:
        """Nats for pairs of single sentences by margin and times: enough to find anchors."""
        source, target = sides
        times = self.of_times(
            (source.start_s[near.rows], source.end_s[near.rows]),
            (target.start_s[near.columns], target.end_s[near.columns]),
        )
        return np.asarray(np.round(self.slope * (near.margin - self.middle), 4) + times)


def named(
    beads: Likely, sizes: tuple[Indices, Indices], sides: tuple[Side, Side], weights: Weights
) -> Floats:
    """Nats for names and numbers that both groups of a bead have."""
    nats = np.zeros(len(beads.source))
    places = list(zip((beads.source, beads.target), sizes, strict=True))
    some = np.ones(len(nats), dtype=bool)
    for side, (start, size) in zip(sides, places, strict=True):
        so_far = np.concatenate([[0], np.cumsum([bool(found) for found in side.names])])
        some &= so_far[start + size] > so_far[start]
    for k in np.flatnonzero(some).tolist():
        first, second = (
            dict(pair for found in side.names[start[k] : start[k] + size[k]] for pair in found.items())
            for side, (start, size) in zip(sides, places, strict=True)
        )
        nats[k] = min(sum(weight for word, weight in first.items() if word in second), _NAMES_LIMIT)
    return np.round(weights.names * nats, 4)


def alone_extra(side: Side, best: Floats, hub: Floats, scale: float, weights: Weights) -> Floats:
    """Nats for leaving each sentence alone, beyond the price of a gap.

    ``best`` and ``hub``: cosine to the nearest sentence of the other side, mean cosine to the nearest.
    """
    return np.asarray(
        weights.has_counterpart * (best - hub) / scale
        + weights.log_letters_alone * np.log(side.letters)
        + weights.hundred_letters_alone * np.minimum(side.letters, 150.0) / 100.0
        + weights.repeated_alone * side.repeated
        + weights.wordless_alone * side.wordless
    )


def observed(source: Side, target: Side, near: Neighbours) -> Evidence:
    """Parameters from the pairs that are nearest to each other, beside pairs met by chance."""
    match = near.mutual
    rows, columns, margin = near.rows[match], near.columns[match], near.margin[match]
    chance_rows, chance_columns = _spread_pairs(len(source), len(target))
    free = ~np.isin(chance_rows * len(target) + chance_columns, rows * len(target) + columns)
    chance_rows, chance_columns = chance_rows[free], chance_columns[free]
    cosine = _cosines(source, target, chance_rows, chance_columns)
    by_chance = cosine - (near.source_hub[chance_rows] + near.target_hub[chance_columns]) / 2
    letters = float((target.letters.sum() + _LETTERS) / (source.letters.sum() + _LETTERS))
    letters = min(max(letters, _LEAST_RATIO), 1 / _LEAST_RATIO)  # more is not length, but holes
    if not len(by_chance) or not len(margin):
        return Evidence(
            chance=0.0,
            scale=1.0,
            spread=1.0,
            unit=1.0,
            middle=0.0,
            slope=0.0,
            ratio=letters,
            offset_s=0.0,
            spread_s=None,
        )
    high, low = float(np.median(margin)), float(np.median(by_chance))
    variance = (_spread(margin) ** 2 + _spread(by_chance) ** 2) / 2
    chance = float(np.median(cosine))
    by_chance_spread = _spread(cosine)
    offset_s, spread_s = _clock(
        target.start_s[columns] - source.start_s[rows], target.end_s[columns] - source.end_s[rows]
    )
    return Evidence(
        chance=chance,
        scale=max(float(np.median(near.cosine[match])) - chance, _LEAST_SCALE),
        spread=max(_spread(near.cosine[match]), _LEAST_MATCH_SPREAD),
        unit=max(_UNIT * by_chance_spread, _LEAST_SCALE),
        middle=(high + low) / 2,
        slope=(high - low) / variance,
        ratio=letters,
        offset_s=offset_s,
        spread_s=spread_s,
    )


def _cosines(source: Side, target: Side, rows: Indices, columns: Indices) -> NDArray[np.float32]:
    """Of pairs, few enough at a time for the processor's cache."""
    cosine = np.empty(len(rows), dtype=np.float32)
    for at in range(0, len(rows), _BLOCK):
        part = slice(at, at + _BLOCK)
        np.einsum("kd,kd->k", source.vectors[rows[part]], target.vectors[columns[part]], out=cosine[part])
    return cosine


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


def _spread(values: Reals) -> float:
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
