from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.chat_template import (
    END,
    SEP,
    SPECIAL,
    SPELLED,
    START,
    parse,
    render,
    render_by_spelling,
    text_tokens,
)

TEXTS = st.lists(st.one_of(st.sampled_from([*SPELLED]), st.text(max_size=5)), max_size=6).map("".join)
TURNS = st.lists(st.tuples(st.sampled_from(["system", "user", "assistant"]), TEXTS).map(list), max_size=5)


def test_the_row_written_by_hand() -> None:
    tokens, learned = render([["user", "Hi"], ["assistant", "Ho"]])
    assert tokens == [START, *b"user", SEP, *b"Hi", END, START, *b"assistant", SEP, *b"Ho", END]
    assert learned == [False] * 9 + [False] * 11 + [True] * 3


@given(TURNS)
def test_round_trip_whatever_was_typed(turns: list[list[str]]) -> None:
    tokens, learned = render(turns)
    assert parse(tokens) == turns
    assert len(tokens) == len(learned)
    assert sum(learned) == sum(len(text.encode()) + 1 for role, text in turns if role == "assistant")


@given(TEXTS)
def test_no_text_makes_a_special_token(text: str) -> None:
    assert not set(text_tokens(text)) & set(SPECIAL)


def test_where_nobody_types_markers_both_ways_agree() -> None:
    turns = [["user", "2 < 3 | 4?"], ["assistant", "Yes."]]
    assert render(turns)[0] == render_by_spelling(turns)[0]
