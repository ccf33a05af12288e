from __future__ import annotations

import random
import re

from studykit.demos.contamination import RUN, invent, other_numbers, recall, solve, traces


def test_who_can_do_it_agrees_with_whoever_made_the_problem() -> None:
    chance = random.Random(0)
    for _ in range(300):
        text, truth = invent(chance)
        assert solve(text) == truth


def test_only_the_numbers_change() -> None:
    chance = random.Random(0)
    for _ in range(100):
        text, _ = invent(chance)
        changed, truth = other_numbers(text, chance)
        assert re.sub(r"\d+", "#", changed) == re.sub(r"\d+", "#", text)
        assert solve(changed) == truth


def test_recalling_what_was_read_word_for_word() -> None:
    chance = random.Random(0)
    read = [invent(chance) for _ in range(100)]
    assert all(
        recall(text, read) in {answer for page, answer in read if set(page.split()) == set(text.split())}
        for text, _ in read
    )


def test_traces_by_brute_force() -> None:
    """Every run of eight words with two numbers in it, of every part of a problem."""
    chance = random.Random(1)
    for text, _ in [invent(chance) for _ in range(6)]:
        words = text.split()
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                part = words[start:end]
                runs = [part[i : i + RUN] for i in range(len(part) - RUN + 1)]
                wanted = any(sum(word.isdigit() for word in run) == 2 for run in runs)
                assert traces(text, [(" ".join(["a", *part, "b"]), 0)]) == wanted
