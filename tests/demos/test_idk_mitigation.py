from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.idk_mitigation import connect, examine, refusal, run, unsure


def test_entropy_from_sure_to_even() -> None:
    answers = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4])
    assert unsure(answers) == pytest.approx([0, np.log(2), np.log(4)], abs=1e-6)


def test_the_examination_marks_what_is_not_known() -> None:
    answers = np.array([[0.98, 0.01, 0.01], [0.98, 0.01, 0.01]])
    assert examine(answers, np.array([0, 1]), np.random.default_rng(0)).tolist() == [False, True]


def test_the_connection_is_where_the_gradient_of_logistic_regression_vanishes() -> None:
    rng = np.random.default_rng(0)
    inside = rng.normal(size=400)
    refuse = rng.random(400) < 1 / (1 + np.exp(-(2 * inside - 1)))
    weight, bias = connect(inside, refuse)
    error = refusal(inside, weight, bias) - refuse
    assert [error.mean(), (error * inside).mean()] == pytest.approx([0, 0], abs=1e-3)
    assert weight == pytest.approx(2, abs=0.6)


def test_every_question_is_right_wrong_or_refused() -> None:
    numbers = run(1)
    assert sum(numbers["before"]) == sum(numbers["after"]) == numbers["exam"]


@pytest.mark.slow
def test_refusals_placed_at_random_hit_the_known_and_the_unknown_alike() -> None:
    shares = []
    for seed in range(4):
        numbers = run(seed, by_examination=False)
        (right, wrong, _), (still_right, still_wrong, _) = numbers["before"], numbers["after"]
        shares.append(still_right / right - still_wrong / wrong)
    assert np.mean(shares) == pytest.approx(0, abs=0.25)
