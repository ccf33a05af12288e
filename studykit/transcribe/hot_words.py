"""Glossary terms given to a recogniser as hints."""

from __future__ import annotations

import re

from studykit.glossary import Glossary
from studykit.languages import HAN, is_chinese

__all__ = ["glossary_hot_words"]

_LATIN = re.compile(f"[^{HAN}]+")
_MOST = 60


def glossary_hot_words(glossary: Glossary, language: str) -> str:
    """The terms with the most mis-hearings in the glossary, at most 60, comma-separated."""
    chinese = is_chinese(language)
    ways = {
        entry.chinese if chinese else entry.abbreviation or entry.english: sum(
            bool(_LATIN.fullmatch(form)) != chinese for form in entry.misheard
        )
        for entry in glossary.entries
    }
    words = sorted(filter(ways.get, ways), key=lambda word: -ways[word])
    return ", ".join(words[:_MOST])
