"""Grammar points and term candidates."""

from __future__ import annotations

import pytest

from studykit import engines
from studykit.annotate.vocabulary.grammar import grammar_points
from studykit.annotate.vocabulary.noun_phrases import c_values, compounds, noun_phrases

TAGGER = engines.tagger()


def points(text: str) -> list[str]:
    (tokens,) = TAGGER.tag([text])
    return [point.head for point, _ in grammar_points(tokens)]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Um, we left early.", "um / uh"),
        ("It was, like, three in the morning.", "like"),
        ("We took the the bus.", "self-correction"),
        ("I think I think it rained.", "self-correction"),
        ("We, we took the bus.", "self-correction"),
        ("She wore a gardenesque hat.", "gardenesque (-esque)"),
    ],
)
def test_a_point_of_grammar_is_found(text: str, head: str) -> None:
    assert head in points(text)


@pytest.mark.parametrize(
    "text",
    [
        "I like tea.",
        "If there's one thing I'd like you to take home, it's this.",
        "That doesn't sound like much until you hit it.",
        "He runs like a hare.",
        "It was very very cold.",
        "A grotesque hat.",
        "Ah, there it is.",
        "Uh-huh, we left early.",
        "Exactly, exactly.",
        "It rained over and over and over.",
        "What it is is a hat.",
        "When we get there, there is tea.",
        "It was a huge, huge hat.",
        "They fit in in terms of size.",
    ],
)
def test_and_none_where_there_is_none(text: str) -> None:
    assert not points(text)


def phrases(text: str) -> list[str]:
    (tokens,) = TAGGER.tag([text])
    return [head for head, _, _ in noun_phrases(tokens)]


def test_noun_phrases_that_may_be_terms() -> None:
    assert "fiscal year" in phrases("The fiscal year ends in June.")
    assert "tidal power plant" in phrases("They built two tidal power plants.")
    assert not phrases("It was a good thing.")
    assert not phrases("It is a serious problem.")
    assert not phrases("She came again.")


def test_phrases_inside_longer_ones_do_not_end_them() -> None:
    (tokens,) = TAGGER.tag(["We study intellectual property laws."])
    ends = {head: ends for head, _, ends in noun_phrases(tokens)}
    assert ends["intellectual property law"]
    assert ends["intellectual property"] is False


@pytest.mark.parametrize("word", ["broadly-applicable", "super-brittle", "lawn-based", "re-hosted"])
def test_what_says_no_more_than_its_parts_is_no_compound(word: str) -> None:
    (tokens,) = TAGGER.tag([f"It was a {word} plan."])
    assert not list(compounds(tokens))


def test_c_value_of_nested_phrases() -> None:
    # The shorter phrase stands four times, three of them inside the longer one: 1 of its own.
    values = c_values({"power plant": 4, "tidal power plant": 3})
    assert values["tidal power plant"] == pytest.approx(2 * 3)
    assert values["power plant"] == pytest.approx(1.585 * 1, abs=1e-3)
    assert c_values({"old mill": 1, "very old mill": 1})["old mill"] == 0
