from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.rag_or_train import FETCHED, VALUES, WIDTH, answered, search, train

RNG = np.random.default_rng(0)
NAMES = RNG.normal(size=(40, WIDTH)) / np.sqrt(WIDTH)
VALUES_OF = RNG.integers(0, VALUES, 40)


def test_the_weights_are_where_the_slope_is_nothing() -> None:
    weights = train(NAMES, VALUES_OF)
    wanted = 2 * np.eye(VALUES)[VALUES_OF] - 1
    assert NAMES.T @ (NAMES @ weights - wanted) + 0.1 * weights == pytest.approx(np.zeros((WIDTH, VALUES)))
    assert ((NAMES @ weights).argmax(axis=1) == VALUES_OF).all()


def test_search_by_brute_force() -> None:
    asked = NAMES[RNG.integers(0, 40, (5, 3))]
    for question, found in zip(asked, search(NAMES, asked), strict=True):
        alike = [float(question.mean(axis=0) @ name) for name in NAMES]
        assert found.tolist() == sorted(range(40), key=lambda i: -alike[i])[:FETCHED]


def test_what_changed_since_training_is_right_only_if_it_is_found() -> None:
    weights, needed = train(NAMES, VALUES_OF), np.array([[3], [4]])
    today = VALUES_OF.copy()
    today[3] = (today[3] + 1) % VALUES
    assert answered(NAMES, today, weights, needed, NAMES[needed]) == {"trained": 1, "search": 2, "both": 2}
    other = int((NAMES @ NAMES[3]).argmin())
    away = NAMES[[[other], [4]]]  # the first asks for 3, but by a name that is nothing like it
    assert answered(NAMES, today, weights, needed, away)["search"] == 1
