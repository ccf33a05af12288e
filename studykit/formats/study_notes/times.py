"""Captions in notes: often without an end, and with a repeated stamp if a part boundary cuts one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from studykit.formats.order import longest_rise
from studykit.languages import counted
from studykit.types import Segment

__all__ = ["Caption", "timed"]


class Caption(Struct, kw_only=True):
    """A piece of English with a time stamp; ``timed`` completes its times."""

    text: str
    start_s: float | None
    end_s: float | None = None

    def segment(self) -> Segment:
        """The caption as read."""
        return Segment(text=self.text, start_s=self.start_s, end_s=self.end_s)


def timed(captions: Sequence[Caption]) -> list[str]:
    """Set the ends of captions, and divide a stamp shared by several of them by their length.

    A stamp that goes back in time counts as a mistake and is dropped, with a warning.
    """
    stamped = [caption for caption in captions if caption.start_s is not None]
    kept = set(longest_rise([caption.start_s or 0.0 for caption in stamped], strict=False))
    wrong = len(stamped) - len(kept)
    for i, caption in enumerate(stamped):
        if i not in kept:
            caption.start_s = caption.end_s = None
    stamped = [caption for i, caption in enumerate(stamped) if i in kept]
    groups = [(start, list(group)) for start, group in groupby(stamped, key=lambda c: c.start_s)]
    for k, (start_s, group) in enumerate(groups):
        next_s = groups[k + 1][0] if k + 1 < len(groups) else None
        end_s = group[-1].end_s if group[-1].end_s is not None else next_s
        if len(group) > 1 and end_s is not None and start_s is not None:
            _share(group, start_s, end_s)
        elif group[0].end_s is None:
            group[0].end_s = next_s
        for caption in group:
            if caption.start_s is not None and caption.end_s is not None:
                caption.end_s = max(caption.start_s, caption.end_s)
    return [f"left out {counted(wrong, 'time')} out of order; the text is kept"] if wrong else []


def _share(group: Sequence[Caption], start_s: float, end_s: float) -> None:
    total = sum(len(caption.text) for caption in group) or 1
    at = start_s
    for caption in group:
        caption.start_s = round(at, 3)
        at = min(end_s, at + (end_s - start_s) * len(caption.text) / total)
        caption.end_s = round(at, 3)
