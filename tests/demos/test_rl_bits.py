from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.rl_bits import entropy, guess_all, heard, learn, run


@pytest.mark.parametrize(
    ("counts", "bits"), [([1, 1], 1), ([1, 1, 1, 1], 2), ([3, 1], 0.8113), ([5, 0], 0), ([2, 1, 1], 1.5)]
)
def test_entropies_by_hand(counts: list[int], bits: float) -> None:
    assert entropy(np.array(counts)) == pytest.approx(bits, abs=1e-4)


def test_what_an_episode_tells_is_what_it_takes_away() -> None:
    """The mean fall of the entropy of what is still possible is the entropy of what is heard."""
    answers = np.indices((4, 4, 4)).reshape(3, -1).T
    for said in heard(answers[7], answers).values():
        left = [np.log2((said == said[secret]).sum()) for secret in range(len(answers))]
        assert np.log2(len(answers)) - np.mean(left) == pytest.approx(entropy(np.bincount(said)))


def test_the_short_way_of_guessing_is_the_long_way() -> None:
    """On average as many episodes as if every guess were struck out one by one."""
    answers, chance = np.indices((4, 4)).reshape(2, -1).T, np.random.default_rng(0)
    long = [
        learn("right or wrong", answers, int(chance.integers(16)), chance, reveals=False) for _ in range(2000)
    ]
    short = [guess_all(16, chance) for _ in range(2000)]
    exact = (sum(range(1, 16)) + 15) / 16
    assert np.mean(long) == pytest.approx(exact, abs=0.35)
    assert np.mean(short) == pytest.approx(exact, abs=0.35)
    assert max(long) == max(short) == 15


def test_nothing_is_left_to_learn_where_all_is_known() -> None:
    numbers = run(0, known=4)
    assert numbers["bits"] == 0
    assert {one["episodes"] for one in numbers["teachers"].values()} == {0}
