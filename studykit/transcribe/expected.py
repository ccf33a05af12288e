"""Glossary terms that a recogniser is told to expect."""

from __future__ import annotations

import re

from studykit.glossary import Glossary
from studykit.languages import HAN, is_chinese

__all__ = ["hot_words"]

_LATIN = re.compile(f"[^{HAN}]+")
_MOST = 60


def hot_words(glossary: Glossary, language: str) -> str:
    """The terms that listeners get wrong, by the glossary's own account, with commas."""
    chinese = is_chinese(language)
    words = []
    for entry in glossary.entries:
        if any(bool(_LATIN.fullmatch(form)) != chinese for form in entry.misheard):
            words.append(entry.chinese if chinese else entry.abbreviation or entry.english)
    return ", ".join(words[:_MOST])
