from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.nucleus import most_likely, run, softmax, top_p, varied

SCORES = st.lists(st.integers(-80, 80).map(lambda tenths: tenths / 10), min_size=2, max_size=12, unique=True)


@given(SCORES, st.floats(0.2, 4))
def test_softmax_is_numpys(scores: list[float], temperature: float) -> None:
    powers = np.exp(np.array(scores) / temperature)
    assert softmax(scores, temperature) == pytest.approx(powers / powers.sum())


@given(SCORES, st.floats(0.05, 1))
def test_the_nucleus_is_the_smallest_set_that_reaches_p(scores: list[float], p: float) -> None:
    chances = softmax(scores, 1.0)
    kept = [i for i, chance in enumerate(top_p(chances, p)) if chance > 0]
    total = math.fsum(chances[i] for i in kept)
    assert total >= p - 1e-9
    assert total - min(chances[i] for i in kept) < p
    assert min(chances[i] for i in kept) >= max(
        (chance for i, chance in enumerate(chances) if i not in kept), default=0
    )


@given(SCORES, st.integers(1, 12))
def test_top_k_keeps_k_and_their_proportions(scores: list[float], k: int) -> None:
    chances, k = softmax(scores, 1.0), min(k, len(scores))
    found = most_likely(k, scores)
    assert sum(chance > 0 for chance in found) == k
    assert math.fsum(found) == pytest.approx(1)
    best, least = (
        max(range(len(found)), key=found.__getitem__),
        min((i for i in range(len(found)) if found[i]), key=found.__getitem__),
    )
    assert found[best] / found[least] == pytest.approx(chances[best] / chances[least])


def test_equal_choices_count_as_many_as_they_are() -> None:
    assert varied([0.1] * 4 + [0.6], sense=4) == pytest.approx(4)
    assert varied([1.0, 0.0], sense=2) == pytest.approx(1)


def test_a_whole_p_cuts_nothing() -> None:
    ways = run(0, p=1.0)["ways"]
    assert ways["top-p"]["nonsense"] == pytest.approx(ways["as learned"]["nonsense"])


def test_cooler_is_duller_step_by_step() -> None:
    choices = [run(0, temperature=t)["ways"]["top-p"]["varied"]["many ways on"] for t in (0.3, 0.6, 1.0)]
    assert choices == sorted(choices)
