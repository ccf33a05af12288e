"""How a form in the glossary may be spelled in a text.

Every function here that takes a whole text keeps its length, so that offsets stay true.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from studykit.faces import late
from studykit.languages import HAN

__all__ = ["Spelling", "fold", "has_han", "is_word_character", "spellings", "straighten"]

_HAN_CHAR = late(f"[{HAN}]")
_HAN_LATIN_GAP = late(rf"(?<=[{HAN}]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) (?=[{HAN}])")
_HAN_LATIN_EDGE = late(rf"(?<=[{HAN}])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[{HAN}])")
_LATIN = re.compile("[0-9A-Za-z]")
_SIBILANT = late(r"(?:[sxz]|(?<![^o]o)(?<!\bte)ch|sh)$", re.IGNORECASE)
"""Not epoch and tech, whose ch is a k."""
_CONSONANT_Y = late(r"[^aeiou\W]y$", re.IGNORECASE)

_STRAIGHTEN = {
    **dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\t\n\r\u00a0\u2009\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # lone surrogates cannot be searched
}
_CROOKED = re.compile(f"[{''.join(re.escape(chr(code)) for code in _STRAIGHTEN)}]")


class Spelling(NamedTuple):
    """A straightened spelling; folded as well unless only this very case counts."""

    text: str
    exact: bool


def straighten(text: str) -> str:
    """Hyphens and white space become spaces, typographic apostrophes ``'``; same length."""
    if text.isascii():
        return text.translate(_STRAIGHTEN)
    return _CROOKED.sub(lambda found: _STRAIGHTEN[ord(found[0])], text)  # Chinese in a tenth of the time


def fold(text: str) -> str:
    """Lower case, of the same length: the few characters that would grow (``İ``) stay as they are."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in ``text``."""
    return _HAN_CHAR.search(text) is not None


@lru_cache(maxsize=8192)
def is_word_character(char: str) -> bool:
    """Whether a form that begins or ends with a letter may not touch ``char``.

    Chinese and other East Asian characters do not count: ``做RAG的`` holds the word RAG.
    """
    return (char.isalnum() and char < "\u2e80") or char == "_"


@lru_cache(maxsize=65_536)
def spellings(form: str) -> frozenset[Spelling]:
    """Every way to spell ``form``.

    A form with Chinese characters: with and without spaces between Chinese and Latin. Any other: with
    its hyphens, with spaces or nothing in their place, singular and regular plural. One word with a
    capital after its first letter (RAG, LoRA) counts in this case only, everything else in any.
    """
    if has_han(form):
        plain = fold(straighten(form))
        if not _LATIN.search(plain):
            return frozenset([Spelling(plain, False)])
        joined = _HAN_LATIN_GAP.sub("", plain)
        return frozenset(Spelling(text, False) for text in (plain, joined, _HAN_LATIN_EDGE.sub(" ", joined)))
    singulars = {straighten(form), straighten(form.replace("-", ""))}
    exact = " " not in straighten(form) and form[1:] != form[1:].lower()
    texts = singulars | {_plural(text, abbreviation=exact) for text in singulars}
    return frozenset(Spelling(text if exact else fold(text), exact) for text in texts)


def _plural(text: str, *, abbreviation: bool) -> str:
    if abbreviation or not text[-1].isalnum():
        return text + "s"
    if _CONSONANT_Y.search(text):
        return text[:-1] + "ies"
    return text + ("es" if _SIBILANT.search(text) else "s")
