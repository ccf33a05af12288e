from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.sparse_attention import SHARE, WIDTH, attention, indexer, pick


def test_attention_is_the_softmax_of_the_fits() -> None:
    chance = np.random.default_rng(0)
    queries, keys = chance.normal(size=(3, WIDTH)), chance.normal(size=(7, WIDTH))
    for query, row in zip(queries, attention(queries, keys), strict=True):
        fits = [np.exp(query @ key / WIDTH**0.5) for key in keys]
        assert row == pytest.approx(np.array(fits) / sum(fits))


def test_with_whole_vectors_the_picked_are_those_attended_to_most() -> None:
    chance = np.random.default_rng(1)
    queries, keys = chance.normal(size=(5, WIDTH)), chance.normal(size=(60, WIDTH))
    picked = pick(queries, keys, np.eye(WIDTH))
    assert picked.shape == (5, int(SHARE * 60))
    for row, found in zip(attention(queries, keys), picked, strict=True):
        assert set(found) == set(np.argsort(-row)[: len(found)])


def test_as_many_directions_as_the_keys_have_lose_nothing() -> None:
    chance = np.random.default_rng(2)
    keys = chance.normal(size=(60, 4)) @ chance.normal(size=(4, WIDTH))
    queries = chance.normal(size=(5, WIDTH))
    short = indexer(keys, 4)
    assert (queries @ short) @ (keys @ short).T == pytest.approx(queries @ keys.T)
