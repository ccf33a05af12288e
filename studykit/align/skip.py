"""The price of leaving a sentence alone, and of every kind of bead, estimated from the text.

A bead's kind and the gaps between beads are drawn from a distribution that starts from what talks
and novels have in common and is then fitted to the text at hand by expectation maximisation. A
complete translation thereby makes gaps dear, a holed one makes them cheap, and literary text gets
its 1-3 and 2-2 beads, without any setting. Gale & Church (1993) fixed such a table once for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Counts", "Prices", "fitted_prices", "kinds"]

Floats = NDArray[np.float64]

_GAP = 0.04  # chance of a gap after a bead
_LONGER = 0.3  # chance that a gap goes on
_STRENGTH = 40  # the usual prices weigh as much as this many beads …
_GAP_STRENGTH = 10  # … and for the length of gaps, as this many sentences
_ROUNDS = 3


def kinds(max_bead: int) -> tuple[tuple[int, int], ...]:
    """Every (source, target) size of a bead with at least one sentence on either side."""
    return tuple((a, b) for a in range(1, max_bead) for b in range(1, max_bead - a + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Expected numbers under some prices."""

    kinds: Floats
    """Beads of each kind."""
    runs: tuple[float, float]
    """Gaps, runs of sentences left alone, on the source and on the target side."""
    alone: tuple[float, float]
    """Sentences in them."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            kinds=self.kinds + other.kinds,
            runs=(self.runs[0] + other.runs[0], self.runs[1] + other.runs[1]),
            alone=(self.alone[0] + other.alone[0], self.alone[1] + other.alone[1]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Log probabilities; of gaps, a pair for the source and the target side."""

    kinds: Floats
    first: tuple[float, float]
    """To leave one sentence alone, and to go on with a bead."""
    more: tuple[float, float]
    """To leave the next one alone as well."""


def fitted_prices(max_bead: int, count: Callable[[Prices], Counts]) -> Prices:
    """Prices under which the text is likely; ``count`` gives expected numbers under prices.

    Starts from the usual ones, and never leaves them far behind where there is little text.
    """
    usual = _usual_kinds(max_bead) * (1 - 2 * _GAP)
    one, more = float(np.log(_GAP * (1 - _LONGER))), float(np.log(_LONGER))
    prices = Prices(kinds=np.log(usual), first=(one, one), more=(more, more))
    for _ in range(_ROUNDS):
        seen = count(prices)
        total = float(seen.kinds.sum()) + sum(seen.runs) + _STRENGTH
        gap = [(runs + _GAP * _STRENGTH) / total for runs in seen.runs]
        longer = [
            (max(alone - runs, 0.0) + _LONGER * _GAP_STRENGTH) / (alone + _GAP_STRENGTH)
            for runs, alone in zip(seen.runs, seen.alone, strict=True)
        ]
        first = np.log(gap) + np.log1p(-np.array(longer))
        prices = Prices(
            kinds=np.log((seen.kinds + usual * _STRENGTH) / total),
            first=(float(first[0]), float(first[1])),
            more=(float(np.log(longer[0])), float(np.log(longer[1]))),
        )
    return prices


def _usual_kinds(max_bead: int) -> Floats:
    """1-1 most often; each further sentence on one side halves, on both sides quarters the chance."""
    weights = []
    for a, b in kinds(max_bead):
        if (a, b) == (1, 1):
            weights.append(0.8)
        elif min(a, b) == 1:
            weights.append(0.03 * 0.5 ** (max(a, b) - 2))
        else:
            weights.append(0.02 * 0.4 ** (a + b - 4))
    usual = np.array(weights)
    return np.asarray(usual / usual.sum())
