from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.jagged import FAMILIES, clues, larger_decimal, later_verse, lines, make, run, train


def test_two_ways_to_read_the_same_numbers() -> None:
    assert not larger_decimal(("9.11", "9.9"))
    assert later_verse(("9.11", "9.9"))
    assert larger_decimal(("9.85", "9.4")) == later_verse(("9.85", "9.4"))


@pytest.mark.parametrize("family", FAMILIES)
def test_families_are_what_their_names_say(family: str) -> None:
    chance = np.random.default_rng(0)
    for _ in range(200):
        pair = make(family, chance)
        longer = max(pair, key=lambda text: len(text.split(".")[1]))
        shorter = pair[1] if longer == pair[0] else pair[0]
        if family.startswith("the longer"):
            assert (float(longer) > float(shorter)) == family.endswith("larger")
        assert (larger_decimal(pair) == later_verse(pair)) == (
            family != "the longer is smaller"
        ) or family == "other whole part"


def test_clues_turn_their_sign_with_the_order() -> None:
    forth, back = clues([("9.11", "9.9"), ("9.9", "9.11")])
    assert forth.tolist() == [0, -1, 1]
    assert np.array_equal(forth, -back)


def test_training_finds_where_the_gradient_vanishes() -> None:
    rng = np.random.default_rng(1)
    seen = np.sign(rng.normal(size=(500, 4)))
    answers = rng.random(500) < 1 / (1 + np.exp(-(seen @ np.array([1.0, -0.5, 0.3, 0.0]))))
    counts = train(seen, answers)
    assert seen.T @ (1 / (1 + np.exp(-(seen @ counts))) - answers) / 500 == pytest.approx(0, abs=1e-4)


def test_without_verses_there_is_no_hole() -> None:
    assert min(run(0, verses=0)["right"].values()) > 0.95


def test_the_readers_own_pair() -> None:
    assert run(0, text="is 2.5 larger than 2.41?")["pair"] == ["2.5", "2.41"]


@pytest.mark.parametrize("text", ["1.5", "no number", "1.5 or 1.50"])
def test_a_text_with_nothing_to_compare_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"two numbers|equal"):
        run(0, text=text)


def test_it_says_what_the_model_says_whichever_comes_first() -> None:
    for text in ("9.11 9.9", "9.9 9.11"):
        assert any("The model: 9.11, with a chance of" in line for line in lines(run(0, text=text)))
