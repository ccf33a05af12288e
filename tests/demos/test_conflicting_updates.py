from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.conflicting_updates import SURE, VALUES, WIDTH, chances, edit, fit, slope

RNG = np.random.default_rng(0)
ASKED = RNG.normal(size=(5, WIDTH))
WANTED = RNG.dirichlet(np.ones(VALUES), 5)


def test_the_slope_agrees_with_finite_differences() -> None:
    weights = RNG.normal(size=(WIDTH, VALUES))

    def loss(step: np.ndarray) -> float:
        return float(-(WANTED * np.log(chances(weights + step, ASKED))).sum(axis=1).mean())

    for place in ((0, 0), (7, 3), (WIDTH - 1, VALUES - 1)):
        step = np.zeros_like(weights)
        step[place] = 1e-6
        assert slope(weights, ASKED, WANTED)[place] == pytest.approx(
            (loss(step) - loss(-step)) / 2e-6, abs=1e-8
        )


def test_of_contradictions_the_shares_are_learned() -> None:
    assert chances(fit(np.zeros((WIDTH, VALUES)), ASKED, WANTED), ASKED) == pytest.approx(WANTED, abs=0.02)


def test_an_edit_goes_on_until_it_is_sure() -> None:
    values = np.arange(5)
    after = edit(RNG.normal(size=(WIDTH, VALUES)), ASKED, values)
    assert (chances(after, ASKED)[np.arange(5), values] >= SURE).all()
    assert edit(after, ASKED, values) is after
