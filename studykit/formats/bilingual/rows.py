"""Which rows of one caption are Chinese and which English, if most captions of the file have both.

Rows of one language stand together, the same one on top throughout a file. Where to cut a caption is
the cheapest way to have it so, given what each row looks like, how many rows each language usually
has, and how long the two texts usually are. So a name that is alone in a row falls to the language
that lacks a row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from studykit.formats.bilingual.script import words_of
from studykit.languages import spoken_length_s

__all__ = ["Habit", "is_row_chinese"]

_CLEAR = 2.0
_MISSING = 3.0
_ROW = 1.0
_LENGTH = 1.0
_NAMES = 1.0
_MIXED = 5.0
"""Nats: a language without a row; a row more or less than usual; a text e times longer than usual;
a row of names that the English has too; what it may cost to keep to the usual order."""


class Habit(Struct, frozen=True, kw_only=True):
    """How a file usually sets its captions."""

    chinese_first: bool
    rows: tuple[float, float]
    """The usual number of rows on top, and below."""
    ratio: float
    """The usual length of the lower text over that of the upper one, both as spoken."""

    @classmethod
    def of(cls, captions: Sequence[Sequence[str]], leanings: Sequence[Sequence[float]]) -> Habit:
        """The habit of captions whose rows are clear. ``leanings`` has one number for each row."""
        first = 0
        counts: list[tuple[int, int]] = []
        ratios: list[float] = []
        for rows, leans in zip(captions, leanings, strict=True):
            tops = [lean > 0 for lean in leans]
            changes = [i for i in range(1, len(rows)) if tops[i] != tops[i - 1]]
            if len(changes) != 1 or min(map(abs, leans)) < _CLEAR:
                continue
            (at,) = changes
            first += 1 if tops[0] else -1
            counts.append((at, len(rows) - at))
            ratios.append(_length(rows[at:]) / _length(rows[:at]))
        top, below = ([count[side] for count in counts] or [1] for side in (0, 1))
        return cls(chinese_first=first >= 0, rows=(median(top), median(below)), ratio=median(ratios or [1.0]))


def is_row_chinese(rows: Sequence[str], leans: Sequence[float], habit: Habit) -> list[bool | None]:
    """For each row whether it is Chinese; None for one of both, such as a number that stands alone."""
    if len(rows) == 1:
        return [None if leans[0] == 0 else leans[0] > 0]
    half, odd = divmod(len(rows), 2)
    if not odd and [row.split() for row in rows[:half]] == [row.split() for row in rows[half:]]:
        return _labels(half, len(rows), habit)  # left untranslated
    costs = [_cost(rows, leans, at, habit) for at in range(len(rows) + 1)]
    best = min(range(len(costs)), key=costs.__getitem__)
    if _against(leans, best, habit) > _MIXED:
        return [lean > 0 for lean in leans]
    return _labels(best, len(rows), habit)


def _labels(at: int, count: int, habit: Habit) -> list[bool | None]:
    return [(i < at) is habit.chinese_first for i in range(count)]


def _against(leans: Sequence[float], at: int, habit: Habit) -> float:
    """What the looks of the rows say against a cut."""
    labels = _labels(at, len(leans), habit)
    return sum(max(0.0, -lean if chinese else lean) for lean, chinese in zip(leans, labels, strict=True))


def _cost(rows: Sequence[str], leans: Sequence[float], at: int, habit: Habit) -> float:
    if not 0 < at < len(rows):
        return _against(leans, at, habit) + _MISSING
    english = range(at, len(rows)) if habit.chinese_first else range(at)
    looks = [_by_names(rows, i, lean, english) for i, lean in enumerate(leans)]
    unusual = abs(at - habit.rows[0]) + abs(len(rows) - at - habit.rows[1])
    longer = abs(math.log(_length(rows[at:]) / _length(rows[:at]) / habit.ratio))
    return _against(looks, at, habit) + _ROW * unusual + _LENGTH * longer


def _by_names(rows: Sequence[str], i: int, lean: float, english: range) -> float:
    """The leaning of row ``i``: towards Chinese if it has only names, which are all in the English rows."""
    words = words_of(rows[i])
    there = words_of(" ".join(rows[k] for k in english if k != i))
    return _NAMES if -_MIXED < lean < 0 and words and all(word in there for word in words) else lean


def _length(rows: Sequence[str]) -> float:
    return sum(map(spoken_length_s, rows)) + 0.5
