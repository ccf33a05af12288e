from __future__ import annotations

import math
import random

import pytest

from studykit.demos.rag import Index, read


def test_the_score_by_the_formula() -> None:
    """BM25 written out by hand for one word: 3 passages, 1 holds it, twice, among 4 words; mean 8/3."""
    index = Index(["blue bells and bells", "red kites", "red lamps"])
    rarity = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    by_hand = rarity * 2 / (2 + 1.2 * (0.25 + 0.75 * 4 / (8 / 3)))
    assert index.scores("Bells?") == pytest.approx([by_hand, 0, 0])


def test_rare_words_count_more_than_common_ones_and_unknown_ones_nothing() -> None:
    index = Index(["red bells", "red kites", "red lamps"])
    bells, kites, _ = index.scores("red bells zebra")
    assert bells > 2 * kites > 0
    assert index.search("red bells", 1) == ["red bells"]
    assert index.search("zebra", 3) == []


def test_the_reader_takes_the_first_word_of_the_kind() -> None:
    chance = random.Random(0)
    assert read("Who leads it?", ["In Porto it is led by Greco.", "Lund went."], chance) == "Greco"
    assert read("Where is it?", ["In Porto it is led by Greco."], chance) == "Porto"
