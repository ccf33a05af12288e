from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.embeddings import nearest, neighbours, run, softmax, train


def test_neighbours_by_hand() -> None:
    counts = neighbours([["a", "b", "c"], ["b", "b"]], ["a", "b", "c"], 1)
    assert counts.tolist() == [[0, 1, 0], [1, 2, 1], [0, 1, 0]]
    assert neighbours([["a", "b", "c"]], ["a", "b", "c"], 2)[0].tolist() == [0, 1, 1]


def test_training_foretells_the_neighbours() -> None:
    """Wide enough, the vectors come close to the shares that were counted."""
    chance = np.random.default_rng(0)
    counts = chance.integers(1, 9, (6, 6)).astype(float)
    counts += counts.T
    wanted = counts / counts.sum(1, keepdims=True)
    before = -(wanted * np.log(np.full((6, 6), 1 / 6))).sum(1).mean()
    words = train(counts, 6, chance)
    assert words.shape == (6, 6)
    # the best neighbour vectors for these word vectors, found anew by least squares on the logarithms
    logs = np.log(wanted) - np.log(wanted).mean(1, keepdims=True)
    fitted = words @ np.linalg.lstsq(words, logs, rcond=None)[0]
    after = -(wanted * np.log(softmax(fitted))).sum(1).mean()
    entropy = -(wanted * np.log(wanted)).sum(1).mean()
    assert entropy <= after < entropy + 0.3 * (before - entropy)


def test_words_with_the_same_neighbours_come_to_lie_together() -> None:
    """Two words with equal rows, a third with another."""
    counts = np.array([[0, 0, 0, 9, 1], [0, 0, 0, 9, 1], [0, 0, 0, 1, 9], [9, 9, 1, 0, 0], [1, 1, 9, 0, 0.0]])
    words = train(counts, 3, np.random.default_rng(0))
    assert nearest(words, words[0], [0]) == 1
    assert nearest(words, words[1], [1]) == 0


def test_nearest_goes_by_the_angle_not_the_length() -> None:
    vectors = np.array([[1.0, 0.0], [5.0, 0.5], [0.8, 0.6]])
    assert nearest(vectors, vectors[0], [0]) == 1
    assert nearest(vectors, vectors[0], [0, 1]) == 2


@pytest.mark.parametrize("seed", [3, 4])
def test_hot_and_cold_are_of_a_kind(seed: int) -> None:
    assert run(seed)["close"]["hot"] in {"cold", "warm", "cool"}
