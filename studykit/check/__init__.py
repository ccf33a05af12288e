"""Does the Chinese say what the English says?

Looks at each pair of aligned sentences for what can be checked without understanding it: numbers,
units of time, names, glossary terms, negations, text left in English, length, and sentences without
counterpart. A finding is a place to look at, not a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from studykit.check.comparisons import check_comparisons
from studykit.check.counts.numbers import check_numbers
from studykit.check.counts.units import check_units
from studykit.check.names.compare import NameChecker
from studykit.check.negation import check_negation
from studykit.check.passage import Passage, passages
from studykit.check.relation import Relation, relation_of, require_same_talk
from studykit.check.slips import Slip, slipped
from studykit.check.terms import check_terms
from studykit.check.wording import check_length, check_omitted, check_untranslated
from studykit.glossary import Glossary
from studykit.types import Finding, Notes

__all__ = ["Relation", "Slip", "check", "relation_of", "require_same_talk", "slipped"]

_Checker = Callable[[Passage], Iterable[Finding]]
_SEVERITY = {"high": 0, "medium": 1, "low": 2}
_CASED = 0.5


def check(notes: Notes, glossary: Glossary) -> tuple[Finding, ...]:
    """All findings by paragraph, the gravest of each first; none without both languages.

    A summary leaves out most of what is said, and is held only to what it says itself.
    """
    is_summary = relation_of(notes).kind == "summary"
    pairs = passages(notes, is_summary=is_summary)
    names = NameChecker(glossary, " ".join(sent.text for sent in notes.english), cased=_is_cased(notes))
    checkers: tuple[_Checker, ...] = (check_numbers, check_comparisons, names.check)
    if not is_summary:
        checkers += (check_units, check_untranslated, check_negation)
    found = [finding for passage in pairs for checker in checkers for finding in checker(passage)]
    if not is_summary:
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
