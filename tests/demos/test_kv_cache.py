from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.kv_cache import LAYERS, LETTERS, TOKENS, WIDTH, Cache, Model, run, write


def caches() -> list[Cache]:
    return [Cache() for _ in range(LAYERS)]


@given(st.lists(st.lists(st.integers(0, len(LETTERS) - 1), min_size=1, max_size=6), min_size=1, max_size=6))
def test_however_a_text_is_cut_the_scores_are_those_of_reading_it_at_once(pieces: list[list[int]]) -> None:
    model, kept = Model(np.random.default_rng(0)), caches()
    for piece in pieces:
        scores = model.forward(piece, kept)
    at_once = model.forward([token for piece in pieces for token in piece], caches())
    assert scores == pytest.approx(at_once, abs=1e-9)


def test_it_is_plain_causal_attention() -> None:
    """Token by token and without any cache, as the formula has it: softmax(q k / sqrt(width)) v."""
    model, text = Model(np.random.default_rng(1)), [3, 1, 4, 1, 5]
    x = [model.letters[token] + model.places[place] for place, token in enumerate(text)]
    for layer in model.layers:
        query, key, value = ([v @ layer[name] for v in x] for name in ("query", "key", "value"))
        mixed = []
        for i in range(len(text)):
            fits = [np.exp(query[i] @ key[j] / WIDTH**0.5) for j in range(i + 1)]
            mixed.append(sum(fit * value[j] for j, fit in enumerate(fits)) / sum(fits))
        x = [np.tanh(old + new @ layer["mix"]) for old, new in zip(x, mixed, strict=True)]
    assert model.forward(text, caches())[0] == pytest.approx(x[-1] @ model.scores)


def test_the_count_of_multiplications() -> None:
    """Four matrices for each new token, and two products with all tokens so far, in each layer."""
    model = Model(np.random.default_rng(0))

    def formula(new: int, so_far: int) -> int:
        return LAYERS * (4 * new * WIDTH**2 + 2 * new * so_far * WIDTH) + WIDTH * len(LETTERS)

    _, _, slow = write(model, [0], keep=False)
    _, _, fast = write(model, [0], keep=True)
    assert slow == [formula(n, n) for n in range(1, TOKENS)]
    assert fast == [formula(1, n) for n in range(1, TOKENS)]


@pytest.mark.parametrize("text", ["", "x", "Ünïcode & 中文", "a long prompt " * 40])
def test_it_goes_on_from_your_text(text: str) -> None:
    numbers = run(0, text=text)
    assert len(numbers["text"]) == TOKENS
    assert numbers["same_text"]
