"""What each observation is worth in nats: the weights of the evidence, fitted on gold alignments.

benchmarks/align_fit.py fits them: they make the gold alignments of the tuning texts likely among
all alignments. docs/alignment.md says on what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studykit.align.lattice import Prices

__all__ = ["ENCODED", "POOLED", "USUAL", "Habits", "Weights"]

Floats = NDArray[np.float64]
Some = NDArray[np.intp] | NDArray[np.float64] | NDArray[np.float32] | float


_PRIOR = 20  # beads; the usual shares weigh as much as these
_USUAL_GAPS, _USUAL_MANY, _USUAL_SEVERAL = 0.06, 0.2, 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How much oftener than usual this translation leaves out, splits and reorders, as logarithms."""

    gaps: float = 0.0
    """Gaps, per bead."""
    many: float = 0.0
    """Beads of one sentence with several."""
    several: float = 0.0
    """Beads with several sentences on both sides."""

    @classmethod
    def of(cls, sizes: tuple[NDArray[np.intp], NDArray[np.intp]], shares: Floats, gaps: float) -> Habits:
        """From beads with their probabilities and the number of gaps to be expected."""
        most, least = np.maximum(*sizes), np.minimum(*sizes)
        total = float(shares.sum()) + _PRIOR

        def apart(count: float, usual: float) -> float:
            return float(np.log((count + usual * _PRIOR) / total / usual))

        return cls(
            gaps=apart(gaps, _USUAL_GAPS),
            many=apart(float(shares[(least == 1) & (most > 1)].sum()), _USUAL_MANY),
            several=apart(float(shares[least > 1].sum()), _USUAL_SEVERAL),
        )


USUAL = Habits()


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
    names: float
    habit_of_many: float
    habit_of_several: float
    habit_of_gaps: float
    gap: float
    gap_goes_on: float
    has_counterpart: float
    log_letters_alone: float
    hundred_letters_alone: float
    repeated_alone: float
    wordless_alone: float

    def prices(self, habits: Habits) -> Prices:
        """Of gaps."""
        return Prices(first=self.gap + self.habit_of_gaps * habits.gaps, more=self.gap_goes_on)

    def of_size(self, a: Some, b: Some, habits: Habits) -> NDArray[np.float64]:
        """Nats for being a bead of ``a`` and ``b`` sentences."""
        most, least = np.maximum(a, b), np.minimum(a, b)
        many = np.where(most == 2, self.one_to_two, self.one_to_many + self.each_more * (most - 3.0))
        many = many + self.habit_of_many * habits.many
        single = np.where(most == 1, self.one_to_one, many)
        several = self.both_several + self.each_more_of_both * (most + least - 4.0)
        several = several + self.habit_of_several * habits.several
        return np.asarray(np.where(least == 1, single, several))


POOLED = Weights(
    one_to_one=-1.07,
    one_to_two=-1.23,
    one_to_many=-1.10,
    each_more=-0.16,
    both_several=-2.36,
    each_more_of_both=-0.33,
    similarity=4.65,
    similarity_of_longer=1.41,
    unlikeness=0.00,
    belonging=0.72,
    length=-2.95,
    unmarked=-2.61,
    marks_inside=-1.21,
    names=0.00,
    habit_of_many=0.00,
    habit_of_several=0.00,
    habit_of_gaps=0.00,
    gap=0.37,
    gap_goes_on=1.73,
    has_counterpart=-1.08,
    log_letters_alone=-0.41,
    hundred_letters_alone=0.34,
    repeated_alone=-0.13,
    wordless_alone=-2.84,
)
"""For groups as sums of their sentences."""

ENCODED = Weights(
    one_to_one=0.01,
    one_to_two=-1.09,
    one_to_many=-1.71,
    each_more=-0.97,
    both_several=-1.91,
    each_more_of_both=-0.59,
    similarity=4.78,
    similarity_of_longer=2.53,
    unlikeness=-2.29,
    belonging=0.78,
    length=-2.43,
    unmarked=-2.12,
    marks_inside=-0.76,
    names=2.80,
    habit_of_many=1.71,
    habit_of_several=0.61,
    habit_of_gaps=0.89,
    gap=0.32,
    gap_goes_on=1.53,
    has_counterpart=-0.45,
    log_letters_alone=-0.12,
    hundred_letters_alone=-0.95,
    repeated_alone=-0.41,
    wordless_alone=-3.47,
)
"""For groups encoded as they stand."""
