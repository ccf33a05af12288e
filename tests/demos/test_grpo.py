from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.grpo import GROUP, Array, advantages, answers, update

rewards = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=2, max_size=12)


def test_a_group_by_hand() -> None:
    """Two of eight right: mean 1/4, standard deviation sqrt(3)/4."""
    found = advantages(np.array([[1.0, 0, 0, 1, 0, 0, 0, 0]]))[0]
    assert found[0] == pytest.approx(3**0.5)
    assert found[1] == pytest.approx(-(3**-0.5))


@given(rewards, st.floats(0.1, 10), st.floats(-5, 5))
def test_only_the_place_in_the_group_counts(group: list[float], scale: float, shift: float) -> None:
    plain = advantages(np.array([group]))
    assert plain.sum() == pytest.approx(0, abs=1e-9)
    if len(set(group)) > 1:
        assert advantages(scale * np.array([group]) + shift) == pytest.approx(plain)
    else:
        assert not plain.any()


def test_the_update_is_the_gradient() -> None:
    """Of the mean of advantage times log-probability, by finite differences."""
    chance, small = np.random.default_rng(0), 1e-6
    scores = chance.normal(size=50)
    given = answers(scores, chance, greedy=False)

    def goal(scores: Array) -> Array:
        right = 1 / (1 + np.exp(-scores[:, None]))
        return np.asarray((advantages(given) * np.log(np.where(given == 1, right, 1 - right))).mean(1))

    assert update(scores, given) == pytest.approx((goal(scores + small) - goal(scores - small)) / (2 * small))


def test_how_many_groups_are_mixed() -> None:
    p = 0.1
    given = answers(np.full(20_000, np.log(p / (1 - p))), np.random.default_rng(0), greedy=False)
    mixed = float((given.std(1) > 0).mean())
    assert mixed == pytest.approx(1 - p**GROUP - (1 - p) ** GROUP, abs=0.01)
