"""What a model makes of a turn's words: asked once, and only when somebody wants to know."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from math import inf

from studykit.segment.boundaries import BoundaryModel, Marker, Marks
from studykit.segment.timeline import Turn
from studykit.segment.unmarked.restore import restore, written

__all__ = ["WORD", "Reading"]

WORD = re.compile(r"\S+")

_PAUSE_SCORE = 4.0
"""For each second of silence, up to one."""


class Reading:
    """The words of a turn, or of a part of it, and the model's scores of them."""

    def __init__(self, turn: Turn, model: BoundaryModel, start: int = 0, end: int | None = None) -> None:
        self.turn = turn
        self.model = model
        self.words = list(WORD.finditer(turn.text, start, len(turn.text) if end is None else end))
        self._places = [word.start() for word in self.words]

    @cached_property
    def marks(self) -> Marks | None:
        """None when the model knows boundaries only."""
        return self.model.marks(self._texts()) if isinstance(self.model, Marker) else None

    @cached_property
    def scores(self) -> Sequence[float]:
        """For each word, above 0 when a sentence likely starts with it."""
        return self.model.scores(self._texts()) if self.marks is None else self.marks.scores

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the first word at or after ``start``, and of the first at or after ``end``."""
        return bisect_left(self._places, start), bisect_left(self._places, end)

    def paused(self, place: int) -> float:
        """What the silence before ``place`` adds to a score."""
        return _PAUSE_SCORE * min(1.0, self.turn.pause_s(place))

    def strength(self, start: int) -> float:
        """The log odds that a sentence starts at ``start``; the first of a turn certainly does."""
        at, _ = self.between(start, start)
        return self.scores[at] + self.paused(start) if 0 < at < len(self.words) else inf

    def written(self, start: int, end: int) -> str:
        """The text between two places with marks and capitals."""
        raw = " ".join(self.turn.text[start:end].split())
        first, last = self.between(start, end)
        words = [word.group() for word in self.words[first:last]]
        if self.marks is None or " ".join(words) != raw:  # a sentence may start inside a word: "a.(And"
            return restore(raw)
        return written(words, self.marks, first)

    def _texts(self) -> list[str]:
        return [word.group() for word in self.words]
