"""Outer clauses: where sentences fall apart, and what stands next to the other group."""

from __future__ import annotations

import numpy as np
import pytest

from studykit.align.sentences.clauses import edge_belonging, outer_clauses
from studykit.align.sentences.side import make_sides
from tests.align.bags import BagEncoder


@pytest.mark.parametrize(
    ("text", "outer"),
    [
        ("He drives to the coast, and he comes back.", ("He drives to the coast,", "and he comes back.")),
        ("礼拜四开车去海边，回来拉盐，去的时候空车。", ("礼拜四开车去海边，", "去的时候空车。")),
        ("Well, he went.", None),
        ("One clause only.", None),
        ("GPT-3.5 costs 1,000 times more.", None),
        ("", None),
        ("，，，", None),
        ("好，我们从头开始，再看一遍。", ("好，我们从头开始，", "再看一遍。")),
    ],
)
def test_outer_clauses(text: str, outer: tuple[str, str] | None) -> None:
    assert outer_clauses(text) == outer


def belonging(target_size: int) -> float:
    """Of source 0 with that many targets; its second clause is what target 1 says."""
    encoder = BagEncoder()
    texts = (
        ["alpha beta gamma, delta epsilon zeta", "eta theta"],
        [
            "ALPHA BETA GAMMA",
            "DELTA EPSILON ZETA",
            "ETA THETA",
        ],
    )
    unknown = np.full((2, 2), np.nan), np.full((3, 2), np.nan)
    sides = make_sides(texts, (encoder.encode(texts[0]), encoder.encode(texts[1])), unknown)
    one, size = np.array([0]), np.array([target_size])
    vectors = sides[0].pooled(one, np.array([1])), sides[1].pooled(one, size)
    places = (one, np.array([1])), (one, size)
    found = edge_belonging(places, vectors, texts=texts, sides=sides, chance=0.0, encoder=encoder)
    return float(found[0])


def test_a_group_that_ends_a_clause_too_early_is_found() -> None:
    assert belonging(1) < -0.3
    assert belonging(2) == pytest.approx(0.0, abs=0.05)
