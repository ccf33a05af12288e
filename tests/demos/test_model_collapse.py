from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from studykit.demos.model_collapse import LENGTH, WORDS, generations, human, train, write


def test_every_generation_reads_a_text_of_the_same_length() -> None:
    for share in (0.0, 0.25, 1.0):
        assert {int(text.sum()) for text in generations(np.random.default_rng(0), share)} == {LENGTH}


def test_a_model_writes_what_it_read_on_average() -> None:
    rng = np.random.default_rng(0)
    text = human(rng, LENGTH)
    mean = np.mean([write(train(text), rng, LENGTH) for _ in range(300)], axis=0)
    assert mean == pytest.approx(text, abs=0.4 * np.sqrt(text.max()))


def test_a_word_is_lost_as_often_as_theory_says() -> None:
    """A word with share p is missing from n words with probability (1 - p)^n."""
    rng = np.random.default_rng(0)
    model = np.array([0.02, 0.98])
    lost = np.mean([write(model, rng, 100)[0] == 0 for _ in range(4000)])
    assert lost == pytest.approx(0.98**100, abs=0.03)


def test_what_was_not_written_is_never_written_again() -> None:
    texts = generations(np.random.default_rng(1), 0.0)
    for before, after in pairwise(texts):
        assert not (after[before == 0]).any()


def test_people_know_all_words() -> None:
    assert (human(np.random.default_rng(0), 10**7) > 0).sum() == WORDS
