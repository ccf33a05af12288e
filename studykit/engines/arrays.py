"""Arrays in one file, mapped into memory: opened at once, read page by page as they are needed.

And those of numpy's own files, without its checksums, which take longer than to read them.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
from numpy.lib.format import read_array_header_1_0, read_magic
from numpy.typing import NDArray

from studykit.files import write_whole

__all__ = ["Raw", "member_start", "raw_npy", "read_arrays", "read_npz", "write_arrays"]

_MAGIC = b"studykit arrays2"
"""The last bytes of a file that is whole; before them the length of the list, and before that the list."""
_ALIGNED = 64
"""Arrays begin at multiples of this, as vector instructions like it."""


_LONGEST_HEADER = 1 << 12
_LENGTHS = 26
"""Where in a local header of a zip file the two lengths stand."""


class Raw(NamedTuple):
    """An array as bytes; ``dtype`` as numpy writes it."""

    dtype: str
    shape: Sequence[int]
    data: bytes | memoryview | mmap.mmap
    first: int = 0
    """The byte where the array begins."""

    @property
    def array(self) -> NDArray[Any]:
        """The array, read-only, without a copy."""
        found = np.frombuffer(self.data, self.dtype, math.prod(self.shape), self.first)
        return found.reshape(self.shape)


def write_arrays(path: Path, arrays: Iterable[tuple[str, Raw]]) -> None:
    """Write arrays by name, one after the other, whole or not at all. Raises ``OSError``."""
    write_whole(path, _parts(arrays))


def _parts(arrays: Iterable[tuple[str, Raw]]) -> Iterator[bytes | memoryview]:
    entries, at = {}, 0
    for name, (dtype, shape, data, first) in arrays:
        part = memoryview(data)[first:]
        padding = -len(part) % _ALIGNED
        entries[name] = dtype, shape, at
        at += len(part) + padding
        yield part
        yield bytes(padding)
    listed = json.dumps(entries).encode()
    yield listed
    yield len(listed).to_bytes(8, "little")
    yield _MAGIC


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """The arrays, read-only; None if the file is not there or not whole."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    end = len(data) - len(_MAGIC) - 8
    if end < 0 or data[end + 8 :] != _MAGIC:
        return None
    listed = json.loads(data[end - int.from_bytes(data[end : end + 8], "little") : end])
    return {name: Raw(dtype, shape, data, at).array for name, (dtype, shape, at) in listed.items()}


def read_npz(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of an ``.npz`` file that is not compressed. Raises ``OSError`` and ``ValueError``."""
    with ZipFile(path) as packed:
        members = packed.infolist()
    if any(member.compress_type != ZIP_STORED for member in members):
        raise ValueError(f"{path} is compressed")
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    # Copied, since in a zip file they begin anywhere: numpy would copy them at each use.
    return {
        member.filename.removesuffix(".npy"): raw_npy(data, member_start(data, member)).array.copy()
        for member in members
    }


def member_start(data: memoryview | mmap.mmap, member: ZipInfo) -> int:
    """Where the bytes of a member of a zip file begin.

    They follow the local header, whose last fields are the lengths of name and extra field (PKZIP application
    note, 4.3.7).
    """
    name, extra = struct.unpack_from("<HH", data, member.header_offset + _LENGTHS)
    return int(member.header_offset) + _LENGTHS + 4 + int(name) + int(extra)


def raw_npy(data: bytes | mmap.mmap, start: int = 0) -> Raw:
    """The array of a ``.npy`` file of format 1.0, as small headers have it, without a copy."""
    header = BytesIO(data[start : start + _LONGEST_HEADER])
    read_magic(header)
    shape, _, dtype = read_array_header_1_0(header)
    return Raw(dtype.str, shape, data, start + header.tell())
