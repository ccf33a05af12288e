"""Damaged databases: what is found, what is saved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.errors import StoreError
from studykit.store import Store, add_known, back_up, damage, known_keys, repair, search
from tests.talks import SMALL_TALK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "study.db"
    with Store(path) as store:
        for number in range(40):
            source = replace(SMALL_TALK.source, id=f"{number:064x}", title=f"Talk {number}")
            store.save(replace(SMALL_TALK, source=source), key=str(number))
        add_known(store, ["trade-off", "cache"])
    return path


def _spoil(path: Path, table: str) -> None:
    """Overwrite one of the pages that hold a table's rows."""
    with closing(sqlite3.connect(path)) as connection:
        pages = [
            page
            for (page,) in connection.execute(
                "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno", [table]
            )
        ]
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    page = pages[len(pages) // 2]
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\x55" * size
    path.write_bytes(data)


def test_a_sound_database_has_no_damage(path: Path) -> None:
    assert damage(path) == []


@pytest.mark.parametrize("table", ["sentences", "talks", "vocabulary_head", "known_items"])
def test_what_can_be_read_of_a_damaged_database_is_saved(path: Path, table: str) -> None:
    _spoil(path, table)
    assert damage(path)
    done = repair(path)
    assert done.kept == path.with_name("study.db.1")
    assert damage(path) == []
    with Store(path) as store:
        talks = store.talks()
        assert len(talks) == 40 if table != "talks" else 0 < len(talks) < 40
        for talk in talks:
            notes = store.load(talk.id)
            lost = talk.title in done.incomplete
            assert len(notes.english) == (0 if lost else len(SMALL_TALK.english))
        assert len(done.incomplete) < 20
        assert bool(done.incomplete) == (table == "sentences")
        assert search(store, "story")
        if table != "known_items":
            assert len(known_keys(store)) == 2


def test_damage_beyond_repair_is_left_as_it_is(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\x55" * (len(data) - 100))
    before = path.read_bytes()
    assert damage(path)
    with pytest.raises(StoreError):
        repair(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_broken_link_between_tables_is_damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER talks_ad")
        connection.execute("DELETE FROM talks WHERE title = 'Talk 7'")
        connection.commit()
    assert any("belongs to a row of talks that is missing" in text for text in damage(path))


def test_a_copy_is_taken_while_another_writes_and_replaces_no_file(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine", encoding="utf-8")
    with Store(path) as writer, Store.existing(path) as store, writer.transaction():
        writer.db.execute("DELETE FROM talks WHERE title = 'Talk 3'")
        assert back_up(store, target) == tmp_path / "copy.db.1"
    assert (tmp_path / "copy.db.1").read_text(encoding="utf-8") == "mine"
    with Store.reading(target) as copied:
        assert len(copied.talks()) == 40
    assert damage(target) == []
