"""Sentences of a translation that stand in the paragraph before or after theirs.

For texts whose paragraphs are given in pairs. The alignment says what belongs together; it must have
been made without regard to the paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studykit.types import Alignment, Span

__all__ = ["Slip", "slipped"]

_SURE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Sentences that belong to ``paragraph`` and stand in ``stands_in``."""

    paragraph: int
    stands_in: int
    source: Span
    target: Span


def slipped(alignment: Alignment, english: Sequence[Span], chinese: Sequence[Span]) -> list[Slip]:
    """What stands in the paragraph next to its own, by the paragraph where it is missing.

    ``english`` and ``chinese`` are the sentences of each paragraph, in pairs.
    """
    return list(_slips(alignment, english, chinese))


def _slips(alignment: Alignment, english: Sequence[Span], chinese: Sequence[Span]) -> Iterator[Slip]:
    for bead in alignment.beads:
        if not len(bead.source) or not len(bead.target) or bead.score < _SURE:
            continue
        home = {_paragraph_of(i, english) for i in bead.source}
        there = {_paragraph_of(i, chinese) for i in bead.target}
        # A bead that reaches over the end itself has a side in both paragraphs: nothing stands wrong.
        if len(home) == len(there) == 1 and home != there and -1 not in home | there:
            yield Slip(paragraph=home.pop(), stands_in=there.pop(), source=bead.source, target=bead.target)


def _paragraph_of(sentence: int, paragraphs: Sequence[Span]) -> int:
    return next((i for i, span in enumerate(paragraphs) if sentence in span), -1)
