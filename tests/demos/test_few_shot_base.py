from __future__ import annotations

from itertools import pairwise

import pytest

from studykit.demos.few_shot_base import ASKED, KINDS, LINES, PAGE, PAIR, WORDS, BaseModel, run

GERMAN = {"dog": "Hund", "cat": "Katze"}
FRENCH = {"dog": "chien", "cat": "chat"}


def test_every_kind_has_an_answer_of_its_own_for_every_word() -> None:
    answers = [answer for found in KINDS.values() for answer in found]
    assert all(len(found) == len(WORDS) for found in KINDS.values())
    assert len(set(answers)) == len(answers)


def test_the_chances_of_a_line_by_hand() -> None:
    model = BaseModel([GERMAN])
    floor = (1 - PAIR - PAGE) / (len(KINDS) * len(WORDS))
    assert model.likely("dog", "Hund") == [pytest.approx(PAIR + PAGE / 2 + floor)]
    assert model.likely("dog", "Katze") == [pytest.approx(PAGE / 2 + floor)]
    assert model.likely("dog", "chien") == [pytest.approx(floor)]


def test_chances_of_all_answers_add_up_to_one() -> None:
    model = BaseModel([dict(zip(WORDS[:LINES], KINDS[ASKED], strict=False))])
    total = sum(model.likely(WORDS[0], answer)[0] for found in KINDS.values() for answer in found)
    assert total == pytest.approx(1)


def test_pages_are_weighed_by_bayes() -> None:
    """Three French pages and a German one; one line of German outweighs them."""
    model = BaseModel([FRENCH, FRENCH, FRENCH, GERMAN])
    assert model.predict([], "dog") == "chien"
    assert model.predict([("cat", "Katze")], "dog") == "Hund"
    weights = model.weigh([("cat", "Katze"), ("dog", "chien")])
    once = [model.likely("cat", "Katze"), model.likely("dog", "chien")]
    assert weights == pytest.approx([a * b for a, b in zip(*once, strict=True)])


def test_the_order_of_examples_does_not_matter() -> None:
    model = BaseModel([FRENCH, GERMAN])
    lines = [("cat", "chat"), ("dog", "Hund"), ("cat", "Katze")]
    assert model.weigh(lines) == pytest.approx(model.weigh(lines[::-1]))


def test_more_examples_never_make_it_much_worse() -> None:
    shares = run(3)["right"]["as they are"]
    assert all(b > a - 0.05 for a, b in pairwise(shares))
