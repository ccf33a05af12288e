"""Decodes JSON into typed structures; every error in the file becomes a ``FormatError`` with its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from studykit.errors import FormatError

__all__ = ["decode_json"]

_T = TypeVar("_T")
_HINT = "Supported JSON: Whisper's, with `segments`, and YouTube's json3, with `events`."
_BYTE = re.compile(r"\(byte (\d+)\)")


def decode_json(text: str, path: Path, shape: type[_T]) -> _T:
    """``text`` as ``shape``, strictly: numbers in quotes, ``NaN`` and missing fields are errors."""
    data = text.encode("utf-8", "replace")
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as error:
        raise FormatError(path, f"JSON with an unexpected value: {error}", hint=_HINT) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        byte = _BYTE.search(str(error))
        line = data.count(b"\n", 0, int(byte[1])) + 1 if byte else None
        if "truncated" in str(error):
            line = data.count(b"\n") + 1
        raise FormatError(path, f"broken JSON: {error}", line=line) from error
