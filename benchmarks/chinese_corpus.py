"""Chinese that people punctuated, as captions without marks would have given it.

Captions (``.srt``) and talk written for it (``data/talks.zh.txt``) have lines; plain files and pages of HTML
have none, or get some by chance. A colon, a semicolon and a dash count as commas; what stands
at 、 or an ellipsis is not known. Quotes and brackets are taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studykit.engines.boundaries.chinese_units import ChineseUnits

__all__ = [
    "COMMA",
    "NONE",
    "QUESTION",
    "STOP",
    "UNKNOWN",
    "Text",
    "captions",
    "labels",
    "made_lines",
    "pages",
    "recognised",
    "sentences",
]

NONE, COMMA, STOP, QUESTION = range(4)
UNKNOWN = -1

_MARKS = {"，": COMMA, "；": COMMA, "：": COMMA, "—": COMMA, "。": STOP, "！": STOP, "？": QUESTION}
_MARKS |= {"、": UNKNOWN, "…": UNKNOWN}
_ASCII = {",": "，", "?": "？", "!": "！", ";": "；", ":": "：", ".": "。"}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|h\d|t[dhr]|d[tdl]|pre|table)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff，。、]) (?=[\u4e00-\u9fff])")
_LEAST = 15
"""Characters of a paragraph that is no heading."""
_STAGE = re.compile(r"^[（(].*[）)]$|^\*?\[.*\]$")
_WIDE = re.compile(
    r"(?<=[\u4e00-\u9fff”》）]) *([,?!;:.])(?![A-Za-z0-9])|(?<=\w) ?([,?!;:.])(?=\s*$|\s+[\u4e00-\u9fff])"
)
_TAKEN = re.compile(r"[“”\"‘’「」《》（）()\[\]*`]|^\s*-\s+")

_LINES = 40
COMMA_BROKEN, SPACE_BROKEN = 0.8, 0.03
"""Of the commas and of the other gaps between units, how many get a line end where lines are made up."""


@dataclass(slots=True)
class Text:
    """A talk without marks, and what stood where."""

    name: str
    text: str = ""
    marks: dict[int, int] = field(default_factory=dict)
    """By the number of characters before it."""
    lines: list[int] = field(default_factory=list)
    """Where lines start; none where the source has no lines of its own."""

    def add(self, line: str, *, starts_line: bool) -> None:
        """Append a line with its marks."""
        if self.text and not self.text.endswith(" "):
            self.text += " " if starts_line else ""
        if starts_line:
            self.lines.append(len(self.text))
        line = _WIDE.sub(lambda found: _ASCII[found.group(1) or found.group(2)], _TAKEN.sub("", line).strip())
        for char in line:
            if char in _MARKS:
                at = len(self.text.rstrip())
                self.marks[at] = max(self.marks.get(at, UNKNOWN), _MARKS[char])
            elif not (char == " " and self.text.endswith(" ")):
                self.text += char


def captions(path: Path) -> Text:
    """The lines of an ``.srt`` file."""
    found = Text(name=path.name)
    for line in path.read_text(encoding="utf-8").splitlines():
        if (
            line.strip()
            and "-->" not in line
            and not line.strip().isdigit()
            and not _STAGE.match(line.strip())
        ):
            found.add(line, starts_line=True)
    return found


def sentences(path: Path) -> Iterator[Text]:
    """Texts of forty lines, each of one sentence or more; lines without a mark at their end are left out."""
    found = Text(name=path.name)
    taken = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.rstrip("”」’）) ")[-1:] in {*"。？！?!"} and _HAN.search(line):
            found.add(line, starts_line=False)
            taken += 1
            if taken % _LINES == 0:
                yield found
                found = Text(name=path.name)
    if found.text:
        yield found


def pages(folder: Path) -> Iterator[Text]:
    """The paragraphs of Chinese in a folder of HTML, a text for each page that has some."""
    for path in sorted(folder.glob("*.html")):
        found = Text(name=path.name)
        for block in _BLOCK.split(path.read_text(encoding="utf-8")):
            line = " ".join(unescape(_TAG.sub("", block)).split())
            characters = len(_HAN.findall(line))
            if line[-1:] in {*"。！？"} and characters > max(_LEAST, len(line) / 2):
                found.add(_GAP.sub("", line), starts_line=False)
        if found.text:
            yield found


def recognised(path: Path) -> Iterator[Text]:
    """Talks after lines such as ``# title``, in the lines that a recogniser would make."""
    found: Text | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            if found:
                yield found
            found = Text(name=line)
        elif line and found:
            found.add(line, starts_line=True)
    if found:
        yield found


def labels(text: Text, units: ChineseUnits) -> NDArray[np.int64]:
    """What follows each unit; the last is an end."""
    found = np.full(len(units.starts), NONE, dtype=np.int64)
    edges = [*units.starts[1:], len(text.text) + 1]
    at = 0
    for place in sorted(text.marks):
        while at < len(edges) - 1 and edges[at] < place:
            at += 1
        if place > units.starts[0]:
            found[at] = text.marks[place]
    if len(found) and found[-1] < STOP:
        found[-1] = STOP
    return found


def made_lines(marks: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float32]:
    """Line ends after units as a recogniser makes them, one for each phrase, by chance."""
    shares = np.select([marks >= STOP, marks == COMMA], [1.0, COMMA_BROKEN], SPACE_BROKEN)
    return (rng.random(len(marks)) < shares).astype(np.float32)
