from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.tokens_to_think import CUPS, SWAPS, slopes, step_by_step, truth

RNG = np.random.default_rng(0)


def test_the_truth_by_moving_cups() -> None:
    swaps, start = RNG.integers(0, len(SWAPS), (30, 9)), RNG.integers(0, CUPS, 30)
    for row, begin, end in zip(swaps, start, truth(swaps, start), strict=True):
        cups = [place == begin for place in range(CUPS)]
        for left, right in SWAPS[row]:
            cups[left], cups[right] = cups[right], cups[left]
        assert cups.index(True) == end


def test_a_faultless_step_follows_any_number_of_swaps() -> None:
    """With the truth in the network's place."""
    swaps = RNG.integers(0, len(SWAPS), (20, 40))

    def faultless(read: np.ndarray) -> np.ndarray:
        return truth(read[:, CUPS:].argmax(axis=1)[:, None], read[:, :CUPS].argmax(axis=1))

    assert step_by_step(faultless, swaps)[-1].tolist() == truth(swaps, np.zeros(20, int)).tolist()


def test_slopes_against_finite_differences() -> None:
    weights = [RNG.normal(size=(3, 5)), RNG.normal(size=5), RNG.normal(size=(5, CUPS)), RNG.normal(size=CUPS)]
    seen, answers = RNG.normal(size=(7, 3)), RNG.integers(0, CUPS, 7)

    def surprise() -> float:
        into, bias, out, shift = weights
        scores = np.maximum(seen @ into + bias, 0) @ out + shift
        return float((np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(7), answers]).mean())

    for weight, slope in zip(weights, slopes(weights, seen, answers), strict=True):
        for at in np.ndindex(weight.shape):
            kept = weight[at]
            weight[at] = kept + 1e-6
            above = surprise()
            weight[at] = kept - 1e-6
            below = surprise()
            weight[at] = kept
            assert slope[at] == pytest.approx((above - below) / 2e-6, abs=1e-7)
