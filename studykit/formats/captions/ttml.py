"""TTML and DFXP (https://www.w3.org/TR/ttml1/): ``<p begin end>`` with relative and absolute times.

pysubs2 also reads TTML, but not times in frames or ticks, and it expands entities.
"""

from __future__ import annotations

import re
from pathlib import Path

from studykit.errors import FormatError
from studykit.formats.base import LONGEST_S, Draft, DraftWord, Format, Parsed, language_tag
from studykit.formats.markup import Chunk, join_lines, timed_words
from studykit.formats.repair import to_segments
from studykit.safexml import Node, parse_xml

__all__ = ["TTML"]

_SNIFF = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?tt[\s>]", re.DOTALL)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,9})?)(?::(\d{1,4}(?:\.\d{1,9})?))?")
_OFFSET = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")


class _Times:
    """Reads time expressions with the frame and tick rates of one file."""

    def __init__(self, root: Node, path: Path) -> None:
        self.path = path
        rate = self._rate(root, "frameRate", 30.0)
        multiplier = root.attributes.get("frameRateMultiplier", "").replace(":", " ").split()
        if len(multiplier) == 2 and all(part.isdecimal() and int(part) for part in multiplier):
            rate *= int(multiplier[0]) / int(multiplier[1])
        ticks = self._rate(root, "tickRate", rate if "frameRate" in root.attributes else 1.0)
        self.unit_s = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / rate, "t": 1 / ticks}

    def _rate(self, root: Node, name: str, default: float) -> float:
        raw = root.attributes.get(name)
        if raw is None:
            return default
        if not re.fullmatch(r"[0-9]{1,12}", raw) or not int(raw):
            raise FormatError(self.path, f'not a rate: {name}="{raw[:40]}"', line=root.line)
        return float(raw)

    def read(self, node: Node, name: str) -> float | None:
        """An attribute in seconds, None if it is missing."""
        raw = node.attributes.get(name)
        if raw is None:
            return None
        time_s = self._seconds(raw.strip())
        if time_s is None or time_s > LONGEST_S:
            raise FormatError(self.path, f'not a time: {name}="{raw[:40]}"', line=node.line)
        return time_s

    def _seconds(self, raw: str) -> float | None:
        if match := _OFFSET.fullmatch(raw):
            return round(float(match[1]) * self.unit_s[match[2]], 3)
        if match := _CLOCK.fullmatch(raw):
            h, minute, s, frames = match.groups(default="0")
            whole_s = (int(h) * 60 + int(minute)) * 60 + float(s)
            return round(whole_s + float(frames) * self.unit_s["f"], 3)
        return None


def _has_only_timed_spans(node: Node) -> bool:
    return bool(node.children) and all(
        "begin" in item.attributes if isinstance(item, Node) else not item.strip() for item in node.content
    )


def _drafts(body: Node, times: _Times) -> list[Draft]:
    """One draft per ``p``, or per span if the spans of a ``p`` have times and it has none.

    An element's times are relative to the start of its parent.
    """
    drafts: list[Draft] = []
    stack: list[tuple[Node, float | None, float | None]] = [(body, None, None)]
    while stack:
        node, start_s, stop_s = stack.pop()
        origin_s = start_s or 0.0
        begin_s, end_s, length_s = (times.read(node, name) for name in ("begin", "end", "dur"))
        if begin_s is not None:
            start_s = round(origin_s + begin_s, 3)
        if length_s is not None:
            stop_s = round((start_s or 0.0) + length_s, 3)
        elif end_s is not None:
            stop_s = round(origin_s + end_s, 3)
        if node.tag == "span" or (node.tag == "p" and not (begin_s is None and _has_only_timed_spans(node))):
            text = join_lines(" ".join(line.split()) for line in _lines(node))
            words = _words(node, times, start_s, stop_s)
            drafts.append(Draft(text=text, start_s=start_s, end_s=stop_s, words=words, line=node.line))
        else:
            stack.extend((child, start_s, stop_s) for child in reversed(node.children))
    return drafts


def _words(node: Node, times: _Times, start_s: float | None, stop_s: float | None) -> list[DraftWord]:
    """The words of a ``p`` whose spans have word times; otherwise empty."""
    chunks: list[Chunk] = []
    for item in node.content:
        begin_s = times.read(item, "begin") if isinstance(item, Node) else None
        time_s = None if begin_s is None else round((start_s or 0.0) + begin_s, 3)
        if isinstance(item, str):
            chunks.append((time_s, item))
        else:
            chunks.append((time_s, "\n" if item.tag == "br" else " ".join(_lines(item))))
    timed = any(time_s is not None for time_s, _ in chunks)
    return timed_words(chunks, start_s, stop_s) if timed else []


def _lines(node: Node) -> list[str]:
    """The displayed lines: only ``br`` breaks a line, line breaks in the file do not."""
    lines = [""]
    for item in node.walk():
        if isinstance(item, str):
            lines[-1] += item
        elif item.tag == "br":
            lines.append("")
    return lines


def _parse(text: str, path: Path) -> Parsed:
    root = parse_xml(text, path)
    body = next((node for node in root.children if node.tag == "body"), None)
    if root.tag != "tt" or body is None:
        raise FormatError(path, "TTML needs <tt> with a <body>", line=root.line)
    drafts = _drafts(body, _Times(root, path))
    language = language_tag(root.attributes.get("lang"))
    return to_segments(path, drafts, format="ttml", timing="captions", language=language)


TTML = Format(
    name="ttml",
    title="TTML",
    suffixes=(".ttml", ".dfxp"),
    sniff=lambda text: _SNIFF.match(text) is not None,
    parse=_parse,
)
