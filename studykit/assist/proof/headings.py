"""A heading, or a title, is made of words of its part."""

from __future__ import annotations

import re
from collections import Counter

from studykit.assist.answer import BothTexts
from studykit.assist.proof.bilingual import proven_pair
from studykit.assist.proof.brought import require_nothing_new
from studykit.assist.proof.failure import UnprovenError
from studykit.assist.proof.nearness import shared_words
from studykit.assist.said import Judged
from studykit.types import Bilingual

__all__ = ["proven_heading", "proven_title"]

HELD = 0.5
"""Least share of a heading's words that its part has."""
_FEW_SENTENCES = 20
"""In a talk as short as that, words may be said once."""
_ANY_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_WORD, _CAPITALISED = re.compile(r"[A-Za-z]{4,}"), re.compile(r"\b[A-Z][a-z]+\b")
_LONGEST_EN, _LONGEST_ZH = 90, 40


def proven_title(written: BothTexts, said: Judged) -> Bilingual:
    """A title of the whole talk, of words that are said more than once. Raises ``UnprovenError``."""
    numbers = said.sentences_of(range(1, len(said.notes.paragraphs) + 1))
    sentences = Counter(word for number in numbers for word in _words(said.text_of([number])))
    text = said.text_of(numbers)
    if len(numbers) < _FEW_SENTENCES:
        return proven_heading(written, numbers, said)
    often = _ANY_WORD.sub(lambda word: word[0] if sentences[word[0].lower()] > 1 else " ", text)
    return _proven(written, often, text, said)


def proven_heading(written: BothTexts, numbers: list[int], said: Judged) -> Bilingual:
    """A heading over the sentences of those numbers. Raises ``UnprovenError``."""
    text = said.text_of(numbers)
    return _proven(written, text, text, said)


def _words(text: str) -> set[str]:
    return {word.lower() for word in _ANY_WORD.findall(text)}


def _proven(written: BothTexts, text: str, whole: str, said: Judged) -> Bilingual:
    """A heading whose words and names are in ``text``, and its numbers and terms in ``whole``."""
    if len(written.en) > _LONGEST_EN or len(written.zh) > _LONGEST_ZH:
        raise UnprovenError("length")
    plain = BothTexts(en=written.en.rstrip(". "), zh=written.zh.rstrip("。 "))
    pair = proven_pair(plain, said)
    own = pair.chinese if said.language == "zh" else pair.english
    require_nothing_new(_running(own), whole, said)
    for words in (_running(own), *_capitalised(own)):
        if said.judges.checker.unsaid_names(words, text, said.language):
            raise UnprovenError("name")
    if shared_words(_running(own).lower(), text.lower(), said) < HELD:
        raise UnprovenError("heading")
    return pair


def _running(text: str) -> str:
    """The heading as running text: where all words are set in capitals, a capital makes no name."""
    return _CAPITALISED.sub(lambda word: word[0].lower(), text) if _is_title_case(text) else text


def _capitalised(text: str) -> list[str]:
    """The words of a heading set in capitals, each to be judged alone: some are names all the same."""
    return _CAPITALISED.findall(text) if _is_title_case(text) else []


def _is_title_case(text: str) -> bool:
    words = _WORD.findall(text)
    return len([word for word in words if word[0].islower()]) <= len(words) / 4
