"""Does the Chinese say what the English says?

Looks at each pair of aligned sentences for what can be checked without understanding it: numbers,
names, glossary terms, negations, text left in English, length, and sentences without counterpart. A
finding is a place to look at, not a verdict.
"""

from __future__ import annotations

import re

from studykit.check.names import NameChecker
from studykit.check.numbers import check_numbers
from studykit.check.passage import passages
from studykit.check.terms import check_terms
from studykit.check.wording import check_length, check_negation, check_omitted, check_untranslated
from studykit.glossary import Glossary
from studykit.types import Finding, Notes

__all__ = ["check"]

_SEVERITY = {"high": 0, "medium": 1, "low": 2}
_CASED = 0.5


def check(notes: Notes, glossary: Glossary) -> tuple[Finding, ...]:
    """All findings by paragraph, the gravest of each first; none without both languages."""
    pairs = passages(notes)
    names = NameChecker(glossary, " ".join(sent.text for sent in notes.english), cased=_is_cased(notes))
    found: list[Finding] = []
    for passage in pairs:
        for checker in (check_numbers, names.check, check_untranslated, check_negation):
            found += checker(passage)
    found += check_terms(pairs, notes.terms, glossary)
    found += check_length(pairs)
    found += check_omitted(pairs)
    return tuple(sorted(found, key=lambda finding: (finding.paragraph, _SEVERITY[finding.severity])))


def _is_cased(notes: Notes) -> bool:
    """Whether capitals in the English mean something: captions often have none, or some at random."""
    starts = [match[0] for sent in notes.english if (match := re.search(r"[A-Za-z]", sent.text))]
    ended = sum(sent.raw.rstrip().endswith((".", "?", "!")) for sent in notes.english)
    return (
        bool(starts)
        and ended / len(notes.english) > _CASED
        and sum(map(str.isupper, starts)) > len(starts) / 2
    )
