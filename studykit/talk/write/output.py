"""Puts a file where the user wants it, without losing what stands there.

A file that studykit did not write, or that has since been edited, is renamed first. Whoever calls knows
which contents are studykit's own: the database records exports, a site its pages. For files written with
``-o``, ``put_named`` remembers their digests in the cache folder.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from studykit.errors import InputError
from studykit.files import is_stream, set_aside, write_whole
from studykit.fingerprint import digest, digest_bytes
from studykit.resources import cache_dir

__all__ = ["put", "put_named"]


def put(path: Path, content: str | bytes, *, ours: Collection[str] = ()) -> Path | None:
    """Write ``content`` to ``path``; returns the new name of the file that was renamed, if any.

    A file with this content, or whose digest is among ``ours``, is not kept. Raises ``InputError`` if the
    file cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    wanted = digest_bytes(data)
    try:
        present = digest_bytes(path.read_bytes()) if path.is_file() and not is_stream(path) else None
        if present == wanted:
            return None
        in_the_way = path.is_dir() or (present is not None and present not in ours)
        kept = set_aside(path) if in_the_way else None
        write_whole(path, data)
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror or error}") from error
    return kept


def put_named(path: Path, content: str | bytes) -> Path | None:
    """Like ``put``, for a file that the user named; what was written there last time is not kept.

    A folder at ``path`` raises ``InputError``.
    """
    if path.is_dir():
        raise InputError(path, "is a folder; give the path of a file")
    record = cache_dir() / "written" / digest(str(path.resolve()))
    ours = record.read_text(encoding="ascii", errors="replace").split() if record.is_file() else []
    made = digest_bytes(content.encode() if isinstance(content, str) else content)
    # Until the file is written both digests are ours: a run may be killed in between.
    _remember(record, [*ours, made])
    kept = put(path, content, ours=ours)
    _remember(record, [made])
    return kept


def _remember(record: Path, digests: list[str]) -> None:
    with suppress(OSError):  # no cache folder: the next run keeps one file more
        record.parent.mkdir(parents=True, exist_ok=True)
        write_whole(record, "\n".join(digests))
