"""Repairs word times: in order, inside their segment, none missing.

Forced alignment cannot place what its model has no letters for (digits, signs), and both aligners
and attention sometimes put a word far from its neighbours. The largest set of words whose starts
are in order is trusted; every other word shares the time between its neighbours, by length, and
has times but no score.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from studykit.transcribe.doubt import compression_ratio
from studykit.transcribe.recogniser import RecognisedSegment, RecognisedWord
from studykit.types import Hearing, Segment, Word

__all__ = ["placed"]

_ENDS = re.compile(r"[.!?。！？…][\"'”’」』)）]*$")


def placed(recognised: RecognisedSegment, offset_s: float, not_before_s: float = 0.0) -> list[Segment]:
    """The segment's sentences, moved by ``offset_s`` to the recording's own time, with all words placed.

    Whisper's segments are windows of up to 30 s; they are cut after words that end a sentence.
    Nothing starts before ``not_before_s``, where the segment before ended. Words that do not spell
    the segment's text are left out.
    """
    text = " ".join(recognised.text.split())
    said = Hearing(
        compression_ratio=round(compression_ratio(recognised.text), 2),
        mean_logprob=_rounded(recognised.mean_logprob),
        no_speech=_rounded(recognised.no_speech),
    )
    start_s = max(not_before_s, recognised.start_s + offset_s)
    end_s = max(start_s, recognised.end_s + offset_s)
    spelt = "".join("".join(word.text for word in recognised.words).split()) == "".join(text.split())
    if not text:
        return []
    if not recognised.words or not spelt:
        whole = Segment(text=text, start_s=_ms(start_s), end_s=_ms(end_s))
        return [replace(whole, hearing=said, doubtful=recognised.doubtful)]
    moved = [
        word._replace(
            text=" ".join(word.text.split()),
            start_s=None if word.start_s is None else word.start_s + offset_s,
            end_s=None if word.end_s is None else word.end_s + offset_s,
        )
        for word in recognised.words
        if word.text.strip()
    ]
    words = _in_order(moved, start_s, end_s)
    sentences = _sentences(text, words)
    return [replace(seg, hearing=said, doubtful=recognised.doubtful) for seg in sentences]


def _ms(time_s: float) -> float:
    return round(time_s, 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _in_order(words: Sequence[RecognisedWord], start_s: float, end_s: float) -> list[Word]:
    """Every word with times between ``start_s`` and ``end_s``, none before the one it follows."""
    trusted = _trusted(words, start_s, end_s)
    times: list[tuple[float, float] | None] = [None] * len(words)
    for at, i in enumerate(trusted):
        start, end = _inside(words[i], start_s, end_s)
        limit = _inside(words[trusted[at + 1]], start_s, end_s)[0] if at + 1 < len(trusted) else end_s
        times[i] = (start, min(max(start, end), limit))
    _fill(words, times, start_s, end_s)
    kept = set(trusted)
    result = []
    for i, (word, time) in enumerate(zip(words, times, strict=True)):
        assert time
        score = word.score if i in kept and word.score is not None else None
        result.append(
            Word(
                text=word.text,
                start_s=_ms(time[0]),
                end_s=_ms(time[1]),
                score=None if score is None else round(min(max(score, 0.0), 1.0), 3),
            )
        )
    return result


def _inside(word: RecognisedWord, start_s: float, end_s: float) -> tuple[float, float]:
    assert word.start_s is not None
    start = min(max(word.start_s, start_s), end_s)
    return start, start if word.end_s is None else min(max(word.end_s, start_s), end_s)


def _trusted(words: Sequence[RecognisedWord], start_s: float, end_s: float) -> list[int]:
    """Indices of the longest run of placed words, not all neighbours, whose starts never fall back.

    Longest non-decreasing subsequence by patience sorting (Fredman 1975).
    """
    tops: list[float] = []
    piles: list[int] = []
    before: dict[int, int | None] = {}
    for i, word in enumerate(words):
        if word.start_s is None or word.score is None:
            continue
        start = _inside(word, start_s, end_s)[0]
        pile = bisect_right(tops, start)
        before[i] = piles[pile - 1] if pile else None
        tops[pile : pile + 1] = [start]
        piles[pile : pile + 1] = [i]
    chain: list[int] = []
    at = piles[-1] if piles else None
    while at is not None:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def _fill(
    words: Sequence[RecognisedWord], times: list[tuple[float, float] | None], start_s: float, end_s: float
) -> None:
    """Give every run of words without times the gap between its neighbours.

    Where there is no gap, the run shares the time of the word before it, or else of the one after.
    """
    i = 0
    while i < len(words):
        if times[i] is not None:
            i += 1
            continue
        first, last = i, i + 1
        while last < len(words) and times[last] is None:
            last += 1
        before = times[first - 1] if first else None
        after = times[last] if last < len(words) else None
        low = before[1] if before else start_s
        high = after[0] if after else end_s
        i = last
        if high <= low and before:
            first, low = first - 1, before[0]
        elif high <= low and after:
            last, high = last + 1, after[1]
        lengths = [len(word.text) for word in words[first:last]]
        at = low
        for k, length in enumerate(lengths):
            end = high if k == len(lengths) - 1 else at + (high - low) * length / sum(lengths)
            times[first + k] = (at, max(at, end))
            at = max(at, end)


def _sentences(text: str, words: Sequence[Word]) -> Iterator[Segment]:
    """Cut the text after words that end a sentence; a sentence lasts from its first word to its last."""
    first = at = 0
    position = 0
    for i, word in enumerate(words):
        position = _after(text, word.text, position)
        if i == len(words) - 1 or _ENDS.search(word.text):
            yield Segment(
                text=text[at:position].strip(),
                start_s=words[first].start_s,
                end_s=word.end_s,
                words=tuple(words[first : i + 1]),
            )
            first, at = i + 1, position


def _after(text: str, word: str, position: int) -> int:
    """The index after ``word``, whose letters come next in ``text``, ignoring spaces."""
    for char in word.replace(" ", ""):
        position = text.index(char, position) + 1
    return position
