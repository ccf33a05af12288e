"""When cues appear and disappear.

A cue appears when its words are said and stays for as long as it takes to read, if the next cue allows
it; a cue that is too short to read gets some time from its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

__all__ = ["LONGEST_MS", "READING_CPS", "SHORTEST_MS", "TimedText", "set_times"]

READING_CPS = {"en": 17, "zh": 9}
"""Comfortable reading speed in characters per second."""

SHORTEST_MS = 1000
LONGEST_MS = 7000
"""Minimum and maximum duration of a cue, where possible."""
_FLICKER_MS = 250
"""Shorter pauses between cues are closed, since the screen would flicker."""
_MOST_SHIFT_MS = 500
"""How far a cue may be moved from its first word, so that it or its neighbour can be read."""


class TimedText(Struct):
    """A cue whose times are not final; times in ms."""

    start: int
    end: int
    texts: dict[str, str]

    @property
    def reading_ms(self) -> int:
        """The time to read it, in the slower language."""
        return max(math.ceil(len(text) / READING_CPS[name] * 1000) for name, text in self.texts.items())

    @property
    def wanted(self) -> int:
        """The desired duration."""
        return min(LONGEST_MS, max(SHORTEST_MS, self.reading_ms))

    @property
    def lacks(self) -> int:
        """By how much it is too short to read."""
        return self.wanted - (self.end - self.start)


def set_times(cues: Sequence[TimedText]) -> None:
    """Give each cue enough time to be read, if its neighbours allow it."""
    for before, after in pairwise(cues):
        after.start = max(after.start, before.start + 1)
    for cue in cues:
        cue.end = max(cue.end, cue.start + 1)
    for cue, following in zip(cues, [*cues[1:], None], strict=True):
        latest = following.start if following else max(cue.end, cue.start + LONGEST_MS)
        cue.end = min(max(cue.end, cue.start + cue.wanted), latest)
        if latest - cue.end < _FLICKER_MS:
            cue.end = latest
    for before, after in pairwise(cues):
        if before.lacks > 0 or after.lacks > 0:
            _share(before, after)
    for cue in cues:
        if cue.wanted < LONGEST_MS:
            cue.end = min(cue.end, cue.start + LONGEST_MS)


def _share(before: TimedText, after: TimedText) -> None:
    """Move the boundary between two cues towards equal reading speeds."""
    earliest, latest = before.start + SHORTEST_MS, after.end - SHORTEST_MS
    reading_ms = before.reading_ms + after.reading_ms
    if earliest > latest or not reading_ms:
        return
    fair = before.start + (after.end - before.start) * before.reading_ms // reading_ms
    change = min(max(fair, after.start - _MOST_SHIFT_MS), after.start + _MOST_SHIFT_MS)
    change = min(max(change, earliest), latest)
    if change < after.start:
        after.start = change
        before.end = min(before.end, change)
    elif before.end == after.start:  # do not lengthen a pause between them
        before.end = after.start = change
