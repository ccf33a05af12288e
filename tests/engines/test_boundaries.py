"""Boundary models with their true weights, on words without marks."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit import engines
from studykit.engines.boundaries import net as boundary_net
from studykit.engines.boundaries.features import AFFIX_ROWS, WORD_ROWS, bare_words, name_core, word_rows
from studykit.errors import ConfigError
from studykit.resources import data_dir

LECTURE = Path(__file__).parents[2] / "benchmarks" / "data" / "lecture.en.txt"
FAST = engines.boundary_model()


def split(words: list[str]) -> list[str]:
    starts = [at for at, score in enumerate(FAST.scores(words)) if at == 0 or score > 0]
    return [" ".join(words[start:end]) for start, end in pairwise([*starts, len(words)])]


def test_an_easy_passage_is_cut_into_its_sentences() -> None:
    sentences = [
        "okay so today I want to talk about rivers because I grew up next to one",
        "does that make sense",
        "so the first thing I want you to notice is the mud",
    ]
    assert split(" ".join(sentences).split()) == sentences


def f1(scores: list[float], gold: set[int]) -> float:
    found = {at for at, score in enumerate(scores) if at and score > 0}
    return 2 * len(found & gold) / (len(found) + len(gold))


def test_the_network_knows_more_than_the_word_lists() -> None:
    sentences = [re.findall(r"[\w'-]+", line.lower()) for line in LECTURE.read_text("utf-8").splitlines()]
    words = [word for sentence in sentences for word in sentence]
    gold = set(accumulate(map(len, sentences[:-1])))
    rules = engines.boundary_model("rules").scores(words)
    assert f1(list(FAST.scores(words)), gold) > f1(list(rules), gold) + 0.1


def test_capitals_and_marks_of_the_input_do_not_matter() -> None:
    words = "so I said to him why don't you come along it's only an hour".split()
    loud = [word.upper() + "," for word in words]
    assert FAST.scores(loud) == FAST.scores(words)


def test_one_pass_gives_commas_questions_and_capitals() -> None:
    words = "okay well what is github it's a place where people in america keep code right".split()
    marks = FAST.marks(words)
    assert marks.scores == FAST.scores(words)
    github = words.index("github")
    assert marks.questions[github] > 0 > marks.questions[words.index("code")]
    assert marks.forms[github] == "GitHub"
    assert marks.forms[words.index("america")] == "America"
    assert marks.forms[words.index("people")] == "people"
    assert marks.commas[0]
    assert not marks.commas[words.index("a")]


def test_capitals_that_the_input_has_stay() -> None:
    assert FAST.marks(["the", "iPhone", "eBay", "WE"]).forms[1:] == ["iPhone", "eBay", "WE"]


def test_a_letter_whose_capital_is_another_stays() -> None:
    known = {"github": "GitHub"}
    assert [boundary_net._form(word, known, likely=True) for word in ("github's", "ßa", "ıx", "rome,")] == [
        "GitHub's",
        "ßa",
        "ıx",
        "Rome,",
    ]


def test_a_long_text_is_scored_in_windows_as_if_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    words = LECTURE.read_text("utf-8").lower().replace(".", "").split()[:300]
    whole = np.array(FAST.scores(words))
    monkeypatch.setattr(boundary_net, "_WINDOW", 100)
    parts = np.array(FAST.scores(words))
    assert ((whole > 0) == (parts > 0)).mean() > 0.97


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=8), max_size=12))
def test_every_word_gets_a_score(words: list[str]) -> None:
    marks = FAST.marks(words)
    assert len(marks.scores) == len(marks.commas) == len(marks.questions) == len(marks.forms) == len(words)
    assert np.isfinite(marks.scores).all()
    assert [form.lower() for form in marks.forms] == [word.lower() for word in words]


def test_bare_words() -> None:
    read = ["“So,", "I’m", "i", "DON'T", "3.6%", "-", "it."]
    assert bare_words(read) == ["so", "I'm", "I", "don't", "3.6%", "-", "it"]


def test_the_weights_are_small_and_hold_no_objects() -> None:
    path = data_dir("weights") / boundary_net.WEIGHTS
    assert path.stat().st_size < 4_500_000
    with np.load(path, allow_pickle=False) as stored:
        assert all(stored[key].dtype.kind in "fiu" for key in stored)


def test_the_name_says_which_weights() -> None:
    assert re.fullmatch(r"boundaries-[0-9a-f]{8}", FAST.name)


def test_rows_of_words() -> None:
    rows = word_rows(["Rivers,", "rivers", "rivets", "1999", "2026", "…"])
    assert rows.shape == (6, 4)
    assert (rows[0] == rows[1]).all()
    assert rows[1, 2] == rows[2, 2]
    assert rows[1, 3] != rows[2, 3]
    assert (rows[3] == rows[4]).all()
    assert (rows[:, :2] < WORD_ROWS).all()
    assert (rows[:, 2:] < AFFIX_ROWS).all()
    assert word_rows([]).shape == (0, 4)


@pytest.mark.parametrize(
    ("word", "core"), [("GitHub's,", "GitHub"), ("C++.", "C++"), ("(node.js)", "node.js"), ("…", "…")]
)
def test_name_core(word: str, core: str) -> None:
    assert name_core(word) == core


@pytest.mark.parametrize("name", ["", "slow", "Fast"])
def test_unknown_models_are_refused_with_the_known_ones_named(name: str) -> None:
    with pytest.raises(ConfigError, match="fast, rules"):
        engines.boundary_model(name)
