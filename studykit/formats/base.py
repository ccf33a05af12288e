"""What all formats have in common: their description, drafts and result.

To add a format, write one file with a ``Format`` in it (how to recognise it, how to read it) and add
one row to the table in ``studykit/formats/__init__.py``. A parser builds ``Draft`` objects from what is
in the file, right or wrong, and passes them to ``repair.to_segments``, which makes segments of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, field

from studykit.errors import FormatError
from studykit.timecode import parse_clock
from studykit.types import Chapter, Segment, TimeOrigin

__all__ = ["LONGEST_S", "Draft", "DraftWord", "Format", "Parsed", "clock", "language_tag"]

LONGEST_S = 1_000_000.0
"""No recording is longer (eleven days); a larger number must be in another unit."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_NAMES = {"english": "en", "chinese": "zh", "mandarin": "zh", "cantonese": "yue"}


class Parsed(Struct, frozen=True, kw_only=True):
    """A caption or transcript file as read. The segments obey the rules of ``studykit.types``."""

    format: str
    segments: tuple[Segment, ...]
    """In a file in two languages, the English."""
    chinese: tuple[Segment, ...] = ()
    """The Chinese of a file in two languages; empty in any other file."""
    timing: TimeOrigin
    language: str | None = None
    """BCP 47, only if the file itself states it."""
    title: str | None = None
    url: str | None = None
    duration_s: float | None = None
    chapters: tuple[Chapter, ...] = ()
    warnings: tuple[str, ...] = ()
    """What had to be repaired, for display."""


class Format(Struct, frozen=True, kw_only=True):
    """One file format.

    ``sniff`` gets the whole decoded text and must be fast and certain; ``parse`` raises only
    ``FormatError`` or ``EmptyInputError``.
    """

    name: str
    title: str
    """For display, such as ``SubRip``."""
    suffixes: tuple[str, ...]
    sniff: Callable[[str], bool]
    parse: Callable[[str, Path], Parsed]


class DraftWord(NamedTuple):
    """A word as in the file, unchecked; times in seconds."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    score: float | None = None


class Draft(Struct, kw_only=True):
    """A segment as in the file, unchecked; times in seconds, ``line`` from 1."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: list[DraftWord] = field(default_factory=list)
    speaker: str | None = None
    slack_s: float = 0.0
    line: int | None = None
    rows: list[str] = field(default_factory=list)
    """The displayed lines, white space as in the file; empty if the text is one line."""
    style: str | None = None
    doubtful: bool = False
    """Whether a recogniser was unsure of it."""


def clock(text: str, path: Path, line: int) -> float:
    """Seconds of ``[h:]mm:ss[.mmm]``; raises ``FormatError`` with the line."""
    try:
        time_s = parse_clock(text)
    except (ValueError, OverflowError) as error:
        raise FormatError(path, f"not a time: {text.strip()[:40]!r}", line=line) from error
    if time_s > LONGEST_S:
        raise FormatError(path, f"a time longer than any recording: {text.strip()[:40]!r}", line=line)
    return time_s


def language_tag(text: str | None) -> str | None:
    """A language tag or name from a file as a BCP 47 tag, None if it is neither."""
    cleaned = (text or "").strip()
    if cleaned.lower() in _NAMES:
        return _NAMES[cleaned.lower()]
    if not _TAG.fullmatch(cleaned) or cleaned.lower() == "und":
        return None
    return cleaned.replace("_", "-")
