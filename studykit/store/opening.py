"""Opens the file of a database: only one of ours, and of a version that this studykit understands."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from functools import cache
from pathlib import Path

from studykit import __version__
from studykit.errors import StoreError
from studykit.store.migrations import MIGRATIONS
from studykit.store.sqlite import Database

__all__ = ["APPLICATION_ID", "LOCK_WAIT_S", "described", "needs_upgrade", "open_database"]

APPLICATION_ID = 0x73747564
"""What marks an SQLite file as a study database: "stud" in ASCII."""
LOCK_WAIT_S = 60


def open_database(path: Path, *, read_only: bool) -> Database:
    """The database in ``path``, created unless ``read_only``, and migrated to the current schema.

    Raises ``StoreError`` for a file that is another program's or of a newer studykit, which is left as it
    is, and ``sqlite3.Error``.
    """
    db = Database(_connection(path, read_only=read_only))
    try:
        pending = _pending(db, path)
        db.execute("PRAGMA foreign_keys = ON")
        if read_only:
            if pending:
                raise StoreError(
                    path, "was written by an older studykit and cannot be upgraded: it is read-only"
                )
            return db
        _enable_wal(db)
        db.execute("PRAGMA synchronous = NORMAL")
        if pending:
            _migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def needs_upgrade(path: Path) -> bool:
    """Whether an older studykit wrote the database. Raises ``StoreError``."""
    try:
        with closing(_connection(path, read_only=True)) as connection:
            return _pending(Database(connection), path)
    except sqlite3.Error as error:
        raise StoreError(path, described(error)) from error


def described(error: sqlite3.Error) -> str:
    """What happened and what to do about it, for an error that SQLite raised on a study database."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extended part
    return _MEANINGS.get(code, "not usable as a study database: {}").format(error)


_MEANINGS = {
    sqlite3.SQLITE_FULL: "no space left on its disk; finished work is kept. "
    "Free some space and run this again",
    sqlite3.SQLITE_BUSY: f"another program has been writing to it for over {LOCK_WAIT_S} s; "
    "wait for it or close it, and run this again",
    sqlite3.SQLITE_LOCKED: "another program is using it; close that, and run this again",
    sqlite3.SQLITE_CORRUPT: "is damaged ({}). `studykit db check` lists the damage, "
    "`studykit db repair` saves what can still be read",
    sqlite3.SQLITE_NOTADB: "is not a database; give another file with --db",
    sqlite3.SQLITE_READONLY: "cannot be written to ({}); copy it to a folder of your own, "
    "or give another file with --db",
    sqlite3.SQLITE_IOERR: "the disk reports an error ({}). Nothing was changed; try again, "
    "then check the disk",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check the permissions of the file and of its folder",
}


def _connection(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        return sqlite3.connect(path, timeout=LOCK_WAIT_S)
    # Read and write where permitted: a connection that may only read leaves files of WAL mode behind.
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=LOCK_WAIT_S)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        # WAL mode needs a file beside the database, which a read-only folder does not allow. Where there is
        # none, nobody is writing.
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
    return connection


def _pending(db: Database, path: Path) -> bool:
    """Whether the schema must be made or upgraded. Raises ``StoreError`` if the file is not ours to touch."""
    (mark,) = db.execute("PRAGMA application_id").fetchone()
    applied = {step.name for step in MIGRATIONS.applied(db)}
    tables = db.table_names()
    if mark not in {0, APPLICATION_ID} or (tables and not applied):
        raise StoreError(path, "is another program's database, and was left as it is; give another with --db")
    if applied - _known():
        wrote = (
            db.execute("SELECT value FROM about WHERE name = 'studykit'").fetchone()
            if "about" in tables
            else None
        )
        needed = f"studykit {wrote[0]}" if wrote else "a newer studykit"
        raise StoreError(
            path,
            f"was written by {needed} and left as it is; this is {__version__}. "
            "Update with `pip install -U studykit`",
        )
    return applied != _known() or mark == 0


def _enable_wal(db: Database) -> None:
    # SQLite does not wait for a lock when it changes the mode, which happens once for each file.
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            db.enable_wal()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.02)


def _migrate(db: Database) -> None:
    # Inside one transaction, so that a killed process leaves the old schema.
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("INSERT OR REPLACE INTO about VALUES ('studykit', ?)", [__version__])
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


@cache
def _known() -> set[str]:
    """The names of all steps; the library lists only those that a database lacks."""
    return {step.name for step in MIGRATIONS.pending(Database(memory=True))}
