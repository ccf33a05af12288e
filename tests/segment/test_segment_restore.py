"""Capitals, stops and question marks for English that has none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.segment.restore import restore

STATEMENTS = [
    "so what you really want is a boat that floats",
    "what surprised me is how little of it there was",
    "i asked him what it was",
    "if I'm honest I'd rather not",
    "that's right",
    "which is why we left",
    "the iPhone rang and i've no idea who it was",
    "when we got there it was closed",
]
QUESTIONS = [
    "do you see it",
    "okay so how long does it take",
    "but why would anybody do that",
    "what's that",
    "how many of you have a garden",
    "when somebody says that what do they mean",
    "it's cold isn't it",
    "you grew up there right",
    "is it the one on the left",
    "what about the others",
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_ends_with_a_stop(text: str) -> None:
    assert restore(text).endswith(".")


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_known_by_its_form(text: str) -> None:
    assert restore(text).endswith("?")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("i think i'm late and i’ve no umbrella", "I think I'm late and I’ve no umbrella."),
        ("iPhone sales fell", "iPhone sales fell."),
        ("he bought it,", "He bought it."),
        ("it is over.", "It is over."),
        ("the letter i. e. comes later", "The letter i. e. comes later."),
        ("3.5 bits", "3.5 bits."),
        ("-", "-"),
    ],
)
def test_what_is_written(raw: str, text: str) -> None:
    assert restore(raw) == text


@given(st.text(max_size=80))
def test_letters_stay_in_order_and_a_second_time_changes_nothing(raw: str) -> None:
    text = restore(raw)
    assert re.sub(r"\W", "", text).casefold() == re.sub(r"\W", "", raw).casefold()
    assert restore(text) == text
