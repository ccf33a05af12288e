"""YouTube's timed text, shared by json3 and srv3: events made of timed pieces."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from studykit.formats.base import Draft
from studykit.formats.markup import Chunk, join_lines, timed_words
from studykit.timecode import from_ms

__all__ = ["Event", "to_drafts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One displayed line: milliseconds, and pieces of text with offsets from the event's start."""

    start_ms: float
    duration_ms: float | None
    pieces: Sequence[tuple[float | None, str]]
    line: int | None = None


def to_drafts(events: Sequence[Event]) -> list[Draft]:
    """One draft per event that has text.

    In automatic captions, recognised by pieces with offsets, a line stays on the screen while the next is
    spoken, so an event ends where the next one begins. Live captions may be out of order and end before
    their last word, so no event ends before its words have begun.
    """
    said = [event for event in events if any(text.strip() for _, text in event.pieces)]
    automatic = any(offset for event in said for offset, _ in event.pieces)
    starts = sorted(event.start_ms for event in said)
    drafts = []
    for event in said:
        after = bisect_right(starts, event.start_ms)
        last_ms = event.start_ms + max(offset or 0 for offset, _ in event.pieces)
        end_ms = None if event.duration_ms is None else event.start_ms + event.duration_ms
        if after < len(starts) and (automatic or end_ms is None):
            end_ms = starts[after] if end_ms is None else min(end_ms, starts[after])
        start_s = from_ms(event.start_ms)
        end_s = None if end_ms is None else from_ms(max(end_ms, last_ms))
        text = "".join(text for _, text in event.pieces)
        words = []
        if automatic:
            chunks: list[Chunk] = [
                (start_s if offset is None else from_ms(event.start_ms + offset), text)
                for offset, text in event.pieces
            ]
            words = timed_words(chunks, start_s, end_s)
        text = join_lines(part.strip() for part in text.split("\n") if part.strip())
        drafts.append(Draft(text=text, start_s=start_s, end_s=end_s, words=words, line=event.line))
    return drafts
