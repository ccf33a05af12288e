from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.discriminator_gap import LENGTH, ORDERED, RATE, WORDS, hear, run, softmax, update, write


def test_jokes_have_their_length() -> None:
    jokes = write(np.zeros(WORDS), 50, np.random.default_rng(0))
    assert jokes.shape == (50, WORDS)
    assert (jokes.sum(1) == LENGTH).all()


def test_without_errors_a_joke_sounds_as_good_as_it_is() -> None:
    chance = np.random.default_rng(0)
    taste, jokes = chance.normal(size=WORDS), write(np.zeros(WORDS), 7, chance)
    assert hear(jokes, taste, 0.0, chance) == pytest.approx(jokes @ taste)


def test_the_update_is_the_gradient() -> None:
    """Of the places times the log-probabilities, by central differences."""
    chance, small = np.random.default_rng(0), 1e-6
    likes, heard = chance.normal(size=WORDS), chance.normal(size=(3, ORDERED))
    jokes = write(likes, 3 * ORDERED, chance).reshape(3, ORDERED, WORDS)
    places = heard.argsort(1).argsort(1) - 2

    def goal(at: np.ndarray) -> float:
        return float((places / ORDERED * (jokes @ np.log(softmax(at)))).sum() / 3)

    moved = update(likes, jokes, heard) - likes
    for word in range(0, WORDS, 9):
        step = small * np.eye(WORDS)[word]
        assert moved[word] == pytest.approx(
            RATE * (goal(likes + step) - goal(likes - step)) / (2 * small), abs=1e-6
        )


def test_one_order_makes_the_best_likelier_and_the_worst_less_likely() -> None:
    jokes = LENGTH * np.eye(WORDS, dtype=int)[None, :ORDERED]
    moved = softmax(update(np.zeros(WORDS), jokes, np.array([[0.0, 1, 2, 3, 4]])))
    assert (np.diff(moved[:ORDERED]) > 0).all()
    assert moved[0] < 1 / WORDS < moved[4]


def test_more_drafts_make_a_better_writer() -> None:
    wrote = [run(0, drafts=drafts)["wrote"] for drafts in (1, 3, 10)]
    assert wrote == sorted(wrote)
