from __future__ import annotations

import random

import pytest

from studykit.demos.elo import MODELS, START, expected, ranks, rate, vote


def test_the_textbook_example() -> None:
    """Wikipedia's article on the Elo system: ratings 1613 and 1609, 1477, 1388, 1586, 1720."""
    scores = [expected(1613, other) for other in (1609, 1477, 1388, 1586, 1720)]
    assert scores == pytest.approx([0.506, 0.686, 0.785, 0.539, 0.351], abs=0.001)


def test_expectations_of_two_sum_to_one() -> None:
    assert expected(1200, 900) + expected(900, 1200) == pytest.approx(1)
    assert expected(400, 0) == pytest.approx(10 / 11)


def test_points_are_only_handed_over() -> None:
    chance = random.Random(0)
    votes = [vote(dict.fromkeys(MODELS, 1000.0), chance) for _ in range(500)]
    assert sum(rate(votes).values()) == pytest.approx(START * len(MODELS))


def test_votes_go_by_skill() -> None:
    chance = random.Random(0)
    skill = {model: float(true) for model, true in MODELS.items()}
    votes = [vote(skill, chance) for _ in range(20_000)]
    won, lost = (votes.count(pair) for pair in (("Ada", "Bob"), ("Bob", "Ada")))
    assert won / (won + lost) == pytest.approx(expected(80, 0), abs=0.04)


def test_one_vote() -> None:
    rating = rate([("Ada", "Bob")])
    assert (rating["Ada"], rating["Bob"], rating["Cleo"]) == (START + 2, START - 2, START)
    assert ranks(rating)[0] == "Ada"
