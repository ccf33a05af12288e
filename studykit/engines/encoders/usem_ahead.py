"""Unpacks the default encoder in another process while this one reads: the first time takes a second.

The two share the file in the cache alone. A child that fails, or that another process overtakes, costs
nothing but its time: whoever needs the file and does not find it unpacks it as if there had been no child.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

from studykit.engines.machine import cores
from studykit.fingerprint import code_digest
from studykit.resources import cache_dir

__all__ = ["arrays_path", "start", "wait_for"]

_UNPACK = "from studykit.engines.encoders import usem_ahead as ahead; ahead.unpack({version!r})"
_LONGEST_S = 60
"""After that the child counts as failed."""

_children: dict[Path, subprocess.Popen[bytes]] = {}


def arrays_path(version: str) -> Path:
    """The file of the cache that holds a version of the package, unpacked by this version of the code."""
    key = code_digest("engines/encoders/usem_files", "engines/arrays")[:12]
    return cache_dir() / f"usem-{version}-{key}.arrays"


def start(version: str) -> None:
    """Begin to unpack, once, unless the file is there or this process has but one core."""
    path = arrays_path(version)
    if path in _children or path.exists() or cores() < 2 or getattr(sys, "frozen", False):
        return
    command = [sys.executable, "-P", "-c", _UNPACK.format(version=version)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with suppress(OSError):
        _children[path] = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def unpack(version: str) -> None:
    """Unpack in the child, which ends when its parent does, however that ends."""
    from studykit.engines.encoders import usem_files

    def end_with_the_parent() -> None:
        os.read(0, 1)  # nothing is ever written: it returns when the other end is closed
        os._exit(1)

    Thread(target=end_with_the_parent, daemon=True).start()
    usem_files.unpack(version)


def wait_for(path: Path) -> None:
    """Return when no child of this process is writing ``path``."""
    if child := _children.get(path):
        with suppress(subprocess.TimeoutExpired):
            child.wait(_LONGEST_S)


@atexit.register
def _stop() -> None:
    """Leave no child behind: of a run that ends early nobody expects a process."""
    for child in _children.values():
        if child.poll() is None:
            child.kill()
            child.wait()
        if child.stdin:
            child.stdin.close()
