from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.base_autocomplete import END, complete, learn, page, predict


@given(st.text("abc", min_size=1, max_size=40), st.text("abcd", max_size=8))
def test_prediction_agrees_with_a_search_through_the_text(read: str, prompt: str) -> None:
    """Brute force: the longest ending of the prompt that stands somewhere with a letter after it."""
    for start in range(len(prompt) + 1):
        ending = prompt[start:]
        found = [i + len(ending) for i in range(len(read)) if read.startswith(ending, i)]
        after = Counter(read[i] for i in found if i < len(read))
        if after:
            break
    assert predict(learn([list(read)]), list(prompt)) == after


def test_what_was_read_once_is_recited_to_its_end() -> None:
    words = f"one two three four {END}"
    assert complete(learn([words.split()]), "one two", 9, random.Random(0)) == f"three four {END}"


def test_pages_with_answers_have_the_right_ones() -> None:
    words = page("pages with answers", random.Random(0)).split()
    for i, word in enumerate(words):
        if word == "answer":
            assert int(words[i + 2]) == int(words[i - 4]) + int(words[i - 2])
