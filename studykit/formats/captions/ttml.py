"""TTML and DFXP (https://www.w3.org/TR/ttml1/): ``<p begin end>`` with relative and absolute times.

pysubs2 also reads TTML, but not times in frames or ticks, and it expands entities.
"""

from __future__ import annotations

import re
from pathlib import Path

from studykit.errors import FormatError
from studykit.faces import late
from studykit.formats.base import LONGEST_S, Draft, DraftWord, Format, Parsed, language_tag
from studykit.formats.captions.damage import Damage, between_neighbours
from studykit.formats.captions.xml_tree import mended_tree
from studykit.formats.markup import Chunk, join_lines, timed_words
from studykit.formats.repair import to_segments
from studykit.languages import spoken_length_s
from studykit.safexml import Node

__all__ = ["TTML"]

_SNIFF = late(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?>.*?-->)\s*)*<(?:\w+:)?tt[\s>]", re.DOTALL)
_CLOCK = late(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,9})?)(?::(\d{1,4}(?:\.\d{1,9})?))?")
_OFFSET = late(r"(\d{1,15}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")


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


def _drafts(body: Node, times: _Times, damage: Damage) -> list[Draft]:
    """One draft per ``p``, or per span if the spans of a ``p`` have times and it has none.

    An element's times are relative to the start of its parent. A draft without a start that can be read
    lies between its neighbours; without an end, it lasts as long as its words.
    """
    drafts: list[Draft] = []
    lost: set[int] = set()
    stack: list[tuple[Node, float | None, float | None]] = [(body, None, None)]
    while stack:
        node, start_s, stop_s = stack.pop()
        cue = node.tag == "span" or (
            node.tag == "p" and not ("begin" not in node.attributes and _has_only_timed_spans(node))
        )
        rows = [" ".join(line.split()) for line in _lines(node)] if cue else []
        begin_s, end_s, length_s, bad = _own_times(node, times, cue)
        origin_s = start_s or 0.0
        if begin_s is not None:
            start_s = round(origin_s + begin_s, 3)
        if length_s is not None:
            stop_s = round((start_s or 0.0) + length_s, 3)
        elif end_s is not None:
            stop_s = round(origin_s + end_s, 3)
        if not cue:
            stack.extend((child, start_s, stop_s) for child in reversed(node.children))
            continue
        draft = Draft(text=join_lines(rows), start_s=start_s, end_s=stop_s, line=node.line, rows=rows)
        if "begin" in bad:
            damage.lost.append((node.line, bad["begin"]))
            lost.add(len(drafts))
        elif bad:
            damage.repaired.append(node.line)
            draft.end_s = round((start_s or 0.0) + spoken_length_s(draft.text), 3)
        else:
            draft.words = _words(node, times, start_s, stop_s, damage)
        drafts.append(draft)
    placed = between_neighbours(
        [None if i in lost else (draft.start_s, draft.end_s) for i, draft in enumerate(drafts)],
        [spoken_length_s(draft.text) for draft in drafts],
    )
    for draft, (start_s, stop_s) in zip(drafts, placed, strict=True):
        draft.start_s, draft.end_s = start_s, stop_s
    return drafts


def _own_times(
    node: Node, times: _Times, cue: bool
) -> tuple[float | None, float | None, float | None, dict[str, str]]:
    """``begin``, ``end`` and ``dur`` in seconds; and, of a cue, those that cannot be read, as they stand.

    Raises ``FormatError`` for a broken time of anything else, on which the times of many cues depend.
    """
    found: dict[str, float | None] = {}
    bad: dict[str, str] = {}
    for name in ("begin", "end", "dur"):
        try:
            found[name] = times.read(node, name)
        except FormatError:
            if not cue:
                raise
            found[name] = None
            bad[name] = f'{name}="{node.attributes[name][:40]}"'
    if found["end"] is not None or found["dur"] is not None:  # one of the two is enough
        bad = {name: text for name, text in bad.items() if name == "begin"}
    return found["begin"], found["end"], found["dur"], bad


def _words(
    node: Node, times: _Times, start_s: float | None, stop_s: float | None, damage: Damage
) -> list[DraftWord]:
    """The words of a ``p`` whose spans have word times; otherwise, and if one is broken, empty."""
    chunks: list[Chunk] = []
    for item in node.content:
        try:
            begin_s = times.read(item, "begin") if isinstance(item, Node) else None
        except FormatError:
            damage.repaired.append(node.line)
            return []
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
    damage = Damage()
    root, cut = mended_tree(text, path, damage)
    body = next((node for node in root.children if node.tag == "body"), None)
    if root.tag != "tt" or body is None:
        raise FormatError(path, "TTML needs <tt> with a <body>", line=root.line)
    drafts = _drafts(body, _Times(root, path), damage)
    language = language_tag(root.attributes.get("lang"))
    warnings = damage.warnings(path, len(drafts) + len(damage.skipped), "captions")
    if cut:
        warnings += (f"the file ends early (line {cut})",)
    return to_segments(
        path,
        drafts,
        format="ttml",
        timing="captions",
        language=language,
        title=_title(root),
        warnings=warnings,
    )


def _title(root: Node) -> str | None:
    """The document's own title, ``head/metadata/title`` or ``head/title``."""
    heads = [node for node in root.children if node.tag == "head"]
    about = [*heads, *(node for head in heads for node in head.children if node.tag == "metadata")]
    titles = (node for place in about for node in place.children if node.tag == "title")
    return next((text for node in titles if (text := " ".join("".join(_lines(node)).split()))), None)


TTML = Format(
    name="ttml",
    title="TTML",
    suffixes=(".ttml", ".dfxp"),
    sniff=lambda text: _SNIFF.match(text) is not None,
    parse=_parse,
)
