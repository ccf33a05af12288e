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
from studykit.engines.boundaries.features import bare_words
from studykit.errors import ConfigError
from studykit.resources import data_dir

LECTURE = Path(__file__).parents[2] / "benchmarks" / "data" / "lecture.en.txt"
FAST = engines.boundary_model()


def split(words: list[str]) -> list[str]:
    starts = [at for at, score in enumerate(FAST.scores(words)) if at == 0 or score > 0]
    return [" ".join(words[start:end]) for start, end in pairwise([*starts, len(words)])]


def test_an_easy_passage_is_cut_into_its_sentences() -> None:
    sentences = [
        "okay so today we are going to talk about rivers",
        "what is a river",
        "it's water that runs downhill until it reaches the sea",
        "does that make sense",
        "so the first thing I want you to notice is the mud",
    ]
    assert split(" ".join(sentences).split()) == sentences


def f1(scores: list[float], gold: set[int]) -> float:
    found = {at for at, score in enumerate(scores) if at and score > 0}
    return 2 * len(found & gold) / (len(found) + len(gold))


def test_the_networks_know_more_than_the_word_lists() -> None:
    sentences = [re.findall(r"[\w'-]+", line.lower()) for line in LECTURE.read_text("utf-8").splitlines()]
    words = [word for sentence in sentences for word in sentence]
    gold = set(accumulate(map(len, sentences[:-1])))
    rules = engines.boundary_model("rules").scores(words)
    assert f1(list(FAST.scores(words)), gold) > f1(list(rules), gold) + 0.1


def test_capitals_and_marks_of_the_input_do_not_matter() -> None:
    words = "so I said to him why don't you come along it's only an hour".split()
    loud = [word.upper() + "," for word in words]
    assert FAST.scores(loud) == FAST.scores(words)


def test_a_long_text_is_scored_in_windows_as_if_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    words = LECTURE.read_text("utf-8").lower().replace(".", "").split()[:300]
    whole = np.array(FAST.scores(words))
    monkeypatch.setattr(boundary_net, "_WINDOW", 100)
    parts = np.array(FAST.scores(words))
    assert ((whole > 0) == (parts > 0)).mean() > 0.97


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=8), max_size=12))
def test_every_word_gets_a_score(words: list[str]) -> None:
    scores = FAST.scores(words)
    assert len(scores) == len(words)
    assert np.isfinite(scores).all()


def test_bare_words() -> None:
    read = ["“So,", "I’m", "i", "DON'T", "3.6%", "-", "it."]
    assert bare_words(read) == ["so", "I'm", "I", "don't", "3.6%", "-", "it"]


def test_the_weights_are_small_and_hold_no_objects() -> None:
    path = data_dir("weights") / boundary_net.WEIGHTS
    assert path.stat().st_size < 3_000_000
    with np.load(path, allow_pickle=False) as stored:
        assert all(stored[key].dtype.kind in "fu" for key in stored)


def test_the_name_says_which_weights_and_which_tagger() -> None:
    assert re.fullmatch(r"boundaries-[0-9a-f]{8}:spacy-3\.8\.\d+:en_core_web_sm", FAST.name)


@pytest.mark.parametrize("name", ["", "slow", "Fast"])
def test_unknown_models_are_refused_with_the_known_ones_named(name: str) -> None:
    with pytest.raises(ConfigError, match="fast, rules"):
        engines.boundary_model(name)
