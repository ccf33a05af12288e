from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.distillation import KINDS, TRAITS, learn, loss, predict, slope


def test_slope_is_the_gradient_of_the_loss() -> None:
    chance, small = np.random.default_rng(0), 1e-6
    weights, x = chance.normal(size=(TRAITS, KINDS)), chance.normal(size=(6, TRAITS))
    targets = predict(chance.normal(size=(TRAITS, KINDS)), x)
    found = slope(weights, x, targets)
    for place in np.ndindex(TRAITS, KINDS):
        move = np.zeros((TRAITS, KINDS))
        move[place] = small
        by_hand = (loss(weights + move, x, targets) - loss(weights - move, x, targets)) / (2 * small)
        assert found[place] == pytest.approx(by_hand, abs=1e-6)


def test_the_shares_of_a_teacher_give_the_teacher_back() -> None:
    """With as many examples as traits, its odds tell all: the student predicts the same everywhere."""
    chance = np.random.default_rng(1)
    teacher = chance.normal(size=(TRAITS, KINDS)) / 4
    x = chance.normal(size=(400, TRAITS))
    student = learn(x, predict(teacher, x))
    new = chance.normal(size=(50, TRAITS))
    assert predict(student, new) == pytest.approx(predict(teacher, new), abs=0.02)


def test_a_uniform_guess_costs_the_logarithm_of_the_kinds() -> None:
    x, targets = np.ones((3, TRAITS)), np.eye(KINDS)[[0, 1, 2]]
    assert loss(np.zeros((TRAITS, KINDS)), x, targets) == pytest.approx(np.log(KINDS))
