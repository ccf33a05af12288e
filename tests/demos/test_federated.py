from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.federated import RATE, WIDTH, average, federate, product, step

RNG = np.random.default_rng(0)
FROZEN = RNG.normal(size=(WIDTH, WIDTH)) / 8
X, Y = RNG.normal(size=(20, WIDTH)), RNG.normal(size=(20, WIDTH))


@pytest.mark.parametrize("shapes", [[(WIDTH, WIDTH)], [(WIDTH, 2), (2, WIDTH)]])
def test_a_step_goes_down_the_slope_found_by_nudging(shapes: list[tuple[int, int]]) -> None:
    change = tuple(RNG.normal(0, 0.1, shape) for shape in shapes)

    def loss(part: int, by: float) -> float:
        moved = [value.copy() for value in change]
        moved[part][1, 1] += by
        return float(0.5 * np.sum((X @ (FROZEN + product(tuple(moved))) - Y) ** 2) / len(X))

    after = step(change, X, Y, FROZEN)
    for part in range(len(change)):
        slope = (loss(part, 1e-5) - loss(part, -1e-5)) / 2e-5
        assert change[part][1, 1] - after[part][1, 1] == pytest.approx(RATE * slope, rel=1e-4)


def test_one_local_step_averaged_is_one_step_on_all_data() -> None:
    """FedSGD: with equal shares the mean of the clients' steps is the step of the whole."""
    nothing = (np.zeros((WIDTH, WIDTH)),)
    homes = [(X[:10], Y[:10]), (X[10:], Y[10:])]
    together, whole = (federate(nothing, some, FROZEN, local=1) for some in (homes, [(X, Y)]))
    assert together[0] == pytest.approx(whole[0])


def test_the_average_is_taken_part_by_part() -> None:
    a, b = average([(np.ones(2), np.zeros(3)), (np.full(2, 3.0), np.ones(3))])
    assert a.tolist() == [2, 2]
    assert b.tolist() == [0.5, 0.5, 0.5]
