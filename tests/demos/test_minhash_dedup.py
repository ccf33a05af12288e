from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.minhash_dedup import PRIME, candidates, chance_to_meet, overlap, runs, signature


def numberings(count: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return np.stack([chance.integers(1, PRIME, count), chance.integers(0, PRIME, count)])


def test_overlap_by_hand() -> None:
    assert overlap(np.array([1, 2, 3]), np.array([2, 3, 4, 5])) == pytest.approx(2 / 5)
    assert len(runs(np.array([1, 2, 3, 4]))) == 2
    assert len(runs(np.array([1, 2, 3, 1, 2, 3]))) == 3  # the run that comes twice counts once


@pytest.mark.parametrize("common", [0, 20, 60, 100])
def test_the_smallest_agree_as_often_as_the_sets_overlap(common: int) -> None:
    chance, by = np.random.default_rng(1), numberings(4000)
    numbers = chance.choice(PRIME, 200 - common, replace=False)
    a, b = numbers[:100], numbers[100 - common :]
    one, two = (signature(page, by, chance, smallest=True) for page in (a, b))
    assert (one == two).mean() == pytest.approx(overlap(a, b), abs=0.03)


def test_bands_find_the_pairs_that_agree_in_one() -> None:
    """Against every pair compared, one band after the other."""
    signatures = np.random.default_rng(0).integers(3, size=(40, 12))
    expected = {
        (a, b)
        for b in range(40)
        for a in range(b)
        if any((signatures[a, i : i + 4] == signatures[b, i : i + 4]).all() for i in (0, 4, 8))
    }
    assert candidates(signatures, 4) == expected
    assert expected


def test_pages_meet_as_often_as_the_formula_says() -> None:
    """The known curve of 14 bands of 8: about 77 % at an overlap of three quarters."""
    assert chance_to_meet(0.75, 112, 8) == pytest.approx(0.77, abs=0.01)
    agree = np.random.default_rng(0).random((20_000, 14, 8)) < 0.75
    assert agree.all(2).any(1).mean() == pytest.approx(chance_to_meet(0.75, 112, 8), abs=0.01)
