from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.matmul_parallel import Cell, attention, recurrence, run, schedule


def cell(part: str, cost: int, *needs: str) -> Cell:
    return Cell((part,), cost, [(need,) for need in needs], lambda: None)


def test_small_schedules_by_hand() -> None:
    chain = [cell("a", 2), cell("b", 3, "a"), cell("c", 1, "b")]
    assert [schedule(chain, workers) for workers in (1, 9)] == [6, 6]
    loose = [cell("a", 2), cell("b", 2), cell("c", 2), cell("d", 2)]
    assert [schedule(loose, workers) for workers in (1, 2, 3, 4)] == [8, 4, 4, 2]
    both = [cell("a", 1), cell("a", 5), cell("b", 1, "a")]  # b waits for all cells of a
    assert schedule(both, 2) == 6


@given(st.integers(1, 12), st.integers(1, 4), st.integers(1, 50))
def test_no_schedule_beats_the_work_or_the_longest_chain(words: int, width: int, workers: int) -> None:
    x, weights = np.ones((words, width)), np.ones((3, width, width))
    for cells in (attention(x, weights, given=True)[0], recurrence(words, width)[0]):
        work = sum(one.cost for one in cells)
        ticks = schedule(cells, workers)
        assert ticks >= math.ceil(work / workers)
        assert ticks <= work
        if workers == 1:
            assert ticks == work


def test_attention_comes_out_right_in_every_schedule() -> None:
    chance = np.random.default_rng(0)
    x, weights = chance.normal(size=(5, 3)), chance.normal(size=(3, 3, 3))
    queries, keys, values = x @ weights
    for workers in (1, 2, 50):
        for there in (True, False):
            cells, out = attention(x, weights, given=there)
            schedule(cells, workers)
            for t in range(5):
                fits = [math.exp(queries[t] @ keys[j] / math.sqrt(3)) for j in range(t + 1)]
                mixed = sum(fit * values[j] for j, fit in enumerate(fits)) / sum(fits)
                assert out[t] == pytest.approx(list(mixed))


def test_the_work_is_counted_by_the_formulas() -> None:
    words, width = 20, 4
    ticks = run(0, words=words, width=width)["ticks"]
    pairs = words * (words + 1) // 2
    assert ticks["reading"][0] == 3 * words * width**2 + 2 * pairs * width
    assert ticks["recurrent"][0] == 2 * words * width**2
    assert ticks["recurrent"][-1] == width + words * width  # the chain: the first word, then all states
    assert ticks["reading"][-1] == 2 * width + words  # a key, a match, and the mixing of the last word
