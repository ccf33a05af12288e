from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.tiny_lora import ANSWERS, CIRCUITS, SKILLED, TRIES, reward, softmax, supervised, train

RNG = np.random.default_rng(0)
SCORES = RNG.normal(size=(3, ANSWERS))
RIGHT = np.array([0, 3, 7])


def test_supervision_is_the_slope_of_the_log_chance() -> None:
    moved = supervised(softmax(SCORES), RIGHT)
    for q in range(3):
        for a in range(ANSWERS):
            step = np.zeros_like(SCORES)
            step[q, a] = 1e-6
            up, down = (np.log(softmax(SCORES + sign * step)[q, RIGHT[q]]) for sign in (1, -1))
            assert moved[q, a] == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_the_reward_moves_scores_as_policy_gradient_theory_says() -> None:
    """In the mean p_right (onehot - p), shrunk by 1 - 1/TRIES, as each try is part of its own baseline."""
    chances = softmax(SCORES)
    mean = np.mean([reward(chances, RIGHT, RNG) for _ in range(20_000)], axis=0)
    theory = chances[np.arange(3), RIGHT][:, None] * supervised(chances, RIGHT) * (1 - 1 / TRIES)
    assert mean == pytest.approx(theory, abs=0.01)


def test_who_is_always_right_or_never_learns_nothing() -> None:
    sure = np.eye(ANSWERS)[RIGHT]
    assert not reward(sure, RIGHT, RNG).any()
    assert not reward(sure, (RIGHT + 1) % ANSWERS, RNG).any()


def test_without_directions_nothing_is_learned() -> None:
    circuits, weights = RNG.normal(size=(5, CIRCUITS, ANSWERS)), RNG.normal(size=CIRCUITS)
    likeliest = np.einsum("qca,c->qa", circuits, weights).argmax(axis=1)
    assert train(circuits, weights, likeliest, np.zeros((CIRCUITS, 1)), None) == 1


def test_supervision_brings_the_skill_out_as_well() -> None:
    rng = np.random.default_rng(1)
    circuits, right = rng.normal(0, 0.25, (60, CIRCUITS, ANSWERS)), rng.integers(0, ANSWERS, 60)
    circuits[np.arange(60), :SKILLED, right] += 1
    weights = np.where(np.arange(CIRCUITS) < SKILLED, 0.04, rng.normal(0, 0.5, CIRCUITS))
    assert train(circuits, weights, right, rng.normal(0, CIRCUITS**-0.5, (CIRCUITS, 14)), None) > 0.9
