"""A piece of text as one or two lines."""

from __future__ import annotations

from studykit.export.subtitles.breaks import Breaker

__all__ = ["LINE_CHARS", "fits", "two_lines"]

LINE_CHARS = {"en": 42, "zh": 18}
"""Maximum number of characters in a line: the usual limits of broadcasters and streaming services."""

_EVENNESS = 0.8
"""Cost of two lines of unequal length, added to the cost of the break."""


def two_lines(text: str, language: str, breaker: Breaker) -> tuple[str, ...]:
    """``text`` as one line where it fits, else as two, broken where it costs least.

    A line is longer than ``LINE_CHARS`` only where there is no better break.
    """
    limit = LINE_CHARS[language]
    if len(text) <= limit:
        return (text,) if text else ()

    def cost(at: int, of_break: float) -> float:
        first, second = len(text[:at].rstrip()), len(text) - at
        over = max(0, first - limit) + max(0, second - limit)
        return of_break + _EVENNESS * abs(first - second) / len(text) + 10 * over

    options = [(cost(place.at, place.cost), place.at) for place in breaker.breaks(text)]
    if not options:
        return (text,)
    _, at = min(options)
    return text[:at].rstrip(), text[at:]


def fits(text: str, language: str, breaker: Breaker) -> bool:
    """Whether ``text`` can be shown at once: in two lines that are not too long."""
    limit = LINE_CHARS[language]
    return len(text) <= limit or (
        len(text) <= 2 * limit + 1 and all(len(line) <= limit for line in two_lines(text, language, breaker))
    )
