"""Notes that one process computes and another stores are those of a process that does both."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studykit.errors import StoreError
from studykit.fingerprint import digest
from studykit.store import Embeddings, Store, Translations, add_known, keep_gathered
from studykit.talk import make_notes
from studykit.talk.notes import draft_notes, keep_draft
from studykit.types import Usage
from tests.align.bags import BagEncoder
from tests.talk import small

KEY = digest("v")


def rows(path: Path) -> dict[str, list[str]]:
    """All rows of all tables, without times of the clock."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in tables:
            if table.startswith(("_", "sqlite_", "sentences_fts")):
                continue
            info = db.execute(f"PRAGMA table_info({table})")
            columns = ", ".join(name for _, name, *_ in info if not name.endswith("_at"))
            found[table] = sorted(repr(row) for row in db.execute(f"SELECT {columns} FROM {table}"))
        return found


def test_gathered_and_kept_is_the_same_as_made(bags: BagEncoder, tmp_path: Path) -> None:
    both, apart = tmp_path / "both.db", tmp_path / "apart.db"
    with Store(both) as store:
        make_notes(small.talk(store))
    with Store(apart) as store:
        before = rows(apart)
        with Store.gathering(apart) as reading:
            draft = draft_notes(small.talk(reading))
            assert reading.gathered
            gathered = reading.gathered
        assert rows(apart) == before, "nothing is written yet"
        with store.transaction():
            keep_gathered(store, gathered)
            assert keep_draft(store, draft)
        made, expected = rows(apart), rows(both)
        assert made.pop("talk_vectors"), "in other rows, but the same vectors"
        assert expected.pop("talk_vectors")
        with Store(both) as other:
            talk = draft.notes.source.id
            assert dict(Embeddings(store, talk)) == dict(Embeddings(other, talk))
        assert made == expected
        assert made["stage_results"], "what the comparison is about"
        result = make_notes(small.talk(store))
        assert all(report.cached for report in result.stages)
        with store.transaction():
            assert not keep_draft(store, draft), "unchanged"


def test_what_was_gathered_is_found_before_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    Store(path).close()
    with Store.gathering(path) as store:
        assert store.result("k") is None
        store.keep_result("k", b"made", stage="s", source_id="x")
        assert store.result("k") == b"made"
        vectors = Embeddings(store, "talk")
        assert KEY not in vectors
        vectors.update({KEY: b"vector"})
        assert vectors[KEY] == Embeddings(store, "talk")[KEY] == b"vector"
        with pytest.raises(StoreError, match="cannot be written to"):
            add_known(store, ["word"])
    with Store(path) as store:
        assert store.result("k") is None
        assert len(Embeddings(store, "talk")) == 0


def test_paid_translations_are_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    Store(path).close()
    with Store.gathering(path) as store:
        usage = Usage(prompt=3, completion=4)
        Translations(store).keep("k", ("译文", None), engine="e", usage=usage, seconds=1.0)
        assert Translations(store).texts("k") == ("译文", None)
    with Store(path) as store:
        assert Translations(store).texts("k") == ("译文", None)
