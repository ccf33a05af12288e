"""Shared by SubRip and WebVTT: cues of one line with two times and lines of text below it.

pysubs2 also reads both, but it loses line numbers, voices, word times and the empty rows by which rolling
captions can be recognised.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from studykit.errors import FormatError
from studykit.faces import late
from studykit.formats.base import LONGEST_S, Draft, clock
from studykit.formats.captions.damage import Damage, between_neighbours
from studykit.formats.captions.rolling import TimedRows, is_rolling, unroll
from studykit.formats.markup import CaptionRow, join_lines, parse_rows, timed_words
from studykit.languages import spoken_length_s

__all__ = ["CueList", "is_timing", "read_cues", "to_drafts"]

# Machine translation leaves spaces inside times: "00: 00: 01,000".
_TIMING = late(r"\s*(\d(?:[\d:., ]*[\d:.,])?)\s*-->\s*(\d(?:[\d:., ]*[\d:.,])?)(?:\s+[^\d\s:.,].*)?\s*")
_MEANT = late(r"\s*-?\d[\d:., ]*+\s*-->|\s*-?\d+\s*:[\w:., ]*-->|\s*-->\s*\d+:\d")
# The same as people and programs damage it: another arrow or none, minutes or seconds of 60 and more.
_TIME = r"(?:\d{1,3}\s*:\s*)?\d{1,3}\s*:\s*\d{1,2}\s*[.,:]\s*\d{1,3}"
_DAMAGED = late(rf"\s*({_TIME})\s*+(?:(?:[-–—=~]*+\s*+[>→»]|[-–—~]+)\s*+)?({_TIME})(?:\s+[^\d\s:.,].*)?\s*")
_FIELDS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})[.,:](\d{1,3})")


class CueList(Struct, frozen=True, kw_only=True):
    """The cues of a file; ``warnings`` say what was repaired, and where."""

    cues: list[TimedRows]
    warnings: tuple[str, ...] = ()


class _Cue(Struct):
    """A cue whose times may be missing."""

    line: int
    rows: list[CaptionRow]
    times_s: tuple[float, float] | None


def is_timing(line: str) -> bool:
    """Whether the line is meant to contain the two times of a cue."""
    if "-->" in line:
        return _MEANT.match(line) is not None
    return line.count(":") > 1 and _DAMAGED.fullmatch(line) is not None


def _times(line: str, path: Path, number: int) -> tuple[float, float] | None:
    """Start and end as they should be written; None for anything else."""
    match = _TIMING.fullmatch(line)
    try:
        if match:
            start_s, end_s = (clock(text.replace(" ", ""), path, number) for text in match.groups())
            return start_s, end_s
    except FormatError:
        return None
    return None


def _repaired(line: str) -> tuple[float, float] | None:
    """Start and end of a damaged line of times, None if they cannot be told."""
    match = _DAMAGED.fullmatch(line)
    if not match:
        return None
    times_s = []
    for text in match.groups():
        fields = _FIELDS.fullmatch("".join(text.split()))
        if fields is None:
            return None
        h, minute, s, fraction = fields.groups(default="0")
        times_s.append((int(h) * 60 + int(minute)) * 60 + int(s) + int(fraction.ljust(3, "0")) / 1000)
    start_s, end_s = times_s
    return (start_s, end_s) if max(times_s) <= LONGEST_S else None


def read_cues(
    lines: Sequence[tuple[int, str]], path: Path, *, meant: Collection[int] = frozenset()
) -> CueList:
    """The cues in ``lines`` (each with its number), which begin with a line of times.

    The lines whose numbers are in ``meant`` are lines of times, too, whatever they look like.

    Empty lines at the end of a cue are dropped; those inside stay as empty rows. A cue whose times
    cannot be read lies between its neighbours. Raises ``FormatError`` if that is so for most cues.
    """
    starts = [i for i, (number, text) in enumerate(lines) if number in meant or is_timing(text)]
    cues: list[_Cue] = []
    timings: list[str] = []
    damage = Damage()
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        number, timing = lines[start]
        texts = [text for _, text in lines[start + 1 : stop]]
        while texts and not texts[-1]:
            texts.pop()
        times_s = _times(timing, path, number)
        if times_s is None:
            times_s = _repaired(timing)
            if times_s is None:
                damage.lost.append((number, timing.strip()))
            else:
                damage.repaired.append(number)
        cues.append(_Cue(number, parse_rows(texts, path, number + 1), times_s))
        timings.append(timing.strip())
    _take_back(cues, damage, timings)
    return CueList(cues=_placed(cues), warnings=damage.warnings(path, len(cues)))


def _take_back(cues: Sequence[_Cue], damage: Damage, timings: Sequence[str]) -> None:
    """Repaired times that contradict the sound ones around them are lost: 60 minutes are an hour, or a slip.

    ``timings`` are the lines of times.
    """
    mended = set(damage.repaired)

    def bounds_s(order: Sequence[int], last_s: float) -> dict[int, float]:
        """The sound start that precedes each cue in this order."""
        found = {}
        for i in order:
            times_s = cues[i].times_s
            if times_s and cues[i].line not in mended:
                last_s = times_s[0]
            found[i] = last_s
        return found

    before_s = bounds_s(range(len(cues)), 0.0)
    after_s = bounds_s(range(len(cues))[::-1], math.inf)
    for i, cue in enumerate(cues):
        if cue.line not in mended or cue.times_s is None or before_s[i] > after_s[i]:
            continue
        if not before_s[i] <= cue.times_s[0] <= after_s[i]:
            cue.times_s = None
            damage.lost.append((cue.line, timings[i]))
    lost = {line for line, _ in damage.lost}
    damage.repaired = [line for line in damage.repaired if line not in lost]


def _placed(cues: Sequence[_Cue]) -> list[TimedRows]:
    """The cues with times; those without share the time between their neighbours."""
    lengths_s = [spoken_length_s(" ".join(row.text for row in cue.rows)) for cue in cues]
    placed = between_neighbours([cue.times_s for cue in cues], lengths_s)
    return [
        TimedRows(start_s=start_s or 0.0, end_s=end_s or 0.0, rows=cue.rows, line=cue.line)
        for cue, (start_s, end_s) in zip(cues, placed, strict=True)
    ]


def to_drafts(cues: list[TimedRows]) -> list[Draft]:
    """One draft per cue and voice; rolling captions are unrolled first."""
    if is_rolling(cues):
        cues = unroll(cues)
    stamped = any(row.stamped for cue in cues for row in cue.rows)
    drafts = []
    for cue in cues:
        for speaker, group in groupby(cue.rows, key=lambda row: row.speaker):
            rows = [row for row in group if row.text]
            if rows:
                drafts.append(_draft(cue, rows, speaker, stamped))
    return drafts


def _draft(cue: TimedRows, rows: list[CaptionRow], speaker: str | None, stamped: bool) -> Draft:
    text = join_lines(row.text for row in rows)
    chunks = [chunk for row in rows for chunk in [*row.chunks, (None, " ")]]
    # Among words with times, a single-word line needs none, since its cue has the time.
    has_words = any(row.stamped for row in rows) or (stamped and len(text.split()) == 1)
    return Draft(
        text=text,
        start_s=cue.start_s,
        end_s=cue.end_s,
        words=timed_words(chunks, cue.start_s, cue.end_s) if has_words else [],
        speaker=speaker,
        line=cue.line,
        rows=["".join(text for _, text in row.chunks) for row in rows],
    )
