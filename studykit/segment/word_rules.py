"""The plainest boundary model: lists of words that open sentences, and of words that end none.

The lists hold function words and discourse markers of spoken English in general (Biber et al. 1999,
*Longman Grammar of Spoken and Written English*, ch. 14); nothing is learnt from data. Needs no
tagger and no weights, and finds half of what a trained model does (docs/segmentation.md).
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["WordRules"]

_THRESHOLD = 1.3
"""How strong an opening must be to make a boundary by itself."""

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


class WordRules:
    """Scores by word lists alone."""

    name = "word-rules"
    length_cost = 0.35

    def scores(self, words: Sequence[str]) -> list[float]:
        """For each word, how it and the next two like to open, less how badly the last one ends."""
        tokens = [word.lower().replace("’", "'").strip(',;:"“”()[]') for word in words]
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
            scores.append(score)
        return scores


def _opening(tokens: list[str], i: int) -> float:
    """What the longest listed opening at word ``i`` says, fillers passed over."""
    after = i
    while after < min(i + 3, len(tokens) - 1) and tokens[after] in _FILLERS:
        after += 1
    phrases = (" ".join(tokens[after : after + n]) for n in (3, 2, 1))
    listed = next((_OPENINGS[phrase] for phrase in phrases if phrase in _OPENINGS), 0.0)
    return listed + 0.4 if after > i else listed
