from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.naive_finetune import CONTEXT, HIDDEN, WIDTH, go_on, gradients, loss, train, windows

RNG = np.random.default_rng(0)
WORDS = ["_", ".", "cat", "sat", "the"]


def weights() -> dict[str, np.ndarray]:
    shapes = {"embedding": (5, WIDTH), "hidden": (CONTEXT * WIDTH, HIDDEN), "out": (HIDDEN, 5)}
    return {name: RNG.normal(0, 0.3, shape) for name, shape in shapes.items()}


def test_the_gradients_agree_with_finite_differences() -> None:
    given = weights()
    context, word = RNG.integers(0, 5, (7, CONTEXT)), RNG.integers(0, 5, 7)
    for name, slope in gradients(given, context, word).items():
        for place in ((0, 0), (1, 2), (4, 3)):
            nudged = []
            for sign in (1, -1):
                moved = {**given, name: given[name].copy()}
                moved[name][place] += sign * 1e-6
                nudged.append(loss(moved, context, word))
            assert slope[place] == pytest.approx((nudged[0] - nudged[1]) / 2e-6, abs=1e-8)


def test_windows_hold_each_word_once_as_the_next_one() -> None:
    context, word = windows(["the cat sat ."], WORDS)
    assert word.tolist() == [4, 2, 3, 1]
    assert context.tolist() == [[0, 0, 0, 0], [0, 0, 0, 4], [0, 0, 4, 2], [0, 4, 2, 3]]


def test_a_text_learned_by_heart_is_gone_on_with() -> None:
    given = weights()
    learned = train(given, *windows(["the cat sat ."], WORDS), 200, RNG)
    assert go_on(learned, WORDS, "the") == "cat sat ."
    assert loss(learned, *windows(["the cat sat ."], WORDS)) < 0.01
