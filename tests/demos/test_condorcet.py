from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from studykit.demos.condorcet import best_order, has_order, reward_model, run, wins


def test_the_circle_of_1785() -> None:
    won = wins(np.array([[2, 1, 0], [0, 2, 1], [1, 0, 2]]))
    assert won[0, 1] == won[1, 2] == won[2, 0] == 2
    assert best_order(won) == (2, 6)
    assert not has_order(won)
    assert reward_model(won) == pytest.approx([0, 0, 0], abs=1e-9)


def test_an_order_is_found_exactly_where_one_of_all_orders_fits() -> None:
    """Every way in which three people can order three answers: 216."""
    orders = list(permutations(range(3)))
    for people in product(orders, repeat=3):
        won = wins(np.array(people))
        assert bool(has_order(won)) == (best_order(won)[0] == 3)


def test_twelve_of_216_votes_of_three_people_run_in_a_circle() -> None:
    votes = [wins(np.array(people)) for people in product(list(permutations(range(3))), repeat=3)]
    assert sum(not has_order(won) for won in votes) == 12


def test_many_people_come_near_guilbauds_share() -> None:
    """Among three answers and very many voters: 8.77 %."""
    shares = [run(seed, people=301)["no_order"][0] for seed in range(4)]
    assert np.mean(shares) == pytest.approx(0.0877, abs=0.015)


def test_scores_by_hand() -> None:
    """A beats B three times in four: the scores lie log 3 apart."""
    scores = reward_model(np.array([[0, 3], [1, 0]]))
    assert scores[0] - scores[1] == pytest.approx(np.log(3), abs=1e-6)
