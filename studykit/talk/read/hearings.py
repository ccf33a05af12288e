"""What is kept of recordings that were transcribed: chunks as files, in one folder for each hearing.

A recording is heard once, and again only when the user asks for it: then it gets a new hearing, and
``studykit notes`` uses what ``studykit transcribe --hear-again`` has made.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from studykit.files import write_whole
from studykit.resources import cache_dir

__all__ = ["CacheFolder", "begin_again", "chunks_folder", "hearing_of"]


class CacheFolder:
    """Checkpoints as files in a folder, each written atomically."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, /) -> bytes | None:
        """The value stored under ``key``, a digest."""
        path = self._path(key)
        return path.read_bytes() if path.is_file() else None

    def __setitem__(self, key: str, value: bytes, /) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, value.decode())

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def chunks_folder(code: str, hearing: str) -> CacheFolder:
    """The chunks made by ``code`` (a digest of what recognises) in one hearing."""
    folder = cache_dir() / "transcripts" / code[:12]
    return CacheFolder(folder / hearing if hearing else folder)


def hearing_of(data_digest: str) -> str:
    """The current hearing of a recording with this SHA-256; empty for the first."""
    path = _mark(data_digest)
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


def begin_again(data_digest: str) -> None:
    """Begin another hearing of a recording: nothing that was kept of it is used any more."""
    path = _mark(data_digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, secrets.token_hex(6))


def _mark(data_digest: str) -> Path:
    return cache_dir() / "hearings" / data_digest
