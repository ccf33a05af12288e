from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.sentiment_neuron import OPEN, VERDICT, WORDS, Weights, read, slopes, tells, write


def network(width: int = 5) -> Weights:
    chance = np.random.default_rng(0)
    shapes = {"hear": (len(WORDS), width), "keep": (width, width), "say": (width, len(WORDS))}
    return {name: chance.normal(0, 0.5, shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("name", ["hear", "keep", "say"])
def test_slopes_are_those_of_the_loss(name: str) -> None:
    """Central differences, back through all words."""
    weights, small = network(), 1e-5
    text, _ = write(4, 2, np.random.default_rng(1))
    _, found = slopes(weights, text[:, :-1], text[:, 1:])
    for place in zip(*np.nonzero(np.abs(found[name]) > 1e-4), strict=True):
        changed = []
        for sign in (1, -1):
            moved = {key: weight.copy() for key, weight in weights.items()}
            moved[name][place] += sign * small
            changed.append(slopes(moved, text[:, :-1], text[:, 1:])[0])
        assert found[name][place] == pytest.approx(
            (changed[0] - changed[1]) / (2 * small), rel=1e-3, abs=1e-7
        )


def test_a_state_depends_on_what_was_read_and_not_on_what_comes() -> None:
    weights = network()
    text, _ = write(3, 2, np.random.default_rng(1))
    other = text.copy()
    other[:, 8] = (other[:, 8] + 1) % len(WORDS)
    moved = np.abs(read(weights, other) - read(weights, text)).max((0, 2))
    assert not moved[:8].any()
    assert (moved[8:] > 0).all()


def test_moods_by_hand() -> None:
    moods = np.array([1, 1, 0, 0])
    assert tells(np.array([3.0, 2, 1, 0]), moods) == 1
    assert tells(np.array([0.0, 1, 2, 3]), moods) == 1  # the other way round it tells as well
    assert tells(np.array([1.0, 0, 1, 0]), moods) == 0.5
    assert tells(np.array([3.0, 1, 2, 0]), moods) == 0.75


def test_reviews_keep_their_mood_and_nothing_else_tells_it() -> None:
    text, moods = write(200, 3, np.random.default_rng(0))
    words = np.array(WORDS)[text]
    for mood, other in ((1, 0), (0, 1)):
        used = set(words[moods == mood].ravel())
        assert {*OPEN[1 - mood], *VERDICT[1 - mood]} <= used
        assert not {*OPEN[1 - other], *VERDICT[1 - other]} & used
