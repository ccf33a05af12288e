"""Sentence-like units in English without marks: a model's scores, pauses and line breaks weighed together.

Dynamic programming picks the boundaries with the best sum of scores minus a cost for units of unusual
length, where the model asks for one. The models stand behind ``boundaries.BoundaryModel``.
"""

from __future__ import annotations

from bisect import bisect_left
from math import inf, log

from studykit.segment.unmarked.clauses import after_leading_clauses, wants_noun
from studykit.segment.unmarked.reading import Reading

__all__ = ["sentence_starts"]

_LONGEST = 60
"""Words a unit may have at most."""
_USUAL = 14.0
"""Words of a usual unit."""
_BREAK_SCORE = 4.0
"""For a segment's start, where segments are not lines wrapped to a width."""
_LEADING_COST = 2.0
"""For an end after a clause that only leads up to what follows: the log odds of ends there are so much lower
than those of others, on the episodes for thresholds (.21 of 48 right, .67 of all)."""
_NOUN_COST = 8.0
"""For an end after an article, more than any silence gives."""


def sentence_starts(reading: Reading, start: int, end: int, *, broken_by_sense: bool = False) -> list[int]:
    """Where units start between two places of the turn's text; the first is that of its first word.

    With ``broken_by_sense``, the starts of segments speak for boundaries. Units have at most 60
    words. Time grows linearly with the text.
    """
    turn = reading.turn
    first, last = reading.between(start, end)
    words = reading.words[first:last]
    if not words:
        return []
    breaks = set(turn.pieces[bisect_left(turn.pieces, start) : bisect_left(turn.pieces, end)])
    scores = [
        score + reading.paused(word.start()) + _BREAK_SCORE * (broken_by_sense and word.start() in breaks)
        for score, word in zip(reading.scores[first:last], words, strict=True)
    ]
    count = len(words)
    best = [0.0] + [-inf] * count
    previous = [0] * (count + 1)
    led = after_leading_clauses([word.group() for word in words], scores)
    costs = [0.0] + [reading.model.length_cost * log(n / _USUAL) ** 2 for n in range(1, _LONGEST + 1)]
    for to in range(1, count + 1):
        gain = 0.0
        if to < count:
            gain = scores[to] - _LEADING_COST * (to in led) - _NOUN_COST * wants_noun(words[to - 1].group())
        for at in range(max(0, to - _LONGEST), to):
            value = best[at] + gain - costs[to - at]
            if value > best[to]:
                best[to], previous[to] = value, at
    starts: list[int] = []
    at = count
    while at > 0:
        at = previous[at]
        starts.append(words[at].start())
    return starts[::-1]
