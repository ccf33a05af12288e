"""Glossary terms in a talk's sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from studykit.glossary import Glossary, Matcher
from studykit.types import Occurrence, Sentence, TermMatch

__all__ = ["find_terms"]


def find_terms(texts: Mapping[str, Sequence[Sentence]], glossary: Glossary) -> tuple[TermMatch, ...]:
    """Every occurrence of every glossary entry in the sentences of each language (``en``, ``zh``).

    Entries come in the order of their first occurrence, all English ones before those that only
    the Chinese text has; occurrences within an entry likewise. Depends on the glossary's forms
    alone, so a changed definition does not change the result.
    """
    found: dict[str, list[Occurrence]] = {}
    for language in sorted(texts):
        matcher = _matcher(glossary, language)
        for sent in texts[language]:
            for match in matcher.find(sent.text):
                at = Occurrence(language=language, sentence=sent.index, span=match.span)
                found.setdefault(match.entry_id, []).append(at)
    return tuple(TermMatch(entry_id=entry, occurrences=tuple(at)) for entry, at in found.items())


@lru_cache(maxsize=2)
def _matcher(glossary: Glossary, language: str) -> Matcher:
    """Many talks are searched for the same terms: one automaton for each language."""
    return Matcher(glossary, language)
