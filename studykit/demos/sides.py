"""A run and its control, line by line: which lines say the same, and which do not."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

__all__ = ["Row", "side_by_side"]


class Row(NamedTuple):
    """A line of the run and the line of the control that stands beside it; one of them may be missing."""

    run: str | None
    control: str | None

    @property
    def differs(self) -> bool:
        return self.run != self.control


def side_by_side(run: Sequence[str], control: Sequence[str]) -> list[Row]:
    """The lines of both in order, equal ones beside each other (the longest such runs first, as difflib)."""
    rows: list[Row] = []
    matcher = SequenceMatcher(None, list(run), list(control), autojunk=False)
    for _, begin, end, begin_control, end_control in matcher.get_opcodes():
        rows += (Row(*pair) for pair in zip_longest(run[begin:end], control[begin_control:end_control]))
    return rows
