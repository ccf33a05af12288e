"""What a run leaves behind, in a form by which two runs can be compared: without times of the clock."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from studykit.store import damage

_OF_A_RUN = re.compile(rb"\(D:\d{14}[^)]*\)|<[0-9A-Fa-f]{32}>|\(node\d{8}\)")
"""When the browser printed by its own clock, an identity that follows from it, its numbers of elements."""


def state(folder: Path) -> dict[str, Any]:
    """All files and all rows, without times of the clock and running numbers."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name.endswith(("-wal", "-shm")):
            continue
        with suppress(FileNotFoundError):  # a killed browser's last helper may still be tidying up
            found[name] = _rows(path) if path.suffix == ".db" else content(path)
    return found


def content(path: Path) -> bytes:
    """The bytes of a file, a PDF's without what its run gave; of a link, a browser's lock, where it leads."""
    data = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
    return _OF_A_RUN.sub(b"", data) if path.suffix == ".pdf" else data


def visible(found: dict[str, Any]) -> dict[str, Any]:
    """What a user sees of a state."""
    return {name: value for name, value in found.items() if not name.startswith(".")}


def half_done(folder: Path, base: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """What a killed run may not leave."""
    found = (
        [f"database: {text}" for text in damage(folder / "study.db")]
        if (folder / "study.db").exists()
        else []
    )
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or path.name.startswith(".") or name.startswith(".") or ".db" in path.name:
            continue
        if content(path) not in (base.get(name), expected.get(name)):
            found.append(f"{name} is half-written")
    return found


def difference(after: dict[str, Any], expected: dict[str, Any]) -> str:
    """The first file or table in which two states differ."""
    for name in sorted({*after, *expected}):
        here, there = after.get(name), expected.get(name)
        if here == there:
            continue
        if isinstance(here, dict) and isinstance(there, dict):
            return f"{name}: {[table for table in there if here.get(table) != there[table]]}"
        return f"{name} {'differs' if here and there else 'is missing' if there else 'is left over'}"
    return "nothing"


def _rows(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as db:
        tables = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        rows = {}
        for table in tables:
            if table.startswith(("_", "sqlite_", "sentences_fts")):
                continue
            columns = [
                name
                for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})")
                if not name.endswith("_at")
                and not (name in {"id", "added_by", "removed_by"} and kind == "INTEGER")
            ]
            if table == "exports":  # the digest of a PDF holds its times
                columns[columns.index("content")] = "CASE format WHEN 'pdf' THEN '' ELSE content END"
            rows[table] = sorted(repr(row) for row in db.execute(f"SELECT {', '.join(columns)} FROM {table}"))
        return rows
