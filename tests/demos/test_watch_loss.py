from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.watch_loss import CONTEXT, HIDDEN, WIDTH, forward, lines, loss_and_gradients, run, write


def network(known: int) -> list[np.ndarray]:
    chance = np.random.default_rng(3)
    shapes = (known, WIDTH), (CONTEXT * WIDTH, HIDDEN), (HIDDEN, known)
    return [chance.normal(0, 0.3, shape) for shape in shapes]


def test_gradients_are_what_finite_differences_say() -> None:
    chance, weights = np.random.default_rng(4), network(5)
    contexts, right = chance.integers(5, size=(7, CONTEXT)), chance.integers(5, size=7)
    _, gradients = loss_and_gradients(weights, contexts, right)
    for weight, gradient in zip(weights, gradients, strict=True):
        for _ in range(10):
            at = tuple(chance.integers(size) for size in weight.shape)
            kept, seen = weight[at], []
            for nudged in (kept + 1e-5, kept - 1e-5):
                weight[at] = nudged
                seen.append(loss_and_gradients(weights, contexts, right)[0])
            weight[at] = kept
            assert gradient[at] == pytest.approx((seen[0] - seen[1]) / 2e-5, abs=1e-8)


def test_what_is_drawn_follows_the_probabilities() -> None:
    weights, start = network(3), np.tile([0, 1, 2, 0, 1, 2], (20000, 1))
    drawn = write(weights, start, 1, np.random.default_rng(5))
    expected = forward(weights, start[:1])[2][0]
    assert np.bincount(drawn[:, 0]) / 20000 == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("text", ["to be or not to be", "x", "one\n two"])
def test_a_text_of_your_own(text: str) -> None:
    assert all(line.isprintable() for line in lines(run(text=text)))
