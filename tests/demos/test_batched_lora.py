from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.batched_lora import LAYERS, RANK, WIDTH, Machine, batched, from_blend, from_copies, run


@given(st.integers(1, 6), st.integers(1, 9), st.integers(1, 4), st.integers(0, 99))
def test_a_batch_of_loras_is_every_merged_copy(people: int, batch: int, rank: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    layers = [
        (
            chance.normal(size=(5, 5)),
            chance.normal(size=(people, 5, rank)),
            chance.normal(size=(people, rank, 5)),
        )
        for _ in range(2)
    ]
    x, who = chance.normal(size=(batch, 5)), chance.integers(people, size=batch)
    together = batched(Machine(), x, who, layers)
    assert together == pytest.approx(from_copies(Machine(), x, who, layers))
    for i, person in enumerate(who):  # and both are W + A B, applied to one request alone
        one = x[i]
        for weights, a, b in layers:
            one = np.tanh((weights + a[person] @ b[person]).T @ one)
        assert together[i] == pytest.approx(one)


def test_what_is_counted_is_what_the_formulas_say() -> None:
    numbers = run(0)
    full, thin = LAYERS * WIDTH**2, LAYERS * 2 * WIDTH * RANK
    here, batch, people = (numbers[name] for name in ("here", "batch", "people"))
    assert numbers["fetched"] == {"copies": here * full, "batched": full + here * thin}
    assert numbers["multiplied"] == {"copies": batch * full, "batched": batch * (full + thin)}
    assert numbers["stored"] == {"copies": people * full, "batched": full + people * thin}


def test_the_blend_of_one_is_that_one() -> None:
    numbers = run(0, people=1)
    assert numbers["blend_off"] == pytest.approx(0, abs=1e-9)


def test_a_blend_of_loras_that_do_nothing_is_the_plain_model() -> None:
    chance = np.random.default_rng(0)
    weights, x = chance.normal(size=(4, 4)), chance.normal(size=(2, 4))
    layers = [(weights, chance.normal(size=(3, 4, 1)), np.zeros((3, 1, 4)))]
    assert from_blend(x, layers) == pytest.approx(np.tanh(x @ weights))
