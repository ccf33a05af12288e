"""What a score means: the chance that a bead is exactly right.

The posterior probability of a bead ranks well, but knows only of beads that compete. Where a clause has
moved over the boundary between two beads none may, so the worse of a bead's boundaries is a second thing to
look at. The probability passes through a logistic regression with it (Platt 1999); benchmarks/align_scores.py
fits that, and shows how well it holds on other genres.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.align.encoder import Encoder
from studykit.align.evidence import Evidence
from studykit.align.sentences.boundaries import worst_boundaries
from studykit.align.sentences.side import Side

__all__ = ["boundaries", "reasons_for_score", "score_alone", "score_linked"]

_LIMIT = 5e-4  # probabilities nearer to 0 or 1 are not to be told apart
_BASE, _PROBABILITY, _BOUNDARY = 0.84, 0.96, 5.82


def boundaries(
    places: NDArray[np.intp],
    *,
    texts: tuple[Sequence[str], Sequence[str]],
    sides: tuple[Side, Side],
    evidence: Evidence,
    encoder: Encoder,
) -> list[float]:
    """For beads ``(k, 4)`` in order: how much nearer clauses at the worse boundary are to what stands beyond.

    0 or less, in the unit of similarity.
    """
    first, second = (np.concatenate([[0.0], np.cumsum(side.letters)]) for side in sides)
    top, bottom, left, right = places.T
    worst = worst_boundaries(
        places,
        evidence.too_long(first[bottom] - first[top], second[right] - second[left]),
        texts=texts,
        sides=sides,
        chance=evidence.chance,
        encoder=encoder,
    )
    return [float(one) for one in np.round(worst / evidence.unit, 4)]


def reasons_for_score(probability: float, boundary: float) -> Iterator[tuple[str, float]]:
    """What the score of a bead with both sides is made of, as logarithms of odds by reason.

    ``boundary`` as ``boundaries`` has it.
    """
    yield "probability", _BASE + _PROBABILITY * _logit(probability)
    yield "boundary", _BOUNDARY * boundary


def score_linked(probability: float, boundary: float) -> float:
    """The score of a bead with both sides: see ``reasons_for_score``."""
    return _logistic(sum(part for _, part in reasons_for_score(probability, boundary)))


def score_alone(probability: float) -> float:
    """The score of a sentence left alone, from its posterior probability."""
    return _logistic(0.49 + 0.90 * _logit(probability))


def _logit(probability: float) -> float:
    inside = min(max(probability, _LIMIT), 1 - _LIMIT)
    return math.log(inside / (1 - inside))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
