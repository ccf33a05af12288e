from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.needle_haystack import attend, run, text, unit


@given(st.integers(2, 5000), st.floats(0.5, 20))
def test_one_match_among_words_that_do_not_match_at_all(length: int, sharp: float) -> None:
    """The textbook case: weight e^s / (e^s + n - 1)."""
    matches = np.zeros(length)
    matches[-1] = 1
    weights = attend(matches, sharp, shared=True)
    assert weights[-1] == pytest.approx(math.exp(sharp) / (math.exp(sharp) + length - 1))
    assert weights.sum() == pytest.approx(1)


@given(st.integers(2, 5000))
def test_sharpness_that_grows_with_the_logarithm_keeps_the_weight(length: int) -> None:
    matches = np.zeros(length)
    matches[0] = 1
    assert attend(matches, 2 * math.log(length), shared=True)[0] >= 0.66


def test_not_shared_the_best_takes_all() -> None:
    assert list(attend(np.array([0.1, 0.9, 0.3]), 5.0, shared=False)) == [0, 1, 0]


def test_keys_are_of_length_one_and_as_alike_as_is_said() -> None:
    chance = np.random.default_rng(0)
    keys, words = text(chance, 200, 0.6)
    assert np.linalg.norm(keys, axis=1) == pytest.approx(np.ones(200))
    assert len(words) == 200
    alike = (keys @ keys.T)[np.triu_indices(200, 1)].mean()
    assert alike == pytest.approx(0.36 / (0.36 + 0.16), abs=0.05)
    assert unit(np.array([3.0, 4.0])) == pytest.approx([0.6, 0.8])


def test_the_shares_follow_the_mean_of_the_others() -> None:
    """Random matches of width d have variance 1/d, so the others weigh about n e^(s²/2d)."""
    row = run(0)["rows"][3]
    needle = math.exp(5 * 2 / math.sqrt(5))  # the question is the needle's key, turned by half a unit
    expected = needle / (needle + 1023 * math.exp(25 / 64))
    assert row["share"]["same"] == pytest.approx(expected, rel=0.25)
