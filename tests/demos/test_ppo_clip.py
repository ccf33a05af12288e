from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.ppo_clip import CHOICES, CLIP, Array, slope, softmax


def goal(scores: Array, old: Array, picked: list[int], advantage: Array, clip: float | None) -> float:
    """The objective of the paper (equation 7), written out for one run."""
    total = 0.0
    for one, gain in zip(picked, advantage[0], strict=True):
        ratio = softmax(scores)[0, one] / softmax(old)[0, one]
        held = ratio if clip is None else min(max(ratio, 1 - clip), 1 + clip)
        total += min(ratio * gain, held * gain)
    return total / len(picked)


@pytest.mark.parametrize("clip", [None, CLIP])
def test_slope_is_the_gradient_of_the_objective(clip: float | None) -> None:
    chance, small = np.random.default_rng(0), 1e-6
    for _ in range(20):
        old = chance.normal(size=(1, CHOICES))
        scores = old + 0.3 * chance.normal(size=(1, CHOICES))
        picked = chance.integers(CHOICES, size=8).tolist()
        advantage = chance.normal(size=(1, 8))
        found = slope(scores, old, np.eye(CHOICES)[picked][None], advantage, clip)[0]
        for i, move in enumerate(small * np.eye(CHOICES)):
            up, down = (goal(scores + sign * move, old, picked, advantage, clip) for sign in (1, -1))
            assert found[i] == pytest.approx((up - down) / (2 * small), abs=1e-5)


def test_the_first_step_is_plain_policy_gradient() -> None:
    """When nothing has moved yet, nothing is clipped."""
    chance = np.random.default_rng(0)
    scores, tried = np.zeros((1, CHOICES)), np.eye(CHOICES)[None]
    advantage = chance.normal(size=(1, CHOICES))
    assert slope(scores, scores, tried, advantage, CLIP) == pytest.approx(
        slope(scores, scores, tried, advantage, None)
    )
