from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.three_stages import KNOWN, RATE, WINDOW, answers, learn, numbered, places, say

SIZE = len(KNOWN)


def test_a_step_goes_down_the_slope_that_finite_differences_find() -> None:
    chance = np.random.default_rng(3)
    votes = chance.normal(size=(SIZE, SIZE, SIZE))
    context, word = chance.permutation(SIZE)[None, :WINDOW], np.array([5])
    moved = votes.copy()
    learn(moved, context, word, np.array([0.7]))
    last = context[0, -1]
    for earlier in context[0]:
        for other in (5, 9):
            seen = []
            for nudge in (1e-5, -1e-5):
                nudged = votes.copy()
                nudged[earlier, last, other] += nudge
                seen.append(-0.7 * np.log(say(nudged, context)[0, 5]))
            slope = (seen[0] - seen[1]) / 2e-5
            assert moved[earlier, last, other] - votes[earlier, last, other] == pytest.approx(-RATE * slope)
    assert np.count_nonzero(moved - votes) <= WINDOW * SIZE  # and nothing else moves


@pytest.mark.parametrize("worth", [1.0, -1.0])
def test_what_is_worth_something_gets_more_probable_and_what_is_worth_less_than_nothing_less(
    worth: float,
) -> None:
    votes = np.zeros((SIZE, SIZE, SIZE))
    contexts, following, value = places(["Ann lives in Rome ."], [worth], 3)
    before = say(votes, contexts)[0, following[0]]
    learn(votes, contexts, following, value)
    assert (say(votes, contexts)[0, following[0]] - before) * worth > 0


def test_places_are_windows_and_the_words_after_them() -> None:
    contexts, following, worth = places(["Ann lives in Rome ."], [2.0], 1)
    ann, lives, in_, rome, end = numbered("Ann lives in Rome .")
    assert contexts.tolist()[-1] == [0] * (WINDOW - 4) + [ann, lives, in_, rome]
    assert following.tolist() == [lives, in_, rome, end]
    assert worth.tolist() == [2.0] * 4


def test_what_was_read_often_enough_is_said() -> None:
    votes = np.zeros((SIZE, SIZE, SIZE))
    text = places(["Ann lives in Rome . <end>"], [1.0], 0)
    for _ in range(50):
        learn(votes, *text)
    assert answers(votes, "Ann", 1, None) == ["lives in Rome . <end>"]
    drawn = answers(votes, "Ann", 50, np.random.default_rng(0))
    assert drawn.count("lives in Rome . <end>") > 25
