from __future__ import annotations

import random

import pytest

from studykit.demos.error_compounding import (
    EDGE,
    LENGTHS,
    PLACES,
    TEACHER,
    copy,
    drive,
    moved,
    practise,
    run,
)


def test_the_formula_for_many_steps() -> None:
    """(1 - slip) to the power of the steps; .99 ** 50 is .605 in any table of powers."""
    numbers = run(0)
    assert numbers["clean"][1] == pytest.approx(0.605, abs=0.07)
    for steps, clean in zip(LENGTHS, numbers["clean"], strict=True):
        assert clean == pytest.approx(0.99**steps, abs=0.07)


def test_who_comes_back_at_once_is_off_the_road_once_for_each_push() -> None:
    chance = random.Random(0)
    off = sum(place != 0 for _ in range(400) for place in drive(TEACHER, 100, 0.05, chance)) / 400
    assert off == pytest.approx(100 * 0.05, rel=0.1)


def test_a_copy_of_a_calm_teacher_drives_straight_on_everywhere() -> None:
    driver = copy(10, 0.0, random.Random(0))
    assert driver == dict.fromkeys(PLACES, 0)
    assert drive(driver, 5, 0.0, random.Random(0)) == [0] * 6


def test_practice_finds_the_way_back_from_where_it_has_been() -> None:
    driver = practise(random.Random(0))
    assert {place: driver[place] for place in range(-3, 4)} == {p: TEACHER[p] for p in range(-3, 4)}


def test_nobody_leaves_the_world() -> None:
    assert moved(EDGE, 1, 1.0, random.Random(0)) == EDGE
    assert moved(-EDGE, -1, 0.0, random.Random(0)) == -EDGE


def test_lessons_with_pushes_show_the_way_back() -> None:
    driver = copy(200, 0.05, random.Random(0))
    assert (driver[-1], driver[0], driver[1]) == (1, 0, -1)
