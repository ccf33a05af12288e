"""One SQLite file holds everything: talks, stage results, records of exports.

Every change is one transaction that takes the write lock at its start, so a killed process leaves the
last consistent state, and two processes wait for each other instead of failing. WAL lets readers
continue meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from msgspec import Struct, field

from studykit.errors import StoreError, TalkNotFoundError
from studykit.store.opening import described, needs_upgrade, open_database
from studykit.store.talks.documents import read_documents, write_paragraphs
from studykit.store.talks.rows import read_notes, write_notes
from studykit.store.talks.sketches import sketch
from studykit.types import Document, Notes

__all__ = ["IN_MEMORY", "ExportRecord", "Gathered", "KeptResult", "Store", "TalkRow", "now", "unpacked"]

IN_MEMORY = Path(":memory:")
_KEPT_RESULTS = 4
"""Per talk and stage: enough to switch back and forth between options without growing without limit."""
_LEVEL = 3
_COMPRESSED = b"x"
"""What zlib's output begins with."""


class TalkRow(Struct, frozen=True, kw_only=True):
    """A row of the list of talks."""

    id: str
    title: str
    made_title: str | None
    """One that studykit made of what is said, where nothing else names the talk but its file."""
    kind: str
    language: str
    url: str | None
    channel: str | None
    published: str | None
    duration_s: float | None
    paragraphs: int
    translated: bool
    updated_at: str


class ExportRecord(Struct, frozen=True, kw_only=True):
    """A file that was written: the talk, the key of everything it was made from, its own digest.

    While it is being written, ``content`` is the digests of the old file, if any, and of the new one, with a
    space between.
    """

    talk_id: str
    key: str
    content: str


class KeptResult(Struct, frozen=True, kw_only=True):
    """A stage's result, and the source that it was computed from."""

    stage: str
    source_id: str
    result: bytes


class Gathered(Struct, kw_only=True):
    """What a process that may not write computed, for one that may: results and vectors by their keys."""

    results: dict[str, KeptResult] = field(default_factory=dict)
    vectors: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """By talk and key."""
    paid: list[tuple[Any, ...]] = field(default_factory=list)
    """Rows of translations that were paid for on another machine, see ``take_paid``."""


class Store:
    """The study database at ``path``, created if missing and migrated to the current schema.

    ``Store(IN_MEMORY)`` keeps everything until it is closed. With ``read_only`` nothing is written: results
    and vectors are not kept, and ``transaction`` raises. Raises ``StoreError`` if the file is another
    program's or a newer studykit's, or cannot be opened; used with ``with``, also for every error that
    SQLite reports later.
    """

    def __init__(self, path: Path | str, *, read_only: bool = False) -> None:
        self.path = path = Path(path)
        self.read_only = read_only
        self.gathered: Gathered | None = None
        """Results and vectors of this run, if they are gathered instead of written."""
        if not path.parent.is_dir():
            raise StoreError(path, f"the folder {path.parent} does not exist")
        try:
            self.db = open_database(path, read_only=read_only)
        except sqlite3.Error as error:
            raise StoreError(path, described(error)) from error

    @classmethod
    def existing(cls, path: Path | str) -> Store:
        """The database at ``path``, read-only if it cannot be written to.

        Raises ``StoreError`` if it does not exist yet, and what the constructor raises.
        """
        path = _existing(path)
        return cls(path, read_only=not _writable(path))

    @classmethod
    def reading(cls, path: Path | str) -> Store:
        """The database at ``path``, read-only; an older one is upgraded first. Raises like ``existing``."""
        path = _existing(path)
        if needs_upgrade(path) and _writable(path):
            cls(path).close()
        return cls(path, read_only=True)

    @classmethod
    def gathering(cls, path: Path | str) -> Store:
        """The database at ``path``, read-only; results and vectors go to ``gathered``.

        For one of several processes that compute while another one writes, see ``keep_gathered``. Raises
        like ``reading``.
        """
        store = cls.reading(path)
        store.gathered = Gathered()
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise StoreError(self.path, described(error)) from error

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that holds the write lock from its start and is rolled back on an error."""
        if self.read_only:
            raise StoreError(
                self.path, "cannot be written to, so nothing was changed; copy it to a folder of yours"
            )
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
        if self.gathered and key in self.gathered.results:
            return self.gathered.results[key].result
        row = self.db.execute("SELECT result FROM stage_results WHERE key = ?", [key]).fetchone()
        return unpacked(row[0]) if row else None

    def keep_result(self, key: str, result: bytes, *, stage: str, source_id: str) -> None:
        """Store a stage's result, and delete the oldest ones of that stage and source."""
        kept = KeptResult(stage=stage, source_id=source_id, result=result)
        if self.gathered is not None:
            self.gathered.results[key] = kept
        elif not self.read_only:
            with self.transaction():
                self.write_result(key, kept)

    def write_result(self, key: str, kept: KeptResult) -> None:
        """Like ``keep_result``, inside a transaction of the caller's."""
        self.db.execute(
            "INSERT OR REPLACE INTO stage_results VALUES (?, ?, ?, ?, ?)",
            [key, kept.stage, kept.source_id, zlib.compress(kept.result, _LEVEL), now()],
        )
        self.db.execute(
            "DELETE FROM stage_results WHERE source_id = ? AND stage = ? AND key NOT IN"
            " (SELECT key FROM stage_results WHERE source_id = ? AND stage = ?"
            " ORDER BY rowid DESC LIMIT ?)",
            [kept.source_id, kept.stage, kept.source_id, kept.stage, _KEPT_RESULTS],
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

    def load(self, talk_id: str, *, terms: bool = True) -> Notes:
        """The notes of the talk with this id; raises ``TalkNotFoundError``.

        Without ``terms`` they are as if none had been found: for those who look for today's.
        """
        notes = read_notes(self.db, talk_id, terms=terms)
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

    def written_by(self, talk_id: str) -> str | None:
        """The language model that wrote about a stored talk, or None."""
        row = self.db.execute("SELECT model FROM assistance WHERE talk_id = ?", [talk_id]).fetchone()
        return row[0] if row else None

    def is_translated(self, talk_id: str) -> bool:
        """Whether the stored notes of a talk, if any, are in both languages."""
        row = self.db.execute("SELECT encoder IS NOT NULL FROM talks WHERE id = ?", [talk_id]).fetchone()
        return bool(row and row[0])

    def find(self, name: str) -> str:
        """The id of the talk that ``name`` matches: the beginning of an id, a title or part of a title.

        A title that studykit made counts like the talk's own, in either language. Raises
        ``TalkNotFoundError`` if no talk or more than one matches.
        """
        columns = "id, title, made_title, made_translation"
        talks = list(self.db.execute(f"SELECT {columns} FROM talks ORDER BY title, id"))
        wanted = name.strip().casefold()
        titles = {talk[0]: [title.casefold() for title in talk[1:] if title] for talk in talks}
        by_id = [t for t in talks if len(wanted) >= 4 and t[0].startswith(wanted)]
        by_title = [t for t in talks if wanted in titles[t[0]]]
        by_part = [t for t in talks if wanted and any(wanted in title for title in titles[t[0]])]
        fits = by_id or by_title or by_part
        if len(fits) != 1:
            raise TalkNotFoundError(
                self.path, name, [f"{talk_id[:8]} {title}" for talk_id, title, *_ in fits]
            )
        return str(fits[0][0])

    def talks(self) -> list[TalkRow]:
        """All talks, sorted by title."""
        rows = self.db.query(
            "SELECT id, title, made_title, kind, language, url, channel, published, duration_s, updated_at,"
            # Positions are dense, and the last one is found without counting.
            " (SELECT coalesce(max(position) + 1, 0) FROM paragraphs WHERE talk_id = talks.id) AS paragraphs,"
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

    def keep_export(self, path: str, record: ExportRecord | None, *, format: str) -> None:
        """Record what was written to ``path``; with None, that nothing was."""
        if self.read_only:
            return
        with self.transaction():
            if record is None:
                self.db.execute("DELETE FROM exports WHERE path = ?", [path])
                return
            self.db.execute(
                "INSERT OR REPLACE INTO exports VALUES (?, ?, ?, ?, ?)",
                [path, record.talk_id, format, record.key, record.content],
            )


def unpacked(stored: bytes) -> bytes | None:
    """A stored result as it was given, None if it is damaged; older ones were stored uncompressed."""
    if stored[:1] != _COMPRESSED:  # no JSON begins like this
        return bytes(stored)
    try:
        return zlib.decompress(stored)
    except zlib.error:
        return None


def _existing(path: Path | str) -> Path:
    if not Path(path).is_file():
        raise StoreError(path, "this database does not exist yet; `studykit notes FILE` creates it")
    return Path(path)


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def now() -> str:
    """The current time in UTC, in the form that is stored."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
