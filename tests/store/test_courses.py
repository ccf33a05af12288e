"""Courses: kept in order, told apart by name, and whole whatever becomes of their talks."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studykit.errors import CourseNotFoundError
from studykit.store import (
    Store,
    course_names,
    course_talks,
    find_course,
    join_database,
    keep_course,
    merge_talks,
    place_in_course,
    remove_course,
)
from tests.store.test_merging import a_talk

A, B, C, D = (a_talk(number).source.id for number in range(1, 5))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "study.db")
    for number in range(1, 5):
        store.save(a_talk(number), key=f"key {number}")
    return store


def test_talks_keep_their_order_and_stand_in_a_course_once(store: Store) -> None:
    keep_course(store, "Models", [C, A, C, B])
    assert course_talks(store, "Models") == [C, A, B]
    keep_course(store, " models", [B, C])
    assert course_talks(store, "Models") == [B, C]
    assert course_names(store) == ["Models"]
    assert find_course(store, "MODELS ") == "Models"


def test_an_unknown_course_is_an_error_that_names_the_others(store: Store) -> None:
    keep_course(store, "Models", [A])
    with pytest.raises(CourseNotFoundError, match="'Models'"):
        find_course(store, "Modles")


def test_a_removed_course_leaves_its_talks(store: Store) -> None:
    keep_course(store, "Models", [A, B])
    remove_course(store, "models")
    assert (course_names(store), course_talks(store, "Models")) == ([], [])
    assert len(store.talks()) == 4


def test_a_talk_deleted_with_another_program_leaves_the_course(store: Store) -> None:
    keep_course(store, "Models", [A, B, C])
    with closing(sqlite3.connect(store.path)) as connection:  # without foreign keys
        connection.execute("DELETE FROM talks WHERE id = ?", [B])
        connection.commit()
    assert course_talks(store, "Models") == [A, C]


def test_new_notes_of_a_talk_leave_its_place(store: Store) -> None:
    keep_course(store, "Models", [A, B])
    store.save(a_talk(1, "Another title"), key="other")
    assert course_talks(store, "Models") == [A, B]


@pytest.mark.parametrize(("before", "after"), [([D, B], [D, A]), ([A, B], [A]), ([B, A], [A])])
def test_merged_talks_have_one_place(store: Store, before: list[str], after: list[str]) -> None:
    keep_course(store, "Models", before)
    merge_talks(store, keep=A, other=B)
    assert course_talks(store, "Models") == after


def test_a_list_decides_the_order_of_its_talks_and_comes_after_others(store: Store) -> None:
    keep_course(store, "Models", [A, B])
    place_in_course(store, "Models", {C: 1, D: 2})
    assert course_talks(store, "Models") == [A, B, C, D]
    place_in_course(store, "Models", {D: 1, B: 2, C: 3})
    assert course_talks(store, "Models") == [A, D, B, C]


def test_shards_of_one_list_are_joined_in_its_order(store: Store, tmp_path: Path) -> None:
    store.close()
    shutil.copy(store.path, tmp_path / "other.db")
    with Store(store.path) as one, Store(tmp_path / "other.db") as two:
        place_in_course(one, "Models", {A: 1, C: 3})
        place_in_course(two, "models", {B: 2, D: 4})
        assert not join_database(one, two).conflicts
        join_database(one, two)
        assert course_names(one) == ["Models"]
        assert course_talks(one, "Models") == [A, B, C, D]


def test_courses_made_by_hand_in_two_databases_are_joined_and_told(store: Store, tmp_path: Path) -> None:
    store.close()
    shutil.copy(store.path, tmp_path / "other.db")
    with Store(store.path) as one, Store(tmp_path / "other.db") as two:
        keep_course(one, "Models", [A, B])
        keep_course(two, "Models", [D, B, C])
        (told,) = join_database(one, two).conflicts
        assert "'Models'" in told
        assert course_talks(one, "Models") == [A, D, B, C]
        assert not join_database(one, two).conflicts
