from __future__ import annotations

import numpy as np

from studykit.demos.conflicting_updates import chances
from studykit.demos.continual_learning import CONTEXT, VALUES, WIDTH, look_up, train

RNG = np.random.default_rng(0)
TOLD, ANSWERS = RNG.normal(size=(CONTEXT + 8, WIDTH)), RNG.integers(0, VALUES, CONTEXT + 8)


def test_the_context_holds_the_last_facts_and_no_others() -> None:
    assert (look_up(TOLD[8:], TOLD, ANSWERS) == ANSWERS[8:]).all()
    elsewhere = np.where(np.arange(CONTEXT + 8) < 8, ANSWERS, VALUES)  # the old answers occur nowhere else
    assert not (look_up(TOLD[:8], TOLD, elsewhere) == ANSWERS[:8]).any()


def test_replaying_everything_is_training_on_everything() -> None:
    days = [(TOLD[:20], ANSWERS[:20]), (TOLD[20:], ANSWERS[20:])]
    nothing = np.zeros((WIDTH, VALUES))
    replayed = train(np.random.default_rng(1), nothing, days, 20)
    at_once = train(np.random.default_rng(2), nothing, [(TOLD, ANSWERS)], 0)
    assert np.allclose(replayed, at_once)


def test_one_day_is_learned_by_heart() -> None:
    learned = train(RNG, np.zeros((WIDTH, VALUES)), [(TOLD[:16], ANSWERS[:16])], 0)
    assert (chances(learned, TOLD[:16]).argmax(axis=1) == ANSWERS[:16]).all()
