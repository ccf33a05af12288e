"""YouTube's json3 captions: ``{"events": [{"tStartMs", "dDurationMs", "segs": [{"utf8", "tOffsetMs"}]}]}``.

Events without ``segs`` open windows, and events with only a line break scroll them; neither has text. A
broken event is repaired or left out, see ``salvage.py``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import msgspec

from studykit.errors import FormatError
from studykit.formats.base import LONGEST_S, Format, Parsed
from studykit.formats.captions.damage import Damage
from studykit.formats.captions.salvage import Piece, Salvaged, salvaged
from studykit.formats.captions.youtube.timedtext import Event, to_drafts
from studykit.formats.jsontext import decode_json
from studykit.formats.repair import to_segments

__all__ = ["JSON3"]

_Ms = Annotated[float, msgspec.Meta(ge=0, le=LONGEST_S * 1000)]
_LIST = re.compile(r'"events"\s*:\s*\[')


class _Piece(msgspec.Struct):
    utf8: str = ""
    tOffsetMs: _Ms | None = None  # noqa: N815


class _Event(msgspec.Struct):
    tStartMs: _Ms | None = None  # noqa: N815
    dDurationMs: _Ms | None = None  # noqa: N815
    segs: list[_Piece] = []

    def event(self, line: int | None = None) -> Event:
        return Event(
            start_ms=self.tStartMs,
            duration_ms=self.dDurationMs,
            pieces=[(piece.tOffsetMs, piece.utf8) for piece in self.segs],
            line=line,
        )


class _File(msgspec.Struct):
    events: list[_Event]


def _sniff(text: str) -> bool:
    return re.match(r"\s*\{", text) is not None and _LIST.search(text) is not None


def _parse(text: str, path: Path) -> Parsed:
    warnings: tuple[str, ...] = ()
    try:
        events = [event.event() for event in decode_json(text, path, _File).events]
        broken = any(event.start_ms is None and event.text.strip() for event in events)
    except FormatError:
        events, broken = [], True
        if _pieces(text) is None:
            raise
    if broken and (found := _pieces(text)):
        events, warnings = _of_pieces(found, path)
    return to_segments(path, to_drafts(events), format="json3", timing="captions", warnings=warnings)


def _pieces(text: str) -> Salvaged | None:
    return salvaged(text, _LIST, lambda value: "segs" in value or "tStartMs" in value)


def _of_pieces(found: Salvaged, path: Path) -> tuple[list[Event], tuple[str, ...]]:
    """The events of a file in which some are broken; raises ``FormatError`` if most with text are."""
    damage = Damage()
    events: list[Event] = []
    skipped = 0
    for piece in found.pieces:
        event, sound = _mended(piece)
        if event is None:
            skipped += 1
            why = "no text in " if isinstance(piece.value, dict) else "no JSON: "
            damage.skipped.append((piece.line, why + piece.text))
        elif event.text.strip():
            if event.start_ms is None:
                damage.lost.append((piece.line, piece.text))
            elif not sound:
                damage.repaired.append(piece.line)
            events.append(event)
    warnings = damage.warnings(path, len(events) + skipped, "values")
    if found.cut_at is not None:
        warnings += (f"the file ends early (line {found.cut_at})",)
    return events, warnings


def _mended(piece: Piece) -> tuple[Event | None, bool]:
    """What can be read of an event, None for nothing; and whether it was sound.

    Numbers in quotes become numbers; other broken times are none, and then its words have no times.
    """
    value = piece.value
    if not isinstance(value, dict):
        return None, False
    for strict in (True, False):
        try:
            return msgspec.convert(value, _Event, strict=strict).event(piece.line), strict
        except msgspec.ValidationError:
            continue
    segs = value.get("segs") or []
    texts = [seg.get("utf8", "") for seg in segs if isinstance(seg, dict)] if isinstance(segs, list) else []
    said = [text for text in texts if isinstance(text, str)]
    if segs and not said:
        return None, False
    event = Event(
        start_ms=_ms(value.get("tStartMs")),
        duration_ms=_ms(value.get("dDurationMs")),
        pieces=[(None, "".join(said))],
        line=piece.line,
    )
    return event, False


def _ms(value: Any) -> float | None:
    try:
        return msgspec.convert(value, _Ms, strict=False)
    except msgspec.ValidationError:
        return None


JSON3 = Format(name="json3", title="YouTube json3", suffixes=(".json3",), sniff=_sniff, parse=_parse)
