"""What each observation is worth in nats: the weights of the evidence, fitted on gold alignments.

benchmarks/align_fit.py fits them: they make the gold alignments of the tuning texts likely among
all alignments. docs/alignment.md says on what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studykit.align.lattice import Prices

__all__ = ["ENCODED", "POOLED", "Weights"]

Some = NDArray[np.intp] | NDArray[np.float64] | NDArray[np.float32] | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Nats for each unit of an observation."""

    one_to_one: float
    one_to_two: float
    one_to_many: float
    each_more: float
    """For each sentence beyond three in a bead with one sentence on a side."""
    both_several: float
    each_more_of_both: float
    """For each sentence beyond four in a bead with several on both sides."""
    similarity: float
    similarity_of_longer: float
    """The same once more for each sentence of half the bead beyond the first."""
    unlikeness: float
    belonging: float
    length: float
    unmarked: float
    marks_inside: float
    questions: float
    asked: float
    quotes: float
    names: float
    names_missing: float
    gap: float
    gap_goes_on: float
    has_counterpart: float
    log_letters_alone: float
    hundred_letters_alone: float
    repeated_alone: float

    @property
    def prices(self) -> Prices:
        """Of gaps."""
        return Prices(first=self.gap, more=self.gap_goes_on)

    def of_size(self, a: Some, b: Some) -> NDArray[np.float64]:
        """Nats for being a bead of ``a`` and ``b`` sentences."""
        most, least = np.maximum(a, b), np.minimum(a, b)
        single = np.where(
            most == 1,
            self.one_to_one,
            np.where(most == 2, self.one_to_two, self.one_to_many + self.each_more * (most - 3.0)),
        )
        several = self.both_several + self.each_more_of_both * (most + least - 4.0)
        return np.asarray(np.where(least == 1, single, several))


POOLED = Weights(
    one_to_one=-1.23,
    one_to_two=-0.80,
    one_to_many=-0.40,
    each_more=0.19,
    both_several=-2.56,
    each_more_of_both=0.05,
    similarity=8.35,
    similarity_of_longer=3.91,
    unlikeness=0.00,
    belonging=2.10,
    length=-0.81,
    unmarked=-2.21,
    marks_inside=-3.10,
    questions=0.00,
    asked=0.00,
    quotes=0.00,
    names=0.00,
    names_missing=0.00,
    gap=0.56,
    gap_goes_on=2.11,
    has_counterpart=-0.86,
    log_letters_alone=-0.29,
    hundred_letters_alone=-0.06,
    repeated_alone=-5.08,
)
"""For groups as sums of their sentences."""

ENCODED = Weights(
    one_to_one=-0.59,
    one_to_two=-0.21,
    one_to_many=-0.10,
    each_more=-0.10,
    both_several=-1.78,
    each_more_of_both=-0.07,
    similarity=7.46,
    similarity_of_longer=3.36,
    unlikeness=-0.42,
    belonging=1.93,
    length=-0.87,
    unmarked=-2.18,
    marks_inside=-2.60,
    questions=-1.47,
    asked=-3.69,
    quotes=-0.36,
    names=2.52,
    names_missing=-0.14,
    gap=0.52,
    gap_goes_on=1.86,
    has_counterpart=-0.99,
    log_letters_alone=-0.11,
    hundred_letters_alone=-0.87,
    repeated_alone=-8.05,
)
"""For groups encoded as they stand."""
