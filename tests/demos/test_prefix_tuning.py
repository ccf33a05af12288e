from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.prefix_tuning import ANSWERS, WIDTH, attend, gradients, train

RNG = np.random.default_rng(0)
READOUT = RNG.normal(size=(WIDTH, ANSWERS))
CACHE = RNG.normal(size=(5, WIDTH)), RNG.normal(size=(5, WIDTH))
QUERY, RIGHT = RNG.normal(size=(6, WIDTH)), RNG.integers(0, ANSWERS, 6)


def test_the_gradients_agree_with_finite_differences() -> None:
    def loss(keys: np.ndarray, values: np.ndarray) -> float:
        return float(-np.log(attend(QUERY, keys, values, READOUT)[0][np.arange(6), RIGHT]).mean())

    slopes = gradients(QUERY, RIGHT, *CACHE, READOUT)
    for part in (0, 1):
        for place in ((0, 0), (3, 7), (4, 15)):
            moved = []
            for sign in (1, -1):
                cache = [CACHE[0].copy(), CACHE[1].copy()]
                cache[part][place] += sign * 1e-6
                moved.append(loss(*cache))
            assert slopes[part][place] == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-8)


def test_training_leaves_the_rest_of_the_cache_alone() -> None:
    keys, values = train(RNG, QUERY, RIGHT, CACHE, READOUT, count=3)
    assert keys.shape == values.shape == (8, WIDTH)
    assert np.array_equal(keys[3:], CACHE[0])
    assert np.array_equal(values[3:], CACHE[1])


def test_an_entry_that_nobody_looks_at_changes_nothing() -> None:
    far = np.concatenate([np.zeros((1, WIDTH)), CACHE[0]])
    looks = attend(QUERY, far, np.concatenate([np.ones((1, WIDTH)), CACHE[1]]), READOUT)[1]
    assert looks.sum(axis=1) == pytest.approx(1)
    apart = QUERY @ CACHE[0].T
    assert looks[:, 0] == pytest.approx(1 / (1 + np.exp(apart).sum(axis=1)))
