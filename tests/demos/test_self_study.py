from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.self_study import chances, quiz, read, slope, windows

NUMBER = {word: i for i, word in enumerate([".", "a", "b", "leads", "x", "y"])}
TEXT = [["a", "leads", "x", "."], ["b", "leads", "y", "."]]


def test_the_slope_agrees_with_finite_differences() -> None:
    weights = np.random.default_rng(0).normal(size=(6, 6))
    bags, following = windows(TEXT, NUMBER)

    def loss(step: np.ndarray) -> float:
        return float(-np.log(chances(weights + step, bags)[np.arange(len(following)), following]).mean())

    for place in ((1, 3), (3, 4), (3, 0)):
        step = np.zeros((6, 6))
        step[place] = 1e-6
        assert slope(weights, bags, following)[place] == pytest.approx(
            (loss(step) - loss(-step)) / 2e-6, abs=1e-8
        )


def test_what_never_followed_a_word_is_never_learned_from_it() -> None:
    """After x came a full stop and nothing else, so x says nothing for a or b."""
    weights = read(TEXT, NUMBER)
    x, a, b, y = (NUMBER[word] for word in "xaby")
    assert weights[x, a] == pytest.approx(weights[x, b])
    assert weights[a, x] > weights[a, y] + 1


def test_the_quiz_asks_in_both_directions() -> None:
    assert [" ".join(question) for question in quiz(TEXT[:1])] == [
        "say what a leads : x",
        "say who leads x : a",
    ]
