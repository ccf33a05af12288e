"""Chapter lists as in video descriptions: ``00:00 Intro``, ``1:02:03 - Title``."""

from __future__ import annotations

from studykit.faces import late
from studykit.formats.order import longest_rise
from studykit.timecode import parse_clock
from studykit.types import Chapter

__all__ = ["parse_chapters"]

_LINE = late(r"\s*(?:[-*•▶►]\s*)?[\[(]?(\d{1,2}(?::\d{2}){1,2})[\])]?(?:\s*[-–—:|：]\s*|\s+)(\S(?:.*\S)?)\s*")


def parse_chapters(text: str) -> tuple[Chapter, ...]:
    """The chapters listed in ``text``, one a line; other lines, and times out of order, are ignored."""
    found: list[Chapter] = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            try:
                found.append(Chapter(title=" ".join(match[2].split()), start_s=parse_clock(match[1])))
            except ValueError:
                continue  # such as 12:75, which is not a time
    return tuple(found[i] for i in longest_rise([chapter.start_s for chapter in found], strict=True))
