"""``studykit talks``: talks removed, merged, tidied up; nothing of them is left."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.store import Lock, LockSide, Store, TalkSource, add_action, add_source, decide, locks_of
from studykit.types import Decision, Span
from tests.cli.calls import Command, calls_in
from tests.talks import SMALL_TALK

OTHER = replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="b" * 64, title="Another talk"))
ID = SMALL_TALK.source.id


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two talks with everything that can belong to one."""
    path = tmp_path / "study.db"
    with Store(path) as store:
        for notes in (SMALL_TALK, OTHER):
            talk_id = notes.source.id
            store.save(notes, key="k", documents=store.documents(notes).values())
            with store.transaction():
                add_source(store, talk_id, TalkSource(digest=f"d-{talk_id}", origin="/talk.vtt"))
                side = LockSide(sentences=("a",), position=0.0, before=None, after=None)
                lock = Lock(source=side, target=side)
                add_action(store, talk_id, "lock 1", added=[lock], removed=[], after=None)
            decision = Decision(
                language="en", sentence=f"s{talk_id}", span=Span(start=0, end=1), right="r", accepted=False
            )
            decide(store, talk_id, [decision])
            store.keep_result(f"r-{talk_id}", os.urandom(100_000), stage="align", source_id=f"d-{talk_id}")
        store.keep_result("orphan", b"{}", stage="align", source_id="nobody")
    return path


@pytest.fixture
def studykit(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return calls_in(tmp_path, monkeypatch, capsys)


def rows_of(path: Path, talk_id: str) -> dict[str, int]:
    """How many rows each table has of a talk; those without any are left out."""

    def counts(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            wanted = {"talk_id": talk_id, "source_id": f"d-{talk_id}"}
            for column in wanted.keys() & columns:
                query = f"SELECT count(*) FROM {table} WHERE {column} = ?"
                yield table, connection.execute(query, [wanted[column]]).fetchone()[0]

    with closing(sqlite3.connect(path)) as connection:
        return {table: count for table, count in counts(connection) if count}


def test_rm_leaves_nothing_of_the_talk_and_all_of_the_other(studykit: Command, database: Path) -> None:
    mine, other = rows_of(database, ID), rows_of(database, OTHER.source.id)
    assert {"sentences", "locks", "correction_decisions", "stage_results", "talk_sources"} <= set(mine)
    size = database.stat().st_size
    done = studykit("talks", "rm", ID[:8], "--yes")
    assert (done.code, done.out) == (0, f"removed {ID[:8]}  {SMALL_TALK.source.title}\n")
    assert rows_of(database, ID) == {}
    assert rows_of(database, OTHER.source.id) == other
    assert database.stat().st_size < size - 50_000
    assert studykit("search", "cache", "--talk", "another").code == 0


def test_a_row_deleted_with_another_program_leaves_nothing_either(database: Path, studykit: Command) -> None:
    with closing(sqlite3.connect(database)) as connection:  # foreign keys are off, as in the sqlite3 program
        connection.execute("DELETE FROM talks WHERE id = ?", [ID])
        connection.commit()
    assert rows_of(database, ID) == {}
    assert [row["id"] for row in studykit("talks", "--json").json] == [OTHER.source.id]
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT INTO sentences_fts(sentences_fts, rank) VALUES ('integrity-check', 1)")


def test_rm_asks_first(studykit: Command, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.confirm", lambda *_, **__: (_ for _ in ()).throw(__import__("click").Abort()))
    assert studykit("talks", "rm", ID[:8]).code == 130
    assert rows_of(database, ID)
    assert studykit("talks", "rm", "nothing", "-y").code == 1


def test_merge_moves_what_a_person_decided(studykit: Command, database: Path) -> None:
    done = studykit("talks", "merge", ID[:8], "another", "--json")
    assert done.json == {"talk": ID, "removed": OTHER.source.id, "locks": 1, "decisions": 1}
    assert rows_of(database, OTHER.source.id).keys() <= {"stage_results"}
    with Store(database) as store:
        assert len(locks_of(store, ID)) == 2
    assert studykit("talks", "merge", ID[:8], ID[:8]).code == 2


def test_prune_removes_what_belongs_to_nobody(studykit: Command, database: Path) -> None:
    before = rows_of(database, ID)
    done = studykit("talks", "prune", "--json").json
    assert (done["results"], done["orphans"]) == (1, 0)
    assert rows_of(database, ID) == before
    assert studykit("talks", "prune").out.startswith(
        "removed 0 cached results, 0 vectors and 0 orphaned rows"
    )


def test_the_database_named_before_the_command_counts(studykit: Command, database: Path) -> None:
    shutil.move(database, database.with_name("mine.db"))
    assert studykit("talks", "--db", "mine.db", "rm", ID[:8], "-y").code == 0
    assert studykit("talks", "rm", OTHER.source.id[:8], "-y", "--db", "mine.db").code == 0
    assert studykit("talks", "--db", "mine.db").out.startswith("No talks yet")
