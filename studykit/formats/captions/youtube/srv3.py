"""YouTube's timed text as XML: srv3 (``<timedtext format="3">``), srv1 and srv2.

srv3 has ``<p t d>`` in milliseconds with ``<s t>`` for words, srv2 ``<text t d>``, srv1
``<text start dur>`` in seconds. A broken caption is repaired or left out, see ``xml_tree.py``.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from pathlib import Path

from studykit.errors import FormatError
from studykit.formats.base import LONGEST_S, Format, Parsed
from studykit.formats.captions.damage import Damage
from studykit.formats.captions.xml_tree import mended_tree
from studykit.formats.captions.youtube.timedtext import Event, to_drafts
from studykit.formats.repair import to_segments
from studykit.safexml import Node

__all__ = ["SRV3"]

_SNIFF = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<(?:timedtext|transcript)[\s>]")


class _Times:
    """The attributes of one caption in milliseconds, and those that cannot be read, as they stand."""

    def __init__(self) -> None:
        self.bad: dict[str, str] = {}

    def read(self, node: Node, name: str, *, ms_per_unit: float = 1) -> float | None:
        """The attribute in milliseconds, None if it is missing or cannot be read."""
        raw = node.attributes.get(name)
        if raw is None:
            return None
        try:
            value = float(raw) * ms_per_unit
        except ValueError:
            value = math.nan
        if 0 <= value <= LONGEST_S * 1000:
            return value
        self.bad[name] = f'{name}="{raw[:40]}"'
        return None


def _event(node: Node, damage: Damage) -> Event:
    times = _Times()
    if "start" in node.attributes:
        start = times.read(node, "start", ms_per_unit=1000)
        duration = times.read(node, "dur", ms_per_unit=1000)
    else:
        start, duration = times.read(node, "t"), times.read(node, "d")
    pieces = list(_texts(node, times))
    if "".join(text for _, text in pieces).strip():
        if start is None:
            name = "start" if "start" in node.attributes else "t"
            damage.lost.append((node.line, times.bad.get(name) or f"<{node.tag}> without a start time"))
        elif times.bad:
            damage.repaired.append(node.line)
    if start is None or "s" in times.bad:  # words without their times
        pieces = [(None, "".join(text for _, text in pieces))]
    return Event(start_ms=start, duration_ms=duration, pieces=pieces, line=node.line)


def _texts(node: Node, times: _Times) -> Iterator[tuple[float | None, str]]:
    """The pieces of a caption with their offsets."""
    for child in node.content:
        offset: float | None = None
        if isinstance(child, str):
            text = child
        elif child.tag == "s":
            of_word = _Times()
            offset, text = of_word.read(child, "t"), child.text()
            if of_word.bad:
                times.bad["s"] = of_word.bad["t"]
        else:
            text = "\n" if child.tag == "br" else child.text()
        # srv1 escapes twice: "&amp;#39;"
        yield offset, html.unescape(text) if node.tag == "text" else text


def _parse(text: str, path: Path) -> Parsed:
    damage = Damage()
    root, cut = mended_tree(text, path, damage)
    if root.tag not in {"timedtext", "transcript"}:
        raise FormatError(path, f"<{root.tag}> is not YouTube's timed text", line=root.line)
    nodes = [node for node in root.walk() if isinstance(node, Node) and node.tag in {"p", "text"}]
    events = [_event(node, damage) for node in nodes]
    said = sum(bool(event.text.strip()) for event in events)
    warnings = damage.warnings(path, said + len(damage.skipped), "captions")
    if cut:
        warnings += (f"the file ends early (line {cut})",)
    return to_segments(path, to_drafts(events), format="srv3", timing="captions", warnings=warnings)


SRV3 = Format(
    name="srv3",
    title="YouTube timed text",
    suffixes=(".srv3", ".srv2", ".srv1"),
    sniff=lambda text: _SNIFF.match(text) is not None,
    parse=_parse,
)
