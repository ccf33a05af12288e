from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.fixed_state_forgets import TEXTS, WIDTH, ask_cache, ask_state, directions, write


def test_what_was_just_written_is_read_back_exactly() -> None:
    chance = np.random.default_rng(0)
    state = chance.normal(size=(TEXTS, WIDTH, WIDTH))
    key, value = directions(chance, TEXTS), directions(chance, TEXTS)
    assert ask_state(write(state, key, value), key) == pytest.approx(value)


def test_keys_at_right_angles_do_not_disturb_each_other() -> None:
    """Then the state holds one pair for each of its rows, and it is the plain sum of key times value."""
    chance = np.random.default_rng(0)
    keys = np.linalg.qr(chance.normal(size=(WIDTH, WIDTH)))[0]
    values = chance.normal(size=(WIDTH, WIDTH))
    state = np.zeros((1, WIDTH, WIDTH))
    for key, value in zip(keys, values, strict=True):
        state = write(state, key[None], value[None])
    assert state[0] == pytest.approx(sum(np.outer(k, v) for k, v in zip(keys, values, strict=True)))
    for key, value in zip(keys, values, strict=True):
        assert ask_state(state, key[None])[0] == pytest.approx(value)


def test_each_write_is_one_step_of_gradient_descent() -> None:
    """The delta rule: against half the squared error of the value that the state gives for the key."""
    chance, step = np.random.default_rng(0), 1e-6
    state = chance.normal(size=(1, WIDTH, WIDTH))
    key, value = directions(chance, 1), directions(chance, 1)

    def error(nudge: float, at: tuple[int, int]) -> float:
        nudged = state.copy()
        nudged[0][at] += nudge
        return float(((ask_state(nudged, key) - value) ** 2).sum() / 2)

    change = (write(state, key, value) - state)[0]
    for at in [(0, 0), (3, 7), (31, 2)]:
        slope = (error(step, at) - error(-step, at)) / (2 * step)
        assert change[at] == pytest.approx(-slope, abs=1e-7)


def test_the_cache_is_softmax_attention() -> None:
    chance = np.random.default_rng(0)
    keys, values = directions(chance, 1, 5), directions(chance, 1, 5)
    fits = [np.exp(50 * float(key @ keys[0, 2])) for key in keys[0]]
    mixed = sum(fit * value for fit, value in zip(fits, values[0], strict=True)) / sum(fits)
    assert ask_cache(keys, values, keys[:, 2])[0] == pytest.approx(mixed)
