"""A place that may be mis-heard."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["APPLY", "PROPOSE", "Candidate"]

APPLY = 0.75
"""From this confidence on a correction is made; below it is proposed."""
PROPOSE = 0.55
"""Down to this confidence a correction is proposed."""


class Candidate(Struct, frozen=True, kw_only=True):
    """What might be put right in one text: code points, and how sure it is (0-1)."""

    start: int
    end: int
    right: str
    rule: str
    confidence: float
