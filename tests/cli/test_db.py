"""``studykit db`` as people call it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from studykit.store import Store
from tests.cli.calls import Command, calls_in
from tests.talks import SMALL_TALK


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    with Store(tmp_path / "study.db") as store:
        store.save(SMALL_TALK, key="k")
    return calls_in(tmp_path, monkeypatch, capsys)


def test_a_sound_database(studykit: Command) -> None:
    done = studykit("db", "check")
    assert (done.code, done.out) == (0, "study.db: no damage found\n")
    assert studykit("db", "check", "--json").json == {"path": "study.db", "problems": []}


def test_a_damaged_database_is_named_and_repaired(studykit: Command, tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sentences'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\x55" * size
    path.write_bytes(data)
    done = studykit("db", "check")
    assert done.code == 1
    assert "db repair" in done.err
    assert "studykit db check" in studykit("show", "Caches").err
    repaired = studykit("db", "repair")
    assert repaired.out == "saved 1 talk, 0 known words; the damaged file is study.db.1\n"
    assert "notes of Caches & costs could not be read whole" in repaired.err
    assert studykit("db", "check").code == 0


def test_a_copy(studykit: Command, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine", encoding="utf-8")
    done = studykit("db", "backup", "copy.db")
    assert done.out == "copy.db (the file that was there is now copy.db.1)\n"
    assert studykit("talks", "--db", "copy.db").out.count("Caches & costs") == 1


def test_no_database(studykit: Command) -> None:
    done = studykit("db", "check", "--db", "none.db")
    assert done.code == 1
    assert "does not exist yet" in done.err


def test_databases_are_joined(studykit: Command, tmp_path: Path) -> None:
    with Store(tmp_path / "other.db") as store:
        source = replace(SMALL_TALK.source, id="f" * 64, title="Another")
        store.save(replace(SMALL_TALK, source=source), key="k")
    done = studykit("db", "merge", "other.db", "--db", "all.db")
    assert done.out == "other.db: 1 new talk, 0 renewed, 0 the same, 0 locks, 0 decisions, 0 known words\n"
    (joined,) = studykit("db", "merge", "study.db", "--db", "all.db", "--json").json
    assert (joined["path"], joined["talks"], joined["same"]) == ("study.db", 1, 0)
    assert "seems to be Another" in joined["conflicts"][0], "their texts are the same"
    assert len(studykit("talks", "--db", "all.db", "--json").json) == 2
    assert studykit("db", "merge", "none.db").code == 1
    assert "is the database itself" in studykit("db", "merge", "study.db").err
    assert studykit("db", "merge").code == 2
