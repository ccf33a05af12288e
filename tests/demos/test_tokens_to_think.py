from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.tokens_to_think import odd, slopes, step_by_step

RNG = np.random.default_rng(0)


def test_the_truth_by_counting() -> None:
    assert odd(np.array([[1, 1, 1], [1, 0, 1], [0, 0, 0]])).tolist() == [1, 0, 0]


def test_a_faultless_step_answers_rows_of_any_length() -> None:
    """With exclusive or in the network's place, going bit by bit is counting."""
    bits = RNG.integers(0, 2, (50, 40)).astype(float)
    answers = step_by_step(lambda pairs: (pairs[:, 0] != pairs[:, 1]).astype(float), bits)
    assert np.array_equal(answers, odd(bits))


def test_slopes_against_finite_differences() -> None:
    weights = [RNG.normal(size=(3, 5)), RNG.normal(size=5), RNG.normal(size=5), RNG.normal(size=1)]
    seen, answers = RNG.normal(size=(7, 3)), RNG.integers(0, 2, 7).astype(float)

    def surprise() -> float:
        into, bias, out, shift = weights
        scores = np.maximum(seen @ into + bias, 0) @ out + shift
        return float(np.log1p(np.exp(np.where(answers == 1, -scores, scores))).mean())

    for weight, slope in zip(weights, slopes(weights, seen, answers), strict=True):
        for at in np.ndindex(weight.shape):
            kept = weight[at]
            weight[at] = kept + 1e-6
            above = surprise()
            weight[at] = kept - 1e-6
            below = surprise()
            weight[at] = kept
            assert slope[at] == pytest.approx((above - below) / 2e-6, abs=1e-7)
