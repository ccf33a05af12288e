from __future__ import annotations

import numpy as np
import pytest

from studykit.demos import lossy_compression
from studykit.demos.lossy_compression import NAMES, chances, gradient, people, read

RNG = np.random.default_rng(0)


def test_the_gradient_agrees_with_finite_differences() -> None:
    names, homes = RNG.normal(size=(7, 3)), RNG.integers(0, len(NAMES), 7)
    share = RNG.dirichlet(np.ones(7))
    weights = RNG.normal(size=(3, len(NAMES)))

    def loss(at: lossy_compression.Array) -> float:
        return float(-(share * np.log(chances(at, names)[np.arange(7), homes])).sum())

    found = gradient(weights, names, homes, share)
    for place in ((0, 0), (1, 5), (2, 19)):
        step = np.zeros_like(weights)
        step[place] = 1e-6
        slope = (loss(weights + step) - loss(weights - step)) / 2e-6
        assert found[place] == pytest.approx(slope, abs=1e-8)


def test_names_at_right_angles_are_all_kept() -> None:
    """With as many numbers as facts, none in another's way, nothing is lost however rare it is."""
    homes = RNG.integers(0, len(NAMES), 20)
    weights = read(np.eye(20), homes, np.linspace(100, 1, 20))
    assert (chances(weights, np.eye(20)).argmax(axis=1) == homes).all()


def test_where_all_names_are_alike_the_shares_of_the_pages_are_left() -> None:
    homes = np.array([3, 7, 7, 1])
    pages = np.array([5.0, 1.0, 1.0, 3.0])
    names = np.full((4, 1), 0.3)
    answers = chances(read(names, homes, pages), names)
    assert answers[0, [3, 7, 1]] == pytest.approx([0.5, 0.2, 0.3], abs=0.01)


def test_compatriots_have_names_alike() -> None:
    names, homes = people(np.random.default_rng(1), 500)
    alike = names @ names.T
    country = homes // 4
    same = (country[:, None] == country[None, :]) & ~np.eye(len(homes), dtype=bool)
    assert alike[same].mean() == pytest.approx(1, abs=0.15)
    assert alike[country[:, None] != country[None, :]].mean() == pytest.approx(0, abs=0.05)
