from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.data_order import NEXT, ORDERS, WORDS, arrange, loss, step, write


def pages(seed: int = 0, count: int = 50) -> np.ndarray:
    return np.random.default_rng(seed).integers(WORDS, size=(count, 2))


def test_a_step_goes_down_the_slope() -> None:
    """Central differences of the mean loss, in nats, at every number that the page touches."""
    scores, read, small = np.random.default_rng(1).normal(size=(WORDS, WORDS)), pages(), 1e-6
    moved = scores.copy()
    step(moved, read, 1.0)
    for before in read[:3, 0]:
        for after in range(0, WORDS, 7):
            up, down = scores.copy(), scores.copy()
            up[before, after] += small
            down[before, after] -= small
            slope = (loss(up, read) - loss(down, read)) * np.log(2) / (2 * small)
            assert moved[before, after] - scores[before, after] == pytest.approx(-WORDS * slope, abs=1e-5)


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_has_the_same_pages(order: str) -> None:
    good, rest = pages(1, 10), pages(2, 30)
    row = arrange(good, rest, order, np.random.default_rng(0))
    assert sorted(map(tuple, row)) == sorted(map(tuple, np.concatenate([good, rest])))
    if order != "mixed":
        place = row[:10] if order == "first" else row[-10:]
        assert (place == good).all()


def test_losses_of_knowing_nothing_and_all() -> None:
    chance = np.random.default_rng(0)
    follows = np.argsort(chance.random((WORDS, WORDS)), axis=1)[:, :NEXT]
    read, perfect = write(follows, 500, chance), np.full((WORDS, WORDS), -50.0)
    np.put_along_axis(perfect, follows, 0.0, axis=1)
    assert loss(np.zeros((WORDS, WORDS)), read) == pytest.approx(np.log2(WORDS))
    assert loss(perfect, read) == pytest.approx(np.log2(NEXT))
