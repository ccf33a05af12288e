from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from studykit.demos.learn_vs_forget import ANSWERS, USED, WIDTH, chances, full, gradients, lora, memory

RNG = np.random.default_rng(0)
SLOTS = 12
FACTS = RNG.normal(size=(6, WIDTH)), RNG.integers(0, SLOTS, (6, USED)), RNG.integers(0, ANSWERS, 6)
SHAPES = {"in": (WIDTH, 5), "out": (5, ANSWERS), "memory": (SLOTS, ANSWERS)}
WEIGHTS = {name: RNG.normal(0, 0.3, shape) for name, shape in SHAPES.items()}


def test_the_gradients_agree_with_finite_differences() -> None:
    def loss(name: str, place: tuple[int, int], step: float) -> float:
        moved = {**WEIGHTS, name: WEIGHTS[name].copy()}
        moved[name][place] += step
        return float(-np.log(chances(moved, *FACTS[:2])[0][np.arange(6), FACTS[2]]).mean())

    places = {"in": (3, 2), "out": (1, 4), "memory": (int(FACTS[1][0, 0]), 5)}
    for name, slope in gradients(WEIGHTS, FACTS).items():
        by_nudging = (loss(name, places[name], 1e-6) - loss(name, places[name], -1e-6)) / 2e-6
        assert slope[places[name]] == pytest.approx(by_nudging, abs=1e-8)


def test_each_way_moves_only_what_it_may() -> None:
    free = np.arange(SLOTS) < 3
    after = next(memory(WEIGHTS, FACTS, free))
    assert np.array_equal(after["in"], WEIGHTS["in"])
    assert np.array_equal(after["memory"][3:], WEIGHTS["memory"][3:])
    for rank in (1, 2):
        change = next(islice(lora(WEIGHTS, FACTS, rank, RNG), 9, None))["in"] - WEIGHTS["in"]
        assert np.linalg.matrix_rank(change, tol=1e-9) == rank
    assert not np.array_equal(next(full(WEIGHTS, FACTS))["memory"], WEIGHTS["memory"])
