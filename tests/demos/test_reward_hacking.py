from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.reward_hacking import (
    LENGTH,
    PENALTY,
    RATE,
    UPDATES,
    WORDS,
    Array,
    people,
    reward_model,
    run,
    softmax,
    update,
    write,
)


def test_people_by_hand() -> None:
    jokes = np.zeros((3, len(WORDS)))
    jokes[0, :2] = 1  # a pelican and a banana
    jokes[1, 0] = 2
    jokes[2, 0] = 10
    assert people(jokes) == pytest.approx([2.2, 2.4 - 0.5, 12 - 22.5])


def test_equal_jokes_are_equal_whatever_the_rounding() -> None:
    """Moustache and three umbrellas are as good as two moustaches, 1.1, but added up to less."""
    jokes = np.zeros((2, len(WORDS)))
    jokes[:, 3:5] = [[1, 3], [2, 0]]
    a, b = people(jokes)
    assert a == b


def test_an_update_goes_along_the_gradient() -> None:
    """Of the mean of reward times log-probability, by finite differences."""
    chance, small = np.random.default_rng(0), 1e-6
    likes = chance.normal(size=len(WORDS))
    jokes, rewards = write(likes, 50, chance), chance.normal(size=50)
    step = (update(likes, jokes, rewards) - likes) / RATE

    def goal(likes: Array) -> float:
        return float(((rewards - rewards.mean()) * (jokes @ np.log(softmax(likes)))).mean())

    for i, move in enumerate(small * np.eye(len(WORDS))):
        assert step[i] == pytest.approx((goal(likes + move) - goal(likes - move)) / (2 * small), abs=1e-6)


def test_the_reward_model_knows_funny_words() -> None:
    jokes = write(np.zeros(len(WORDS)), 4000, np.random.default_rng(0))
    points = reward_model(jokes)
    assert np.argsort(-points)[:2].tolist() == [0, 1]
    assert points[:5].min() > points[5:].max() + 0.5


@pytest.mark.parametrize("seed", [0, 1])
def test_with_the_penalty_it_ends_where_theory_says(seed: int) -> None:
    """The best policy under a KL penalty is the starting one times exp(points / penalty)."""
    chance = np.random.default_rng(seed)
    points = reward_model(write(np.zeros(len(WORDS)), 4000, chance))
    best = LENGTH * softmax(points / PENALTY) @ points
    reached = np.mean([row["score"] for row in run(seed)["held"][UPDATES - 100 :]])
    assert reached == pytest.approx(best, rel=0.1)
