"""Reads JSON with the slips that language models make.

Commas too many or missing, line breaks and quotes inside strings, single and curly quotes, Chinese commas
and colons, comments, Python's ``True`` and ``None``. Nothing is completed: text that ends too early is an
error, or gives the members that are whole.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

__all__ = ["UnfinishedError", "loose_value", "pairs_once"]

_DEEPEST = 40
_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|True|False|None")
_PLAIN_KEY = re.compile(r"\w{1,40}")
_PLAIN_VALUES = {"true": True, "True": True, "false": False, "False": False, "null": None, "None": None}
_CLOSING = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_QUOTES = "\"'“‘"
_COMMA = ",，"
_COLON = ":："

# Whether a quote ends its string is seen from what follows it.
_KEY_ENDS = re.compile(r"\s*+[:：]")
_NOTE = r"/\*[^*]*+\*/"
_GAP = rf"(?:[\s,，]|//[^\n]*+\n|{_NOTE})*+"
_PARTED = rf"(?=\s*+(?:{_NOTE}\s*+)?[,，]|[^\S\n]*+(?://|\n))"
_NEXT_KEY = r"""(?:["'“‘][^"'”’\n]{1,40}["'”’]|\w{1,40})\s*+[:：]"""
_VALUE_ENDS = re.compile(rf"{_GAP}\}}|{_PARTED}{_GAP}{_NEXT_KEY}")
_ITEM_ENDS = re.compile(rf"""{_GAP}\]|{_PARTED}{_GAP}["'“‘{{\[\d]""")
_SWALLOWED = re.compile(r"""["'“‘]\w{1,40}["'”’]\s*+[:：]""")
"""A key inside a string: its end was not seen."""
_GOES_ON = re.compile(r"[^\n]*[\"”]")
"""Behind a value, quotes on the same line: it may have been a quoted brace that seemed to end it."""


def pairs_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of ``pairs``, without the keys that occur with different values."""
    times = Counter(key for key, _ in pairs)
    made = dict(pairs)
    for key, value in pairs:
        if times[key] > 1 and key in made and value != made[key]:
            del made[key]
    return made


class UnfinishedError(ValueError):
    """A value begins, but its end is missing or in doubt."""


def loose_value(text: str, at: int, *, members: bool = False) -> tuple[Any, int]:
    """The value that begins at ``at``, and where it ends.

    Raises ``ValueError`` if none begins there, and ``UnfinishedError`` if its end is missing or in doubt;
    with ``members``, the members that are whole before a missing end are the value.
    """
    value, end = _Reader(text, members).value(at, _ITEM_ENDS, 0)
    if _GOES_ON.match(text, end):
        raise UnfinishedError(f"it is doubtful whether the value ends at {end}")
    return value, end


class _Reader:
    def __init__(self, text: str, members: bool) -> None:
        self._text = text
        self._members = members

    def value(self, at: int, ends: re.Pattern[str], depth: int) -> tuple[Any, int]:
        at = self._skipped(at)
        begins = self._text[at : at + 1]
        if depth > _DEEPEST:
            raise ValueError("too deep")
        if begins == "{":
            return self._object(at + 1, depth + 1)
        if begins == "[":
            return self._list(at + 1, depth + 1)
        if begins and begins in _QUOTES:
            return self._string(at, ends)
        plain = _PLAIN.match(self._text, at)
        if not plain:
            raise self._wrong("value", at)
        if plain.end() == len(self._text):
            raise UnfinishedError("a number may go on")
        said = plain.group()
        return (_PLAIN_VALUES[said] if said in _PLAIN_VALUES else json.loads(said)), plain.end()

    def _object(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        pairs: list[tuple[str, Any]] = []
        while True:
            at = self._skipped(at, _COMMA)
            if self._text[at : at + 1] == "}":
                return pairs_once(pairs), at + 1
            try:
                key, at = self._key(at)
                at = self._skipped(at)
                if self._text[at : at + 1] not in tuple(_COLON):
                    raise self._wrong("colon", at)
                value, at = self.value(at + 1, _VALUE_ENDS, depth)
            except UnfinishedError:
                if not self._members:
                    raise
                return pairs_once(pairs), len(self._text)
            pairs.append((key, value))

    def _list(self, at: int, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while True:
            at = self._skipped(at, _COMMA)
            if self._text[at : at + 1] == "]":
                return items, at + 1
            try:
                item, at = self.value(at, _ITEM_ENDS, depth)
            except UnfinishedError:
                if not self._members:
                    raise
                return items, len(self._text)
            items.append(item)

    def _wrong(self, what: str, at: int) -> ValueError:
        return UnfinishedError(what) if at >= len(self._text) else ValueError(f"no {what} at {at}")

    def _key(self, at: int) -> tuple[str, int]:
        if self._text[at : at + 1] in tuple(_QUOTES):
            return self._string(at, _KEY_ENDS)
        plain = _PLAIN_KEY.match(self._text, at)
        if not plain:
            raise self._wrong("key", at)
        return plain.group(), plain.end()

    def _string(self, at: int, ends: re.Pattern[str]) -> tuple[str, int]:
        """A string, to the first closing quote that has its end behind it."""
        opened = self._text[at]
        closing = re.compile(rf"\\.|{_CLOSING[opened]}", re.DOTALL)
        position = at + 1
        while mark := closing.search(self._text, position):
            position = mark.end()
            if mark.group()[0] != "\\" and ends.match(self._text, position):
                said = self._text[at + 1 : mark.start()]
                if _SWALLOWED.search(said):
                    raise UnfinishedError(f"no end of a string at {at}")
                return _unescaped(said), position
        raise UnfinishedError("a string has no end")

    def _skipped(self, at: int, besides: str = "") -> int:
        """The next place that is neither space nor comment nor one of ``besides``."""
        while True:
            space = _SPACE.match(self._text, at)
            at = space.end() if space else at
            if not besides or self._text[at : at + 1] not in tuple(besides):
                return at
            at += 1


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[\"\\/bfnrt'])")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _unescaped(text: str) -> str:
    """``text`` with the escapes of JSON resolved; others, such as LaTeX's, stay as they are."""

    def char(match: re.Match[str]) -> str:
        said = match.group(1)
        return chr(int(said[1:], 16)) if said[0] == "u" else _ESCAPES.get(said, said)

    made = _ESCAPE.sub(char, text)
    return made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs of surrogates are one
