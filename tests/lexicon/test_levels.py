"""Levels of words, by our table and by rule."""

from __future__ import annotations

import csv

import pytest

from studykit.lexicon.levels import base_form, level_of, level_value
from studykit.resources import data_dir
from studykit.types import CEFR_LEVELS


def test_levels_rise_with_rarity() -> None:
    order = ["house", "improve", "sophisticated", "regurgitate"]
    values = [level_value(word, None) or 0 for word in order]
    assert values == sorted(values)
    assert level_of(level_value("house", "NOUN")) == "A1"
    assert level_of(level_value("regurgitate", "VERB")) == "C2"
    assert level_value("zzyzxq", "NOUN") is None
    assert level_of(None) is None


def test_frequency_corrects_the_list() -> None:
    # The list alone has "rationality" at A1.
    assert level_of(level_value("rationality", "NOUN")) not in {"A1", "A2", "B1"}


@pytest.mark.parametrize(
    ("word", "upos", "level"),
    [
        ("keyboard", "NOUN", "A2"),
        ("experimental", "ADJ", "B2"),
        ("distribution", "NOUN", "B2"),
        ("prominent", "ADJ", "C1"),
        ("mechanism", "NOUN", "C1"),
        ("threshold", "NOUN", "C1"),
        ("frontier", "NOUN", "C2"),
    ],
)
def test_common_academic_words(word: str, upos: str, level: str) -> None:
    assert level_of(level_value(word, upos)) == level


def test_a_level_depends_on_the_part_of_speech() -> None:
    assert level_of(level_value("route", "NOUN")) == "B1"
    assert level_of(level_value("route", "VERB")) == "C1"


def test_a_learned_ending_makes_a_word_of_the_same_frequency_harder() -> None:
    # Both have a Zipf frequency of 3.5 and B1 in the list, and neither stands in the table.
    plain, learned = level_value("kettle", "NOUN"), level_value("utilization", "NOUN")
    assert plain is not None
    assert learned is not None
    assert plain < learned


def test_the_table_is_sorted_and_has_each_word_once() -> None:
    with (data_dir("lexicon") / "levels.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    keys = [(row["head"], row["pos"]) for row in rows]
    assert keys == sorted(set(keys))
    assert {row["level"] for row in rows} == set(CEFR_LEVELS)
    assert {row["pos"] for row in rows} == {"NOUN", "VERB", "ADJ", "ADV"}


@pytest.mark.parametrize(
    ("text", "lemma", "better"),
    [
        ("hoping", "hop", "hope"),
        ("data", "datum", "data"),
        ("hopping", "hop", "hop"),
        ("ran", "run", "run"),
        ("scraping", "scrap", "scrape"),
        ("scrapping", "scrap", "scrap"),
        ("editing", "edit", "edit"),
        ("fixing", "fix", "fix"),
    ],
)
def test_slips_of_the_lemmatiser(text: str, lemma: str, better: str) -> None:
    assert base_form(text, lemma) == better


@pytest.mark.parametrize(
    ("text", "upos", "better"),
    [
        ("gutted", "VERB", "gut"),
        ("blogged", "VERB", "blog"),
        ("gutted", "ADJ", "gutted"),
        ("feed", "VERB", "feed"),
    ],
)
def test_a_verb_is_no_form_of_itself(text: str, upos: str, better: str) -> None:
    assert base_form(text, text, upos) == better
