"""What speaks against a correction by sound.

Sound alone proves little: "tred" sounds like Tri Dao, and was "tried". So a correction is made only when
the words as read are improbable (no word of English or of such talks, no derived form of one, no name),
when no ordinary word explains them as well, and when the talk, or talks in general, speak of the term.
What fails here is proposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cache, lru_cache
from itertools import pairwise
from math import sqrt

import jellyfish
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from studykit.correct.context import Context
from studykit.correct.latin.spoken import OFTEN, episodes
from studykit.correct.latin.windows import Window
from studykit.correct.lexicon import Target, is_everyday, words_of
from studykit.correct.names import ABBREVIATIONS
from studykit.correct.sound import code, likeness, pieces, squashed
from studykit.tables.frequencies import top_words, zipf_frequency

__all__ = ["Doubt", "doubt_of", "has_more"]

_VOCABULARY = 40_000
"""So many of the commonest English words may be what was meant instead."""
_KNOWN_ZIPF = 1.0
_KNOWN_NAME_ZIPF = 0.5
_RIVAL_LIKENESS = 0.6
_PER_ZIPF = 0.035
"""How much likeness a word that is ten times as common may lack."""
_CLEAR = 0.05
_LONG = 6
_PROOF = 3
"""Everyday words are read wrong for certain only where so many of them make a term."""
_KNOWN_WELL_ZIPF = 2.4
_LONG_NAME = 9
_NEARLY = 0.9
_SPELT_OUT = 0.85
_PART = 0.78
_LINKS = frozenset("a an and are for in is of or the to with".split())
_PREFIXES = ("un", "re", "pre", "over", "under", "de", "multi", "mis", "non", "sub", "super", "semi", "auto")
_SUFFIXES = (
    "s es ed d er ers ing ly ally able ness less ful al ish ization isation izing izer ize ized ations ation "
    "ity y ment"
).split()
_RHYMES = ("BCDEGPTVZJ", "AJK", "FSX", "MN", "IY", "QUW", "HA", "OR", "AR")
_LETTERS_MOST = 5


class Doubt(Enum):
    """How much speaks against a correction by sound."""

    NONE = "none"
    SOME = "some"
    STRONG = "strong"
    """The words as read are known, and no part of the term."""


def doubt_of(window: Window, odd: Sequence[str], target: Target, context: Context, sentence: int) -> Doubt:
    """How much speaks against a window that sounds like ``target`` being it."""
    new = [token for token in odd if token not in window.settled]
    known = [token for token in new if _is_word(token)]
    if _is_abbreviation(window, target):
        return _doubt_of_letters(window, new, target, context, sentence)
    is_phrase = not odd and len(window.tokens) < _PROOF
    if is_phrase or _is_anchored(window, target):
        return Doubt.SOME if is_phrase or any(token.islower() for token in known) else Doubt.NONE
    if known:
        return Doubt.STRONG if all(map(_is_known_well, known)) else Doubt.SOME
    commonness = _commonness(target, context, sentence)
    is_unsupported = commonness is None and not _is_sure_of_rare(window, target)
    if is_unsupported or _is_weak(window, target) or _is_brand(window, target):
        return Doubt.SOME
    has_rival = any(_has_rival(token, window, target, commonness or 2.0) for token in new)
    return Doubt.SOME if has_rival else Doubt.NONE


def _doubt_of_letters(
    window: Window, new: Sequence[str], target: Target, context: Context, sentence: int
) -> Doubt:
    if not _letters_rhyme(window.text, target.text) or any(map(_is_known_letters, new)):
        return Doubt.STRONG
    if window.text.isupper():  # GNN is no CNN, but an abbreviation that we do not know
        is_meant = context.is_said(target.entry_id, target.text, sentence)
    else:
        is_meant = _commonness(target, context, sentence) is not None
    return Doubt.NONE if is_meant else Doubt.SOME


def has_more(window: Window, target: Target) -> bool:
    """Whether a window holds a word that the target does not need: at its edge, or a link in its middle."""
    tokens = window.tokens
    if len(tokens) < 2:
        return False
    mine = words_of(target.text)
    if any(token.lower() in _LINKS and token.lower() not in mine for token in tokens[1:-1]):
        return True
    whole = likeness(window.text, target.text)
    return any(
        edge.lower() not in mine and likeness(" ".join(rest), target.text) >= whole - 0.02
        for rest, edge in ((tokens[1:], tokens[0]), (tokens[:-1], tokens[-1]))
    )


def _is_weak(window: Window, target: Target) -> bool:
    """Whether so little is alike that no context makes up for it."""
    alike = likeness(window.text, target.text)
    words = words_of(target.text)
    if len(words) == 1 and not target.is_cased and (is_everyday(words[0]) or alike < _SPELT_OUT):
        return True  # an ordinary word, as the one that was meant may be
    return len(words) != len(window.tokens) and not target.is_cased and alike < _SPELT_OUT


def _is_anchored(window: Window, target: Target) -> bool:
    """Whether a word of several is right as it stands, in its place, and the others are near."""
    heard, meant = words_of(window.text), words_of(target.text)
    if len(heard) != len(meant) or len(meant) < 2:
        return False
    alike = [1.0 if a == b else likeness(a, b) for a, b in zip(heard, meant, strict=True)]
    if any(a == b and len(a) > 2 for a, b in zip(heard, meant, strict=True)) and min(alike) >= _PART:
        return True
    one, other = squashed(window.text), squashed(target.text)  # cut elsewhere: "Ronda santis"
    return len(other) >= _LONG_NAME and target.is_cased and Indel.normalized_similarity(one, other) >= _NEARLY


def _is_abbreviation(window: Window, target: Target) -> bool:
    letters = "".join(char for char in window.text if char.isalpha())
    said = "".join(char for char in target.text if char.isalpha())
    return said.isupper() and max(len(letters), len(said)) <= _LETTERS_MOST


def _letters_rhyme(heard: str, meant: str) -> bool:
    """Whether letters that are said one by one differ only where their names rhyme, in one or two places."""
    a, b = (squashed(text).upper().removesuffix("S") for text in (heard, meant))
    if len(a) != len(b) or not a:
        return False
    different = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(different) < len(a) and all(
        any(x in group and y in group for group in _RHYMES) for x, y in different
    )


def _is_word(token: str) -> bool:
    """Whether a token is a word or a name after all: a rare one, a derived one, or two in one."""
    plain = token.lower().split("'")[0].split("’")[0]
    if episodes(plain) or episodes(plain.removesuffix("s")):
        return True
    if not set(plain) & set("aeiouy"):
        return _is_known_well(plain)  # letters, of which lists of words hold nearly every group
    zipf: float = zipf_frequency(plain)
    if zipf >= (_KNOWN_NAME_ZIPF if token != plain else _KNOWN_ZIPF):
        return True
    return _is_derived(plain) or _is_compound(plain)


def _is_brand(window: Window, target: Target) -> bool:
    """Whether one word is written with capitals inside, as names are (SparseML), and the target is not."""
    return (
        len(window.tokens) == 1 and _has_capital_inside(window.text) and not _has_capital_inside(target.text)
    )


def _has_capital_inside(text: str) -> bool:
    return not text.isupper() and any(a.islower() and b.isupper() for a, b in pairwise(text))


def _is_known_well(token: str) -> bool:
    zipf: float = zipf_frequency(token)
    return episodes(token.lower()) > 1 or zipf >= _KNOWN_WELL_ZIPF


def _is_known_letters(token: str) -> bool:
    """Whether letters are an abbreviation of their own: NLP, CPP."""
    return token.upper() in ABBREVIATIONS or _is_known_well(token)


def _is_derived(word: str) -> bool:
    stems = {word.removeprefix(prefix) for prefix in _PREFIXES}
    for suffix in _SUFFIXES:
        if word.endswith(suffix):
            stem = word.removesuffix(suffix)
            stems |= {stem, stem + "e", stem + "y"}
            if stem[-1:] == stem[-2:-1]:
                stems.add(stem[:-1])
    return any(len(stem) > 4 and stem != word and is_everyday(stem, 2.8) for stem in stems)


def _is_compound(word: str) -> bool:
    return any(
        is_everyday(word[:cut], 4.0) and is_everyday(word[cut:], 4.0) for cut in range(4, len(word) - 3)
    )


def _commonness(target: Target, context: Context, sentence: int) -> float | None:
    """About the Zipf frequency of a term in this talk, None when nothing speaks for it."""
    said = context.is_said(target.entry_id, target.text, sentence)
    count: int = episodes(squashed(target.text))
    if said or count >= OFTEN:
        return 3.0 + 0.25 * sqrt(min(count, 50)) + (1.5 if said else 0.0)
    return None


def _is_sure_of_rare(window: Window, target: Target) -> bool:
    """Whether a term that nothing speaks for is spelt out nearly whole."""
    if len(code(target.text)) > 4 and likeness(window.text, target.text) >= _SPELT_OUT:
        return True
    heard, meant = squashed(window.text), squashed(target.text)
    is_new = window.text.istitle() and not zipf_frequency(heard)
    return is_new and len(heard) >= _LONG and Levenshtein.distance(heard, meant) == 1


def _has_rival(token: str, window: Window, target: Target, commonness: float) -> bool:
    """Whether an ordinary word explains a token about as well as the target explains the window."""
    parts = [part.lower() for part in pieces(target.text)]
    is_whole = len(window.tokens) >= len(words_of(target.text))
    mine = likeness(window.text, target.text)
    if is_whole:
        mine = max(mine, *(likeness(token, part) for part in parts if len(part) > 2), 0.0)
    for word in _near_words(token.lower()):
        if word == squashed(target.text) or (is_whole and word in parts):
            continue
        bonus = _PER_ZIPF * (zipf_frequency(word) - commonness)
        if likeness(token.lower(), word) + bonus > mine - _CLEAR:
            return True
    return False


@lru_cache(maxsize=4096)
def _near_words(token: str) -> tuple[str, ...]:
    """Everyday words that look or sound like a token."""
    by_length, by_code = _everyday()
    reach = _reach(token)
    words = [
        word
        for length in range(len(token) - reach, len(token) + reach + 1)
        for word in by_length.get(length, ())
    ]
    found = process.extract(
        token, words, scorer=Levenshtein.normalized_similarity, score_cutoff=_RIVAL_LIKENESS, limit=25
    )
    same = (
        word for word in by_code.get(jellyfish.metaphone(token), ()) if abs(len(word) - len(token)) <= reach
    )
    return tuple(dict.fromkeys([*(word for word, *_ in found), *same]))


def _reach(token: str) -> int:
    """By how many letters what was meant may be longer or shorter: mis-heard words keep their length."""
    return max(1, len(token) // 4)


@cache
def _everyday() -> tuple[dict[int, list[str]], dict[str, list[str]]]:
    """The commonest words by length, and the half of them that is commonest by sound."""
    words = [word for word in top_words(_VOCABULARY) if len(word) > 2 and word.isalpha()]
    by_length: dict[int, list[str]] = {}
    by_code: dict[str, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(word)
    for word in words[: _VOCABULARY // 2]:
        by_code.setdefault(jellyfish.metaphone(word), []).append(word)
    return by_length, by_code
