"""Chinese words that machine translation puts in place of a term or a name.

"Token" becomes 代币 (a coin), "LLM" 法学硕士 (a Master of Laws), "DeepSeek" 深潜 (a deep dive). What is
listed so is looked for with and without the spaces that old caption lines leave inside a word, and
counts only where terms of the field stand near.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct
from rapidfuzz import fuzz

from studykit.correct.candidate import Candidate
from studykit.correct.context import Context
from studykit.correct.names import name_table
from studykit.faces import late
from studykit.glossary import Glossary
from studykit.glossary.forms import has_han
from studykit.languages import HAN

__all__ = ["Mistranslations"]

_GAP = late(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_LATIN_HEAD = late(r"[A-Za-z][\w.@+-]*(?: [A-Za-z][\w.@+-]*)*", re.ASCII)
_OPENING, _CLOSING = tuple('“"「『《'), tuple('”"」』》')
_SHORT = 2
"""A word this short is an everyday one: more has to speak for the term."""


class _Listed(Struct, frozen=True, kw_only=True):
    wrong: str
    right: str
    entry_id: str | None


class Mistranslations:
    """The listed forms of a glossary and of the names, ready to be found."""

    def __init__(self, glossary: Glossary) -> None:
        listed = {
            wrong: _Listed(wrong=wrong, right=name, entry_id=None)
            for name, wrongs in name_table().items()
            for wrong in filter(has_han, wrongs)
        }
        for entry in glossary.entries:
            for wrong in filter(has_han, entry.misheard):
                kept = _LATIN_HEAD.match(entry.chinese) if entry.keep_english else None
                right = (
                    kept[0] if kept else max(entry.chinese_forms, key=lambda form: fuzz.ratio(wrong, form))
                )
                listed[wrong] = _Listed(wrong=wrong, right=right, entry_id=entry.id)
        self._listed = list(listed.values())
        self._automaton = AhoCorasick(
            [item.wrong for item in self._listed], matchkind=MatchKind.LeftmostLongest
        )

    def candidates(self, text: str, sentence: int, context: Context) -> Iterator[Candidate]:
        """Every listed form in a sentence's raw ``text``."""
        plain, places = _closed_up(text)
        for number, first, last in self._automaton.find_matches_as_indexes(plain):
            item = self._listed[number]
            start, end = places[first], places[last - 1] + 1
            if text[start - 1 : start] in _OPENING and text[end : end + 1] in _CLOSING:
                continue  # quoted by itself: the word is spoken of, not used
            sure = _sure(item, context.terms_near(sentence, start, end), context)
            yield Candidate(start=start, end=end, right=item.right, rule="translation", confidence=sure)


def _closed_up(text: str) -> tuple[str, list[int]]:
    """The text without spaces between Chinese characters, and where each character stood."""
    places = list(range(len(text)))
    for gap in reversed(list(_GAP.finditer(text))):
        del places[gap.start() : gap.end()]
    return "".join(text[place] for place in places), places


def _sure(item: _Listed, near: set[str], context: Context) -> float:
    if not context.is_of_the_field and not near:
        return 0.3
    spoken_for = len(near) > 1 or context.is_related(item.entry_id, near)
    if len(item.wrong) > _SHORT:
        return 0.9 if spoken_for else 0.84 if near else 0.78
    return 0.85 if spoken_for else 0.68 if near else 0.5
