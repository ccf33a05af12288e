"""What the networks of this folder have in common: dilated convolutions with shortcuts, in numpy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "layered"]

Floats = NDArray[np.float32]

_SMALLEST = 1e-5
"""Keeps the norm of a row of zeros above 0."""


def layered(weights: Mapping[str, Floats], h: Floats) -> Floats:
    """Logits for ``(n, inputs)`` rows: a layer, convolutions over the rows, and a layer of outputs."""
    h = np.maximum(h @ weights["input.weight"].T + weights["input.bias"], 0)
    for layer, reach in enumerate(weights["dilations"].astype(int).tolist()):
        normed = _normed(h, weights[f"norms.{layer}.weight"], weights[f"norms.{layer}.bias"])
        padded = np.pad(normed, ((reach, reach), (0, 0)))
        seen = np.concatenate([padded[: len(h)], normed, padded[2 * reach :]], axis=1)
        mixed = seen @ weights[f"convolutions.{layer}.weight"].T + weights[f"convolutions.{layer}.bias"]
        h = h + np.maximum(mixed, 0)
    logits: Floats = h @ weights["output.weight"].T + weights["output.bias"]
    return logits


def _normed(h: Floats, weight: Floats, bias: Floats) -> Floats:
    centred = h - h.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + _SMALLEST)
    normed: Floats = centred / deviation * weight + bias
    return normed
