"""How often words and expressions are said in talks on software and AI.

``weights/talk_words.tsv`` and ``weights/talk_expressions.tsv``, made by ``benchmarks/talk_counts.py``.
What is rare in English at large and common there, a reader of such talks has met.
"""

from __future__ import annotations

import math
from functools import cache

from studykit.resources import data_dir

__all__ = ["SAID", "said_expression", "said_zipf"]

SAID = ("talk_words.tsv", "talk_expressions.tsv")
_WORDS, _EXPRESSIONS = SAID
_WORDS_COUNTED = 5.63e6
_UNSEEN = 0.5


def said_zipf(word: str) -> float:
    """Frequency of a lower-case form as the logarithm of its number among a billion words of talk."""
    return math.log10((_counts(_WORDS).get(word, 0) + _UNSEEN) / _WORDS_COUNTED * 1e9)


def said_expression(head: str) -> float:
    """Logarithm of how often the entry with that head is said in a million words; 0 if hardly ever."""
    return math.log10(max(1, _counts(_EXPRESSIONS).get(head, 0)))


@cache
def _counts(name: str) -> dict[str, int]:
    lines = (data_dir("weights") / name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {form: int(count) for form, count in rows}
