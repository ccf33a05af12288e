from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.linear_attention import WIDTH, Work, add, all_pairs, replace, running


@given(st.integers(1, 30), st.integers(0, 100))
def test_running_and_all_pairs_agree(tokens: int, seed: int) -> None:
    queries, keys, values = np.random.default_rng(seed).normal(size=(3, tokens, WIDTH))
    assert running(queries, keys, values, Work()) == pytest.approx(
        all_pairs(queries, keys, values, Work()), abs=1e-9
    )


def test_all_pairs_by_hand() -> None:
    queries, keys, values = np.random.default_rng(0).normal(size=(3, 4, WIDTH))
    third = sum((queries[2] @ keys[i]) * values[i] for i in range(3))
    assert all_pairs(queries, keys, values, Work())[2] == pytest.approx(third)


def test_the_delta_rule_overwrites_and_the_sum_does_not() -> None:
    chance = np.random.default_rng(0)
    key, old, new = chance.normal(size=(3, WIDTH))
    key /= np.linalg.norm(key)
    empty = np.zeros((WIDTH, WIDTH))
    assert key @ replace(replace(empty, key, old), key, new) == pytest.approx(new)
    assert key @ add(add(empty, key, old), key, new) == pytest.approx(old + new)


def test_a_key_at_a_right_angle_is_left_alone() -> None:
    keys, values = np.eye(WIDTH), np.random.default_rng(1).normal(size=(WIDTH, WIDTH))
    state = replace(np.zeros((WIDTH, WIDTH)), keys[0], values[0])
    assert keys[0] @ replace(state, keys[1], values[1]) == pytest.approx(values[0])


def test_multiplications_by_hand() -> None:
    work = Work()
    queries, keys, values = np.random.default_rng(0).normal(size=(3, 5, WIDTH))
    all_pairs(queries, keys, values, work)
    assert work.count == 2 * 5 * 5 * WIDTH
    running(queries, keys, values, work)
    assert work.count == 2 * 5 * 5 * WIDTH + 2 * 5 * WIDTH * WIDTH
