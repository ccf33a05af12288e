"""Files written whole or not at all, under names that every system accepts."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from studykit.faces import late

try:
    import fcntl
except ImportError:  # Windows, where nobody can remove a file that is being written
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "Held",
    "hold",
    "is_stream",
    "one_at_a_time",
    "safe_stem",
    "scratch_folder",
    "set_aside",
    "write_whole",
]

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Names of devices on Windows, also before a suffix.
_RESERVED = late(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\.|$)", re.IGNORECASE)
_LONGEST_BYTES = 120
_UNFINISHED = ".studykit-part"
_SCRATCH = ".studykit-scratch-"
_LOCK = ".lock"


def safe_stem(title: str) -> str:
    """A file name without suffix made from ``title``: keeps Chinese, and cannot point outside a folder.

    Safe on Windows, macOS and Linux; at most 120 bytes of UTF-8; ``talk`` if nothing is left.
    """
    visible = "".join(
        c for c in unicodedata.normalize("NFC", title) if unicodedata.category(c) not in _INVISIBLE
    )
    name = " ".join(_FORBIDDEN.sub(" ", visible).split()).strip(" .")
    name = name.encode("utf-8")[:_LONGEST_BYTES].decode("utf-8", "ignore").rstrip(" .")
    if _RESERVED.match(name):
        name = f"_{name}"
    return name or "talk"


def write_whole(
    path: Path, content: str | bytes | Iterable[bytes | memoryview], *, lasting: bool = True
) -> None:
    """Write ``content``, text as UTF-8 with LF; a reader sees the old file or the new one, never a part.

    What killed processes left half-written in the folder is removed. A pipe or device is written to as it
    is. Unless ``lasting``, a machine that loses power may leave an empty file. Raises ``OSError``; no partial
    file is left behind.
    """
    data = content.encode() if isinstance(content, str) else content
    parts = [data] if isinstance(data, bytes) else data
    if is_stream(path):
        with path.open("wb") as stream:
            stream.writelines(parts)
        return
    _sweep(path.parent.absolute())
    handle, temporary = _create_locked(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)  # while locked: unlocked, it would be taken for what a killed run left
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def is_stream(path: Path) -> bool:
    """Whether ``path`` is a pipe or device, such as ``/dev/stdout`` (a link that may lead to a file)."""
    return (path.exists() and not path.is_file() and not path.is_dir()) or path.is_relative_to("/dev")


def set_aside(path: Path) -> Path:
    """Rename a file or folder to the first free name of ``name.1``, ``name.2`` …, and return that.

    Two processes cannot choose the same name, and a killed one leaves no empty file. Raises ``OSError``.
    """
    number = 1
    while True:
        aside = path.with_name(f"{path.name}.{number}")
        try:
            _rename_to_new(path, aside)
        except FileExistsError:
            number += 1
        else:
            return aside


def _rename_to_new(path: Path, to: Path) -> None:
    """Rename, in one step, unless there is something at ``to``, which raises ``FileExistsError``."""
    if sys.platform == "win32":
        path.rename(to)
        return
    failed = _renameat2(path, to)
    if failed in {errno.ENOSYS, errno.EINVAL}:  # neither this system nor this file system has such a call
        _rename_to_reserved(path, to)
    elif failed:
        raise OSError(failed, os.strerror(failed), str(path))


def _renameat2(path: Path, to: Path) -> int:
    """Linux's call that replaces nothing: 0, or the number of the error."""
    import ctypes  # noqa: PLC0415 - takes longer than most runs need

    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return errno.ENOSYS
    here, no_replace = -100, 1  # AT_FDCWD, RENAME_NOREPLACE
    done = library.renameat2(here, os.fsencode(path), here, os.fsencode(to), no_replace)
    return ctypes.get_errno() if done else 0


def _rename_to_reserved(path: Path, to: Path) -> None:
    """Reserve the new name by an empty file or folder, then rename: not one step, but nothing is lost."""
    if path.is_dir() and not path.is_symlink():
        to.mkdir()
    else:
        os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        path.replace(to)
    except OSError:
        to.rmdir() if to.is_dir() else to.unlink()
        raise


@contextmanager
def scratch_folder(beside: Path | None = None) -> Iterator[Path]:
    """A temporary folder, removed at the end; those of killed processes are removed at the start.

    ``beside`` is a file in whose folder it is made, from where files can be renamed to it.
    """
    root = beside.parent.absolute() if beside else Path(tempfile.gettempdir())
    for left in root.glob(f"{_SCRATCH}*") if fcntl else ():
        with suppress(OSError):  # another user's, or already gone
            # Created if need be: its process may have been killed before it did that itself.
            handle = os.open(left / _LOCK, os.O_RDWR | os.O_CREAT)
            if _lock(handle):
                shutil.rmtree(left, ignore_errors=True)
            os.close(handle)
    folder, handle = _create_locked_folder(root)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold a lock on ``folder``; another process that wants it waits. The lock dies with the process."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Held:
    """A lock, held until it is closed, collected or the process ends."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    def close(self) -> None:
        """Let go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        self.close()


def hold(path: Path) -> Held | None:
    """A lock on the file ``path``, created if missing; None if somebody else holds it.

    On Windows nothing is locked.
    """
    if fcntl is None:
        return Held(None)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    if _lock(handle):
        return Held(handle)
    os.close(handle)
    return None


def _create_locked_folder(root: Path) -> tuple[Path, int]:
    """A new temporary folder with a locked file in it, and the open handle of that file."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=root, prefix=_SCRATCH))
        with suppress(FileNotFoundError):  # another process swept the folder before it was locked
            handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT)
            if fcntl is None or (_lock(handle) and (folder / _LOCK).exists()):
                return folder, handle
            os.close(handle)


def _create_locked(path: Path) -> tuple[int, Path]:
    """A new temporary file beside ``path``, locked for as long as it is open."""
    while True:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=_UNFINISHED)
        # Another process may have swept the file before it was locked.
        if fcntl is None or (_lock(handle) and Path(name).exists()):
            return handle, Path(name)
        os.close(handle)


@cache
def _sweep(folder: Path) -> None:
    """Remove temporary files that no process holds a lock on, once for each folder."""
    if fcntl is None:
        return
    for path in folder.glob(f".*{_UNFINISHED}"):
        with suppress(OSError):  # another's file, or already gone
            handle = os.open(path, os.O_RDWR)
            try:
                if _lock(handle):
                    path.unlink()
            finally:
                os.close(handle)


def _lock(handle: int) -> bool:
    """Whether the lock on an open file could be had."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


_UMASK = threading.Lock()
"""The mask can be read only by setting it: two threads at it would lose it."""


def _umask() -> int:
    with _UMASK:
        mask = os.umask(0)
        os.umask(mask)
    return mask
