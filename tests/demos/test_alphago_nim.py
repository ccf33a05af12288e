from __future__ import annotations

import random
from collections import defaultdict
from functools import cache
from itertools import combinations_with_replacement

import pytest

from studykit.demos.alphago_nim import MOST, Game, Heaps, best, copying, game, habits, moves, self_play

POSITIONS = list(combinations_with_replacement(range(MOST + 1), 3))[1:]


@cache
def can_win(heaps: Heaps) -> bool:
    """By trying everything."""
    return any(not can_win(left) for left in moves(heaps))


def test_the_moves_are_those_of_nim() -> None:
    """Bouton's theorem of 1901: whoever finds heaps whose exclusive or is not 0 can win."""
    for a, b, c in POSITIONS:
        assert can_win((a, b, c)) == (a ^ b ^ c != 0)
    assert moves((0, 1, 2)) == [(0, 0, 1), (0, 0, 2), (0, 1, 1)]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_it_learns_is_mostly_that_theorem(seed: int) -> None:
    chance, value = random.Random(seed), defaultdict[Heaps, float](lambda: 0.5)
    for _ in range(3000):
        self_play(value, chance, blind=False)
    winnable = [heaps for heaps in POSITIONS if can_win(heaps)]
    assert sum(not can_win(best(value)(heaps)) for heaps in winnable) > 0.8 * len(winnable)


def test_the_teachers_habits_are_probabilities() -> None:
    for heaps in POSITIONS:
        assert sum(habits(heaps).values()) == pytest.approx(1)
    assert habits((0, 0, 3))[0, 0, 0] > 0.95


def test_the_copy_plays_only_what_it_saw() -> None:
    played: Game = [((0, 1, 2), (0, 0, 1)), ((0, 0, 1), (0, 0, 0))]
    copy = copying([played], random.Random(0))
    assert {copy((0, 1, 2)) for _ in range(20)} == {(0, 0, 1)}
    assert len(game((0, 1, 2), copy, copy)) == 2  # so that the second player wins
