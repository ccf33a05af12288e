"""Finds the glossary's terms in a text.

All spellings of all forms go into one Aho-Corasick automaton (Aho & Corasick 1975), which reads the
text once, however many terms there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from studykit.glossary.entry import Glossary
from studykit.glossary.forms import fold, is_word_character, spellings, straighten
from studykit.languages import is_chinese
from studykit.types import Span

__all__ = ["Match", "Matcher"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An entry's form in a text; the span counts code points and takes in a plural's ending."""

    entry_id: str
    span: Span


class Matcher:
    """Finds a glossary's terms in texts of one language.

    English text is searched for the English forms, Chinese text for all forms, since technical
    Chinese keeps many terms in English.
    """

    def __init__(self, glossary: Glossary, language: str) -> None:
        # Several entries may share a folded spelling (SEAL and seal): at most one in any case, stored
        # under None, and others in an exact case each.
        claims: dict[str, dict[str | None, str]] = {}
        for entry in glossary.entries:
            chinese = entry.chinese_forms if is_chinese(language) else ()
            for form in (*entry.english_forms, *chinese):
                for text, exact in spellings(form):
                    claims.setdefault(fold(text), {}).setdefault(text if exact else None, entry.id)
        self._claims = list(claims.values())
        self._automaton = AhoCorasick(claims)

    def find(self, text: str) -> list[Match]:
        """Matches from left to right, never overlapping; of those that start together the longest."""
        written = straighten(text)
        folded = fold(written)
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        hits.sort(key=lambda hit: (hit[1], -hit[2]))
        matches: list[Match] = []
        free_from = 0
        for pattern, start, end in hits:
            if start < free_from or not _stands_alone(folded, start, end):
                continue
            claims = self._claims[pattern]
            entry_id = claims.get(written[start:end]) or claims.get(None)
            if entry_id is not None:
                matches.append(Match(entry_id=entry_id, span=Span(start=start, end=end)))
                free_from = end
        return matches


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ``[start, end)`` is no part of a longer word."""
    inside_left = start > 0 and is_word_character(text[start]) and is_word_character(text[start - 1])
    inside_right = end < len(text) and is_word_character(text[end - 1]) and is_word_character(text[end])
    return not (inside_left or inside_right)
