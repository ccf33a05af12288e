"""Pieces of a text for the bootstrap: every bead and every lonely sentence counted once, in one piece."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "benchmarks"))
bootstrap = importlib.import_module("align_bootstrap")
sys.path.pop(0)

GOLD = [((0,), (0,)), ((1,), ()), ((2, 3), (1,)), ((), (2,)), ((4,), (3,))]
OURS = [((0,), (0,)), ((1, 2, 3), (1,)), ((), (2,)), ((4,), (3,))]
THEIRS = [((0,), (0,)), ((1,), ()), ((2,), (1,)), ((3,), ()), ((4,), (2, 3))]


def test_pieces_add_up_to_the_counts_of_the_whole() -> None:
    counts = bootstrap.pieces(GOLD, OURS, THEIRS)
    assert counts.sum(axis=0).tolist() == [[3, 3, 3, 2, 2, 2], [2, 3, 3, 1, 1, 2], [1, 3, 3, 1, 2, 2]]
    assert (counts[:, 0, 0] == counts[:, 0, 1]).all()
    assert len(counts) == 3  # cut where all three break


def test_an_aligner_that_is_better_everywhere_is_surely_better() -> None:
    counts = np.tile(bootstrap.pieces(GOLD, GOLD, THEIRS), (30, 1, 1))
    less, low, high, above = bootstrap.interval(counts, bootstrap.strict_f1)
    assert 0 < low < less < high
    assert above == pytest.approx(1)
    assert bootstrap.interval(counts[:, [0, 1, 1]], bootstrap.strict_f1) == (0, 0, 0, 0.5)
