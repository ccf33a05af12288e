"""An encoder for tests: a text's vector is the sum of its words' vectors, drawn from their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np

from studykit.align import Vectors

WIDTH = 64


@cache
def _word(word: str) -> Vectors:
    draw = np.random.default_rng(int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big"))
    return draw.standard_normal(WIDTH).astype(np.float32)


class BagEncoder:
    """Words in upper and lower case count as translations of each other."""

    name = "bags-1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        rows = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for k, text in enumerate(texts):
            for word in text.casefold().split() or ["(nothing)"]:
                rows[k] += _word(word)
            rows[k] /= max(float(np.linalg.norm(rows[k])), 1e-6)
        return rows
