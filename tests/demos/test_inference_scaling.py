from __future__ import annotations

import random
from math import comb

import pytest

from studykit.demos.inference_scaling import SLIP, attempt, checked, right, vote


@pytest.mark.parametrize(("numbers", "text"), [([4, 7, 3], "4 + 7*3"), ([2, 3, 4, 5, 6], "2 + 3*4 + 5*6")])
def test_sums_come_to_what_python_says(numbers: list[int], text: str) -> None:
    assert right(numbers) == eval(text)
    assert attempt(numbers, 0.0, random.Random(0), slip=0) == eval(text)


def test_read_from_left_to_right() -> None:
    assert attempt([4, 7, 3], 1.0, random.Random(0), slip=0) == (4 + 7) * 3


def test_one_attempt_is_right_as_often_as_no_step_slips() -> None:
    chance = random.Random(0)
    tries = [attempt([4, 7, 3], 0.25, chance) == 25 for _ in range(20_000)]
    undone = SLIP**2 / 4  # the second slip takes back the first
    assert sum(tries) / len(tries) == pytest.approx(0.75 * ((1 - SLIP) ** 2 + undone), abs=0.01)


@pytest.mark.parametrize("p", [0.3, 0.5, 0.7])
def test_votes_and_checks_agree_with_the_binomial(p: float) -> None:
    """Two possible answers and 9 attempts: Condorcet's jury theorem, and 1 - (1 - p)^n."""
    chance, n, times = random.Random(1), 9, 20_000
    drawn = [[int(chance.random() < p) for _ in range(n)] for _ in range(times)]
    by_vote = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(5, n + 1))
    assert sum(vote(answers) for answers in drawn) / times == pytest.approx(by_vote, abs=0.015)
    assert sum(checked(answers, 1) for answers in drawn) / times == pytest.approx(1 - (1 - p) ** n, abs=0.015)


def test_a_tie_goes_to_the_first() -> None:
    assert vote([3, 5, 5, 3]) == 3
    assert checked([3, 4, 5], 9) == 5
