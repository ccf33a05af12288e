"""A proof that failed."""

from __future__ import annotations

from studykit.types import DROP_REASONS

__all__ = ["UnprovenError"]


class UnprovenError(Exception):
    """What was written cannot be proven; ``reason`` is one of ``DROP_REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(DROP_REASONS[reason][0])
        self.reason = reason
