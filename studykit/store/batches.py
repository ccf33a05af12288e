"""Records of batches: what became of each talk that ``studykit batch`` was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from studykit.store.database import KeptResult, Store, now, unpacked
from studykit.store.translations import take_paid

__all__ = [
    "BatchRecord",
    "BatchStatus",
    "copy_for_nodes",
    "keep_record",
    "record_of",
    "results_of",
    "written_paths",
]

BatchStatus = Literal["waiting", "running", "done", "failed"]
"""Not done yet; begun by a run that may have been killed since; done; failed, with the error."""


class BatchRecord(Struct, frozen=True, kw_only=True):
    """What became of one talk, by the last run that tried it."""

    key: str
    """Digest of the source and the folder of its files."""
    source: str
    folder: str
    state: str
    """Digest of what the notes depend on and the user may change; another one means: not done."""
    status: BatchStatus
    title: str
    talk: str | None = None
    """Its id in the database."""
    stage: str | None = None
    """The stage that failed."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage; stages that were found in the database are left out."""
    seconds: float = 0.0
    """Seconds of work in this run, without waiting."""
    cost: float | None = None
    """What its translation cost in this run, in the user's currency; None without prices."""
    files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None
    """In one line."""


_COLUMNS = tuple(BatchRecord.__struct_fields__)
_JSON = {"stages", "files", "warnings"}


def record_of(store: Store, key: str) -> BatchRecord | None:
    """The record with this key."""
    row = next(store.db.query(f"SELECT {', '.join(_COLUMNS)} FROM batch_records WHERE key = ?", [key]), None)
    if row is None:
        return None
    values: dict[str, Any] = {name: msgspec.json.decode(row[name]) for name in _JSON}
    return BatchRecord(
        **{**row, **values, "files": tuple(values["files"]), "warnings": tuple(values["warnings"])}
    )


def written_paths(store: Store) -> frozenset[str]:
    """Absolute paths of all files that were written for talks."""
    return frozenset(str(path) for (path,) in store.db.execute("SELECT path FROM exports"))


def keep_record(store: Store, record: BatchRecord) -> None:
    """Store a record in place of an older one. The caller owns the transaction."""
    values = [
        msgspec.json.encode(value).decode() if name in _JSON else value
        for name, value in ((name, getattr(record, name)) for name in _COLUMNS)
    ]
    marks = ", ".join("?" * (len(_COLUMNS) + 1))
    store.db.execute(
        f"INSERT OR REPLACE INTO batch_records ({', '.join(_COLUMNS)}, updated_at) VALUES ({marks})",
        [*values, now()],
    )


_READ_ON_NODES = (
    *("talks", "talk_sources", "known_items", "word_decisions", "correction_decisions", "review_actions"),
    *("locks", "translations"),
)
"""What notes depend on besides their sources: which talks there are, and what a person decided or paid."""


def copy_for_nodes(store: Store, path: Path) -> None:
    """Write what the processes of a batch read on other machines to a new database at ``path``.

    Left out are notes, results and vectors, which are most of the file: see ``results_of``.
    """
    with Store(path) as copy:
        for table in _READ_ON_NODES:
            rows = store.db.execute(f"SELECT * FROM {table}").fetchall()
            if not rows:
                continue
            marks = ", ".join("?" * len(rows[0]))
            with copy.transaction():
                copy.db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        take_paid(copy)
        copy.db.execute("PRAGMA journal_mode = DELETE")  # one file


def results_of(store: Store, origin: str, digests: Iterable[str]) -> dict[str, KeptResult]:
    """Stored results, by their keys, of what was read from ``origin`` or has one of the digests."""
    rows = store.db.execute(
        "SELECT key, stage, source_id, result FROM stage_results WHERE source_id IN"
        " (SELECT digest FROM talk_sources WHERE origin = ? UNION SELECT value FROM json_each(?))",
        [origin, msgspec.json.encode(list(digests)).decode()],
    )
    return {
        str(key): KeptResult(stage=str(stage), source_id=str(source), result=result)
        for key, stage, source, stored in rows
        if (result := unpacked(stored)) is not None
    }
