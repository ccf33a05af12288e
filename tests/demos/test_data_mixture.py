from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.data_mixture import GRID, best, loss, sources, terms, train


def test_every_mix_on_the_grid_sums_to_one() -> None:
    assert GRID.sum(axis=1) == pytest.approx(1)
    assert GRID.min() >= 0
    assert len(GRID) == 231  # 21 * 22 / 2


def test_no_model_has_less_loss_than_the_test_itself() -> None:
    """Gibbs' inequality: cross-entropy is smallest for the same shares, where it is the entropy."""
    rng = np.random.default_rng(0)
    wanted, *others = sources(rng)
    entropy = -float((wanted * np.log(wanted + 1e-300)).sum())
    assert loss(np.maximum(wanted, 1e-300), wanted) == pytest.approx(entropy)
    assert all(loss(other + 1e-9, wanted) > entropy for other in others)


def test_a_model_that_reads_much_has_the_shares_of_its_mix() -> None:
    rng = np.random.default_rng(0)
    source, mix = sources(rng), np.array([0.5, 0.3, 0.2])
    assert train(mix, source, 10**7, rng) == pytest.approx(mix @ source, abs=1e-3)


def test_the_regression_finds_the_lowest_point_of_its_own_kind_of_curve() -> None:
    """Brute force over the grid, for results that follow the regression's form without noise."""
    rng = np.random.default_rng(0)
    mixes, bend = rng.dirichlet(np.ones(3), 40), np.array([5.0, -0.5, -0.3, -0.2])
    found = best(mixes, terms(mixes) @ bend)
    assert found.tolist() == min(GRID.tolist(), key=lambda mix: float((terms(np.array([mix])) @ bend)[0]))
