from __future__ import annotations

import random
from collections import Counter

import numpy as np

from studykit.demos.strawberry import learn, lines, make_words, run, seen


def test_without_merges_the_symbols_are_letters() -> None:
    words = make_words(random.Random(5), 20)
    for word, counts in zip(words, seen(words, {}), strict=True):
        assert {chr(i): n for i, n in enumerate(counts) if n} == Counter(word)


def test_a_token_hides_its_letters() -> None:
    """With "er" as token 256, "error" is 256 r o r: two of its r's are seen, the third is not."""
    (counts,) = seen(["error"], {(ord("e"), ord("r")): 256})
    assert {i: n for i, n in enumerate(counts) if n} == {256: 1, ord("r"): 2, ord("o"): 1}


def test_letters_learn_that_r_counts_one_and_all_others_nothing() -> None:
    words = make_words(random.Random(5), 300)
    learned = learn(seen(words, {}), np.array([word.count("r") for word in words]))
    assert np.allclose(learned, np.arange(256) == ord("r"), atol=0.01)


def test_a_word_of_your_own() -> None:
    numbers = run(text="Mirror, mirror!")
    assert numbers["count"] == 6
    assert numbers["letters"]["answers"][-1] == 6
    assert "mirror, mirror!" in lines(numbers)[0]
