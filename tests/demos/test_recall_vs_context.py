from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.lossy_compression import NAMES as CITIES
from studykit.demos.lossy_compression import PEOPLE, WIDTH
from studykit.demos.recall_vs_context import ALIKE, FOCUS, OTHER_WORDS, attend, prompts, run

RNG = np.random.default_rng(0)


def test_attention_written_as_a_loop() -> None:
    asked, names = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 5, 4))
    homes = RNG.integers(0, len(CITIES), (3, 5))
    for p, found in enumerate(attend(asked, names, homes)):
        powers = [np.exp(FOCUS * ALIKE)]  # the blank's, when nothing is taken off the others
        for name in names[p]:
            cosine = float(asked[p] @ name) / np.sqrt(float(asked[p] @ asked[p]) * float(name @ name))
            powers.append(np.exp(FOCUS * cosine))
        brute = np.zeros(len(CITIES))
        for home, power in zip(homes[p], powers[1:], strict=True):
            brute[home] += power / sum(powers)
        assert found == pytest.approx(brute)


def test_the_order_of_the_notes_does_not_matter() -> None:
    asked, names = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 6, 4))
    homes = RNG.integers(0, len(CITIES), (2, 6))
    order = RNG.permutation(6)
    assert attend(asked, names[:, order], homes[:, order]) == pytest.approx(attend(asked, names, homes))


def test_attention_goes_to_the_name_that_was_asked_or_to_none() -> None:
    asked = np.array([[1.0, 0.0], [1.0, 0.0]])
    names = np.array([[[0.0, 1.0], [2.0, 0.0]], [[0.0, 1.0], [0.0, 2.0]]])
    found = attend(asked, names, np.array([[7, 8], [7, 8]]))
    assert found[0, 8] > 0.99
    assert found[1].sum() < 1e-9


def test_prompts_hold_the_right_note_or_do_not() -> None:
    names = RNG.normal(size=(PEOPLE, WIDTH))
    for about in (True, False):
        noted, whom = prompts(RNG, names, 6, about)
        assert noted.shape == (PEOPLE, 6, WIDTH)
        assert (whom == np.arange(PEOPLE)[:, None]).any(axis=1).tolist() == [about] * PEOPLE
        assert noted == pytest.approx(names[whom], abs=5 * OTHER_WORDS / np.sqrt(WIDTH))


def test_without_notes_to_rely_on_it_learns_not_to() -> None:
    assert run(0, the_right_notes=False)["trust"] < run(0)["trust"]
