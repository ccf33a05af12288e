from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.speculative_decoding import LETTERS, Model, apart, law, one_pass, run

PAGE = "the cat sat on the mat and then the cat ran into a tent " * 20


def spread(weights: list[int]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


WEIGHTS = st.lists(st.integers(1, 50), min_size=len(LETTERS), max_size=len(LETTERS)).map(spread)


@given(WEIGHTS, WEIGHTS)
def test_whatever_the_two_models_think_the_law_is_the_large_ones(p: list[float], q: list[float]) -> None:
    """Theorem of Leviathan and others, and of Chen and others (2023)."""
    assert law(p, q, leftover=True) == pytest.approx(p)
    assert sum(law(p, q, leftover=False)) == pytest.approx(1)


@given(WEIGHTS, WEIGHTS)
def test_guesses_are_kept_as_often_as_the_two_overlap(p: list[float], q: list[float]) -> None:
    kept = sum(b * min(1, a / b) for a, b in zip(p, q, strict=True))
    assert kept == pytest.approx(1 - apart(p, q))


def test_drawn_text_follows_the_law_over_several_letters() -> None:
    """The first two letters, over many passes, against the product of the large model's chances."""
    large, draft, chance = Model(PAGE, 3, 1.0), Model(PAGE, 0, 1.0), random.Random(0)
    pairs = Counter[str]()
    for _ in range(4000):
        text = "the"
        while len(text) < 5:
            text += one_pass(text, large, draft, 4, chance, leftover=True)[0]
        pairs[text[3:5]] += 1
    for pair, count in pairs.most_common(3):
        expected = 1.0
        for at, letter in enumerate(pair):
            expected *= large.after("the" + pair[:at])[LETTERS.index(letter)]
        assert count / 4000 == pytest.approx(expected, abs=0.025)


def test_a_model_that_drafts_for_itself_is_never_refused() -> None:
    model = Model(PAGE, 3, 1.0)
    added, kept = one_pass("the", model, model, 6, random.Random(1), leftover=True)
    assert (len(added), kept) == (7, 6)


def test_every_pass_adds_what_it_kept_and_one() -> None:
    for row in run(0)["rows"]:
        assert row["passes"] == pytest.approx(1 / (row["kept"] + 1), rel=0.01)
