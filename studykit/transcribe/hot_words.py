"""Glossary terms given to a recogniser as hints, where the talk itself calls for them.

Hints help with the terms of a subject that is spoken about. On other speech they do harm: Whisper
takes them for the text before, and copies them, or loses the thread altogether.
"""

from __future__ import annotations

from studykit.faces import late
from studykit.glossary import Glossary, Matcher
from studykit.languages import HAN, is_chinese

__all__ = ["called_for", "glossary_hot_words"]

_LATIN = late(f"[^{HAN}]+")
_MOST = 60
_CALLS = 3
"""How many different terms a talk must have named."""


def called_for(glossary: Glossary, language: str, heard: str) -> bool:
    """Whether what is known of a talk (title, what was heard without hints) is on the glossary's subject."""
    found = {match.entry_id for match in Matcher(glossary, language).find(heard)}
    return len(found) >= _CALLS


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
