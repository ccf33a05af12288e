"""A place that may be mis-heard."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Candidate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What might be put right in one text: code points, and how sure it is (0-1)."""

    start: int
    end: int
    right: str
    rule: str
    confidence: float
