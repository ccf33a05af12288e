"""Vectors of words in their context: hashed embeddings and four convolutions over neighbours.

"HashEmbedCNN" (Honnibal et al. 2020; layers as in thinc): each attribute is the sum of four rows of its
table; maxout with layer normalisation mixes them; each convolution adds what a word and its two neighbours
give. Texts are kept apart by four rows of zeros, as in training.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studykit.engines.english.attributes import rows

__all__ = ["PAD", "context", "embedded"]

PAD = 4
"""Rows of zeros around each text; as many as there are convolutions, so that no text sees another."""
_LAYERS = 4
_SMALLEST = 1e-8
_FIRST_SEED = 8

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


def embedded(weights: Weights, name: str, ids: NDArray[np.uint64]) -> Floats:
    """``(n, 96)`` of words by ``(n, attributes)``, without context; ``name``: which network."""
    tables = [weights[f"{name}.table{i}"] for i in range(ids.shape[1])]
    parts = []
    for i, table in enumerate(tables):
        once, back = np.unique(ids[:, i], return_inverse=True)
        parts.append(table[rows(once, _FIRST_SEED + i, len(table))].sum(axis=1)[back])
    return _maxout(weights, f"{name}.mix", np.concatenate(parts, axis=1))


def context(weights: Weights, name: str, vectors: Floats) -> Floats:
    """``(n, 96)`` of texts with ``PAD`` rows of zeros before, between and after them."""
    for layer in range(_LAYERS):
        window = np.zeros((len(vectors), 3, vectors.shape[1]), dtype=np.float32)
        window[1:, 0] = vectors[:-1]
        window[:, 1] = vectors
        window[:-1, 2] = vectors[1:]
        vectors = vectors + _maxout(weights, f"{name}.layer{layer}", window.reshape(len(vectors), -1))
    return vectors


def _maxout(weights: Weights, layer: str, seen: Floats) -> Floats:
    """The best of the pieces of each number, then normalised over the row."""
    weight, bias = weights[f"{layer}.W"], weights[f"{layer}.b"]
    pieces, width, inputs = weight.shape
    given: Floats = seen @ weight.reshape(-1, inputs).T
    given += bias.reshape(-1)
    best: Floats = given[:, :width]
    for piece in range(1, pieces):
        np.maximum(best, given[:, piece * width : (piece + 1) * width], out=best)
    best = best - best.mean(axis=1, keepdims=True, dtype=np.float32)
    best *= (np.einsum("ij,ij->i", best, best) / width + np.float32(_SMALLEST))[:, None] ** np.float32(-0.5)
    best *= weights[f"{layer}.G"]
    best += weights[f"{layer}.c"]
    return best
