"""How alike phrases sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.correct.sound import codes, likeness, pieces


def test_abbreviations_are_heard_letter_by_letter() -> None:
    assert codes("GPT-4") == ("JPT4",)
    assert "RLHF" in codes("RLHF")
    assert set(codes("RAG")) == {"RK", "RAJ"}  # a word, or three letters


def test_pieces_are_cut_where_the_case_changes() -> None:
    assert pieces("ChatGPT-4o on DeepSeek's H100") == [
        "Chat",
        "GPT",
        "4",
        "o",
        "on",
        "Deep",
        "Seek's",
        "H",
        "100",
    ]


@pytest.mark.parametrize(
    ("heard", "meant", "other"),
    [
        ("Chachi PT", "ChatGPT", "GPT"),
        ("JPD", "GPT", "PPO"),
        ("our LHF", "RLHF", "RLVR"),
        ("gpd2", "GPT-2", "GPT-3"),
        ("Rashka", "Raschka", "Karpathy"),
    ],
)
def test_the_right_name_is_the_likest(heard: str, meant: str, other: str) -> None:
    assert likeness(heard, meant) > 0.7
    assert likeness(heard, meant) > likeness(heard, other)


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_fraction_and_whole_for_the_same_word(a: str, b: str) -> None:
    assert 0 <= likeness(a, b) <= 1


def test_a_word_is_like_itself() -> None:
    assert likeness("backpropagation", "backpropagation") == 1
