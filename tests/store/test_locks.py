"""Locks and their journal, and a database made before there were any."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.errors import StoreError
from studykit.store import (
    Lock,
    LockSide,
    Store,
    TalkSource,
    add_action,
    last_action,
    locks_of,
    take_back,
    talk_of,
)
from tests.talks import SMALL_TALK

OLD = Path(__file__).parent / "old"
"""Databases with that talk, written by older releases."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "study.db") as store:
        yield store


def lock(*texts: str) -> Lock:
    side = LockSide(sentences=texts, position=0.25, before=None, after="then “so”")
    return Lock(source=side, target=LockSide(sentences=(), position=0.5, before="前", after=None))


def act(store: Store, *, added: list[Lock], removed: list[Lock], talk_id: str = "t") -> None:
    with store.transaction():
        add_action(store, talk_id, "fix", added=added, removed=removed, after=last_action(store, talk_id))


def undo(store: Store, talk_id: str = "t") -> None:
    last = last_action(store, talk_id)
    assert last
    expected = locks_of(store, talk_id, without=last)
    with store.transaction():
        take_back(store, talk_id, last)
    assert locks_of(store, talk_id) == expected


def test_a_lock_comes_back_as_it_was(store: Store) -> None:
    act(store, added=[lock("a", "b\n'")], removed=[])
    (found,) = locks_of(store, "t")
    assert (found.source, found.target) == (lock("a", "b\n'").source, lock().target)
    assert not locks_of(store, "another talk")


@given(choices=st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(0, 9), max_size=3)), max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undoing_goes_back_through_every_state(choices: list[tuple[int, set[int]]], store: Store) -> None:
    talk_id = str(len(store.db.execute("SELECT DISTINCT talk_id FROM review_actions").fetchall()))
    while last_action(store, talk_id):  # an example before this one has left it
        undo(store, talk_id)
    states = [locks_of(store, talk_id)]
    for count, gone in choices:
        removed = [one for i, one in enumerate(states[-1]) if i in gone]
        act(store, added=[lock(str(i)) for i in range(count)], removed=removed, talk_id=talk_id)
        states.append(locks_of(store, talk_id))
    while len(states) > 1:
        assert locks_of(store, talk_id) == states.pop()
        undo(store, talk_id)
    assert locks_of(store, talk_id) == []
    assert last_action(store, talk_id) is None


def test_two_people_at_once(store: Store) -> None:
    before = last_action(store, "t")
    act(store, added=[lock("a")], removed=[])
    with pytest.raises(StoreError, match="another process has changed"), store.transaction():
        add_action(store, "t", "fix", added=[lock("b")], removed=[], after=before)
    assert [one.source.sentences for one in locks_of(store, "t")] == [("a",)]


def test_locks_outlive_the_notes_and_exports_too(store: Store) -> None:
    from studykit.store import ExportRecord

    store.save(SMALL_TALK, key="k1")
    act(store, added=[lock("a")], removed=[], talk_id=SMALL_TALK.source.id)
    store.keep_export("/n.md", ExportRecord(talk_id=SMALL_TALK.source.id, key="k", content="c"), format="md")
    store.save(SMALL_TALK, key="k2")
    assert len(locks_of(store, SMALL_TALK.source.id)) == 1
    assert store.exports(SMALL_TALK.source.id) == [("/n.md", "md")]
    assert store.load(SMALL_TALK.source.id) == SMALL_TALK


def test_a_database_of_an_older_studykit_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    shutil.copy(OLD / "with_talks.sqlite", path)
    with closing(sqlite3.connect(path)) as connection:
        assert "locks" not in sqlite_utils.Database(connection).table_names()
    talk_id = SMALL_TALK.source.id
    with Store(path) as store:
        claims = tuple(replace(claim, demo=None, verdict="", verdict_zh="") for claim in SMALL_TALK.claims)
        assert store.load(talk_id) == replace(SMALL_TALK, findings=(), claims=claims)
        said = [sent.raw for sent in SMALL_TALK.sentences(SMALL_TALK.source.language)]
        language = SMALL_TALK.source.language
        other = TalkSource(digest="another", origin="/elsewhere.vtt")
        found = talk_of(store, other, said, title="x", language=language, imported=False)
        assert found == talk_id
        documents = store.documents(SMALL_TALK)
        assert documents["en"].sentences == SMALL_TALK.english
        assert documents["zh"].sentences == SMALL_TALK.chinese
        assert [p.sentences for p in documents["en"].paragraphs] == [
            p.english for p in SMALL_TALK.paragraphs if len(p.english)
        ]
        act(store, added=[lock("a")], removed=[], talk_id=talk_id)
