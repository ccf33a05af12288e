from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.catastrophic_forgetting import DIGITS, chances, gradients, images

RNG = np.random.default_rng(0)


def test_the_gradients_agree_with_finite_differences() -> None:
    shapes = {"in": (15, 6), "in_bias": (6,), "out": (6, 10), "out_bias": (10,)}
    weights = {name: RNG.normal(0, 0.3, shape) for name, shape in shapes.items()}
    shown, labels = images(RNG, 8, dark=False)

    def loss(name: str, at: int, step: float) -> float:
        moved = {**weights, name: weights[name].copy()}
        moved[name].flat[at] += step
        return float(-np.log(chances(moved, shown)[0][np.arange(8), labels]).mean())

    for name, slope in gradients(weights, shown, labels).items():
        for at in range(0, slope.size, 7):
            by_nudging = (loss(name, at, 1e-6) - loss(name, at, -1e-6)) / 2e-6
            assert slope.flat[at] == pytest.approx(by_nudging, abs=1e-8)


def test_the_ten_digits_differ_and_house_numbers_are_the_other_way_round() -> None:
    assert DIGITS.shape == (10, 15)
    assert len({tuple(digit) for digit in DIGITS.tolist()}) == 10
    light, light_labels = images(RNG, 500, dark=False)
    dark, dark_labels = images(RNG, 500, dark=True)
    for digit in range(10):
        pair = np.corrcoef(light[light_labels == digit].mean(0), dark[dark_labels == digit].mean(0))
        assert pair[0, 1] < -0.95
