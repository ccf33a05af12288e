from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.quantise import SCALES, quantise, scores

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("name", SCALES)
def test_no_weight_moves_by_more_than_half_a_step(name: str, bits: int) -> None:
    weights = RNG.normal(size=(30, 7)) * RNG.lognormal(size=7)
    largest = SCALES[name](weights)
    rounded = quantise(weights, bits, largest)
    assert (np.abs(rounded - weights) <= largest / (2 ** (bits - 1) - 1) / 2 + 1e-12).all()
    assert max(len(set(column)) for column in rounded.T.tolist()) <= 2**bits - 1


def test_two_bits_by_hand() -> None:
    weights = np.array([[1.0, 0.4, -0.9, -2.0, 1.1]])
    assert quantise(weights, 2, np.array([[2.0]])).tolist() == [[0.0, 0.0, 0.0, -2.0, 2.0]]


def test_rounding_again_changes_nothing() -> None:
    weights = RNG.normal(size=(5, 5))
    for scale in SCALES.values():
        once = quantise(weights, 4, scale(weights))
        assert quantise(once, 4, scale(once)) == pytest.approx(once)


def test_a_scale_for_each_column_is_as_if_each_were_a_matrix() -> None:
    weights = RNG.normal(size=(6, 4))
    whole, by_column = SCALES.values()
    alone = [quantise(column, 3, whole(column)) for column in (weights[:, [i]] for i in range(4))]
    assert np.array_equal(np.hstack(alone), quantise(weights, 3, by_column(weights)))


def test_scores_as_a_loop() -> None:
    network, seen = [RNG.normal(size=(3, 5)), RNG.normal(size=(5, 2))], RNG.normal(size=(4, 3))
    _, score = scores(network, seen)
    brute = [
        sum(max(0.0, float(seen[1] @ network[0][:, j])) * network[1][j, k] for j in range(5))
        for k in range(2)
    ]
    assert score[1] == pytest.approx(brute)
