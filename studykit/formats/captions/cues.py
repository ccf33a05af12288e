"""Shared by SubRip and WebVTT: cues of one line with two times and lines of text below it.

pysubs2 also reads both, but it loses line numbers, voices, word times and the empty rows by which rolling
captions can be recognised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from studykit.errors import FormatError
from studykit.formats.base import Draft, clock
from studykit.formats.captions.rolling import TimedRows, is_rolling, unroll
from studykit.formats.markup import CaptionRow, join_lines, parse_rows, timed_words

__all__ = ["TIMING", "is_timing", "read_cues", "to_drafts"]

# Machine translation leaves spaces inside times: "00: 00: 01,000".
TIMING = re.compile(r"\s*(\d[\d:., ]*?)\s*-->\s*(\d[\d:., ]*?)(?:\s+[^\d\s:.,].*)?\s*")
_TIMING_MEANT = re.compile(r"\s*-?\d[\d:., ]*\s*-->")


def is_timing(line: str) -> bool:
    """Whether the line is meant to contain the two times of a cue."""
    return "-->" in line and _TIMING_MEANT.match(line) is not None


def _times(line: str, path: Path, number: int) -> tuple[float, float]:
    match = TIMING.fullmatch(line)
    if not match:
        raise FormatError(path, f"not a valid line of times: {line.strip()[:60]!r}", line=number)
    start_s, end_s = (clock(text.replace(" ", ""), path, number) for text in match.groups())
    return start_s, end_s


def read_cues(lines: Sequence[tuple[int, str]], path: Path) -> list[TimedRows]:
    """The cues in ``lines`` (each with its number), which begin with a line of times.

    Empty lines at the end of a cue are dropped; those inside stay as empty rows.
    """
    starts = [i for i, (_, text) in enumerate(lines) if is_timing(text)]
    cues = []
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        number, timing = lines[start]
        texts = [text for _, text in lines[start + 1 : stop]]
        while texts and not texts[-1]:
            texts.pop()
        start_s, end_s = _times(timing, path, number)
        rows = parse_rows(texts, path, number + 1)
        cues.append(TimedRows(start_s=start_s, end_s=end_s, rows=rows, line=number))
    return cues


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
    )
