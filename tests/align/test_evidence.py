"""What speaks for a bead: lines that end in marks, names, habits."""

from __future__ import annotations

import numpy as np
import pytest

from studykit.align.anchors import find_neighbours
from studykit.align.evidence import Evidence, Groups, Seen, observed
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
    preface, body = ["This was left in English here."] * 200, ["它是模型。"] * 1400
    _, mostly_chinese = sides(["It is BERT."], [*preface, "它叫 BERT。", *body])
    assert mostly_chinese.names[200].keys() == {"bert"}
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


def reply_nats(source: str, target: str) -> float:
    """Of a bead of one pair of sentences, the second pair of a text."""
    english, chinese = sides(["One.", source], ["一。", target])
    evidence: Evidence = observed(english, chinese, find_neighbours(english, chinese))
    groups = Groups.of(english, 1), Groups.of(chinese, 1)
    numbers, unknown = np.ones(1), np.full(1, np.nan)
    seen = Seen(
        sizes=(1, 1),
        cosine=numbers,
        belonging=numbers,
        letters=(numbers, numbers),
        times=((unknown, unknown), (unknown, unknown)),
        marks=numbers,
        replies=(groups[0].replies[1, 1:2], groups[1].replies[1, 1:2]),
    )
    (nats,) = (part for reason, part in evidence.parts(seen, ENCODED) if reason == "replies")
    return float(np.ravel(nats)[0])


def test_replies_speak_for_a_bead_that_has_them_on_both_sides_and_against_one_that_has_not() -> None:
    assert reply_nats("Okay.", "好的，我们开始。") > 0.5
    assert reply_nats("Okay.", "我们开始。") < -0.5
    assert reply_nats("Thanks.", "好的，我们开始。") < reply_nats("Okay.", "我们开始。")
    assert reply_nats("We begin.", "我们开始。") == 0


def test_a_group_has_the_replies_of_all_its_sentences() -> None:
    english, _ = sides(["Yeah.", "It is.", "Thanks."], ["a"])
    one, none, other = english.replies.tolist()
    assert not none
    assert Groups.of(english, 3).replies[3, 0] == one | other
    assert Groups.of(english, 3).replies[2].tolist() == [one, other, 0, 0]


def test_a_line_of_closing_marks_begins_no_group() -> None:
    _, chinese = sides(["a"], ["一句话", "。", "另一句话。"])
    marks = Groups.of(chinese, 2).marked(chinese, ENCODED).marks
    assert marks[2, 1] < marks[2, 0] - 2
    assert marks[1, 1] == pytest.approx(marks[1, 0], abs=3)


def test_lengths_of_sums_are_those_of_summed_vectors_beyond_a_block() -> None:
    english, _ = sides(
        [f"{one} and {other}." for one in "abcdefghijklmnopq" for other in "rstuvwxyzabcdefgh"], ["a"]
    )
    norm = Groups.of(english, 3).norm
    weighted = english.vectors * english.weight[:, None]
    for a, start in ((1, 0), (2, 254), (3, 254), (3, 255), (3, 286)):
        expected = np.linalg.norm(weighted[start : start + a].sum(axis=0))
        assert norm[a, start] == pytest.approx(expected, rel=1e-5)
    assert np.isnan(norm[3, 287:]).all()
