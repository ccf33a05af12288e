"""Headings of parts: phrases that were said, shortened by rule."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.segment.headings import candidate, part_headings


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("Okay, so now let's talk about the price of bread, because it matters.", "The price of bread"),
        ("Now let's look at kind of the oven's internals.", "The oven's internals"),
        ("So what is a sourdough starter?", "What is a sourdough starter?"),
        ("And I think yeast works best at 3.5 degrees when it is fed.", "Yeast works best at 3.5 degrees"),
        ("Well, the oven needs an hour, and then we wait.", "The oven needs an hour"),
        ("The iPad app shows the weather.", "The iPad app shows the weather"),
    ],
)
def test_a_sentence_offers_a_phrase(sentence: str, phrase: str) -> None:
    found = candidate(sentence)
    assert found is not None
    assert found.phrase == phrase


@pytest.mark.parametrize(
    "sentence",
    [
        "It works best in the morning.",
        "That's what the oven needs.",
        "Yeah.",
        "Thank you all for coming today.",
        "Why do I always forget my keys?",
        "In the morning.",
        "Let's look at what it is, is that right?",
        "And there you have it.",
        "",
    ],
)
def test_what_leans_on_what_was_said_before_offers_none(sentence: str) -> None:
    assert candidate(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("那么我们来看一下面包的价格，这很重要。", "面包的价格"),
        ("其实酵母最怕的是高温。", "酵母最怕的是高温"),
    ],
)
def test_chinese(sentence: str, phrase: str) -> None:
    found = candidate(sentence, chinese=True)
    assert found is not None
    assert found.phrase == phrase


def test_a_chinese_sentence_that_leans_offers_none() -> None:
    assert candidate("它其实很简单。", chinese=True) is None


BREAD = ["The dough needs an hour of rest.", "A good oven costs a fortune.", "It is late."]


def test_the_sentence_nearest_to_its_part_gives_the_heading() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1], [0.0, 1.0]])
    sentences = [*BREAD, "The garden was planted in May."]
    assert part_headings(sentences, vectors, [0, 0, 0, 1], [set(), set()]) == [
        "The dough needs an hour of rest",
        "The garden was planted in May",
    ]


def test_a_term_makes_a_phrase_a_better_heading() -> None:
    vectors = np.ones((3, 2))
    assert part_headings(BREAD, vectors, [0] * 3, [{"Oven", "fortune"}]) == ["A good oven costs a fortune"]


def test_a_part_without_a_phrase_or_with_a_taken_one_has_no_heading() -> None:
    sentences = ["The dough needs an hour.", "It is late.", "The dough needs an hour."]
    assert part_headings(sentences, np.ones((3, 2)), [0, 1, 2], [set()] * 3) == [
        "The dough needs an hour",
        None,
        None,
    ]


@given(st.lists(st.sampled_from("so let's talk about what is the dough? needs, it and I ’s like".split())))
def test_a_heading_is_a_run_of_what_was_said(words: list[str]) -> None:
    sentence = " ".join(words)
    found = candidate(sentence)
    if found is not None:
        assert found.phrase.lower().rstrip("?") in sentence.lower()
        assert 2 <= len(found.phrase.split()) <= 9
        assert not re.match(r"[a-z]", found.phrase)
