"""Where a publisher's chapters begin among the sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from studykit.types import Chapter, Sentence

__all__ = ["chapter_at", "place"]


def place(chapters: Sequence[Chapter], sentences: Sequence[Sentence]) -> list[int]:
    """For each chapter, the index of its first sentence: the boundary nearest to its time.

    The index is ``len(sentences)`` when it starts after the last one. Chapters must be in order of
    time. Returns nothing when no sentence has a time.
    """
    boundaries: list[tuple[float, int]] = []
    latest_s = 0.0
    for sent in sentences:
        if sent.start_s is not None:
            latest_s = max(latest_s, sent.start_s)  # overlapping turns may go back
            boundaries.append((latest_s, sent.index))
    if not boundaries:
        return []
    last_s = max((sent.end_s for sent in sentences if sent.end_s is not None), default=latest_s)
    boundaries.append((max(latest_s, last_s), len(sentences)))
    times_s = [time_s for time_s, _ in boundaries]
    starts: list[int] = []
    for chapter in chapters:
        right = min(bisect_left(times_s, chapter.start_s), len(times_s) - 1)
        left = max(0, right - 1)
        nearer = left if chapter.start_s - times_s[left] < times_s[right] - chapter.start_s else right
        starts.append(boundaries[nearer][1])
    return starts


def chapter_at(starts: Sequence[int], sentence: int) -> int | None:
    """The chapter that ``sentence`` lies in: the last that starts at or before it."""
    at = bisect_right(starts, sentence) - 1
    return at if at >= 0 else None
