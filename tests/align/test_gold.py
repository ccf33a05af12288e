"""Beads of our own lecture and stories that need one kind of evidence: each is wrong without it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from studykit.align import align_sentences, beads
from studykit.align.explain import explain
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


def test_the_example_of_an_explanation_in_the_docs_is_what_is_printed() -> None:
    english, chinese = ((DATA / f"story2.{x}.txt").read_text("utf-8").splitlines() for x in ("en", "zh"))
    printed = explain(english, chinese, encoder=encoder("usem"), pair=(1, 1))
    shown = (DATA.parent.parent / "docs" / "alignment.md").read_text("utf-8").split("--explain I J`")[1]
    example = shown.split("```\n")[1].strip().splitlines()
    assert [line.split() for line in printed[3 : 3 + len(example)]] == [line.split() for line in example]


def test_beginning_anew_where_the_first_round_is_beyond_doubt_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    english, chinese = ((DATA / f"lecture.{x}.txt").read_text("utf-8").splitlines() for x in ("en", "zh"))
    in_pieces = align_sentences(english, chinese, encoder=encoder("usem"))
    monkeypatch.setattr(beads, "_BEYOND_DOUBT", 2.0)
    whole = align_sentences(english, chinese, encoder=encoder("usem"))
    assert [(bead.source, bead.target) for bead in in_pieces] == [
        (bead.source, bead.target) for bead in whole
    ]
    assert [bead.score for bead in in_pieces] == pytest.approx([bead.score for bead in whole], abs=1e-6)


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
