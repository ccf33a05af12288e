"""How alike two phrases sound, for speech recognition that writes one for the other.

A phrase becomes the consonants that are heard: words through Metaphone (Philips 1990, *Hanging on the
Metaphone*; ``jellyfish``), abbreviations through the names of their letters, so that "GPT" is heard as
"jee pee tee" and "our LHF" as "ar el aitch ef". Two such codes are compared by an edit distance in
which sounds that are mistaken for each other, or easily missed, cost less (voicing pairs and letter
names that rhyme; after Miller & Nicely 1955, *An analysis of perceptual confusions*).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import jellyfish
from rapidfuzz import fuzz

__all__ = ["code", "codes", "likeness", "pieces", "sound_likeness", "squashed"]

_LETTER_NAMES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "A B S T E F J H A J K L M N O P K R S T U F TBL KS Y S".split(),
        strict=True,
    )
)
_PIECE = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z']+|[A-Z]|\d+")
_VOWELS = frozenset("AEIOU")
_LONGEST_SPELT = 5

_SWAPS = {
    frozenset(pair): cost
    for cost, pairs in ((0.25, "BP JX MN"), (0.4, "SX F0 S0 LR PF KJ BF"), (0.5, "PT BT JT HX KX ST JS"))
    for pair in pairs.split()
}
_DROPS = {**dict.fromkeys("AEIOUHWY", 0.3), "T": 0.5, "K": 0.7}
"""What it costs to miss a sound; 1 for all others."""


def pieces(text: str) -> list[str]:
    """Words, abbreviations and numbers in ``text``, cut where the case changes: Chat, GPT, 4."""
    return _PIECE.findall(text.replace("’", "'"))


def _spelt(piece: str) -> str:
    return "".join(_LETTER_NAMES[letter] for letter in piece.upper() if letter in _LETTER_NAMES)


def _is_spelt(piece: str) -> bool:
    """Whether a piece can only be said letter by letter."""
    letters = piece.upper()
    return letters.isalpha() and (
        len(letters) == 1 or (len(letters) <= _LONGEST_SPELT and not set(letters) & set("AEIOUY"))
    )


@lru_cache(maxsize=65_536)
def codes(text: str) -> tuple[str, ...]:
    """The ways to hear ``text``; two when its capitals may be a word (RAG) or letters (DPO)."""
    found = [""]
    for piece in pieces(text):
        found = [before + after for before in found for after in _said(piece)][:4]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65_536)
def _said(piece: str) -> tuple[str, ...]:
    """The ways to hear one piece."""
    if piece.isdigit():
        return (piece,)
    if _is_spelt(piece):
        spelt = _spelt(piece)
        return (spelt, "X" + _spelt(piece[2:])) if piece[:2].upper() == "CH" and len(piece) > 2 else (spelt,)
    word = jellyfish.metaphone(piece)
    return (word, _spelt(piece)) if piece.isupper() and len(piece) <= _LONGEST_SPELT else (word,)


def code(text: str) -> str:
    """The likeliest way to hear ``text``."""
    return codes(text)[0]


@lru_cache(maxsize=65_536)
def sound_likeness(a: str, b: str) -> float:
    """How alike two codes are, 0-1."""
    if not a or not b:
        return 0.0
    row = [0.0]
    for sound in b:
        row.append(row[-1] + _DROPS.get(sound, 1.0))
    for x in a:
        drop = _DROPS.get(x, 1.0)
        above, row = row, [row[0] + drop]
        for j, y in enumerate(b):
            row.append(min(above[j] + _swap(x, y), above[j + 1] + drop, row[j] + _DROPS.get(y, 1.0)))
    return max(0.0, 1 - row[-1] / max(len(a), len(b)))


@cache
def _swap(x: str, y: str) -> float:
    if x == y:
        return 0.0
    if x.isdigit() or y.isdigit():
        return 2.0
    if x in _VOWELS and y in _VOWELS:
        return 0.2
    return _SWAPS.get(frozenset((x, y)), 1.0)


@lru_cache(maxsize=65_536)
def squashed(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return "".join(char for char in text.lower() if char.isalnum())


@lru_cache(maxsize=65_536)
def likeness(heard: str, meant: str) -> float:
    """How alike two phrases are, 0-1: by ear and by eye, and more by ear where letters are spelt out."""
    by_ear = max(sound_likeness(a, b) for a in codes(heard) for b in codes(meant))
    by_eye = fuzz.ratio(squashed(heard), squashed(meant)) / 100
    spelt = all(_is_spelt(piece) or piece.isdigit() or piece.isupper() for piece in pieces(heard))
    ear = 0.75 if spelt else 0.5
    return ear * by_ear + (1 - ear) * by_eye
