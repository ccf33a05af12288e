from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.rag_or_train import DAYS, EVERY, RATES, WIDE, answered, run


def test_a_question_by_hand() -> None:
    stale = np.array([True, False, True, True, True, True, False, False, False])
    few, many = np.array([[0, 1, 6, 7, 8, 1, 6, 7]]), np.array([[0, 2, 3, 4, 5, 6, 7, 8]])
    assert answered(stale, few) == {"trained": 0.0, "search": 0.0, "both": 1.0}
    assert answered(stale, many) == {"trained": 0.0, "search": 0.0, "both": 0.0}
    assert answered(stale, np.array([[1], [0]])) == {"trained": 0.5, "search": 1.0, "both": 1.0}


def test_weights_grow_stale_as_arithmetic_says() -> None:
    """A fact is as it was after d days of change with chance (1 - rate) ** d; a question needs n of them."""
    ages = [day % EVERY for day in range(DAYS)]
    for rate, row in zip(RATES, run(0)["rows"], strict=True):
        for kind, size in (("narrow", 1), ("wide", WIDE)):
            theory = np.mean([(1 - rate) ** (age * size) for age in ages])
            assert row[f"trained {kind}"] == pytest.approx(theory, abs=0.06)
