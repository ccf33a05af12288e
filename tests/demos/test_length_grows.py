from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.length_grows import PASSES, SEEN, SLIP, STEPS, agreeing, columns, situation, solve

results = st.lists(st.integers(0, 3), min_size=1, max_size=6)


@given(results)
def test_agreeing_counts_as_counter_does(row: list[int]) -> None:
    counts = Counter(row)
    assert agreeing(np.array([row]))[0].tolist() == [counts[one] for one in row]


@pytest.mark.parametrize(
    ("row", "seen"), [([5], 0), ([5, 6], 1), ([5, 6, 7], 1), ([5, 6, 5], 2), ([5, 5, 5], 3), ([5] * 9, 3)]
)
def test_situations(row: list[int], seen: int) -> None:
    assert situation(np.array([row]))[0] == seen


def log_probability(passes: list[int], habit: list[float], used: int) -> float:
    """Of answering after so many passes, decision by decision."""
    total = 0.0
    for done in range(1, min(used + 1, PASSES)):
        again = 1 / (1 + np.exp(-habit[situation(np.array([passes[:done]]))[0]]))
        total += np.log(again if done < used else 1 - again)
    return total


def test_slopes_are_finite_differences() -> None:
    chance = np.random.default_rng(0)
    passes, habit = chance.integers(0, 4, (30, PASSES)), np.array([0.5, 1.0, 0.8, 1.5])
    answers, used, slopes = solve(passes, habit, chance)
    assert 1 < used.mean() < PASSES
    for row, answer, n, slope in zip(passes.tolist(), answers, used, slopes, strict=True):
        assert Counter(row[:n])[answer] == max(Counter(row[:n]).values())
        for i in range(len(SEEN)):
            step = 1e-6 * np.eye(len(SEEN))[i]
            up, down = (log_probability(row, list(habit + sign * step), int(n)) for sign in (1, -1))
            assert slope[i] == pytest.approx((up - down) / 2e-6, abs=1e-6)


def test_a_pass_is_right_when_no_step_slips() -> None:
    right, passes = columns(np.random.default_rng(0), blind=False)
    hit = float((passes == right[:, None]).mean())
    assert hit == pytest.approx((1 - SLIP) ** STEPS, abs=0.03)  # slips seldom cancel
