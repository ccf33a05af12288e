"""Records of batches: what became of each talk that ``studykit batch`` was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from studykit.store.database import Store, now

__all__ = ["BatchRecord", "BatchStatus", "keep_record", "record_of", "written_paths"]

BatchStatus = Literal["waiting", "running", "done", "failed"]
"""Not done yet; begun by a run that may have been killed since; done; failed, with the error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
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


_COLUMNS = tuple(BatchRecord.__dataclass_fields__)
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
