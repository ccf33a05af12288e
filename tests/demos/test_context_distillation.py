from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.context_distillation import answer, apart, distil, gradient
from studykit.demos.lossy_compression import NAMES, chances

RNG = np.random.default_rng(0)
CITIES = len(NAMES)


def test_the_gradient_agrees_with_finite_differences() -> None:
    asked, weights = RNG.normal(size=(6, 3)), RNG.normal(size=(3, CITIES))
    teacher = RNG.dirichlet(np.ones(CITIES), 6)
    found = gradient(weights, asked, teacher)
    for place in ((0, 0), (1, 7), (2, 19)):
        step = np.zeros_like(weights)
        step[place] = 1e-6
        up, down = (apart(teacher, chances(weights + sign * step, asked)) for sign in (1, -1))
        assert found[place] == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_the_divergence_of_a_textbook_example() -> None:
    """Wikipedia's article on the Kullback-Leibler divergence: P = 9/25, 12/25, 4/25 against a third each."""
    teacher, student = np.array([[9, 12, 4]]) / 25, np.full((1, 3), 1 / 3)
    assert apart(teacher, student) == pytest.approx(0.0852996, abs=1e-6)
    assert apart(student, teacher) == pytest.approx(0.097455, abs=1e-6)
    assert apart(teacher, teacher) == 0


def test_notes_on_nobody_alike_change_nothing() -> None:
    weights = RNG.normal(size=(2, CITIES))
    asked = np.array([[1.0, 0.0]])
    bare = chances(weights, asked)
    assert answer(weights, asked, np.array([[0.0, 1.0]]), np.array([4])) == pytest.approx(bare, abs=1e-9)
    assert answer(weights, asked, np.array([[1.0, 0.0]]), np.array([4]))[0, 4] > 0.95


def test_where_it_can_a_student_becomes_its_teacher() -> None:
    """One question per weight row: the teacher's chances can be matched exactly."""
    teacher = RNG.dirichlet(np.full(CITIES, 5.0), 3)
    student = distil(np.zeros((3, CITIES)), np.eye(3), teacher)
    assert chances(student, np.eye(3)) == pytest.approx(teacher, abs=1e-3)
