"""What a score means: the chance that a bead is exactly right.

The posterior probability of a bead ranks well but is somewhat too sure of itself, above all where a
short filler ("Yeah.", "Okay.") may or may not belong to the sentence next to it. So the probability
passes through a logistic regression (Platt 1999), fitted on the tuning texts of every genre and on
sets made from them; docs/alignment.md shows how well it holds on other text. How unlike the lengths of both
sides are enters it as well.
"""

from __future__ import annotations

import math

__all__ = ["score_alone", "score_linked"]

_LIMIT = 5e-4  # probabilities nearer to 0 or 1 are not to be told apart


def score_linked(probability: float, shortest_letters: float, unlike: float) -> float:
    """The score of a bead with both sides, from its posterior probability.

    ``shortest_letters`` is the length of its shortest sentence, ``unlike`` how unlike the lengths of its
    sides are: without a rival a bead that lacks a clause is as probable as a whole one.
    """
    of_length = 0.26 * math.log(shortest_letters) - 0.9 * unlike
    return _logistic(-0.34 + 0.64 * _logit(probability) + of_length)


def score_alone(probability: float) -> float:
    """The score of a sentence left alone, from its posterior probability."""
    return _logistic(0.98 + 0.59 * _logit(probability))


def _logit(probability: float) -> float:
    inside = min(max(probability, _LIMIT), 1 - _LIMIT)
    return math.log(inside / (1 - inside))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
