"""Beads of our own lecture and stories that need one kind of evidence: each is wrong without it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from studykit.align import align_sentences
from studykit.engines import encoder

DATA = Path(__file__).parent.parent.parent / "benchmarks" / "data"
Sides = tuple[tuple[int, ...], tuple[int, ...]]


def sides(line: str) -> Sides:
    first, second = (tuple(json.loads(part)) for part in line.split(":")[:2])
    return first, second


def gold(name: str) -> set[Sides]:
    return {sides(line) for line in (DATA / f"{name}.beads.txt").read_text("utf-8").splitlines() if line}


@cache
def found(name: str) -> set[Sides]:
    english, chinese = ((DATA / f"{name}.{x}.txt").read_text("utf-8").splitlines() for x in ("en", "zh"))
    beads = align_sentences(english, chinese, encoder=encoder("usem"))
    return {(tuple(bead.source), tuple(bead.target)) for bead in beads}


def test_a_reply_that_is_not_translated_stands_alone() -> None:
    bead: Sides = ((0,), (0,))  # "… at the back?", and "Yeah?" that has no Chinese
    assert bead in gold("lecture")
    assert bead in found("lecture")


@pytest.mark.parametrize(
    ("name", "bead"),
    [
        ("story2", ((1, 2), (1,))),  # contained in its neighbour's translation
        ("story6", ((36, 37), (36,))),
        ("story6", ((15, 16), (16,))),
        ("story4", ((7, 8), (7, 8))),  # a clause has moved over the boundary
        ("story5", ((10, 11), (12, 13))),
    ],
)
def test_outer_clauses_find_what_a_group_lacks(name: str, bead: Sides) -> None:
    assert bead in gold(name)
    assert bead in found(name)
