"""What is kept of each talk of a batch: whether it has to be done, and its record as JSON."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from studykit import __version__
from studykit.batch.lists.job import Job
from studykit.options import FetchOptions, Options
from studykit.store import BatchRecord, Store
from studykit.talk.write.output import put_named

__all__ = ["Journal", "Retry", "as_json", "must_do", "new_record"]

Retry = Literal["failed", "all"]
_WRITE_EVERY_S = 5.0
_NOT_IN_NOTES = ("store", "batch", "anki")
"""Tables of settings that notes do not depend on; of how a talk is fetched, they depend on one setting."""


def new_record(job: Job, folder: Path, options: Options) -> BatchRecord:
    """The record of a talk that has not been tried."""
    seen = replace(options, fetch=FetchOptions(transcribe=options.fetch.transcribe))
    stated = {
        table: str(getattr(seen, table)) for table in options.__struct_fields__ if table not in _NOT_IN_NOTES
    }
    return BatchRecord(
        key=job.key(folder),
        source=job.source,
        folder=str(folder),
        state=job.state([__version__, stated]),
        status="waiting",
        title=job.name,
    )


def must_do(store: Store, new: BatchRecord, old: BatchRecord | None, retry: Retry | None) -> bool:
    """Whether a talk has to be done: unless it is done and all files exist, or it has failed.

    ``retry`` also does what has ``failed``, or ``all``.
    """
    if old is None or old.state != new.state or retry == "all":
        return True
    if old.status == "failed":
        return retry == "failed"
    whole = all(Path(file).is_file() for file in old.files)
    return old.status != "done" or not whole or old.talk is None or store.notes_key(old.talk) is None


def as_json(record: BatchRecord) -> dict[str, Any]:
    """The record as other programs read it."""
    shown = msgspec.to_builtins(record)
    del shown["key"], shown["state"]
    return {**shown, "files": list(record.files), "warnings": list(record.warnings)}


class Journal(Struct):
    """A file with all records, one JSON object a line; written whole, and not for every talk.

    A file of the user's with its name is renamed first.
    """

    path: Path
    _written_at: float = 0.0

    def write(self, records: Iterable[BatchRecord], *, last: bool = False) -> None:
        """Write the records, unless the file was written a moment ago. Raises ``InputError``."""
        if not last and time.monotonic() - self._written_at < _WRITE_EVERY_S:
            return
        lines = b"".join(msgspec.json.encode(as_json(record)) + b"\n" for record in records)
        put_named(self.path, lines)
        self._written_at = time.monotonic()
