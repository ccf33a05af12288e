from __future__ import annotations

import random
from collections import Counter

import pytest

from studykit.demos.regurgitation import GIVEN, LENGTH, recite, same, train, write

PAGE = "one two three four".split()


def test_counts_by_hand() -> None:
    counts = train([(PAGE, 3), ("two three five".split(), 1)], 2)
    assert counts["two", "three"] == Counter({"four": 3, "five": 1})
    assert counts["three",] == Counter({"four": 3, "five": 1})
    assert counts["one",] == Counter({"two": 3})
    assert ("one", "two", "three") not in counts


def test_copies_count_as_if_read_one_by_one() -> None:
    assert train([(PAGE, 3)], 2) == train([(PAGE, 1)] * 3, 2)


def test_a_page_read_alone_is_recited_whole() -> None:
    page = write(random.Random(0))
    words = recite(train([(page, 1)], 4), page, 1.0, 4, random.Random(1))
    assert words == page[GIVEN:]
    assert same(words, page) == LENGTH - GIVEN


def test_how_far_it_keeps_to_the_page() -> None:
    page = write(random.Random(0))
    rest = page[GIVEN:]
    assert same([*rest[:5], "zoo", *rest[6:]], page) == 5
    assert same(["zoo", *rest[1:]], page) == 0


def test_at_a_crossing_copies_vote_as_the_formula_says() -> None:
    """Nine copies against three other ways: nine in twelve go on with the page."""
    page = [str(i) for i in range(GIVEN)] + ["on"]
    others = [([*page[GIVEN - 2 : GIVEN], f"off{i}"], 1) for i in range(3)]
    counts, chance = train([(page, 9), *others], 2), random.Random(0)
    kept = sum(recite(counts, page, 1.0, 2, chance) == ["on"] for _ in range(4000)) / 4000
    assert kept == pytest.approx(9 / 12, abs=0.03)
