"""How weights of boundary models are stored: matrices as whole numbers of 8 bits, a scale for each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["packed", "unpacked"]

Floats = NDArray[np.float32]

_MOST = 127
_SCALE = ".scale"


def packed(arrays: Mapping[str, Floats]) -> dict[str, NDArray[Any]]:
    """Matrices ``(n, m)`` as integers and a column ``NAME.scale``; all else as it is."""
    stored: dict[str, NDArray[Any]] = {}
    for name, values in arrays.items():
        if values.ndim == 2:
            scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-8) / _MOST
            stored[name] = np.round(values / scale).astype(np.int8)
            stored[name + _SCALE] = scale.astype(np.float32)
        else:
            stored[name] = values
    return stored


def unpacked(stored: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """What ``packed`` was given, rounded, as floats."""
    return {
        name: values.astype(np.float32) * stored[name + _SCALE]
        if name + _SCALE in stored
        else values.astype(np.float32)
        for name, values in stored.items()
        if not name.endswith(_SCALE)
    }
