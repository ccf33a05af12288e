"""YouTube's json3 captions: ``{"events": [{"tStartMs", "dDurationMs", "segs": [{"utf8", "tOffsetMs"}]}]}``.

Events without ``segs`` open windows, and events with only a line break scroll them; neither has text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import msgspec

from studykit.formats.base import LONGEST_S, Format, Parsed
from studykit.formats.captions.timedtext import Event, to_drafts
from studykit.formats.jsontext import decode_json
from studykit.formats.repair import to_segments

__all__ = ["JSON3"]

_Ms = Annotated[float, msgspec.Meta(ge=0, le=LONGEST_S * 1000)]


class _Piece(msgspec.Struct):
    utf8: str = ""
    tOffsetMs: _Ms | None = None  # noqa: N815


class _Event(msgspec.Struct):
    tStartMs: _Ms = 0  # noqa: N815
    dDurationMs: _Ms | None = None  # noqa: N815
    segs: list[_Piece] = []


class _File(msgspec.Struct):
    events: list[_Event]


def _sniff(text: str) -> bool:
    return re.match(r"\s*\{", text) is not None and re.search(r'"events"\s*:\s*\[', text) is not None


def _parse(text: str, path: Path) -> Parsed:
    events = [
        Event(
            start_ms=event.tStartMs,
            duration_ms=event.dDurationMs,
            pieces=[(piece.tOffsetMs, piece.utf8) for piece in event.segs],
        )
        for event in decode_json(text, path, _File).events
    ]
    return to_segments(path, to_drafts(events), format="json3", timing="captions")


JSON3 = Format(name="json3", title="YouTube json3", suffixes=(".json3",), sniff=_sniff, parse=_parse)
