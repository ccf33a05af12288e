from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.prompt_caching import (
    ANSWER,
    INSTRUCTIONS,
    NOTHING,
    QUESTION,
    STAMP,
    WORDS,
    Model,
    converse,
    lines,
    run,
    same,
)

PROMPTS = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=8), min_size=1, max_size=5)


@given(PROMPTS)
def test_from_a_cache_or_anew_the_same_comes_out(prompts: list[list[int]]) -> None:
    read, off = converse(Model(np.random.default_rng(0), causal=True), prompts)
    assert off < 1e-9
    seen: list[list[int]] = []
    for prompt, count in zip(prompts, read, strict=True):
        known = max((same(prompt, earlier) for earlier in seen), default=0)
        assert count == max(1, len(prompt) - known)
        seen.append(prompt)


def test_the_beginning_that_is_the_same() -> None:
    assert same([1, 2, 3], [1, 2, 4, 5]) == 2
    assert same([1, 2], [1, 2, 3]) == 2
    assert same([9, 2, 3], [1, 2, 3]) == 0


def test_what_is_read_by_hand() -> None:
    numbers = run(0, turns=5)
    turn = QUESTION + ANSWER
    assert numbers["length"] == [INSTRUCTIONS + STAMP + QUESTION + i * turn for i in range(5)]
    assert numbers["read"]["last line"] == [numbers["length"][0], *[turn + STAMP + QUESTION] * 4]
    assert numbers["read"]["first line"] == numbers["length"]


def test_looking_ahead_a_kept_row_is_wrong() -> None:
    model = Model(np.random.default_rng(0), causal=False)
    words = list(range(9))
    _, rows = model.read(words, NOTHING)
    said, _ = model.read([*words, WORDS - 1], rows)
    anew, _ = model.read([*words, WORDS - 1], NOTHING)
    assert np.abs(said - anew).max() > 1e-3


@pytest.mark.parametrize("turns", [2, 40])
def test_lines_for_short_and_long_conversations(turns: int) -> None:
    assert len(lines(run(0, turns=turns))) <= 15
