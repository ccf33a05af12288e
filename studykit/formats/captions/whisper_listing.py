"""Whisper's printed segments: ``[00:00:25,519 -> 00:00:28,719] text`` or ``[00:00.000 --> 00:04.000]  text``.

Some programs print them chunk by chunk and forget where the chunk began, so that the clock restarts. Two
start times are then possible for chunk k:

* B, the sum of the last end times of the previous chunks: openai-whisper continues from the last time that
  it recognised (``seek`` in its ``transcribe.py``);
* A, k times the window of 30 s: programs that slice the recording beforehand.

The segment gets B; ``slack_s`` is how much later it is if A is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from studykit.errors import FormatError
from studykit.faces import late
from studykit.formats.base import Draft, Format, Parsed, clock
from studykit.formats.captions.damage import Damage, between_neighbours
from studykit.formats.markup import join_lines
from studykit.formats.repair import to_segments
from studykit.languages import counted, spoken_length_s
from studykit.types import TimeOrigin

__all__ = ["WHISPER_LISTING"]

_LINE = late(r"\s*\[\s*(\d[\d:.,]*)\s*-{1,2}>\s*(\d[\d:.,]*)\s*\]\s*(.*)")
_MEANT = re.compile(r"\s*\[[\w:., ]{0,20}-{1,2}>\s{0,3}[\d:.,]{0,20}\s{0,3}\]?(.*)")
"""The same with times that cannot be read."""
_WINDOW_S = 30.0


def _sniff(text: str) -> bool:
    return _LINE.match(text) is not None


def _chunks(drafts: Sequence[Draft]) -> Iterator[list[Draft]]:
    """Runs of segments on one clock, which restarts where a segment begins before the previous one.

    A chunk of one segment may be followed by another with the same start.
    """
    chunk: list[Draft] = []
    for draft in drafts:
        if chunk:
            start, last, end = draft.start_s or 0.0, chunk[-1].start_s or 0.0, chunk[-1].end_s or 0.0
            if start < last or (start == last and start < end):
                yield chunk
                chunk = []
        chunk.append(draft)
    yield chunk


def _restore(chunks: Sequence[Sequence[Draft]]) -> None:
    lengths_s = [max(draft.end_s or 0.0 for draft in chunk) for chunk in chunks]
    # A chunk longer than 30 s means that the slices were longer.
    window_s = _WINDOW_S * max(1, math.ceil(max(lengths_s) / _WINDOW_S))
    offset_s = 0.0
    for k, chunk in enumerate(chunks):
        for draft in chunk:
            draft.start_s = round((draft.start_s or 0.0) + offset_s, 3)
            draft.end_s = round((draft.end_s or 0.0) + offset_s, 3)
            draft.slack_s = max(0.0, round(window_s * k - offset_s, 3))
        offset_s = round(offset_s + lengths_s[k], 3)


def _times(match: re.Match[str] | None, path: Path, number: int) -> tuple[float, float] | None:
    try:
        return (clock(match[1], path, number), clock(match[2], path, number)) if match else None
    except FormatError:
        return None


def _drafts(text: str, path: Path, damage: Damage) -> tuple[list[Draft], set[int]]:
    """The segments, and the indices of those without times that can be read."""
    drafts: list[Draft] = []
    lost: set[int] = set()
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.fullmatch(line)
        times_s = _times(match, path, number)
        if match and times_s:
            start_s, end_s = times_s
            # Some segments have no or negative length, so their ends say nothing about order.
            drafts.append(Draft(text=match[3], start_s=start_s, end_s=max(start_s, end_s), line=number))
        elif meant := _MEANT.fullmatch(line):
            if meant[1].strip():
                lost.add(len(drafts))
                damage.lost.append((number, line.strip()))
                drafts.append(Draft(text=meant[1].strip(), line=number))
        elif line.strip() and drafts:
            drafts[-1].text = join_lines([drafts[-1].text, line.strip()])
        elif line.strip():
            problem = f"not a line such as [00:00:01,000 -> 00:00:03,500] text: {line.strip()[:40]!r}"
            raise FormatError(path, problem, line=number)
    return drafts, lost


def _place(drafts: Sequence[Draft], lost: set[int]) -> None:
    """Put the segments without times between their neighbours."""
    times = between_neighbours(
        [None if i in lost else (draft.start_s, draft.end_s) for i, draft in enumerate(drafts)],
        [spoken_length_s(draft.text) for draft in drafts],
    )
    for draft, (start_s, end_s) in zip(drafts, times, strict=True):
        draft.start_s, draft.end_s = start_s, end_s


def _parse(text: str, path: Path) -> Parsed:
    damage = Damage()
    drafts, lost = _drafts(text, path, damage)
    warnings = list(damage.warnings(path, len(drafts)))
    chunks = list(_chunks([draft for i, draft in enumerate(drafts) if i not in lost]))
    if len(chunks) > 1:
        _restore(chunks)
        warnings.append(
            f"the clock restarts ({counted(len(chunks) - 1, 'time')}); times are restored and may be up to "
            f"{max(draft.slack_s for draft in drafts):.0f} s too early"
        )
    _place(drafts, lost)
    timing: TimeOrigin = "restored" if len(chunks) > 1 else "captions"
    return to_segments(path, drafts, format="whisper-listing", timing=timing, warnings=warnings)


WHISPER_LISTING = Format(
    name="whisper-listing", title="Whisper's printed segments", suffixes=(), sniff=_sniff, parse=_parse
)
