from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.kl_control import RATE, STOP, drift, mixed, softmax, train

START = softmax(np.random.default_rng(0).normal(size=12))
REWARDS = np.random.default_rng(1).normal(size=12)


@pytest.mark.parametrize("price", [0.5, 1.0, 4.0])
def test_training_ends_at_the_closed_form(price: float) -> None:
    assert train(START, REWARDS, price, 800) == pytest.approx(
        softmax(np.log(START) + REWARDS / price), abs=1e-6
    )


@pytest.mark.parametrize("price", [0.5, 1.0, 4.0])
def test_no_policy_nearby_does_better(price: float) -> None:
    """Reward less price times drift falls whichever way one goes from where training ends."""

    def worth(policy: np.ndarray) -> float:
        return float(policy @ REWARDS - price * drift(policy, START))

    found, chance = train(START, REWARDS, price, 800), np.random.default_rng(2)
    for _ in range(50):
        assert worth(softmax(np.log(found) + 0.1 * chance.normal(size=12))) <= worth(found) + 1e-12


def test_stopping_early_is_a_price() -> None:
    stopped = train(START, REWARDS, 0.0, STOP)
    assert stopped == pytest.approx(softmax(np.log(START) + REWARDS * RATE * STOP))
    assert stopped == pytest.approx(train(START, REWARDS, 1 / (RATE * STOP), 2000), abs=1e-6)


def test_drift_by_hand() -> None:
    half = np.array([0.5, 0.5])
    assert drift(half, half) == 0
    assert drift(np.array([1.0, 0.0]), half) == pytest.approx(np.log(2))
    assert drift(np.array([0.75, 0.25]), half) == pytest.approx(0.75 * np.log(1.5) + 0.25 * np.log(0.5))


def test_mixing_drifts_as_far_as_asked() -> None:
    start, rewards = np.array([0.5, 0.5]), np.array([0.0, 1.0])
    assert mixed(start, rewards, drift(np.array([0.25, 0.75]), start)) == pytest.approx(0.75, abs=1e-6)
