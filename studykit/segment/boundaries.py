"""What finds sentences in English without marks: the protocol of its engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

__all__ = ["BoundaryModel"]


class BoundaryModel(Protocol):
    """Says of every gap between two words how likely a sentence ends there."""

    length_cost: float
    """What a sentence e times as long or as short as usual costs; 0 for a model that has learnt lengths."""

    @property
    def name(self) -> str:
        """Model and version: results are stored under it."""

    def scores(self, words: Sequence[str]) -> Sequence[float]:
        """For each word, above 0 when a sentence likely starts with it (log odds); the first counts not.

        ``words`` are as read, with whatever capitals and commas they have.
        """
