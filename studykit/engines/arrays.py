"""Arrays in one file, mapped into memory: opened at once, read page by page as they are needed."""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studykit.files import write_whole

__all__ = ["read_arrays", "write_arrays"]

_MAGIC = b"studykit arrays1"
_ALIGNED = 64
"""Arrays begin at multiples of this, as vector instructions like it."""


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays by name, whole or not at all. Raises ``OSError``."""
    entries, at = {}, 0
    for name, array in arrays.items():
        entries[name] = [array.dtype.str, array.shape, at]
        at = _aligned(at + array.nbytes)
    head = json.dumps({"arrays": entries, "bytes": at}).encode()
    parts: list[bytes | memoryview] = [_MAGIC, len(head).to_bytes(8, "little"), head]
    parts.append(bytes(_first(len(head)) - sum(map(len, parts))))
    for array in arrays.values():
        parts += [_bytes(array), bytes(_aligned(array.nbytes) - array.nbytes)]
    write_whole(path, b"".join(parts))


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """The arrays, read-only; None if the file is not there or not whole."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if data[: len(_MAGIC)] != _MAGIC:
            return None
        length = int.from_bytes(data[len(_MAGIC) : len(_MAGIC) + 8], "little")
        head = json.loads(data[len(_MAGIC) + 8 : len(_MAGIC) + 8 + length])
        if len(data) != _first(length) + head["bytes"]:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {
        name: np.frombuffer(
            data, dtype=dtype, count=int(np.prod(shape, dtype=np.int64)), offset=_first(length) + at
        ).reshape(shape)
        for name, (dtype, shape, at) in head["arrays"].items()
    }


def _bytes(array: NDArray[Any]) -> memoryview:
    """Without a copy, for some are large."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _first(head: int) -> int:
    return _aligned(len(_MAGIC) + 8 + head)


def _aligned(at: int) -> int:
    return -(-at // _ALIGNED) * _ALIGNED
