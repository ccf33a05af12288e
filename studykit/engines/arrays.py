"""Arrays in one file, mapped into memory: opened at once, read page by page as they are needed."""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from studykit.files import write_whole

__all__ = ["Raw", "read_arrays", "write_arrays"]

_MAGIC = b"studykit arrays2"
"""The last bytes of a file that is whole; before them the length of the list, and before that the list."""
_ALIGNED = 64
"""Arrays begin at multiples of this, as vector instructions like it."""


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
