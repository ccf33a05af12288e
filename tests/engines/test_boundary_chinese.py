"""The network for Chinese with its true weights."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studykit import engines
from studykit.engines.boundaries.chinese_units import EMBEDDED, ChineseUnits

LECTURE = Path(__file__).parents[2] / "benchmarks" / "data" / "lecture.zh.txt"


@pytest.mark.parametrize("text", ["诶你好啊", "用 GPT-4 来做 fine-tuning 嘛", "歡迎！", "𠀀𠀁", "", " "])
def test_units_are_the_letters_of_the_text_in_order(text: str) -> None:
    units = ChineseUnits.of(text)
    said = "".join(text[start:end] for start, end in zip(units.starts, units.ends, strict=True))
    assert re.sub(r"\W", "", said) == re.sub(r"\W", "", text)
    assert len(units.seen()) == len(units.starts)


def test_a_line_end_is_seen_where_the_line_ends() -> None:
    units = ChineseUnits.of("今天下雨 我们在家", [])
    at = units.ends.index(4)
    assert units.seen()[:, EMBEDDED].nonzero()[0].tolist() == [at]
    assert not ChineseUnits.of("今天下雨我们在家", []).seen()[:, EMBEDDED:].any()


def test_it_sets_more_ends_rightly_than_wrongly() -> None:
    """On text that it has seen, so that this says no more than that the weights fit the code."""
    said, gold = "", set()
    for line in LECTURE.read_text("utf-8").splitlines():
        said += re.sub(r"\W", "", line)
        gold.add(len(said))
    marks = engines.boundary_model().chinese_marks(said, ())
    found = {end for end, score in zip(marks.ends, marks.scores, strict=True) if score > 0}
    assert len(found & gold) > 0.7 * len(found)
    assert len(found & gold) > 0.35 * len(gold)


def test_a_long_text_is_read_in_windows_without_a_seam() -> None:
    text = "我们先把面粉和水放到一起然后慢慢地搅拌" * 300
    marks = engines.boundary_model().chinese_marks(text, ())
    per = len(marks.scores) // 300
    middle = marks.scores[10 * per : 290 * per]
    assert all(abs(a - b) < 1e-3 for a, b in zip(middle, middle[per:], strict=False))
