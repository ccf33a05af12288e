"""Scores of what a transition system may do next, for many texts at once.

A state is seen as a few of its words. What each word says in each place is multiplied out beforehand; a
state's scores are their sum, maxout of two pieces and one more layer (``TransitionBasedParser`` of spaCy).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scorer"]

Floats = NDArray[np.float32]


class Scorer:
    """For the words of some texts, ``(n, 96)``; ``name``: which system."""

    def __init__(self, weights: Mapping[str, Floats], name: str, vectors: Floats) -> None:
        reduced = vectors @ weights[f"{name}.reduce.W"].T + weights[f"{name}.reduce.b"]
        lower = weights[f"{name}.lower.W"]
        self._places, pieces, self._width, inputs = lower.shape
        said = reduced @ lower.reshape(-1, inputs).T
        nobody = weights[f"{name}.lower.pad"].reshape(1, -1)
        self._said = np.concatenate([nobody, said]).reshape(-1, self._places, pieces * self._width)
        self._bias = weights[f"{name}.lower.b"].reshape(-1)
        self._upper, self._upper_bias = weights[f"{name}.upper.W"], weights[f"{name}.upper.b"]

    def scores(self, words: NDArray[np.intp]) -> Floats:
        """``(states, actions)`` of ``(states, places)``: rows of words, -1 where a place is empty."""
        hidden = self._said[words + 1, np.arange(self._places)].sum(axis=1)
        hidden += self._bias
        best = np.maximum(hidden[:, : self._width], hidden[:, self._width :])
        scores: Floats = best @ self._upper.T
        scores += self._upper_bias
        return scores
