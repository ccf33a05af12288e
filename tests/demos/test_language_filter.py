from __future__ import annotations

import math
import random

import pytest

from studykit.demos.language_filter import END, LANGUAGES, Letters, guess, write


def test_runs_by_hand() -> None:
    assert Letters([], 3).cut("ab") == [END + END + "a", END + "ab", "ab" + END]
    assert Letters([], 1).cut("ab") == ["a", "b", END]


def test_bits_by_hand() -> None:
    """Read "aab": of the four signs one is b, so b costs log 4, but for the little that unseen ones get."""
    found = Letters(["aab"], 1).bits("b")
    chances = [(1 + 0.02) / (4 + 0.8), (1 + 0.02) / (4 + 0.8)]  # b, then the end
    assert found == pytest.approx(-sum(map(math.log2, chances)) / 2)


def test_chances_after_any_run_add_up_to_one() -> None:
    model = Letters(["abba", "cab"], 2)
    signs = [*"abc", END]
    seen = sum((model.runs["a" + sign] + 0.02) / (model.begun["a"] + 0.8) for sign in signs)
    assert seen + 36 * 0.02 / (model.begun["a"] + 0.8) == pytest.approx(1)  # 36 signs more share the rest


def test_each_language_is_least_surprised_by_itself() -> None:
    chance = random.Random(0)
    known = {name: Letters([write(name, chance, 0) for _ in range(60)], 3) for name in LANGUAGES}
    for name in LANGUAGES:
        assert all(guess(known, write(name, chance, 1)) == name for _ in range(20))


def test_taught_and_tested_words_differ() -> None:
    for parts in (language.split("|") for language in LANGUAGES.values()):
        for words in (parts[1].split(), parts[2].split()):
            assert len(words) % 2 == 0
            assert not set(words[::2]) & set(words[1::2])
