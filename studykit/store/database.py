"""One SQLite file holds everything: talks, stage results, records of exports.

Every change is one transaction that takes the write lock at its start, so a killed process leaves the
last consistent state, and two processes wait for each other instead of failing. WAL lets readers
continue meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from studykit.errors import StoreError, TalkNotFoundError
from studykit.store.migrations import MIGRATIONS
from studykit.store.sqlite import Database
from studykit.store.talks.documents import read_documents, write_paragraphs
from studykit.store.talks.rows import read_notes, write_notes
from studykit.store.talks.sketches import sketch
from studykit.types import Document, Notes

__all__ = ["IN_MEMORY", "ExportRecord", "Store", "TalkRow", "now"]

IN_MEMORY = Path(":memory:")
_LOCK_WAIT_S = 60
_KEPT_RESULTS = 4
"""Per talk and stage: enough to switch back and forth between options without growing without limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRow:
    """A row of the list of talks."""

    id: str
    title: str
    kind: str
    language: str
    url: str | None
    channel: str | None
    published: str | None
    duration_s: float | None
    paragraphs: int
    translated: bool
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRecord:
    """A file that was written: the talk, the key of everything it was made from, its own digest."""

    talk_id: str
    key: str
    content: str


class Store:
    """The study database at ``path``, created if missing and migrated to the current schema.

    ``Store(IN_MEMORY)`` keeps everything until it is closed. Raises ``StoreError`` if the file is not a
    study database or cannot be opened.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = path = Path(path)
        if not path.parent.is_dir():
            raise StoreError(path, f"the folder {path.parent} does not exist")
        try:
            connection = sqlite3.connect(path, timeout=_LOCK_WAIT_S)
            self.db = Database(connection)
            self.db.execute("PRAGMA foreign_keys = ON")
            self.db.enable_wal()
            self.db.execute("PRAGMA synchronous = NORMAL")
            if MIGRATIONS.pending(self.db):
                with self.transaction():
                    MIGRATIONS.apply(self.db)
        except sqlite3.Error as error:
            raise StoreError(path, f"not usable as a study database: {error}") from error

    @classmethod
    def existing(cls, path: Path | str) -> Store:
        """The database at ``path``; raises ``StoreError`` if it does not exist yet."""
        if not Path(path).is_file():
            raise StoreError(path, "this database does not exist yet; `studykit notes FILE` creates it")
        return cls(path)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that holds the write lock from its start and is rolled back on an error."""
        # IMMEDIATE: a deferred transaction that turns into a write fails at once, without waiting,
        # when another process has written since its first read.
        self.db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.conn.rollback()
            raise
        self.db.conn.commit()

    # Stage results

    def result(self, key: str) -> bytes | None:
        """A stage's stored result."""
        row = self.db.execute("SELECT result FROM stage_results WHERE key = ?", [key]).fetchone()
        return bytes(row[0]) if row else None

    def keep_result(self, key: str, result: bytes, *, stage: str, source_id: str) -> None:
        """Store a stage's result, and delete the oldest ones of that stage and source."""
        with self.transaction():
            self.db.execute(
                "INSERT OR REPLACE INTO stage_results VALUES (?, ?, ?, ?, ?)",
                [key, stage, source_id, result, now()],
            )
            self.db.execute(
                "DELETE FROM stage_results WHERE source_id = ? AND stage = ? AND key NOT IN"
                " (SELECT key FROM stage_results WHERE source_id = ? AND stage = ?"
                " ORDER BY created_at DESC, rowid DESC LIMIT ?)",
                [source_id, stage, source_id, stage, _KEPT_RESULTS],
            )

    # Talks

    def save(self, notes: Notes, *, key: str, documents: Iterable[Document] = ()) -> None:
        """Store the notes of a talk, replacing older ones; ``key`` is their digest.

        ``documents`` are the documents that the notes were composed from, kept for composing them again.
        """
        with self.transaction():
            self.write(notes, key=key, documents=documents)

    def write(self, notes: Notes, *, key: str, documents: Iterable[Document] = ()) -> None:
        """Like ``save``, inside a transaction of the caller's."""
        write_notes(self.db, notes, notes_key=key, updated_at=now())
        write_paragraphs(self.db, notes.source.id, documents)
        said = sketch(sent.raw for sent in notes.sentences(notes.source.language))
        self.db.execute("UPDATE talks SET sketch = ? WHERE id = ?", [said, notes.source.id])

    def load(self, talk_id: str) -> Notes:
        """The notes of the talk with this id; raises ``TalkNotFoundError``."""
        notes = read_notes(self.db, talk_id)
        if notes is None:
            raise TalkNotFoundError(self.path, talk_id)
        return notes

    def documents(self, notes: Notes) -> dict[str, Document]:
        """The documents that stored notes were composed from, by language."""
        return read_documents(self.db, notes)

    def notes_key(self, talk_id: str) -> str | None:
        """The digest of the notes stored for a talk, if any."""
        row = self.db.execute("SELECT notes_key FROM talks WHERE id = ?", [talk_id]).fetchone()
        return str(row[0]) if row else None

    def find(self, name: str) -> str:
        """The id of the talk that ``name`` matches: the beginning of an id, a title or part of a title.

        Raises ``TalkNotFoundError`` if no talk or more than one matches.
        """
        talks = [
            (row["id"], row["title"])
            for row in self.db.query("SELECT id, title FROM talks ORDER BY title, id")
        ]
        wanted = name.strip().casefold()
        by_id = [t for t in talks if len(wanted) >= 4 and t[0].startswith(wanted)]
        by_title = [t for t in talks if t[1].casefold() == wanted]
        by_part = [t for t in talks if wanted and wanted in t[1].casefold()]
        fits = by_id or by_title or by_part
        if len(fits) != 1:
            raise TalkNotFoundError(self.path, name, [f"{talk_id[:8]} {title}" for talk_id, title in fits])
        return str(fits[0][0])

    def talks(self) -> list[TalkRow]:
        """All talks, sorted by title."""
        rows = self.db.query(
            "SELECT id, title, kind, language, url, channel, published, duration_s, updated_at,"
            " (SELECT count(*) FROM paragraphs WHERE talk_id = talks.id) AS paragraphs,"
            " encoder IS NOT NULL AS translated FROM talks ORDER BY title, id"
        )
        return [TalkRow(**{**row, "translated": bool(row["translated"])}) for row in rows]

    # Exports

    def exported(self, path: str) -> ExportRecord | None:
        """What was last written to ``path``."""
        row = self.db.execute("SELECT talk_id, key, content FROM exports WHERE path = ?", [path]).fetchone()
        return ExportRecord(talk_id=row[0], key=row[1], content=row[2]) if row else None

    def exports(self, talk_id: str) -> list[tuple[str, str]]:
        """Path and format of the files written for a talk, sorted by path."""
        rows = self.db.execute("SELECT path, format FROM exports WHERE talk_id = ? ORDER BY path", [talk_id])
        return [(str(path), str(format)) for path, format in rows]

    def keep_export(self, path: str, record: ExportRecord, *, format: str) -> None:
        """Record what was written to ``path``."""
        with self.transaction():
            self.db.execute(
                "INSERT OR REPLACE INTO exports VALUES (?, ?, ?, ?, ?)",
                [path, record.talk_id, format, record.key, record.content],
            )


def now() -> str:
    """The current time in UTC, in the form that is stored."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
