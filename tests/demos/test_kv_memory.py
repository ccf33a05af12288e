from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.kv_memory import TOY_HEAD, attend, compress, kept


def test_bytes_by_hand() -> None:
    assert kept("MHA") == 32_768
    assert kept("GQA") == 2_048
    assert kept("MLA") == 576  # as the DeepSeek-V2 paper has it: 4.5 times the width of a head


def test_a_vector_that_is_long_enough_loses_nothing() -> None:
    chance = np.random.default_rng(0)
    both = chance.normal(size=(40, 5)) @ chance.normal(size=(5, 30))
    short, restore = compress(both, 5)
    assert short.shape == (40, 5)
    assert short @ restore == pytest.approx(both)


def test_no_matrix_of_that_rank_is_nearer() -> None:
    """The error is that of the singular values left out."""
    both = np.random.default_rng(1).normal(size=(20, 12))
    short, restore = compress(both, 4)
    left_out = np.linalg.svd(both, compute_uv=False)[4:]
    assert np.linalg.norm(both - short @ restore) == pytest.approx(np.linalg.norm(left_out))


def test_attention_can_work_on_the_short_vectors_themselves() -> None:
    """MLA's trick: q · (c W) = (q Wᵀ) · c, so that keys need not be restored."""
    chance = np.random.default_rng(2)
    query, short = chance.normal(size=TOY_HEAD), chance.normal(size=(9, 4))
    restore = chance.normal(size=(4, TOY_HEAD))
    assert (short @ restore) @ query == pytest.approx(short @ (restore @ query))


def test_attention_head_by_head() -> None:
    queries, keys, values = np.random.default_rng(3).normal(size=(3, 2, 5, TOY_HEAD))
    found = attend(queries, keys, values)
    for head in range(2):
        for i in range(5):
            fits = [np.exp(queries[head, i] @ key / TOY_HEAD**0.5) for key in keys[head]]
            mean = sum(fit * value for fit, value in zip(fits, values[head], strict=True)) / sum(fits)
            assert found[head, i] == pytest.approx(mean)
