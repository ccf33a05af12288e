"""What is read from the database equals what was written to it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from studykit.errors import StoreError, TalkNotFoundError
from studykit.export import notes_json
from studykit.store import Store
from studykit.store.talks.assistance import WRITTEN_TABLES
from studykit.types import Assistance, Notes
from tests.assisted import ASSISTED_TALK
from tests.strategies import notes


@given(made=notes())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_notes_come_back_as_they_were(made: Notes, tmp_path: Path) -> None:
    with Store(tmp_path / "study.db") as store:
        store.save(made, key="k")
        assert store.load(made.source.id) == made
        paragraphs = tuple(replace(para, introduces=()) for para in made.paragraphs)
        without = replace(made, terms=(), paragraphs=paragraphs)
        assert store.load(made.source.id, terms=False) == without


@given(first=notes(), second=notes())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_saving_again_replaces_all_of_a_talk_and_nothing_else(
    first: Notes, second: Notes, tmp_path: Path
) -> None:
    if first.source.id == second.source.id:
        return
    again = replace(second, source=replace(second.source, id=first.source.id))
    with Store(tmp_path / "study.db") as store:
        for made in (first, second, again):
            store.save(made, key="k")
        assert store.load(first.source.id) == again
        assert store.load(second.source.id) == second


def test_what_a_model_wrote_is_deleted_with_its_talk_also_without_foreign_keys(tmp_path: Path) -> None:
    with Store(tmp_path / "study.db") as store:
        for _ in range(2):
            store.save(ASSISTED_TALK, key="k")
        assert store.load(ASSISTED_TALK.source.id) == ASSISTED_TALK
        tables = [name for name in store.db.table_names() if name.startswith(("written_", "assistance"))]
        assert sorted(tables) == sorted(WRITTEN_TABLES)
        assert all(store.db[name].count for name in tables)
    with closing(sqlite3.connect(tmp_path / "study.db")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM talks")
        left = {name for name in WRITTEN_TABLES if db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]}
        assert not left
        db.commit()


@given(made=notes())
@settings(max_examples=25, deadline=None)
def test_what_a_model_wrote_is_whole_in_json(made: Notes) -> None:
    document = json.loads(notes_json(made))
    assert ("assistance" in document) == (made.assistance is not None)
    assert msgspec.convert(document.get("assistance"), Assistance | None) == made.assistance


def test_unknown_talk(tmp_path: Path) -> None:
    with (
        Store(tmp_path / "study.db") as store,
        pytest.raises(TalkNotFoundError, match="no talk matches 'nothing'"),
    ):
        store.find("nothing")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    path.write_text("This is a shopping list, and a long one: " + "milk, " * 300)
    with pytest.raises(StoreError, match="is not a database"):
        Store(path)
    assert path.read_text().startswith("This is a shopping list")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        Store(tmp_path / "nowhere" / "study.db")
