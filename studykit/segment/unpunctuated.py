"""Sentence-like units in English without punctuation: a plain model of word rules and pauses.

Every gap between two words gets a score for being a boundary: how the words after it like to open
a sentence, how the words before it like to end one, and the silence between them. Dynamic
programming then picks the boundaries with the best sum of scores minus a cost for units of unusual
length. The lists hold function words and discourse markers of spoken English in general (Biber et
al. 1999, *Longman Grammar of Spoken and Written English*, ch. 14); nothing is learnt from data.

The seam is ``sentence_starts``: a better boundary model replaces ``_gap_scores`` only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from math import inf, log

from studykit.segment.timeline import Turn

__all__ = ["sentence_starts"]

_LONGEST = 60
"""Words a unit may have at most."""
_USUAL = 14.0
"""Words of a usual unit; speech has longer and much shorter ones, so the cost is a mild one."""
_LENGTH_COST = 0.35
_THRESHOLD = 1.3
"""How strong an opening must be to make a boundary by itself."""
_PAUSE_SCORE = 2.0
"""For each second of silence, up to one."""

_BREAK_SCORE = 4.0
"""For a segment's start, where segments are not lines wrapped to a width."""

_WORD = re.compile(r"\S+")
_FILLERS = frozenset("um uh er ah hmm mhm".split())

_REACTIONS = frozenset("yeah yes yep no okay ok alright thanks sorry exactly cool great".split())

# Openings of one, two or three words and how strongly they speak for a new sentence.
_OPENINGS: dict[str, float] = {}


def _open(score: float, phrases: str) -> None:
    _OPENINGS.update(dict.fromkeys((phrase.strip() for phrase in phrases.split(",")), score))


_open(2.6, "okay so, ok so, all right so, alright so, and so, so now, so let's, now let's, let's say")
_open(2.2, "okay, ok, yeah, alright, all right, so the, so we, so i, so you, so it's, so this")
_open(2.2, "so that's, so here, so what, so if, so in, so for, so when, so these, so they, so there's")
_open(2.0, "and then i, and then we, but then, and now, and i, and we, and that's, and this is, but i")
_open(
    2.0, "now the, now i, now we, now you, now if, yeah so, like i, like what, like one, like if, like maybe"
)
_open(2.0, "like there's, like you, like the, like we, like it's")
_open(1.8, "so, now, but the, but we, but it's, but if, but in, but this, but you, and it's, and they")
_open(1.8, "i think, i mean, let's, let me, first, for example, in other words, by the way, actually i")
_open(1.6, "it's, that's, there's, this is, these are, they're, there are, and if, and in, and what")
_open(1.6, "here's, you can, you know what, we have, we can, we're, i'm, i've, i'll, we'll, what is")
_open(1.4, "what do, what's, how do, why do, does it, do you, do we, is that, is it, are you, can we")
_open(1.2, "but, however, and, then, well, maybe, because, basically, yes, no, thank you, sorry")
_open(0.8, "it, he, she, they, we, you, i, this, these, there, here, if, when, what, how, why, also")
_open(0.6, "like, you know, one, another, the")
_open(
    -1.0, "and so on, so on, and so forth, so many, so much, so far, like this, like that, like a, no longer"
)

# Words that want another word after them.
_UNFINISHED = frozenset(
    "a an the my your his her its our their this these those of to in on at by for with from into about as "
    "than and or but so because if when while that which who what how why where whether is are was were be "
    "been am has have had do does did will would can could should may might must i we he she they you it's "
    "that's there's i'm we're they're you're he's let's gonna going want trying very really quite just like "
    "some any every each no not more most other another such much many between through over under without "
    "i've we've i'll we'll you'll they'll don't doesn't didn't can't won't isn't aren't think know "
    "say".split()
)
# After these, a pronoun opens a clause inside the sentence: "if you", "that we", "think it's".
_BINDERS = frozenset(
    "if when because that which who what how why where whether while than as think know say said mean guess "
    "see thing way and but so or like until before after since though although unless".split()
)


def sentence_starts(turn: Turn, start: int, end: int, *, broken_by_sense: bool = False) -> list[int]:
    """Where units start in ``turn.text[start:end]``; the first is that of its first word.

    With ``broken_by_sense``, the starts of segments speak for boundaries. Units have at most 60
    words. Time grows linearly with the text.
    """
    words = list(_WORD.finditer(turn.text, start, end))
    if not words:
        return []
    scores = _gap_scores(turn, words)
    if broken_by_sense:
        breaks = set(turn.pieces[bisect_left(turn.pieces, start) : bisect_left(turn.pieces, end)])
        scores = [
            score + _BREAK_SCORE * (word.start() in breaks) for score, word in zip(scores, words, strict=True)
        ]
    count = len(words)
    best = [0.0] + [-inf] * count
    previous = [0] * (count + 1)
    costs = [0.0] + [_LENGTH_COST * log(n / _USUAL) ** 2 for n in range(1, _LONGEST + 1)]
    for to in range(1, count + 1):
        gain = scores[to] if to < count else 0.0
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


def _gap_scores(turn: Turn, words: list[re.Match[str]]) -> list[float]:
    """For each word, how much speaks for a boundary before it; above 0 for, below against."""
    tokens = [word.group().lower().replace("’", "'").strip(',;:"“”()[]') for word in words]
    scores = [0.0]
    for i in range(1, len(tokens)):
        before = tokens[i - 1]
        score = _opening(tokens, i) - _THRESHOLD
        if before in _UNFINISHED:
            score -= 1.6
        elif before in _BINDERS:
            score -= 0.8
        elif before in _REACTIONS:
            score += 1.0
        if before in _FILLERS:
            score -= 1.5  # "um so": the boundary stands before the filler
        if before == tokens[i] and before not in _REACTIONS:
            score -= 1.0  # a repeated word is a restart, not a boundary
        silence_s = turn.pause_s(words[i].start())
        scores.append(score + _PAUSE_SCORE * min(1.0, silence_s))
    return scores


def _opening(tokens: list[str], i: int) -> float:
    """What the longest listed opening at word ``i`` says, fillers passed over."""
    after = i
    while after < min(i + 3, len(tokens) - 1) and tokens[after] in _FILLERS:
        after += 1
    phrases = (" ".join(tokens[after : after + n]) for n in (3, 2, 1))
    listed = next((_OPENINGS[phrase] for phrase in phrases if phrase in _OPENINGS), 0.0)
    return listed + 0.4 if after > i else listed
