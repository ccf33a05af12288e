from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from studykit.demos.text_diffusion import BLANK, INDEX, correct, draw, look, sentences, train


def words(text: str) -> np.ndarray:
    return np.array([[INDEX[word] for word in text.split()]])


def test_a_look_is_the_sum_over_all_ways_to_fill_the_blanks() -> None:
    """Brute force over a chain of three words of the same size as the real one."""
    chance = np.random.default_rng(0)
    follows = chance.dirichlet(np.ones(len(INDEX)), size=(3, len(INDEX)))
    seen = np.array([[BLANK, BLANK, 5]])
    found = np.zeros((3, len(INDEX)))
    for a, b in product(range(len(INDEX)), repeat=2):
        weight = follows[0, 0, a] * follows[1, a, b] * follows[2, b, 5]
        for place, word in enumerate((a, b, 5)):
            found[place, word] += weight
    assert look(follows, seen)[0] == pytest.approx(found / found.sum(-1, keepdims=True))


def test_what_it_read_is_correct_and_what_disagrees_is_not() -> None:
    assert correct(sentences(200, 2, np.random.default_rng(0))).all()
    assert correct(words("a cat sees two dogs")).all()
    for wrong in ("a cats sees two dogs", "a cat see two dogs", "a cat sees two dog", "two fox see a dog"):
        assert not correct(words(wrong)).any(), wrong


def test_the_word_before_and_the_word_after_are_both_heeded() -> None:
    follows = train(sentences(2000, 1, np.random.default_rng(0)))
    seen = words("a cat sees two dogs")
    seen[0, [0, 3]] = BLANK
    chances = look(follows, seen)[0]
    assert chances[0, [INDEX["a"], INDEX["the"]]].sum() > 0.999
    assert chances[3, [INDEX["two"], INDEX["both"]]].sum() > 0.999


def test_words_are_drawn_as_often_as_the_chances_say() -> None:
    chances = np.tile([0.1, 0.6, 0.3], (20_000, 1))
    drawn = draw(chances, np.random.default_rng(0).random(20_000))
    assert np.bincount(drawn) / 20_000 == pytest.approx([0.1, 0.6, 0.3], abs=0.015)
