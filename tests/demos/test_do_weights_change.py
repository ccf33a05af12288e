from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.do_weights_change import (
    ANSWERS,
    ONE_HOT,
    WORDS,
    answers,
    fingerprint,
    learn,
    pretrain,
    reward_model,
    rlhf,
)


def test_a_step_is_the_gradient_of_the_log_probability() -> None:
    small = 1e-6
    weights, context = pretrain(np.random.default_rng(0)), ("time?", "gladly", "time?")
    learned = weights.copy()
    learn(learned, context, small * (ONE_HOT["nah"] - answers(weights, context)))
    for place in np.ndindex(weights.shape):
        up, down = weights.copy(), weights.copy()
        up[place] += small
        down[place] -= small
        slope = np.log(answers(up, context)[3] / answers(down, context)[3]) / (2 * small)
        assert ((learned - weights) / small)[place] == pytest.approx(slope, abs=1e-5)


def test_one_changed_weight_changes_the_fingerprint() -> None:
    weights = np.zeros((len(WORDS), len(ANSWERS)))
    before = fingerprint(weights)
    assert fingerprint(weights.copy()) == before
    weights[3, 1] += 1e-12
    assert fingerprint(weights) != before


def test_rlhf_ends_where_theory_says() -> None:
    """The best policy under the KL penalty is the old one times exp(reward)."""
    chance = np.random.default_rng(0)
    base = pretrain(chance)
    model, judge = base.copy(), base.copy()
    reward_model(judge, chance)
    for _ in range(5):
        rlhf(model, judge, base, chance, rate=0.05)
    best = answers(base, ("help?",)) * np.exp(judge[WORDS.index("help?")])
    assert answers(model, ("help?",)) == pytest.approx(best / best.sum(), abs=0.05)
