"""A heading, or a title, is made of words of its part."""

from __future__ import annotations

import re

from studykit.assist.answer import BothTexts
from studykit.assist.proof.bilingual import proven_pair
from studykit.assist.proof.brought import require_nothing_new
from studykit.assist.proof.failure import UnprovenError
from studykit.assist.proof.nearness import shared_words
from studykit.assist.said import Judged
from studykit.types import Bilingual

__all__ = ["proven_heading"]

HELD = 0.5
"""Least share of a heading's words that its part has."""
_LONGEST_EN, _LONGEST_ZH = 90, 40


def proven_heading(written: BothTexts, numbers: list[int], said: Judged) -> Bilingual:
    """A heading over the sentences of those numbers. Raises ``UnprovenError``."""
    if len(written.en) > _LONGEST_EN or len(written.zh) > _LONGEST_ZH:
        raise UnprovenError("length")
    plain = BothTexts(en=written.en.rstrip(". "), zh=written.zh.rstrip("。 "))
    pair = proven_pair(plain, said)
    own = pair.chinese if said.language == "zh" else pair.english
    text = said.text_of(numbers)
    require_nothing_new(own, text, said, names=False)  # capitals in headings are no names
    if shared_words(_lower(own), text.lower(), said) < HELD:
        raise UnprovenError("heading")
    return pair


def _lower(text: str) -> str:
    """The heading as running text: words in capitals only where they are abbreviations."""
    return re.sub(r"\b[A-Z][a-z]+\b", lambda word: word[0].lower(), text)
