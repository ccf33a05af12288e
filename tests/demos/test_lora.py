from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.lora import WIDTH, gradients, output, start, train

RNG = np.random.default_rng(0)


def test_the_gradients_agree_with_finite_differences() -> None:
    x, wanted, frozen = (
        RNG.normal(size=(5, WIDTH)),
        RNG.normal(size=(5, WIDTH)),
        RNG.normal(size=(WIDTH, WIDTH)),
    )
    a, b = RNG.normal(size=(WIDTH, 3)), RNG.normal(size=(3, WIDTH))

    def loss(a: np.ndarray, b: np.ndarray) -> float:
        return float(0.5 * np.sum((output(x, frozen, a, b) - wanted) ** 2) / len(x))

    slope_a, slope_b = gradients(x, wanted, frozen, a, b)
    for i, j in ((0, 0), (7, 2), (63, 1)):
        step_a, step_b = np.zeros_like(a), np.zeros_like(b)
        step_a[i, j], step_b[j, i] = 1e-5, 1e-5
        assert slope_a[i, j] == pytest.approx((loss(a + step_a, b) - loss(a - step_a, b)) / 2e-5, rel=1e-4)
        assert slope_b[j, i] == pytest.approx((loss(a, b + step_b) - loss(a, b - step_b)) / 2e-5, rel=1e-4)


def test_no_rank_learns_more_directions_than_it_has() -> None:
    """Eckart and Young 1936: of a change with equal directions, rank r leaves (rank - r) / rank."""
    change = np.eye(WIDTH)
    change[4:] = 0  # rank 4
    x = RNG.normal(size=(512, WIDTH))
    a, b = train(RNG, x, x @ change, np.zeros((WIDTH, WIDTH)), 2)
    assert np.linalg.matrix_rank(a @ b) == 2
    assert np.sum((a @ b - change) ** 2) / np.sum(change**2) == pytest.approx(0.5, abs=0.05)


def test_before_training_nothing_changes() -> None:
    x, frozen = RNG.normal(size=(5, WIDTH)), RNG.normal(size=(WIDTH, WIDTH))
    assert np.allclose(output(x, frozen, *start(RNG, 8)), x @ frozen, rtol=0, atol=1e-9)
