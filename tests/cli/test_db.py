"""``studykit db`` as people call it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.fingerprint import digest
from studykit.store import Embeddings, Store
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


def test_what_takes_the_room(studykit: Command) -> None:
    with Store("study.db") as store:
        store.keep_result("k", b"[1]", stage="s", source_id=SMALL_TALK.source.id)
    found = studykit("db", "size", "--json").json
    kinds = {table["table"]: table["kind"] for table in found["tables"]}
    assert kinds["sentences"] == "notes"
    assert (kinds["locks"], kinds["stage_results"], kinds["talk_vectors"]) == ("decided", "cache", "cache")
    assert kinds["sentences_fts_data"] == "search"
    assert sum(table["bytes"] for table in found["tables"]) <= Path("study.db").stat().st_size
    rows = {table["table"]: table["rows"] for table in found["tables"]}
    assert rows["sentences"] == len(SMALL_TALK.english) + len(SMALL_TALK.chinese)
    shown = studykit("db", "size").out
    assert "MB    stage_results (1 row)" in shown
    assert "locks" not in shown, "empty"


def test_prune_by_age_and_by_size(studykit: Command) -> None:
    mine = SMALL_TALK.source.id
    with Store("study.db") as store:
        for number in range(4):
            # Random bytes: what repeats would be compressed.
            data = b"".join(digest(number, i).encode() for i in range(1000))
            store.keep_result(f"k{number}", data, stage=f"s{number}", source_id=mine)
            Embeddings(store, mine).update({digest(number): bytes(1000)})
        for table in ("stage_results", "talk_vectors"):
            store.db.execute(f"UPDATE {table} SET created_at = '2020' WHERE rowid = 1")
        store.db.conn.commit()

    def left() -> tuple[int, int]:
        with Store("study.db") as store:
            (results,) = store.db.execute("SELECT count(*) FROM stage_results").fetchone()
            return results, len(Embeddings(store, mine))

    assert studykit("db", "prune", "--json").json["results"] == 0
    assert studykit("db", "prune", "--days", "30").out.startswith("removed 1 cached result, 1 vector and 0 ")
    assert left() == (3, 3)
    done = studykit("db", "prune", "--most", "0.1", "--json").json
    assert (done["results"], done["vectors"]) == (1, 0), "and what is younger fits"
    assert done["bytes_freed"] > 20_000
    assert left() == (2, 3)
    with Store("study.db") as store:
        assert store.result("k3")
        assert store.result("k1") is None, "the oldest"
    assert studykit("db", "prune", "--most", "0").code == 0
    assert left() == (0, 0)
    assert studykit("show", "Caches").code == 0
