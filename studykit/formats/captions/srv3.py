"""YouTube's timed text as XML: srv3 (``<timedtext format="3">``), srv1 and srv2.

srv3 has ``<p t d>`` in milliseconds with ``<s t>`` for words, srv2 ``<text t d>``, srv1
``<text start dur>`` in seconds.
"""

from __future__ import annotations

import html
import math
import re
from pathlib import Path

from studykit.errors import FormatError
from studykit.formats.base import LONGEST_S, Format, Parsed
from studykit.formats.captions.timedtext import Event, to_drafts
from studykit.formats.repair import to_segments
from studykit.safexml import Node, parse_xml

__all__ = ["SRV3"]

_SNIFF = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<(?:timedtext|transcript)[\s>]")


def _number(node: Node, name: str, path: Path, *, ms_per_unit: float = 1) -> float | None:
    """The attribute in milliseconds, None if it is missing."""
    raw = node.attributes.get(name)
    if raw is None:
        return None
    try:
        value = float(raw) * ms_per_unit
    except ValueError:
        value = math.nan
    if not 0 <= value <= LONGEST_S * 1000:
        raise FormatError(path, f'not a time: {name}="{raw[:40]}"', line=node.line)
    return value


def _event(node: Node, path: Path) -> Event:
    if "start" in node.attributes:
        start = _number(node, "start", path, ms_per_unit=1000)
        duration = _number(node, "dur", path, ms_per_unit=1000)
    else:
        start, duration = _number(node, "t", path), _number(node, "d", path)
    if start is None:
        raise FormatError(path, f"<{node.tag}> without a start time", line=node.line)
    pieces: list[tuple[float | None, str]] = []
    for child in node.content:
        if isinstance(child, str):
            pieces.append((None, child))
        elif child.tag == "s":
            pieces.append((_number(child, "t", path), child.text()))
        else:
            pieces.append((None, "\n" if child.tag == "br" else child.text()))
    if node.tag == "text":  # srv1 escapes twice: "&amp;#39;"
        pieces = [(offset, html.unescape(text)) for offset, text in pieces]
    return Event(start_ms=start, duration_ms=duration, pieces=pieces, line=node.line)


def _parse(text: str, path: Path) -> Parsed:
    root = parse_xml(text, path)
    if root.tag not in {"timedtext", "transcript"}:
        raise FormatError(path, f"<{root.tag}> is not YouTube's timed text", line=root.line)
    nodes = [node for node in root.walk() if isinstance(node, Node) and node.tag in {"p", "text"}]
    events = [_event(node, path) for node in nodes]
    return to_segments(path, to_drafts(events), format="srv3", timing="captions")


SRV3 = Format(
    name="srv3",
    title="YouTube timed text",
    suffixes=(".srv3", ".srv2", ".srv1"),
    sniff=lambda text: _SNIFF.match(text) is not None,
    parse=_parse,
)
