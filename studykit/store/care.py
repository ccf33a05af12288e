"""Looks for damage in a database, saves what can be read of a damaged one, and copies a sound one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from studykit.errors import InputError, StoreError
from studykit.files import scratch_folder, set_aside
from studykit.store.database import Store
from studykit.store.opening import described
from studykit.store.talks.maintenance import tables_of_talks
from studykit.store.talks.rows import delete_notes
from studykit.types import LANGUAGES, Notes

__all__ = ["Repaired", "TableSize", "back_up", "damage", "repair", "sizes"]

_MOST_PROBLEMS = 100
_FARTHEST_SKIP = 1 << 40
_WAL_FILES = ("-wal", "-shm")


class Repaired(Struct, frozen=True, kw_only=True):
    """What a repair did: the damaged file's new name, and how many rows of each table were saved."""

    kept: Path
    saved: dict[str, int]
    orphans: int
    """Rows that were left out because what they belong to could not be read."""
    incomplete: tuple[str, ...]
    """Titles of talks whose notes are gone since some of their rows could not be read."""


def damage(path: Path) -> list[str]:
    """What is wrong with the database at ``path``, a line each; empty if it is sound.

    Looks at every page, every foreign key and the search index. Raises ``StoreError`` for a file that is
    not a study database.
    """
    try:
        with Store.reading(path) as store:
            rows = store.db.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})").fetchall()
            found = [str(text) for (text,) in rows if text != "ok"]
            for table, rowid, parent, _ in store.db.execute("PRAGMA foreign_key_check").fetchmany(
                _MOST_PROBLEMS
            ):
                found.append(f"row {rowid} of {table} belongs to a row of {parent} that is missing")
    except StoreError as error:
        if isinstance(error.__cause__, sqlite3.DatabaseError):
            return [str(error.__cause__)]
        raise
    return found


def back_up(store: Store, path: Path) -> Path | None:
    """Copy the database to ``path``, consistent also while others write to it.

    A file at ``path`` is renamed first; returns its new name. Raises ``InputError`` if ``path`` cannot be
    written; nothing half-copied is left.
    """
    try:
        with _new_beside(path) as new:
            with closing(sqlite3.connect(new)) as copy:
                store.db.conn.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, which opens on read-only media
            kept = set_aside(path) if path.exists() else None
            new.replace(path)
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror or error}") from error
    return kept


def repair(path: Path) -> Repaired:
    """Save all rows that can be read into a new database at ``path``; the damaged one is renamed.

    Raises ``StoreError`` if nothing can be read or the new file cannot be written.
    """
    with _new_beside(path) as new:
        try:
            address = f"{path.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(address, uri=True)) as old, Store(new) as store:
                saved = _copied(old, store)
                orphans = _without_orphans(store)
                incomplete = _without_incomplete(store)
        except sqlite3.Error as error:
            raise StoreError(path, described(error)) from error
        if not saved["talks"] and not saved["known_items"]:
            raise StoreError(path, "no talk in it can be read; it was left as it is")
        kept = set_aside(path)
        for suffix in _WAL_FILES:
            path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
        new.replace(path)
    return Repaired(kept=kept, saved=saved, orphans=orphans, incomplete=incomplete)


@contextmanager
def _new_beside(path: Path) -> Iterator[Path]:
    """The name of a new file in the same folder, removed at the end unless it was renamed."""
    with scratch_folder(path) as folder:
        yield folder / path.name


def _copied(old: sqlite3.Connection, store: Store) -> dict[str, int]:
    """Copy the rows of all tables that can be read; returns their numbers."""
    saved = {}
    db = store.db.conn
    db.execute("PRAGMA foreign_keys = OFF")
    with store.transaction():
        for (table,) in db.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE"
            " 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name != 'about' ORDER BY name"
        ).fetchall():
            here = [str(row[1]) for row in db.execute(f"PRAGMA table_info({table})")]
            there = {str(row[1]) for row in old.execute(f"PRAGMA table_info({table})")}
            columns = [column for column in here if column in there]
            marks = ", ".join("?" * len(columns))
            insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            saved[table] = sum(db.execute(insert, row).rowcount for row in _readable(old, table, columns))
        db.execute("INSERT INTO sentences_fts(sentences_fts) VALUES ('rebuild')")
    return saved


def _readable(old: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in the order of their ids, without those on damaged pages."""
    after, skip = -1, 0
    while columns and skip < _FARTHEST_SKIP:
        try:
            rows = old.execute(
                f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE rowid > ? ORDER BY rowid",
                [after + skip],
            )
            for row in rows:
                after, skip = row[0], 0
                yield row[1:]
        except sqlite3.DatabaseError:
            skip = 2 * skip or 1
        else:
            return


def _without_orphans(store: Store) -> int:
    """Delete rows whose talk, paragraph or item could not be read; returns their number."""
    deleted = 0
    while broken := store.db.execute("PRAGMA foreign_key_check").fetchall():
        with store.transaction():
            for table, rowid, _, _ in set(broken):
                deleted += store.db.execute(f"DELETE FROM {table} WHERE rowid = ?", [rowid]).rowcount
    return deleted


def _without_incomplete(store: Store) -> tuple[str, ...]:
    """Delete the notes of talks that lack sentences; sources, locks and decisions stay. Returns titles."""
    titles = []
    for talk in store.talks():
        try:
            whole = _is_whole(store.load(talk.id))
        except ValueError:  # rows that contradict each other
            whole = False
        if whole:
            continue
        titles.append(talk.title)
        with store.transaction():
            delete_notes(store.db, talk.id)
            store.db.execute("DELETE FROM segmented_paragraphs WHERE talk_id = ?", [talk.id])
            store.db.execute("UPDATE talks SET notes_key = '' WHERE id = ?", [talk.id])
    return tuple(titles)


def _is_whole(notes: Notes) -> bool:
    """Whether the paragraphs hold all sentences of both languages."""
    for language in LANGUAGES:
        spans = [para.span(language) for para in notes.paragraphs]
        held = [i for span in spans for i in range(span.start, span.end)]
        if held != list(range(len(notes.sentences(language)))):
            return False
    return True


class TableSize(Struct, frozen=True, kw_only=True):
    """What a table takes, with its indexes."""

    table: str
    rows: int
    bytes: int
    kind: Literal["notes", "decided", "cache", "search", "other"]


_DECIDED = {
    *("locks", "review_actions", "correction_decisions", "word_decisions", "known_items"),
    *("courses", "course_talks", "course_cards", "translations", "batch_records"),
}
_CACHE = {"stage_results", "talk_vectors"}


def sizes(store: Store) -> list[TableSize]:
    """What takes the room, largest first. Raises ``StoreError`` where SQLite cannot count its pages.

    ``cache`` is what `studykit db prune` may remove; ``decided`` cannot be computed again.
    """
    of_tables = set(tables_of_talks(store)) | {"talks"}
    try:
        found = store.db.execute(
            "SELECT m.tbl_name, sum(p.size) FROM sqlite_master m JOIN"
            " (SELECT name, sum(pgsize) AS size FROM dbstat GROUP BY name) p ON p.name = m.name GROUP BY 1"
        ).fetchall()
    except sqlite3.OperationalError as error:
        raise StoreError(store.path, "this Python's SQLite cannot tell what tables take") from error
    kinds: dict[str, Any] = dict.fromkeys(of_tables, "notes")
    kinds |= dict.fromkeys(_DECIDED, "decided") | dict.fromkeys(_CACHE, "cache")
    made = [
        TableSize(
            table=table,
            rows=int(store.db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]),
            bytes=int(size),
            kind="search" if table.startswith("sentences_fts") else kinds.get(table, "other"),
        )
        for table, size in found
        if not table.startswith("sqlite_")
    ]
    return sorted(made, key=lambda one: (-one.bytes, one.table))
