"""Rolling captions: the screen shows two lines, a new one below the previous one.

YouTube's automatic captions are like this. Each line is in the file two or three times: as the lower row
while it is spoken, alone for 10 ms, and as the upper row while the next line is spoken. Reading such a
file cue by cue doubles the text; dropping every line that equals the previous one loses what a speaker
really repeats. So the file as a whole is first recognised as rolling, and then only the rows that are new
in each cue are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from studykit.formats.markup import CaptionRow

__all__ = ["TimedRows", "is_rolling", "unroll"]

# YouTube's cues that only hold an old line last 10 ms; converters may round that to a frame.
_HOLD_S = 0.025
# A gap this long clears the screen, so that a lone row after it is new.
_CLEARED_S = 0.1


class TimedRows(Struct, kw_only=True):
    """What is on the screen from ``start_s`` to ``end_s``; ``line`` in the file, from 1."""

    start_s: float
    end_s: float
    rows: list[CaptionRow]
    line: int

    @property
    def texts(self) -> list[str]:
        """The rows that are not empty."""
        return [row.text for row in self.rows if row.text]

    @property
    def holds(self) -> bool:
        """Whether this may show only old rows: it is too short to read or its lower row is empty."""
        return self.end_s - self.start_s <= _HOLD_S or (len(self.rows) > 1 and not self.rows[-1].text)


def _overlap(last: Sequence[str], texts: Sequence[str], most: int) -> int:
    """How many rows at the end of ``last`` are also the beginning of ``texts``, at most ``most``."""
    return next((n for n in range(min(most, len(last)), 0, -1) if texts[:n] == last[-n:]), 0)


def is_rolling(cues: Iterable[TimedRows]) -> bool:
    """Whether at least half of the cues carry over the last rows of the previous cue.

    A row is carried over if it is above a new row, or alone in a cue that is too short to read. A single
    row shown again for a readable time is a repetition, not a sign of rolling.
    """
    rolled = held = fresh = 0
    last: list[str] = []
    last_length_s = 0.0
    for cue in cues:
        texts = cue.texts
        if not texts:
            continue
        carried = _overlap(last, texts, len(texts))
        length_s = cue.end_s - cue.start_s
        if last and not carried:
            fresh += 1
        elif last and len(texts) > 1 and len(set(texts)) > 1 and carried < len(texts):
            rolled += 1
        elif last and len(texts) == 1 and 0 < length_s <= _HOLD_S < last_length_s:
            held += 1
        last, last_length_s = texts, length_s
    return (held >= 1 or rolled >= 2) and rolled + held >= fresh


def _carried(cue: TimedRows, last: Sequence[str], gap_s: float) -> int:
    """How many of the cue's rows were already on the screen."""
    texts = cue.texts
    shown = [row for row in cue.rows if row.text]
    stamped = next((i for i, row in enumerate(shown) if row.stamped), None)
    if stamped is not None:  # only words being spoken have times
        most = stamped
    elif cue.holds:
        most = len(texts)
    elif not cue.rows[0].text:  # no upper row: the screen was empty
        return 0
    elif len(texts) == 1:
        most = 1 if gap_s < _CLEARED_S else 0
    else:
        most = len(texts) - 1
        if texts == last and texts[0] != texts[-1]:
            return len(texts)
    return _overlap(last, texts, most)


def unroll(cues: Iterable[TimedRows]) -> list[TimedRows]:
    """The cues of a rolling file with their new rows only; cues that add nothing are left out."""
    new: list[TimedRows] = []
    last: list[str] = []
    last_end_s = 0.0
    for cue in cues:
        texts = cue.texts
        if not texts:
            continue
        carried = _carried(cue, last, cue.start_s - last_end_s)
        rows = [row for row in cue.rows if row.text][carried:]
        if rows:
            new.append(TimedRows(start_s=cue.start_s, end_s=cue.end_s, rows=rows, line=cue.line))
        last, last_end_s = texts, cue.end_s
    return new
