from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.sliding_window import read


def example(length: int = 24) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.2, (length, 2, 4))


@pytest.mark.parametrize("windows", [[1], [5], [None], [5, 3], [3, None, 5], [40]])
def test_a_rolling_cache_is_attention_with_a_band_as_mask(windows: list[int | None]) -> None:
    """All tokens at once, with a matrix that hides what is ahead and what has left the window."""
    text = example()
    x, length = text, len(text)
    back = np.arange(length)[:, None] - np.arange(length)  # how far token j lies behind token i
    for window in windows:
        hidden = (back < 0) | (back >= (window or length))
        looks = np.exp(np.where(hidden[:, :, None], -np.inf, 20 * x[None, :, :, 0]))  # (i, j, texts)
        x = np.einsum("ijt,jtf->itf", looks / looks.sum(1, keepdims=True), x)
    assert np.array(list(read(text, windows))) == pytest.approx(x)


@pytest.mark.parametrize(("windows", "reach"), [([4], 3), ([4, 4], 6), ([4, 2, 4], 7), ([2, None], 23)])
def test_a_change_is_felt_as_far_as_the_windows_reach(windows: list[int | None], reach: int) -> None:
    before = np.array(list(read(example(), windows)))
    changed = example()
    changed[0] += 0.1
    moved = np.abs(np.array(list(read(changed, windows))) - before).max((1, 2))
    assert (moved[: reach + 1] > 0).all()
    assert (moved[reach + 1 :] == 0).all()
