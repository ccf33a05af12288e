"""What finds sentences in text without marks, and paragraphs: the protocols of its engines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable

from msgspec import Struct

__all__ = [
    "BoundaryModel",
    "ChineseMarker",
    "ChineseMarks",
    "MarkModel",
    "Marker",
    "Marks",
    "ParagraphModel",
    "TurnModel",
]


class BoundaryModel(Protocol):
    """Gives for every gap between two words the log odds that a sentence ends there."""

    length_cost: float
    """What a sentence e times as long or as short as usual costs; 0 for a model that has learnt lengths."""

    @property
    def name(self) -> str:
        """Model and version: results are stored under it."""

    def scores(self, words: Sequence[str]) -> Sequence[float]:
        """For each word, above 0 when a sentence likely starts with it (log odds); the first is ignored.

        ``words`` are as read, with whatever capitals and commas they have.
        """


class Marks(Struct, frozen=True, kw_only=True):
    """How a run of words would be written; every list has an item for each word."""

    scores: Sequence[float]
    """As ``BoundaryModel.scores``."""
    commas: Sequence[bool]
    """Whether a comma follows the word, where no sentence ends."""
    questions: Sequence[float]
    """Log odds that a sentence is a question if it ends with the word."""
    forms: Sequence[str]
    """The word inside a sentence, with capitals where it is a name: same letters as the word."""


@runtime_checkable
class Marker(Protocol):
    """A boundary model that also knows commas, question marks and capitals."""

    def marks(self, words: Sequence[str]) -> Marks:
        """All of it in one pass."""


class MarkModel(BoundaryModel, Marker, Protocol):
    """Both."""


@runtime_checkable
class ParagraphModel(Protocol):
    """A boundary model that has learnt where people end paragraphs of English."""

    def paragraphs(self, sentences: Sequence[str]) -> Sequence[float]:
        """For each sentence, with its marks, the log odds that a paragraph starts with it."""


@runtime_checkable
class TurnModel(Protocol):
    """A boundary model that has learnt where another speaker begins."""

    def turns(self, sentences: Sequence[str]) -> Sequence[float]:
        """For each sentence, with its marks, the log odds that a speaker's turn starts with it."""


class ChineseMarks(Struct, frozen=True, kw_only=True):
    """How a Chinese text would be written; every list has an item for each word-like unit of it."""

    starts: Sequence[int]
    ends: Sequence[int]
    """Code points where each unit starts, and where it ends."""
    scores: Sequence[float]
    """Above 0 when a sentence likely ends with the unit (log odds)."""
    commas: Sequence[bool]
    """Whether a comma follows the unit, where no sentence ends."""
    questions: Sequence[float]
    """Log odds that a sentence is a question if it ends with the unit."""


@runtime_checkable
class ChineseMarker(Protocol):
    """A boundary model that also sets marks in Chinese that has none."""

    def chinese_marks(self, text: str, breaks: Collection[int]) -> ChineseMarks:
        """Of ``text``, whose lines start at ``breaks``."""
