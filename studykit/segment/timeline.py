"""The talk as turns: one speaker's running text, with a map from code points to time.

A turn ends where the speaker is known to change: another speaker's label, or the ``>>`` with which
captions mark a change. Text is not altered here beyond taking out ``>>`` and joining segments with
a space. Knows nothing of sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import mean, pstdev

from msgspec import Struct, field

from studykit.faces import late
from studykit.languages import spoken_length_s
from studykit.types import Segment, Transcript

__all__ = ["Turn", "is_authored", "read_turns"]

_REACH = 16
"""How many characters may lie between two words; a word further on is a different one."""

_SLOW_WORD_S = 0.8
_SLOW_SPEECH = 1.8
"""A word that lasts longer than this, or text that lasts this many times as long as usual, is speech
and then silence."""

_FEW_LINES = 5
_UNEVEN = 0.6
"""Standard deviation over mean: about 0.2 for captions and hard-wrapped text, 0.9 for sentences."""

_CHANGE = re.compile(r"(?:^|(?<=\s))>{2,}\s*")
_MARK = late(r"(?<![.!?。！？…])[.!?。！？…]+(?=[\"'”’」』)）]*(?:\s|$))|[。！？]+")
_SENTENCES, _IN_PARAGRAPHS = 1.5, 0.75
"""Sentences of a paragraph on average, at least; share of a text that stands in paragraphs."""
_ENDED = late(r"[.!?。！？…][\"'”’」』)）]*\s*$")


class _Stretch(Struct, frozen=True, kw_only=True):
    """Characters ``[start, end)`` of a turn, spoken evenly from ``start_s`` to ``end_s``."""

    start: int
    end: int
    start_s: float
    end_s: float

    def at(self, position: int) -> float:
        share = (position - self.start) / max(1, self.end - self.start)
        return self.start_s + min(1.0, max(0.0, share)) * (self.end_s - self.start_s)


class Turn(Struct, kw_only=True):
    """One run of speech. Positions are code points of ``text``."""

    speaker: str | None = None
    text: str = ""
    pieces: list[int] = field(default_factory=list)
    """Where each segment's text starts."""
    _slacks: list[float] = field(default_factory=list)
    _doubts: list[bool] = field(default_factory=list)
    _stretches: list[_Stretch] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    def add(
        self,
        text: str,
        timed: Iterable[tuple[int, int, float, float]],
        slack_s: float,
        doubtful: bool = False,
    ) -> None:
        """Append a segment's ``text`` with its timed stretches ``(start, end, start_s, end_s)``."""
        if self._parts:
            self._parts.append(" ")
            self._length += 1
        self.pieces.append(self._length)
        self._slacks.append(slack_s)
        self._doubts.append(doubtful)
        for start, end, start_s, end_s in timed:
            stretch = _Stretch(
                start=self._length + start, end=self._length + end, start_s=start_s, end_s=end_s
            )
            self._stretches.append(stretch)
            self._starts.append(stretch.start)
        self._parts.append(text)
        self._length += len(text)

    def close(self) -> None:
        """Join what was added; ``text`` is complete from here on."""
        self.text = "".join(self._parts)

    def is_broken_by_sense(self) -> bool:
        """Whether segments are so uneven in length that they cannot have been wrapped to a width."""
        lengths = [end - start for start, end in pairwise([*self.pieces, len(self.text)])]
        return len(lengths) >= _FEW_LINES and pstdev(lengths) > _UNEVEN * mean(lengths)

    def _stretch_at(self, position: int) -> _Stretch | None:
        """The stretch that holds the character at ``position``, if its time is known."""
        at = bisect_right(self._starts, position) - 1
        if at < 0 or position >= self._stretches[at].end:
            return None
        return self._stretches[at]

    def start_s(self, position: int) -> float | None:
        """When the character at ``position`` begins."""
        stretch = self._stretch_at(position)
        return None if stretch is None else stretch.at(position)

    def end_s(self, position: int) -> float | None:
        """When the character before ``position`` ends."""
        stretch = self._stretch_at(position - 1)
        return None if stretch is None else stretch.at(position)

    def pause_s(self, position: int) -> float:
        """Silence before the character at ``position``, 0 where unknown.

        Some captions let a word or line last until the next begins; what is too long for its
        text counts as silence after it.
        """
        end = position
        while end > 0 and self.text[end - 1].isspace():
            end -= 1
        before, after = self._stretch_at(end - 1), self._stretch_at(position)
        if before is None or after is None or before is after:
            return 0.0
        before_s = before.at(end)
        if end == before.end:
            usual_s = spoken_length_s(self.text[before.start : before.end])
            slowest_s = max(_SLOW_WORD_S, _SLOW_SPEECH * usual_s)
            before_s = min(before_s, before.start_s + slowest_s)
        return max(0.0, after.at(position) - before_s)

    def slack_s(self, start: int, end: int) -> float:
        """The largest slack of the segments that ``[start, end)`` touches."""
        return max(self._slacks[self._touched(start, end)], default=0.0)

    def is_doubtful(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` touches a doubtful segment."""
        return any(self._doubts[self._touched(start, end)])

    def _touched(self, start: int, end: int) -> slice:
        return slice(max(0, bisect_right(self.pieces, start) - 1), bisect_right(self.pieces, end - 1))


def read_turns(transcript: Transcript, *, whole_segments: bool = False) -> list[Turn]:
    """The transcript's text in turns; with ``whole_segments`` every segment is a turn by itself.

    A segment without a speaker goes on with the speaker before it. Turns without text are left out.
    """
    turns: list[Turn] = []
    turn = Turn()
    for seg, clock in zip(transcript.segments, _clocks(transcript.segments), strict=True):
        stretches = list(_word_stretches(seg, *clock)) if clock else []
        for number, (start, end) in enumerate(_unmarked(seg.text)):
            changed = seg.speaker is not None and seg.speaker != turn.speaker
            if number or whole_segments or changed:
                turns.append(turn)
                turn = Turn(speaker=seg.speaker)
            if start < end:
                turn.add(seg.text[start:end], _clip(stretches, start, end), seg.slack_s, seg.doubtful)
    turns.append(turn)
    for turn in turns:
        turn.close()
    return [turn for turn in turns if turn.text.strip()]


def is_authored(transcript: Transcript) -> bool:
    """Whether the segments are paragraphs that a person wrote.

    So they are when there are no times, most segments end with a mark, and there are clearly more
    sentences than segments; or where the text is in such segments and the others are headings and items of
    lists, which are many but short.
    """
    segments = [seg for seg in transcript.segments if seg.text.strip()]
    if len(segments) < 2 or any(seg.start_s is not None for seg in segments):
        return False
    ended = [seg for seg in segments if _ENDED.search(seg.text)]
    if 2 * len(ended) > len(segments) and _marks(segments) >= _SENTENCES * len(segments):
        return True
    share = sum(len(seg.text) for seg in ended) / sum(len(seg.text) for seg in segments)
    return share >= _IN_PARAGRAPHS and _marks(ended) >= _SENTENCES * len(ended)


def _marks(segments: Iterable[Segment]) -> int:
    return sum(len(_MARK.findall(seg.text)) for seg in segments)


def _unmarked(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of ``text`` between the marks of a new speaker; what precedes the first comes first."""
    at = 0
    for mark in _CHANGE.finditer(text):
        yield at, at + len(text[at : mark.start()].rstrip())
        at = mark.end()
    yield at, at + len(text[at:].rstrip())


def _clocks(segments: tuple[Segment, ...]) -> Iterator[tuple[float, float] | None]:
    """Start and end of each segment.

    Rolling captions overlap, so one without word times ends where the next starts at the latest.
    One without an end lasts until the next start; the last, as long as it takes to say it.
    """
    next_s: float | None = None
    clocks: list[tuple[float, float] | None] = []
    for seg in reversed(segments):
        if seg.start_s is None:
            clocks.append(None)
            continue
        end_s = seg.end_s
        if end_s is None:
            end_s = next_s if next_s is not None else seg.start_s + spoken_length_s(seg.text)
        elif not seg.words and next_s is not None and seg.start_s < next_s:
            end_s = min(end_s, next_s)
        clocks.append((seg.start_s, end_s))
        next_s = seg.start_s
    return reversed(clocks)


def _word_stretches(seg: Segment, start_s: float, end_s: float) -> Iterator[tuple[int, int, float, float]]:
    """Timed stretches that cover the segment's text: its timed words and what lies between them.

    Words that do not stand in the text, or have no times, are passed over; their characters share
    the time between their neighbours.
    """
    at, at_s = 0, start_s
    for word in seg.words:
        text = word.text.strip()
        if not text or word.start_s is None or word.end_s is None:
            continue
        found = seg.text.find(text, at, at + len(text) + _REACH)
        if found < 0:
            continue
        word_start_s = min(max(word.start_s, at_s), end_s)
        word_end_s = min(max(word.end_s, word_start_s), end_s)
        if found > at:
            yield at, found, at_s, word_start_s
        at, at_s = found + len(text), word_end_s
        while at < len(seg.text) and not (seg.text[at].isalnum() or seg.text[at].isspace()):
            at += 1  # a mark takes no time
        yield found, at, word_start_s, word_end_s
    if at < len(seg.text):
        yield at, len(seg.text), at_s, end_s


def _clip(
    stretches: list[tuple[int, int, float, float]], start: int, end: int
) -> Iterator[tuple[int, int, float, float]]:
    """The stretches within ``[start, end)``, counted from ``start``."""
    for a, b, a_s, b_s in stretches:
        if a < end and b > start:
            whole = _Stretch(start=a, end=b, start_s=a_s, end_s=b_s)
            low, high = max(a, start), min(b, end)
            yield low - start, high - start, whole.at(low), whole.at(high)
