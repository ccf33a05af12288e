from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.bits_per_param import VALUES, bits_held, chances, learn, run

RNG = np.random.default_rng(0)


def test_a_model_that_knows_nothing_holds_nothing_and_one_that_knows_all_holds_four_bits_a_fact() -> None:
    keys, values = np.eye(5), np.array([3, 1, 4, 1, 5])
    assert bits_held(np.zeros((5, VALUES)), keys, values) == pytest.approx(0)
    assert bits_held(1000 * np.eye(VALUES)[values], keys, values) == pytest.approx(5 * 4)


def test_learning_stops_where_the_slope_is_zero() -> None:
    """By finite differences, at the end of training: no small change of a weight saves more bits."""
    keys, values = RNG.normal(size=(400, 4)), RNG.integers(0, VALUES, 400)
    weights = learn(keys, values)
    for place in ((0, 0), (1, 7), (3, 15)):
        step = np.zeros_like(weights)
        step[place] = 1e-4
        up, down = (bits_held(weights + sign * step, keys, values) for sign in (1, -1))
        assert (up - down) / 2e-4 == pytest.approx(0, abs=0.05)
    assert chances(weights, keys).sum(axis=1) == pytest.approx(1)


def test_theory_says_where_it_is_full() -> None:
    """Wilks 1938: fitted to noise, log likelihood gains half a nat per free parameter."""
    free = (VALUES - 1) / VALUES  # one score of each fact can be fixed
    last = [model["rows"][-1]["held"] for model in run(0)["models"]]
    assert np.mean(last) == pytest.approx(free * 0.5 / np.log(2), rel=0.15)


def test_half_a_gigabyte() -> None:
    assert run(0)["gigabytes"] == pytest.approx(0.45)
