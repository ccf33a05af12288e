from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.flash_attention import BLOCK, WIDTH, Desk, by_blocks, by_table, run


def blocks(queries: np.ndarray, keys: np.ndarray, values: np.ndarray, block: int) -> np.ndarray:
    return by_blocks(queries, keys, values, Desk(), block=block, first=1, rescale=True)[0]


@given(st.integers(1, 12), st.integers(1, 15), st.integers(0, 99))
def test_it_is_the_softmax_of_the_textbook(tokens: int, block: int, seed: int) -> None:
    queries, keys, values = np.random.default_rng(seed).normal(size=(3, tokens, WIDTH))
    found = blocks(queries, keys, values, block)
    for i, query in enumerate(queries):
        looks = [math.exp(sum(a * b for a, b in zip(query, key, strict=True))) for key in keys]
        mixed = sum(look * value for look, value in zip(looks, values, strict=True)) / sum(looks)
        assert found[i] == pytest.approx(mixed)
    assert by_table(queries, keys, values, Desk()) == pytest.approx(found)


def test_scores_far_beyond_what_can_be_exponentiated() -> None:
    """exp(1000) is no number; softmax over 1000 and 999 is that over 1 and 0."""
    keys, values = np.zeros((2, WIDTH)), np.zeros((2, WIDTH))
    keys[:, 0], values[:, 0] = (1000, 999), (1, 0)
    found = blocks(np.eye(WIDTH)[:1].repeat(2, axis=0), keys, values, block=1)
    assert found[0, 0] == pytest.approx(math.e / (math.e + 1))


def test_what_lies_on_the_desk_is_one_block_and_what_is_known_of_its_rows() -> None:
    assert run(0)["held"] == [BLOCK * BLOCK + BLOCK * (WIDTH + 2)] * 3
    assert run(0)["tables"] == [64**2, 256**2, 1024**2]


def test_at_no_sharpness_everything_is_the_mean() -> None:
    chance = np.random.default_rng(0)
    keys, values = chance.normal(size=(2, 10, WIDTH))
    assert blocks(np.zeros((10, WIDTH)), keys, values, 3)[4] == pytest.approx(values.mean(0))
