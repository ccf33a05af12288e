"""Joining databases: nothing is lost, nothing is doubled, contradictions are told."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.errors import StoreError
from studykit.store import (
    BatchRecord,
    Lock,
    LockSide,
    Store,
    TalkSource,
    add_action,
    add_known,
    add_source,
    damage,
    decide,
    decisions_of,
    join_database,
    keep_record,
    known_keys,
    last_action,
    locks_of,
    record_of,
    search,
    take_back,
)
from studykit.types import Decision, Notes, Span
from tests.talks import SMALL_TALK


def a_talk(number: int, title: str = "") -> Notes:
    """A talk whose text is its own."""
    source = replace(SMALL_TALK.source, id=f"{number:064x}", title=title or f"Talk {number}")
    words = [f"number{number}word{i}" for i in range(90)]
    english = tuple(
        replace(sent, raw=f"{sent.raw} {' '.join(words[30 * i : 30 * i + 30])}")
        for i, sent in enumerate(SMALL_TALK.english)
    )
    return replace(SMALL_TALK, source=source, english=english)


def fill(path: Path, *numbers: int) -> Path:
    """A database with talks, and something of everything else, that belong to these numbers."""
    with Store(path) as store:
        for number in numbers:
            notes = a_talk(number)
            talk = notes.source.id
            store.save(notes, key=f"key {number}")
            with store.transaction():
                add_source(store, talk, TalkSource(digest=f"d{number}", origin=f"/in/{number}.vtt"))
                keep_record(store, record(number))
            store.keep_result(f"r{number}", b"result", stage="s", source_id=f"d{number}")
            add_known(store, [f"word {number}", "both"])
            lock(store, talk, f"first {number}")
            lock(store, talk, f"second {number}", removes=True)
            decide(store, talk, [decision(f"said {number}"), decision(f"word {number}", everywhere=True)])
    return path


def record(number: int, **changed: object) -> BatchRecord:
    made = BatchRecord(
        key=f"b{number}", source=f"/in/{number}.vtt", folder="/out", state="s", status="done", title="T"
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def side(text: str) -> LockSide:
    return LockSide(sentences=(text,), position=0.5, before=None, after=None)


def lock(store: Store, talk: str, text: str, *, removes: bool = False) -> None:
    """Lock a pair; with ``removes``, in place of those before."""
    removed = locks_of(store, talk) if removes else []
    with store.transaction():
        added = [Lock(source=side(text), target=side(text))]
        add_action(store, talk, text, added=added, removed=removed, after=last_action(store, talk))


def decision(sentence: str, *, accepted: bool = True, everywhere: bool = False) -> Decision:
    return Decision(
        language="en", sentence=sentence, span=Span(start=0, end=len(sentence)), right="right",
        accepted=accepted, everywhere=everywhere,
    )  # fmt: skip


def rows(path: Path) -> dict[str, list[str]]:
    """All rows without running numbers and times; locks with the actions that they belong to."""
    found = {}
    with closing(sqlite3.connect(path)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table.startswith(("_", "sqlite_", "sentences_fts")) or table == "locks":
                continue
            columns = [
                name
                for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})")
                if not name.endswith("_at") and not (name == "id" and kind == "INTEGER")
            ]
            found[table] = sorted(map(repr, db.execute(f"SELECT {', '.join(columns)} FROM {table}")))
        found["locks"] = sorted(
            map(
                repr,
                db.execute(
                    "SELECT l.talk_id, source, a.action, r.action FROM locks l JOIN review_actions a"
                    " ON a.id = added_by LEFT JOIN review_actions r ON r.id = removed_by"
                ),
            )
        )
    return found


def test_shards_together_are_the_whole(tmp_path: Path) -> None:
    whole = fill(tmp_path / "whole.db", 1, 2, 3, 4, 5)
    shards = [fill(tmp_path / "a.db", 1, 4), fill(tmp_path / "b.db", 2, 5), fill(tmp_path / "c.db", 3)]
    with Store(tmp_path / "all.db") as store:
        for shard in shards:
            before = rows(shard)
            with Store.reading(shard) as other:
                joined = join_database(store, other)
            assert rows(shard) == before
            assert joined.conflicts == []
        assert (joined.talks, joined.same, joined.records) == (1, 0, 1)
        assert (joined.locks, joined.decisions, joined.known) == (2, 2, 1)
        assert rows(store.path) == rows(whole)
        assert len(rows(whole)["locks"]) == 10, "what the comparison is about"
        assert [hit.talk_id for hit in search(store, "different story")] != []
        for shard in shards:
            with Store.reading(shard) as other:
                again = join_database(store, other)
            assert (again.talks, again.locks, again.decisions, again.known, again.records) == (0,) * 5
        assert rows(store.path) == rows(whole), "a second time nothing changes"
        undone = last_action(store, a_talk(3).source.id)
        assert undone
        with store.transaction():
            take_back(store, a_talk(3).source.id, undone)
        assert [kept.source for kept in locks_of(store, a_talk(3).source.id)] == [side("first 3")]
    assert damage(tmp_path / "all.db") == []


def test_contradictions_are_told_and_settled(tmp_path: Path) -> None:
    here, there = fill(tmp_path / "here.db", 1), tmp_path / "there.db"
    shutil.copy(here, there)
    talk = a_talk(1).source.id
    with Store(here) as store, Store(there) as other:
        changed = replace(a_talk(1), source=replace(a_talk(1).source, title="New title"))
        other.save(changed, key="newer")
        lock(other, talk, "theirs")
        lock(store, talk, "mine")
        decide(other, talk, [decision("said 1", accepted=False)])
        decide(other, talk, [decision("word 1", accepted=False, everywhere=True)])
        mine = locks_of(store, talk), decisions_of(store, talk)
        joined = join_database(store, other)
        assert (locks_of(store, talk), decisions_of(store, talk)) == mine
        assert store.load(talk).source.title == "New title"
        assert store.notes_key(talk) == "newer"
        assert joined.renewed == 1
        told = "\n".join(joined.conflicts)
        assert len(joined.conflicts) == 4
        for text in ("the newer ones, from there", "reviewed differently", "in all talks is accepted here"):
            assert text in told
        back = join_database(other, store)
        assert (back.renewed, other.notes_key(talk)) == (0, "newer")


@pytest.mark.parametrize("longer", ["here", "there"])
def test_a_journal_that_goes_on_is_no_contradiction(tmp_path: Path, longer: str) -> None:
    here, there = fill(tmp_path / "here.db", 1), tmp_path / "there.db"
    shutil.copy(here, there)
    talk = a_talk(1).source.id
    with Store(here) as store, Store(there) as other:
        lock(store if longer == "here" else other, talk, "later", removes=True)
        assert join_database(store, other).conflicts == []
        assert [kept.source for kept in locks_of(store, talk)] == [side("later")]


def test_one_talk_under_two_ids_is_told(tmp_path: Path) -> None:
    here, there = fill(tmp_path / "here.db", 1), fill(tmp_path / "there.db", 2)
    twin = replace(a_talk(1), source=replace(a_talk(1).source, id="f" * 64, title="Twin"))
    with Store(here) as store, Store(there) as other:
        other.save(twin, key="k")
        (told,) = join_database(store, other).conflicts
        assert told.startswith("Twin (ffffffff) seems to be Talk 1 (00000000)")
        assert "studykit talks merge" in told
        assert len(store.talks()) == 3


def test_what_is_done_outranks_what_is_not(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store, Store(tmp_path / "b.db") as other:
        for owner, number, status in (
            (store, 1, "failed"),
            (other, 1, "done"),
            (store, 2, "done"),
            (other, 2, "failed"),
        ):
            with owner.transaction():
                keep_record(owner, record(number, status=status))
        assert join_database(store, other).records == 1
        found = [record_of(store, key) for key in ("b1", "b2")]
        assert [kept.status for kept in found if kept] == ["done", "done"]


def test_a_database_is_not_joined_with_itself_and_a_failure_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = fill(tmp_path / "here.db", 1), fill(tmp_path / "there.db", 2)
    with Store(here) as store, Store.reading(here) as same, pytest.raises(StoreError, match="itself"):
        join_database(store, same)
    before = rows(here)
    monkeypatch.setattr("studykit.store.merging._join_records", lambda *_: 1 / 0)
    with Store(here) as store, Store.reading(there) as other, pytest.raises(ZeroDivisionError):
        join_database(store, other)
    assert rows(here) == before
    with Store(here) as store:
        assert len(known_keys(store)) == 2
