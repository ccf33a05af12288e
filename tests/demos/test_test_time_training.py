from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.test_time_training import LETTERS, STEP, adapt, learn, letters, losses, pretrain, run

TEXT = letters("one two three one two three")


def test_a_step_goes_down_the_slope_found_by_nudging() -> None:
    weights = np.random.default_rng(0).normal(size=(len(LETTERS), len(LETTERS)))
    after = weights.copy()
    learn(after, 4, 7)
    for letter in (0, 7, 26):
        nudged = []
        for sign in (1, -1):
            moved = weights.copy()
            moved[4, letter] += sign * 1e-6
            nudged.append(losses(moved, np.array([4, 7]))[0] * np.log(2))  # nats
        slope = (nudged[0] - nudged[1]) / 2e-6
        assert weights[4, letter] - after[4, letter] == pytest.approx(STEP * slope, abs=1e-7)


def test_without_steps_both_say_the_same_and_nothing_is_changed() -> None:
    model = pretrain(TEXT)
    before = model.copy()
    assert adapt(model, TEXT, stepping=False) == pytest.approx(losses(model, TEXT))
    assert adapt(model, TEXT).mean() < losses(model, TEXT).mean()
    assert np.array_equal(model, before)


def test_bits_of_a_model_that_knows_nothing() -> None:
    assert losses(np.zeros((27, 27)), TEXT) == pytest.approx(np.log2(27))


@pytest.mark.parametrize("text", ["a", "说文解字", "To be, or not to be: that is the question. " * 300])
def test_any_text_will_do(text: str) -> None:
    assert len(run(0, text=text)["strange"]) == 6
