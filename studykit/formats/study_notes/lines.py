"""Lines of Markdown in study notes: what kind of line each is, and its text without markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile

from msgspec import Struct

from studykit.faces import late

__all__ = [
    "RULE",
    "Line",
    "cells",
    "heading_of",
    "is_table_rule",
    "plain",
    "plain_at",
    "read_lines",
    "without_emoji",
]

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*)")
RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*")
_EMOJI = late("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3\U0001f000-\U0001faff]+")
# A link keeps its text, an escape its character; other markup is removed. An address may hold parentheses in
# pairs, as those of encyclopedias do.
_MARKUP = late(r"\\([^\w\s]|_)|!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)|\*{1,3}|`+|~~")


class Line(Struct, frozen=True):
    """One line with its number, from 1, and the code point at which it starts."""

    text: str
    number: int
    start: int


def read_lines(text: str) -> Iterator[Line]:
    """All lines of a text."""
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        yield Line(line, number, start)
        start += len(line) + 1


def heading_of(text: str) -> tuple[int, str] | None:
    """Level and words of a heading, without what closes it (``## Words ##``); None for other lines."""
    match = _HEADING.fullmatch(text)
    return (len(match[1]), match[2].rstrip().rstrip("#").rstrip()) if match else None


def plain_at(text: str) -> tuple[str, list[int]]:
    """A line without its Markdown, and the original index of each remaining character."""
    kept: list[int] = []
    at = 0
    for match in _MARKUP.finditer(text):
        kept += range(at, match.start())
        for group in (1, 2):
            if match[group] is not None:
                kept += range(match.start(group), match.end(group))
        at = match.end()
    kept += range(at, len(text))
    while kept and text[kept[-1]].isspace():
        kept.pop()
    kept = list(dropwhile(lambda i: text[i].isspace(), kept))
    return "".join(text[i] for i in kept), kept


def plain(text: str) -> str:
    """A line without its Markdown."""
    return plain_at(text)[0]


def without_emoji(text: str) -> str:
    """``text`` without emoji and other pictographs."""
    return " ".join(_EMOJI.sub(" ", text).split())


def cells(line: str) -> list[str] | None:
    r"""The cells of a table row, None if it is not one; ``\|`` does not separate cells."""
    text = line.strip()
    if len(text) < 3 or not (text.startswith("|") and text.endswith("|")):
        return None
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", text[1:-1])]


def is_table_rule(row: list[str]) -> bool:
    """Whether a row is the line below a table's header."""
    return all(re.fullmatch(r":?-+:?", cell) for cell in row)
