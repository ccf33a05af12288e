"""What the tagger knows: ``weights/english.npz``, arrays by name and tables of words in JSON."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.engines.arrays import read_npz
from studykit.resources import data_dir

__all__ = ["WEIGHTS", "Data", "load_data", "pack_words", "unpack_words"]

WEIGHTS = "english.npz"

Floats = NDArray[np.float32]


class Data(Struct, frozen=True):
    """``arrays``: layers by name, see ``network.py``; ``tables``: what is looked up, see who reads it."""

    arrays: dict[str, Floats]
    tables: dict[str, Any]


@cache
def load_data() -> Data:
    """The weights that ship."""
    arrays = read_npz(data_dir("weights") / WEIGHTS)
    tables = msgspec.json.decode(arrays.pop("tables").tobytes())
    return Data(arrays=arrays, tables=tables)


def pack_words(words: list[str]) -> str:
    """Sorted words as one text, which reads ten times as fast as a list."""
    return "\n".join(sorted(words))


def unpack_words(text: str) -> frozenset[str]:
    """The words of ``pack_words``."""
    return frozenset(text.split("\n"))
