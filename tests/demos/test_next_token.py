from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.next_token import counted, lines, loss, run, slope, softmax


def test_the_slope_is_what_finite_differences_say() -> None:
    chance = np.random.default_rng(7)
    scores = chance.normal(size=(4, 4))
    now, following = chance.integers(4, size=(2, 9))
    found = slope(scores, now, following)
    for at in np.ndindex(4, 4):
        nudge = np.zeros((4, 4))
        nudge[at] = 1e-5
        up, down = loss(scores + nudge, now, following), loss(scores - nudge, now, following)
        assert found[at] == pytest.approx((up - down) / 2e-5, abs=1e-8)


def test_scores_that_are_logarithms_of_counted_shares_have_no_slope_left() -> None:
    """The model that counts is the best bigram model: its gradient is zero."""
    now, following = np.random.default_rng(7).integers(5, size=(2, 400))
    shares = counted(now, following, 5)
    assert np.allclose(softmax(np.log(shares)), shares)
    assert np.allclose(slope(np.log(shares), now, following), 0)


def test_a_text_of_your_own() -> None:
    numbers = run(text="to be or not to be")
    assert numbers["known"] == 4
    assert numbers["floor"] == pytest.approx(
        np.log(2) / 3
    )  # only "be" has two followers, on two of six places
    assert len(lines(numbers)) >= 5


def test_a_single_word_can_only_follow_itself() -> None:
    assert lines(run(text="word"))
