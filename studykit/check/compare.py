"""Does the Chinese say what the English says?

Looks at each pair of aligned sentences for what can be checked without understanding it: numbers,
units of time, names, glossary terms, negations, opposites, text left in English, length, sentences without
counterpart or in another paragraph. A finding is a place to look at, not a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from studykit.check.counts.comparisons import check_comparisons
from studykit.check.counts.numbers import check_numbers
from studykit.check.counts.units import check_units
from studykit.check.names.compare import NameChecker
from studykit.check.negation import check_negation
from studykit.check.opposites import check_opposites
from studykit.check.passage import Passage, passages
from studykit.check.relation import summarised
from studykit.check.slips import check_slips
from studykit.check.terms import check_terms
from studykit.check.wording import check_length, check_omitted, check_untranslated, is_left_in_english
from studykit.glossary import Glossary
from studykit.types import Finding, Notes, Slip

__all__ = ["check"]

_Checker = Callable[[Passage], Iterable[Finding]]
_SEVERITY = {"high": 0, "medium": 1, "low": 2}
_CASED = 0.5


def check(notes: Notes, glossary: Glossary, slips: Sequence[Slip] = ()) -> tuple[Finding, ...]:
    """All findings by paragraph, the gravest of each first; none without both languages.

    A summary leaves out most of what is said, and is held only to what it says itself. ``slips`` are
    sentences that stand in another paragraph than their English (``slipped``).
    """
    pairs = passages(notes, summarised(notes))
    whole = [passage for passage in pairs if not passage.is_summary]
    names = NameChecker(glossary, " ".join(sent.text for sent in notes.english), cased=_is_cased(notes))
    always: tuple[_Checker, ...] = (check_numbers, check_comparisons, names.check)
    of_translations: tuple[_Checker, ...] = (check_units, check_negation, check_opposites)
    translated = [passage for passage in pairs if not is_left_in_english(passage)]
    found = [finding for passage in translated for checker in always for finding in checker(passage)]
    translated = [passage for passage in translated if not passage.is_summary]
    found += [
        finding for passage in translated for checker in of_translations for finding in checker(passage)
    ]
    found += check_terms(translated, notes.terms, glossary)
    found += check_untranslated(whole)
    found += check_length(whole)
    moved = list(check_slips(slips, notes, whole))
    found += (finding for finding in check_omitted(whole) if not _is_told(finding, moved))
    found += moved
    return tuple(sorted(found, key=lambda finding: (finding.paragraph, _SEVERITY[finding.severity])))


def _is_told(omitted: Finding, moved: Sequence[Finding]) -> bool:
    """Whether what one language lacks here is what stands in another paragraph."""
    said = omitted.english or omitted.chinese
    return any(text and text in said for told in moved for text in (told.english, told.chinese))


def _is_cased(notes: Notes) -> bool:
    """Whether capitals in the English mean something: captions often have none, or some at random."""
    starts = [match[0] for sent in notes.english if (match := re.search(r"[A-Za-z]", sent.text))]
    ended = sum(sent.raw.rstrip().endswith((".", "?", "!")) for sent in notes.english)
    return (
        bool(starts)
        and ended / len(notes.english) > _CASED
        and sum(map(str.isupper, starts)) > len(starts) / 2
    )
