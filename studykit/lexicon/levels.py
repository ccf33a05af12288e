"""How hard and how rare an English word is.

The CEFR list (cefrpy, from Words-CEFR-Dataset) knows parts of speech but rates technical words too
low; frequency (wordfreq, Zipf scale of van Heuven et al. 2014) knows no senses. The level is their
weighted mean.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from studykit.types import CEFR_LEVELS, CefrLevel

__all__ = ["base_form", "could_be", "level_of", "level_value", "zipf"]

_LIST_WEIGHT = 0.4
_EASIEST_ZIPF, _HARDEST_ZIPF = 6.0, 2.7
"""Zipf values that stand for A1 and C2; between them levels are evenly spaced."""
_SLIP_ZIPF = 1.5
"""A lemma so much rarer than the form it was made of is wrong."""
_PENN = {"NOUN": "NN", "VERB": "VB", "ADJ": "JJ", "ADV": "RB"}


@cache
def _list() -> Any:
    from cefrpy import CEFRAnalyzer

    return CEFRAnalyzer()


@cache
def zipf(text: str) -> float:
    """Zipf frequency of a word or phrase, 0 when unknown."""
    from wordfreq import zipf_frequency

    return zipf_frequency(text, "en")


@cache
def could_be(word: str, upos: str) -> bool:
    """Whether the CEFR list allows that part of speech; it knows few rare words, so unknown ones may."""
    listed = _list().get_pos_level_dict_for_word(word)
    if not listed or upos not in _PENN:
        return True
    return any(tag.name.startswith(_PENN[upos]) for tag in listed)


@cache
def base_form(text: str, lemma: str) -> str:
    """The lemma, or a better one where taggers slip: ``hoping`` is no form of hop, nor data of datum."""
    for ending in ("ing", "ed"):
        stem = text.removesuffix(ending)
        if stem != text and lemma == stem and zipf(f"{stem}e") > zipf(stem):
            return f"{stem}e"
    return text if zipf(lemma) < zipf(text) - _SLIP_ZIPF else lemma


def level_value(lemma: str, upos: str | None) -> float | None:
    """The level on a scale from 1 (A1) to 6 (C2); None for a word that neither source knows."""
    rarity = zipf(lemma)
    listed = _list().get_word_pos_level_float(lemma, _PENN.get(upos or "", "NN"))
    if listed is None:
        listed = _list().get_average_word_level_float(lemma)
    by_frequency = None
    if rarity:
        scaled = 1 + 5 * (_EASIEST_ZIPF - rarity) / (_EASIEST_ZIPF - _HARDEST_ZIPF)
        by_frequency = min(6.0, max(1.0, scaled))
    if by_frequency is None or listed is None:
        return by_frequency if listed is None else float(listed)
    return _LIST_WEIGHT * float(listed) + (1 - _LIST_WEIGHT) * by_frequency


def level_of(value: float | None) -> CefrLevel | None:
    """The level nearest to a value of ``level_value``."""
    return None if value is None else CEFR_LEVELS[min(5, max(0, round(value) - 1))]
