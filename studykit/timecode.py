"""The only place where times are converted and formatted.

Inside studykit a time is a float in seconds from the start of the recording. Every function here
rounds to whole milliseconds *before* it splits into hours, minutes and seconds, so that 59.9996 s
never becomes ``00:00:60,000``.
"""

from __future__ import annotations

import re

__all__ = ["from_ms", "parse_clock", "to_clock", "to_ms", "to_srt", "to_vtt"]

_CLOCK = re.compile(r"(?:(\d{1,9}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?")


def to_ms(time_s: float) -> int:
    """Whole milliseconds, halves rounded up."""
    return int(time_s * 1000 + 0.5)


def from_ms(time_ms: float) -> float:
    """Seconds, exact to the millisecond."""
    return round(time_ms) / 1000


def _split(time_s: float) -> tuple[int, int, int, int]:
    total_s, ms = divmod(to_ms(time_s), 1000)
    total_min, s = divmod(total_s, 60)
    h, minute = divmod(total_min, 60)
    return h, minute, s, ms


def to_clock(time_s: float) -> str:
    """``mm:ss``, from one hour on ``h:mm:ss``; the fraction of a second is cut off.

    >>> to_clock(1200.5), to_clock(3661)
    ('20:00', '1:01:01')
    """
    h, minute, s, _ = _split(time_s)
    return f"{h}:{minute:02}:{s:02}" if h else f"{minute:02}:{s:02}"


def to_srt(time_s: float) -> str:
    """``hh:mm:ss,mmm``."""
    h, minute, s, ms = _split(time_s)
    return f"{h:02}:{minute:02}:{s:02},{ms:03}"


def to_vtt(time_s: float) -> str:
    """``hh:mm:ss.mmm``."""
    return to_srt(time_s).replace(",", ".")


def parse_clock(text: str) -> float:
    """Seconds of ``[h:]mm:ss[.mmm]`` or ``[h:]mm:ss[,mmm]``; without hours, minutes may exceed 59.

    Raises ``ValueError`` for anything else.
    """
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not a time: {text!r}")
    h, minute, s, fraction = match.groups()
    if int(s) > 59 or (h is not None and int(minute) > 59):
        raise ValueError(f"not a time: {text!r}")
    ms = int(fraction.ljust(3, "0")) if fraction else 0
    return from_ms(((int(h or 0) * 60 + int(minute)) * 60 + int(s)) * 1000 + ms)
