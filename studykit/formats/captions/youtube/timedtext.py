"""YouTube's timed text, shared by json3 and srv3: events made of timed pieces."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from studykit.formats.base import Draft
from studykit.formats.captions.damage import between_neighbours
from studykit.formats.markup import Chunk, join_lines, timed_words
from studykit.languages import spoken_length_s
from studykit.timecode import from_ms

__all__ = ["Event", "to_drafts"]


class Event(Struct, frozen=True, kw_only=True):
    """One displayed line: milliseconds, and pieces of text with offsets from the event's start."""

    start_ms: float | None
    """None if it cannot be read."""
    duration_ms: float | None
    pieces: Sequence[tuple[float | None, str]]
    line: int | None = None

    @property
    def text(self) -> str:
        """All pieces in one."""
        return "".join(text for _, text in self.pieces)

    @property
    def last_ms(self) -> float:
        """When the last piece begins, from the event's start."""
        return max(offset or 0 for offset, _ in self.pieces)


def to_drafts(events: Sequence[Event]) -> list[Draft]:
    """One draft per event that has text; one whose start cannot be read lies between its neighbours.

    In automatic captions, recognised by pieces with offsets, a line stays on the screen while the next is
    spoken, so an event ends where the next one begins. Live captions may be out of order and end before
    their last word, so no event ends before its words have begun.
    """
    said = [event for event in events if event.text.strip()]
    automatic = any(offset for event in said for offset, _ in event.pieces)
    starts = sorted(event.start_ms for event in said if event.start_ms is not None)
    placed = iter(_placed(said, starts, automatic))
    drafts = []
    for event in said:
        rows = [part.strip() for part in event.text.split("\n") if part.strip()]
        draft = Draft(text=join_lines(rows), line=event.line, rows=rows)
        if event.start_ms is None:
            draft.start_s, draft.end_s = next(placed)
        else:
            draft.start_s = from_ms(event.start_ms)
            end_ms = _end_ms(event, event.start_ms, starts, automatic)
            draft.end_s = None if end_ms is None else from_ms(end_ms)
            if automatic:
                draft.words = timed_words(_chunks(event, event.start_ms), draft.start_s, draft.end_s)
        drafts.append(draft)
    return drafts


def _end_ms(event: Event, start_ms: float, starts: Sequence[float], automatic: bool) -> float | None:
    after = bisect_right(starts, start_ms)
    end_ms = None if event.duration_ms is None else start_ms + event.duration_ms
    if after < len(starts) and (automatic or end_ms is None):
        end_ms = starts[after] if end_ms is None else min(end_ms, starts[after])
    return None if end_ms is None else max(end_ms, start_ms + event.last_ms)


def _chunks(event: Event, start_ms: float) -> list[Chunk]:
    return [
        (from_ms(start_ms if offset is None else start_ms + offset), text) for offset, text in event.pieces
    ]


def _placed(
    said: Sequence[Event], starts: Sequence[float], automatic: bool
) -> list[tuple[float | None, float | None]]:
    """Start and end in seconds of the events without a start, from when their neighbours are said."""
    known: list[tuple[float | None, float | None] | None] = []
    for event in said:
        if event.start_ms is None:
            known.append(None)
            continue
        if automatic or event.duration_ms is None:  # then it is shown for longer than it takes to say
            end_s = (event.start_ms + event.last_ms) / 1000 + spoken_length_s(event.pieces[-1][1])
        else:
            end_s = (event.start_ms + event.duration_ms) / 1000
        after = bisect_right(starts, event.start_ms)
        limit_s = starts[after] / 1000 if after < len(starts) else end_s
        known.append((event.start_ms / 1000, min(end_s, limit_s)))
    placed = between_neighbours(known, [spoken_length_s(event.text) for event in said])
    return [times for times, event in zip(placed, said, strict=True) if event.start_ms is None]
