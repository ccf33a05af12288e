"""The expected length of a translation."""

from __future__ import annotations

from studykit.chat import count_tokens
from studykit.translate.engine import SourceParagraph
from studykit.types import Language

__all__ = ["expected_completion"]

_ZH_PER_EN = 1.3
"""Tokens of Chinese for a token of English, and never fewer the other way round."""
_PER_KEY = 6
"""Tokens for a sentence's key and quotes."""


def expected_completion(paragraph: SourceParagraph) -> int:
    """An estimate of the tokens in the translation of the wanted sentences, including keys."""
    return sum(_translated(paragraph.sentences[i], paragraph.target) + _PER_KEY for i in paragraph.wanted) + 4


def _translated(sentence: str, target: Language) -> int:
    return round(count_tokens(sentence) * (_ZH_PER_EN if target == "zh" else 1.0))
