from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos import bpe
from studykit.demos.chinese_tokens import lesson, merge, pieces, sentences, show, train


@given(st.lists(st.integers(0, 2), max_size=30), st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_a_merge_is_that_of_bpe(symbols: list[int], pair: tuple[int, int]) -> None:
    assert merge(np.array(symbols, dtype=np.int64), pair, 9).tolist() == bpe.merge(symbols, pair, 9)


def test_training_is_that_of_bpe() -> None:
    text = lesson(random.Random(0), 0.5)[:3000]
    assert dict(zip(train(text, 30), range(256, 286), strict=True)) == bpe.train(text.encode(), 30)[1]


@pytest.mark.parametrize("text", ["aaab", "我姐姐买了热茶。", "Ünïcode 和 emoji 😀"])
def test_pieces_give_back_every_byte(text: str) -> None:
    for share in (0.0, 0.5):
        assert b"".join(pieces(text, train(lesson(random.Random(0), share), 100))).decode() == text


def test_without_merges_a_character_is_three_tokens() -> None:
    assert [show(piece) for piece in pieces("茶", [])] == ["E8", "8C", "B6"]
    assert len(pieces("热茶", [])) == 6


def test_the_lesson_has_as_much_chinese_as_asked() -> None:
    for share in (0.0, 0.2, 1.0):
        text = lesson(random.Random(0), share)
        chinese = "".join(sign for sign in text if sign > "\u2fff")
        assert len(chinese.encode()) / len(text.encode()) == pytest.approx(share, abs=0.03)


def test_sentences_say_the_same_in_both_languages() -> None:
    for english, chinese in sentences(random.Random(0), 50):
        assert ("hot tea" in english) == ("茶" in chinese)
        assert ("today" in english) == ("今天" in chinese and "早上" not in chinese)
