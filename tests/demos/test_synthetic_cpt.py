from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.synthetic_cpt import (
    ANSWERS,
    FIRMS,
    HIDDEN,
    RELATIONS,
    WIDTH,
    WORDINGS,
    chances,
    gradients,
    run,
)

RNG = np.random.default_rng(0)
SHAPES = {
    "firm": (FIRMS, WIDTH),
    "wording": (RELATIONS * WORDINGS, WIDTH),
    "hidden": (2 * WIDTH, HIDDEN),
    "out": (HIDDEN, RELATIONS * ANSWERS),
}


def test_the_gradients_agree_with_finite_differences() -> None:
    weights = {name: RNG.normal(0, 0.3, shape) for name, shape in SHAPES.items()}
    firm, wording = RNG.integers(0, FIRMS, 9), RNG.integers(0, RELATIONS * WORDINGS, 9)
    answer = RNG.integers(0, RELATIONS * ANSWERS, 9)

    def loss(name: str, place: tuple[int, int], step: float) -> float:
        moved = {**weights, name: weights[name].copy()}
        moved[name][place] += step
        return float(-np.log(chances(moved, firm, wording)[0][np.arange(9), answer]).mean())

    places = {"firm": (firm[0], 3), "wording": (wording[2], 5), "hidden": (20, 7), "out": (11, 31)}
    for name, slope in gradients(weights, firm, wording, answer).items():
        by_nudging = (loss(name, places[name], 1e-6) - loss(name, places[name], -1e-6)) / 2e-6
        assert slope[places[name]] == pytest.approx(by_nudging, abs=1e-8)


def test_more_ways_are_more_sentences_on_the_same_facts() -> None:
    numbers = run(0)
    assert [row["sentences"] / row["ways"] for row in numbers["rows"]] == [numbers["facts"]] * 4
