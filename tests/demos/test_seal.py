from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.seal import WAYS, document, preference, score, tenths

RNG = np.random.default_rng(0)


def test_each_way_teaches_what_it_asks() -> None:
    """Against reason: the text reads forwards, each half of the quiz asks one way, both ask all."""
    text = document(RNG)
    expected = {"copy the text": 0.5, "ask what ... leads": 0.5, "ask who leads ...": 0.5, "ask both": 1.0}
    assert {way: score(text, WAYS[way](text)) for way in expected} == expected


def test_answers_are_what_counts() -> None:
    text = document(RNG)
    assert score(text, WAYS["ask without answers"](text)) < 0.3


def test_preferences_are_chances() -> None:
    weights = RNG.normal(size=6)
    assert preference(weights).sum() == pytest.approx(1)
    assert preference(weights + 100) == pytest.approx(preference(weights))
    assert tenths([1.0] * 10 + [0.0] * 10) == [1.0, 0.0]
