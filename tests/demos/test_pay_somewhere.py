from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.pay_somewhere import Model

RNG = np.random.default_rng(0)


def test_a_token_read_costs_one_multiplication_a_weight_and_one_learned_three() -> None:
    model = Model(RNG, 8, 3)
    tokens = RNG.normal(size=(5, 8))
    model.read(tokens)
    assert model.spent == 5 * model.size == 5 * 3 * 64
    model.spent = 0
    model.learn(tokens, tokens)
    assert model.spent == 3 * 5 * model.size


def test_learning_goes_down_the_slope_found_by_nudging() -> None:
    tokens, wanted = RNG.normal(size=(5, 8)), RNG.normal(size=(5, 8))
    model = Model(RNG, 8, 3)
    before = [layer.copy() for layer in model.layers]

    def loss(layer: int, step: float) -> float:
        model.layers = [value.copy() for value in before]
        model.layers[layer][2, 3] += step
        return float(0.5 * np.sum((model.read(tokens)[-1] - wanted) ** 2) / len(tokens))

    slopes = [(loss(layer, 1e-6) - loss(layer, -1e-6)) / 2e-6 for layer in range(3)]
    model.layers = [value.copy() for value in before]
    model.learn(tokens, wanted, rate=1.0)
    for layer, slope in enumerate(slopes):
        assert before[layer][2, 3] - model.layers[layer][2, 3] == pytest.approx(slope, abs=1e-7)
