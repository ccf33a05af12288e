from __future__ import annotations

import numpy as np
import pytest

from studykit.demos import process_reward
from studykit.demos.process_reward import CHOICES, FANCY, FAULT, RATE, STEPS, faulty, outcome, process, update


def test_marks_by_hand() -> None:
    tried = np.zeros((3, STEPS), dtype=np.int64)
    tried[1, 2] = 1
    tried[2, FAULT] = FANCY
    assert outcome(tried).mean(1).tolist() == [1, 0, 0]
    assert process(tried).mean(1) == pytest.approx([1, 0.9, 0.9])
    assert faulty(tried).mean(1) == pytest.approx([0.9, 0.8, 1])


def test_an_update_goes_along_the_gradient() -> None:
    """Of the mean of reward times log-probability, by finite differences."""
    chance, small = np.random.default_rng(0), 1e-6
    scores, tried = chance.normal(size=(STEPS, CHOICES)), chance.integers(CHOICES, size=(8, STEPS))
    rewards = process(tried)
    step = (update(scores, tried, rewards) - scores) / RATE

    def goal(moved: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
        likely = np.log(process_reward.softmax(moved))[np.arange(STEPS), tried]  # (batch, steps)
        return float(((rewards - rewards.mean(0)) * likely).mean(0).sum())

    for place in np.ndindex(STEPS, CHOICES):
        move = np.zeros((STEPS, CHOICES))
        move[place] = small
        assert step[place] == pytest.approx(
            (goal(scores + move) - goal(scores - move)) / (2 * small), abs=1e-6
        )


def test_on_average_a_reward_for_the_result_climbs_the_share_of_right_solutions() -> None:
    chance, times = np.random.default_rng(0), 200_000
    scores = np.zeros((STEPS, CHOICES))
    scores[:, 0] = 2.0
    share = process_reward.softmax(scores)
    tried = (chance.random((times, STEPS, 1)) > share.cumsum(1)[:, :-1]).sum(2)
    step = (update(scores, tried, outcome(tried)) - scores) / RATE
    right = share[:, 0].prod()
    assert step[:, 0] == pytest.approx(np.full(STEPS, right * (1 - share[0, 0])), abs=0.003)
