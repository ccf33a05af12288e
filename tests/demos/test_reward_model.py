from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.reward_model import EACH, TRAITS, loss_and_slope, order, train


def test_the_slope_is_that_of_the_loss() -> None:
    chance, small = np.random.default_rng(0), 1e-6
    weights, better, worse = chance.normal(size=TRAITS), *chance.normal(size=(2, 20, TRAITS))
    _, slope = loss_and_slope(weights, better, worse)
    for i, step in enumerate(small * np.eye(TRAITS)):
        up, down = (loss_and_slope(weights + sign * step, better, worse)[0] for sign in (1, -1))
        assert slope[i] == pytest.approx((up - down) / (2 * small), abs=1e-6)


def test_only_differences_count() -> None:
    chance = np.random.default_rng(0)
    weights, better, worse = chance.normal(size=TRAITS), *chance.normal(size=(2, 20, TRAITS))
    extra = chance.normal(size=TRAITS)  # the same in both jokes of every pair
    assert loss_and_slope(weights, better + extra, worse + extra)[0] == pytest.approx(
        loss_and_slope(weights, better, worse)[0]
    )


def test_people_choose_as_bradley_and_terry_have_it() -> None:
    """With Gumbel noise the chance to come first is the softmax of the tastes."""
    chance, times = np.random.default_rng(0), 40_000
    jokes, taste = np.eye(TRAITS)[[0, 1]], np.array([0.8, *[0.0] * (TRAITS - 1)])
    first = order(np.tile(jokes, (times, 1, 1)), taste, chance)[:, 0, 0].mean()
    assert first == pytest.approx(1 / (1 + np.exp(-0.8)), abs=0.01)


def test_two_jokes_by_hand() -> None:
    """A beats B in three of four orderings: their scores come to lie log 3 apart."""
    jokes = np.zeros((4, EACH, TRAITS))
    jokes[:, 0, 0], jokes[3, 0, 0], jokes[3, 1:, 0] = 1, 0, 1  # the last one is the other way round
    assert train(jokes)[0] == pytest.approx(np.log(3), abs=0.01)
