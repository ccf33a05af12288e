from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.param_count import GPTS, PUBLISHED, arrays, count, formula


@pytest.mark.parametrize("name", GPTS)
def test_formula_arrays_and_published_number_agree(name: str) -> None:
    parts = arrays(*GPTS[name])
    assert sum(count(shapes) for shapes in parts.values()) == formula(*GPTS[name]) == PUBLISHED[name]


def test_counting_by_building_the_arrays() -> None:
    """Brute force, for a shape that fits into memory."""
    shape = (10, 3, 7, 5)
    built = [np.zeros(one) for shapes in arrays(*shape).values() for one in shapes]
    assert sum(array.size for array in built) == formula(*shape)


def test_the_matrices_fit_together() -> None:
    """A forward pass through one layer's matrices, by shape alone."""
    parts = arrays(8, 1, 11, 4)
    (qkv, _, out, _), (up, _, down, _) = parts["attention"], parts["networks"]
    row = np.zeros(parts["tokens"][0])[3]
    mixed = np.split(row @ np.zeros(qkv), 3)[2] @ np.zeros(out)
    scores = (mixed @ np.zeros(up) @ np.zeros(down)) @ np.zeros(parts["tokens"][0]).T
    assert scores.shape == (11,)
