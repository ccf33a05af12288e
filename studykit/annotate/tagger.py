"""What finding vocabulary asks of a tagger and of a sentence encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studykit.types import Token

__all__ = ["Embedder", "Tagger"]


class Tagger(Protocol):
    """Tags and parses English."""

    @property
    def name(self) -> str:
        """Identity with version; part of the cache key."""

    def tag(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        """The tokens of each text."""


class Embedder(Protocol):
    """Puts English and Chinese texts into one space."""

    @property
    def name(self) -> str:
        """Identity with version; part of the cache key."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, d)`` with rows of length 1."""
