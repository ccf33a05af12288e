"""Scores of beads where a clause stands on the wrong side of a boundary."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studykit.align import align_sentences
from studykit.align.confidence import score_linked
from studykit.align.sentences.boundaries import worst_boundaries
from studykit.align.sentences.side import make_sides
from studykit.engines import encoder
from tests.align.bags import BagEncoder

DATA = Path(__file__).parent.parent.parent / "benchmarks" / "data"


def scores_around(chinese: dict[int, str]) -> list[float]:
    """Of the 22nd to 25th English sentence of a story, each of which has a Chinese one of its own."""
    english, original = ((DATA / f"story4.{x}.txt").read_text("utf-8").splitlines() for x in ("en", "zh"))
    target = [chinese.get(j, line) for j, line in enumerate(original)]
    beads = {bead.source.start: bead for bead in align_sentences(english, target, encoder=encoder("usem"))}
    mirrored = align_sentences(target, english, encoder=encoder("usem"))
    assert sorted(bead.score for bead in mirrored if bead.target.start in range(21, 25) and bead.target) == (
        pytest.approx(sorted(beads[i].score for i in range(21, 25)), abs=1e-3)
    )
    assert all(len(beads[i].source) == len(beads[i].target) == 1 for i in range(21, 25))
    return [beads[i].score for i in range(21, 25)]


def test_a_clause_that_moved_over_a_boundary_makes_the_beads_on_both_sides_doubtful() -> None:
    moved = scores_around({})
    moved_back = scores_around(
        {22: "他摘了四个最熟的，一个一个塞进衬衫里。", 23: "然后又掏出一个，想了想，顺着地滚到我脚边。"}
    )
    assert min(moved_back) > 0.99
    assert max(moved[1:3]) < 0.8
    assert [moved[0], moved[3]] == pytest.approx([moved_back[0], moved_back[3]], abs=0.01)


SOURCE = ["alpha beta gamma", "delta epsilon zeta, eta theta iota", "kappa lambda"]
MOVED = ["ALPHA BETA GAMMA, DELTA EPSILON ZETA", "ETA THETA IOTA", "KAPPA LAMBDA"]


def worst(target: list[str], too_long: list[float]) -> tuple[list[float], list[str]]:
    """Worst boundaries of pairs of single sentences, and what was encoded to know them."""
    encoder = BagEncoder()
    unknown = np.full((3, 2), np.nan)
    raw = encoder.encode(SOURCE), encoder.encode(target)
    sides = make_sides((SOURCE, target), raw, (unknown, unknown))
    places = np.array([(i, i + 1, i, i + 1) for i in range(3)])
    encoder.encoded.clear()
    found = worst_boundaries(
        places, np.array(too_long), texts=(SOURCE, target), sides=sides, chance=0.0, encoder=encoder
    )
    return found.tolist(), encoder.encoded


def test_both_beads_know_of_the_clause_between_them() -> None:
    (first, second, third), _ = worst(MOVED, [0.5, -0.5, 0.0])
    assert first == second < -0.5
    assert third == 0


def test_a_clause_on_its_own_side_does_no_harm() -> None:
    found, encoded = worst([text.upper() for text in SOURCE], [0.5, -0.5, 0.0])
    assert encoded
    assert found == [0, 0, 0]


def test_boundaries_over_which_no_length_says_that_anything_moved_cost_nothing() -> None:
    for too_long in ([0.05, -0.05, 0.05], [0.5, 0.5, 0.5], [0.0, -0.5, 0.0]):
        assert worst(MOVED, too_long) == ([0, 0, 0], [])


@pytest.mark.parametrize("boundary", [0.0, -0.4, -2.0])
def test_scores_rise_with_the_probability_and_stay_between_0_and_1(boundary: float) -> None:
    scores = [score_linked(share, boundary) for share in (0.0, 0.01, 0.3, 0.7, 0.95, 0.999, 1.0)]
    assert scores == sorted(scores)
    assert 0 <= scores[0] < scores[-2] <= scores[-1] <= 1


def test_a_worse_boundary_lowers_the_score() -> None:
    assert score_linked(0.99, -0.5) < score_linked(0.99, -0.1) < score_linked(0.99, 0.0)
