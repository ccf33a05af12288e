from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.sft import KNOWN, loss, reply, train, windows
from studykit.demos.three_stages import WINDOW, learn

EMPTY = np.zeros((len(KNOWN),) * 3)


def test_windows_hold_every_word_with_what_stands_before_it() -> None:
    contexts, following = windows(["lives in Rome", "in Oslo"])
    read = [KNOWN.index(word) for word in "lives in Rome in Oslo".split()]
    assert following.tolist() == read
    assert contexts[2].tolist() == [0] * (WINDOW - 2) + read[:2]
    assert contexts[3].tolist() == [0] * WINDOW


def test_an_untrained_model_is_as_surprised_as_chance() -> None:
    assert loss(EMPTY, ["lives in Rome ."]) == pytest.approx(np.log(len(KNOWN)))


def test_fine_tuning_is_the_pre_training_that_goes_on() -> None:
    """Twenty times in one go, or stopped and taken up again: the same model."""
    once = train(EMPTY, ["lives in Rome ."], 20)
    again = train(train(EMPTY, ["lives in Rome ."], 8), ["lives in Rome ."], 12)
    assert np.array_equal(once, again)


def test_training_leaves_the_base_as_it_was_and_uses_the_step_of_three_stages() -> None:
    by_hand = EMPTY.copy()
    contexts, following = windows(["in Oslo"])
    learn(by_hand, contexts, following, np.ones(2))
    assert np.array_equal(train(EMPTY, ["in Oslo"], 1), by_hand)
    assert not EMPTY.any()


def test_what_was_read_is_recited() -> None:
    assert (
        reply(train(EMPTY, ["where does live ? in Oslo . <end>"], 30), "where does live ?")
        == "in Oslo . <end>"
    )
