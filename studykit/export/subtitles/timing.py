"""When cues come and go.

A cue begins when its words are said and stays for as long as it takes to read, if the next one lets
it; where one goes too fast, its neighbours give it some of their time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["LONGEST_MS", "READING_CPS", "SHORTEST_MS", "TimedText", "set_times"]

READING_CPS = {"en": 17, "zh": 9}
"""Characters that a viewer reads in a second, without haste."""

SHORTEST_MS = 1000
LONGEST_MS = 7000
"""How long a cue stays at least and at most, where that can be."""
_FLICKER_MS = 250
"""A pause so short is not shown: the screen would flicker."""
_MOST_SHIFT_MS = 500
"""A cue may appear so much before or after its first word, so that it or its neighbour can be read."""


@dataclass(slots=True)
class TimedText:
    """A cue in the making; times in ms."""

    start: int
    end: int
    texts: dict[str, str]

    @property
    def reading_ms(self) -> int:
        """How long it takes to read in the slower language."""
        return max(math.ceil(len(text) / READING_CPS[name] * 1000) for name, text in self.texts.items())

    @property
    def wanted(self) -> int:
        """How long it should stay."""
        return min(LONGEST_MS, max(SHORTEST_MS, self.reading_ms))

    @property
    def lacks(self) -> int:
        """By how much it is too short to be read."""
        return self.wanted - (self.end - self.start)


def set_times(cues: Sequence[TimedText]) -> None:
    """Give each cue the time to be read, as far as its neighbours let it."""
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
    """Move the change between two cues towards where both go equally fast."""
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
    elif before.end == after.start:  # a pause between them is not made longer
        before.end = after.start = change
