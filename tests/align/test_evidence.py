"""What speaks for a bead: lines that end in marks, names, habits."""

from __future__ import annotations

import numpy as np
import pytest

from studykit.align.sentences.side import Side, make_sides
from studykit.align.weights import ENCODED, USUAL, Habits
from tests.align.bags import BagEncoder


def sides(source: list[str], target: list[str]) -> tuple[Side, Side]:
    raw = BagEncoder().encode(source), BagEncoder().encode(target)
    unknown = np.full((len(source), 2), np.nan), np.full((len(target), 2), np.nan)
    return make_sides((source, target), raw, unknown)


def test_marks_count_only_where_most_lines_have_none() -> None:
    lines = ["我们来看", "这个模型。", "它很", "小"]
    captions, _ = sides(lines, ["a"])
    assert captions.marked.tolist() == [0, 1, 0, 0]
    assert captions.unmarked.tolist() == [1, 0, 1, 1]
    prose, _ = sides(["标题", "第一句。", "第二句。", "第三句。"], ["a"])
    assert not prose.unmarked.any()
    bare, _ = sides(["没有标点"] * 30, ["a"])
    assert not bare.unmarked.any()


def test_names_are_latin_words_in_chinese_and_numbers_anywhere() -> None:
    english, chinese = sides(
        ["BERT came in 2018.", "It is a model."], ["BERT 出现于 2018 年。", "它是模型。"]
    )
    assert english.names[0].keys() == chinese.names[0].keys() == {"bert", "2018"}
    assert not english.names[1]
    one, _ = sides(["Die 7 Zwerge"], ["Die 7 dwarfs"])
    assert one.names[0].keys() == {"7"}


def test_a_line_without_letters_or_digits_is_never_left_alone() -> None:
    english, chinese = sides(["One word.", "7", "?!"], ["一句。", "。"])
    assert english.wordless.tolist() == [0, 0, 1]
    assert chinese.wordless.tolist() == [0, 1]
    assert ENCODED.wordless_alone < -2


def test_habits_move_the_prices() -> None:
    sizes = np.array([1] * 50), np.array([1] * 25 + [3] * 25)
    holed = Habits.of(sizes, np.ones(50), 20.0)
    assert holed.many > 0
    assert holed.gaps > 0
    assert holed.several < 0
    assert ENCODED.prices(holed).first > ENCODED.prices(USUAL).first
    assert float(ENCODED.of_size(1, 3, holed)) > float(ENCODED.of_size(1, 3, USUAL))
    assert float(ENCODED.of_size(1, 1, holed)) == float(ENCODED.of_size(1, 1, USUAL))


def test_an_ordinary_text_has_usual_habits() -> None:
    sizes = np.array([1] * 77 + [2] * 20 + [2] * 3), np.array([1] * 77 + [1] * 20 + [2] * 3)
    habits = Habits.of(sizes, np.ones(100), 6.0)
    assert [habits.gaps, habits.many, habits.several] == pytest.approx([0, 0, 0], abs=0.02)
