"""What can be read of a JSON list of captions that is cut off or broken in places.

Captions are read one by one. After one that is broken, the next object that looks like a caption is
looked for, since what a broken one contains cannot be told from what follows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field

__all__ = ["Piece", "Salvaged", "salvaged"]

_OBJECT = re.compile(r'\{\s*"')
_BETWEEN = re.compile(r"[\s,]*(?:\](?!\s*(?:\}|,\s*\"|\Z))[\s,]*)*")
"""Also a bracket that does not close the list, since captions follow."""
_MOST_TRIED = 1_000
"""Objects tried in search of the next caption; whatever needs more is no list of captions."""
_SHOWN_CHARS = 80
_LONGEST_CHARS = 100_000
"""No caption is longer; what is, would keep the search busy."""


class Piece(Struct, frozen=True, kw_only=True):
    """One caption as it stands in the file; ``value`` is None if it is no JSON."""

    line: int
    text: str
    value: Any


class Salvaged(Struct):
    """The captions of a file, sound and broken, and the values around them."""

    pieces: list[Piece] = field(default_factory=list)
    head: dict[str, Any] = field(default_factory=dict)
    cut_at: int | None = None
    """The line in which the file ends before the list does."""


def salvaged(
    text: str, opening_of: re.Pattern[str], is_caption: Callable[[dict[str, Any]], bool]
) -> Salvaged | None:
    """The captions in the list that begins with ``opening_of``; None if there is no such list.

    ``is_caption`` says whether an object is a caption, and not a part of one.
    """
    opening = opening_of.search(text)
    if opening is None:
        return None
    found = Salvaged()
    at, line = opening.end(), text.count("\n", 0, opening.end()) + 1
    budget = iter(range(_MOST_TRIED))
    while True:
        start = _after(_BETWEEN, text, at)
        line += text.count("\n", at, start)
        if start >= len(text) or text[start] == "]":
            break
        value, stop = _decoded(text, start)
        if stop is None:
            stop = _next_caption(text, start + 1, is_caption, budget)
        shown = " ".join(text[start : min(stop, start + _SHOWN_CHARS)].split())
        found.pieces.append(Piece(line=line, text=shown, value=value))
        line += text.count("\n", start, stop)
        at = stop
    ended = text.rstrip().endswith(("]", "}"))
    if start >= len(text) and not (ended and found.pieces and found.pieces[-1].value is None):
        found.cut_at = line
    found.head = _head(text[: opening.end()], text[start + 1 :])
    return found if found.pieces else None


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _decoded(text: str, start: int) -> tuple[Any, int | None]:
    """A JSON value and where it ends. ``NaN``, which Python writes, is read, though JSON does not know it."""
    try:
        value, stop = json.JSONDecoder().raw_decode(text[start : start + _LONGEST_CHARS])
    except (ValueError, RecursionError):
        return None, None
    return value, start + stop


def _next_caption(
    text: str, start: int, is_caption: Callable[[dict[str, Any]], bool], budget: Iterator[int]
) -> int:
    """Where the next object begins that is a caption; else where the text ends."""
    for match, _ in zip(_OBJECT.finditer(text, start), budget, strict=False):
        value, _ = _decoded(text, match.start())
        if isinstance(value, dict) and is_caption(value):
            return match.start()
    return len(text)


def _head(before: str, after: str) -> dict[str, Any]:
    for tail in (f"]{after}", "]}"):
        try:
            values = json.loads(before + tail)
        except (ValueError, RecursionError):
            continue
        return values if isinstance(values, dict) else {}
    return {}
