from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.dpo import BETA, OLD, apart, dpo, rlhf, surprise


def test_surprise_is_the_gradient_of_the_log_likelihood() -> None:
    chance, small = np.random.default_rng(0), 1e-6
    wins, reward = chance.integers(1, 20, (5, 5)).astype(float), chance.normal(size=5)
    np.fill_diagonal(wins, 0)

    def likelihood(reward: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        return float(-(wins * np.log1p(np.exp(reward - reward[:, None]))).sum())

    step = surprise(wins, reward) * wins.sum() / 5
    for i, move in enumerate(small * np.eye(5)):
        slope = (likelihood(reward + move) - likelihood(reward - move)) / (2 * small)
        assert step[i] == pytest.approx(slope, abs=1e-4)


def test_two_answers_by_hand() -> None:
    """One wins three times in four, so the rewards lie log 3 apart, and 1 : 1 becomes 3^(1/beta) : 1."""
    wins, old = np.array([[0.0, 3.0], [1.0, 0.0]]), np.array([0.5, 0.5])
    odds = 3 ** (1 / BETA)
    expected = [odds / (1 + odds), 1 / (1 + odds)]
    assert dpo(wins, old) == pytest.approx(expected, abs=1e-4)
    assert rlhf(wins, old)[1] == pytest.approx(expected, abs=1e-4)


def test_where_nothing_is_preferred_nothing_changes() -> None:
    assert dpo(np.ones((5, 5)), OLD) == pytest.approx(OLD)


def test_apart_is_total_variation() -> None:
    assert apart([0.5, 0.5, 0.0], [0.2, 0.5, 0.3]) == pytest.approx(0.3)
