"""SubRip (.srt): numbered cues; also without numbers, with points instead of commas, with WebVTT tags."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from studykit.errors import FormatError
from studykit.faces import late
from studykit.formats.base import Format, Parsed
from studykit.formats.captions.cues import is_timing, read_cues, to_drafts
from studykit.formats.repair import to_segments
from studykit.languages import counted

__all__ = ["SRT"]

_SNIFF = late(r"^[ \t]*\d+:\d\d(?::\d\d)?(?:[.,]\d+)?[ \t]*-->[ \t]*\d+:\d\d", re.MULTILINE)
_SNIFF_CHARS = 20_000


def _sniff(text: str) -> bool:
    return _SNIFF.search(text, 0, _SNIFF_CHARS) is not None


def _ends_cue(line: str) -> bool:
    return not line.strip() or line.strip().isdecimal()


def _parse(text: str, path: Path) -> Parsed:
    lines = list(enumerate(text.split("\n"), 1))
    # An arrow below a number or an empty line is meant as times, whatever they are.
    meant = {n for (_, above), (n, line) in pairwise(lines) if "-->" in line and _ends_cue(above)}
    timings = [i for i, (n, line) in enumerate(lines) if n in meant or is_timing(line)]
    if not timings:
        raise FormatError(path, "contains no cues: SubRip needs lines such as 00:00:01,000 --> 00:00:03,500")
    # A number above a line of times is the cue's number, unless the file does not number its cues.
    numbers = {i - 1 for i in timings if i and lines[i - 1][1].strip().isdecimal()}
    if timings[0] - 1 not in numbers:
        numbers.clear()
    ignored = sum(1 for i, (_, line) in enumerate(lines[: timings[0]]) if line.strip() and i not in numbers)
    read = read_cues([line for i, line in enumerate(lines) if i not in numbers], path, meant=meant)
    warnings = [f"left out the text above the first cue ({counted(ignored, 'line')})"] if ignored else []
    warnings += read.warnings
    return to_segments(path, to_drafts(read.cues), format="srt", timing="captions", warnings=warnings)


SRT = Format(name="srt", title="SubRip", suffixes=(".srt",), sniff=_sniff, parse=_parse)
