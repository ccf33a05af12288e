"""What each observation is worth in nats: the weights of the evidence, fitted on gold alignments.

benchmarks/align_fit.py fits them: they make the gold alignments of the tuning texts likely among
all alignments. docs/alignment.md says on what.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.align.lattice import Prices

__all__ = ["ENCODED", "POOLED", "USUAL", "Habits", "Weights"]

Floats = NDArray[np.float64]
Some = NDArray[np.intp] | NDArray[np.float64] | NDArray[np.float32] | float


_PRIOR = 20  # beads; the usual shares weigh as much as these
_USUAL_GAPS, _USUAL_MANY, _USUAL_SEVERAL = 0.06, 0.2, 0.03


class Habits(Struct, frozen=True, kw_only=True):
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


class Weights(Struct, frozen=True, kw_only=True):
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
    wordless_first: float
    names: float
    answered: float
    unanswered: float
    edges: float
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
    one_to_one=-0.98,
    one_to_two=-0.67,
    one_to_many=-0.74,
    each_more=-0.07,
    both_several=-2.17,
    each_more_of_both=-0.19,
    similarity=4.84,
    similarity_of_longer=1.55,
    unlikeness=0.00,
    belonging=0.93,
    length=-3.09,
    unmarked=-3.64,
    marks_inside=-0.90,
    wordless_first=-7.02,
    names=0.00,
    answered=1.93,
    unanswered=-2.92,
    edges=0.00,
    habit_of_many=0.00,
    habit_of_several=0.00,
    habit_of_gaps=0.00,
    gap=0.12,
    gap_goes_on=1.28,
    has_counterpart=-0.75,
    log_letters_alone=-0.29,
    hundred_letters_alone=0.15,
    repeated_alone=0.07,
    wordless_alone=-5.25,
)
"""For groups as sums of their sentences."""

ENCODED = Weights(
    one_to_one=0.57,
    one_to_two=-0.33,
    one_to_many=-1.22,
    each_more=-0.83,
    both_several=-2.03,
    each_more_of_both=-0.60,
    similarity=2.71,
    similarity_of_longer=1.68,
    unlikeness=-2.65,
    belonging=1.11,
    length=-2.21,
    unmarked=-2.97,
    marks_inside=-1.66,
    wordless_first=-5.02,
    names=2.08,
    answered=1.24,
    unanswered=-2.04,
    edges=3.67,
    habit_of_many=1.05,
    habit_of_several=0.85,
    habit_of_gaps=0.93,
    gap=-0.06,
    gap_goes_on=0.87,
    has_counterpart=-1.34,
    log_letters_alone=-0.05,
    hundred_letters_alone=-1.47,
    repeated_alone=-0.25,
    wordless_alone=-4.17,
)
"""For groups encoded as they stand."""
