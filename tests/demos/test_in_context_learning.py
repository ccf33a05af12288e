from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.in_context_learning import (
    DIALS,
    SHOTS,
    SPREAD,
    Array,
    attend,
    gradient,
    machines,
    run,
    train,
)

RNG = np.random.default_rng(0)


def test_the_gradient_agrees_with_finite_differences() -> None:
    prompts, right = machines(RNG, 5, 4)
    weights, sink = RNG.normal(size=(DIALS, DIALS)), 2.5

    def loss(weights: Array, sink: float) -> float:
        return float(np.mean((attend(weights, sink, *prompts) - right) ** 2))

    by_weights, by_sink = gradient(weights, sink, prompts, right)
    step = np.zeros_like(weights)
    step[0, 2] = 1e-6
    slope = (loss(weights + step, sink) - loss(weights - step, sink)) / 2e-6
    assert by_weights[0, 2] == pytest.approx(slope, rel=1e-6)
    assert by_sink == pytest.approx(
        (loss(weights, sink + 1e-6) - loss(weights, sink - 1e-6)) / 2e-6, rel=1e-6
    )


def test_attention_written_as_a_loop() -> None:
    (dials, needles, asked), _ = machines(RNG, 3, 6)
    weights = RNG.normal(size=(DIALS, DIALS))
    for p in range(3):
        mixed = sum(float(asked[p] @ weights @ dials[p, n]) * needles[p, n] for n in range(6))
        assert attend(weights, 1.5, dials, needles, asked)[p] == pytest.approx(mixed / 7.5)


def test_training_finds_what_theory_says_is_best() -> None:
    """For long prompts the inverse of the dials' variance, so dial by dial and least for what moves most.

    Compare arXiv:2306.09927, which also gives the error for prompts of one length.
    """
    weights, _ = train(np.random.default_rng(3))
    assert weights - np.diag(np.diag(weights)) == pytest.approx(np.zeros((DIALS, DIALS)), abs=0.12)
    assert np.diag(weights) == pytest.approx(SPREAD**-2, rel=0.3)


def test_the_error_is_what_theory_says_it_is() -> None:
    """The best for prompts of this length alone; one set of weights for all lengths is a little worse."""
    variance, errors = SPREAD**2, run(0)["error"]
    for n in SHOTS[1:]:
        best = 1 / ((1 + 1 / n) * variance + variance.sum() / n)
        theory = float((variance * (1 - best * variance)).sum() / variance.sum())
        assert theory - 0.04 < errors[str(n)] < theory + 0.08
