"""A statement against what was said, and against its own translation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from studykit.check.counts.comparisons import check_comparisons
from studykit.check.counts.numbers import check_numbers
from studykit.check.counts.units import check_units
from studykit.check.names.compare import NameChecker
from studykit.check.negation import check_negation
from studykit.check.opposites import check_opposites
from studykit.check.passage import Passage
from studykit.check.statements.turned import denies, denies_chinese, is_turned, is_turned_chinese
from studykit.check.statements.unsaid import overstates, unsaid_numbers
from studykit.check.terms import check_terms
from studykit.check.wording import check_untranslated
from studykit.glossary import Glossary, Matcher
from studykit.types import Finding, Gloss, Occurrence, Span, Term, Token

__all__ = ["StatementChecker"]

Tag = Callable[[Sequence[str]], list[tuple[Token, ...]]]
_GRAVE = frozenset({"high", "medium"})


_ENDING = 3
"""Letters of a word that its other forms may lack: training, trained."""
_SHORTEST_STEM = 4


def _begins_in(word: str, said: str) -> bool:
    stem = word[: max(_SHORTEST_STEM, len(word) - _ENDING)]
    return re.search(rf"\b{re.escape(stem)}", said, re.IGNORECASE) is not None


class StatementChecker:
    """Compares statements with what was said. ``english``: all English of the talk; ``tag`` tags English."""

    def __init__(self, glossary: Glossary, english: str, tag: Tag) -> None:
        self._glossary = glossary
        self._matchers = {language: Matcher(glossary, language) for language in ("en", "zh")}
        self._names = NameChecker(glossary, english, cased=True)
        self._english = english.lower()
        self._tag = tag

    def unsaid_numbers(self, statement: str, said: str, language: str) -> list[str]:
        """Numbers, in digits or words, and units that the statement has and ``said`` has not."""
        return unsaid_numbers(statement, said, language)

    def unsaid_names(self, statement: str, said: str, language: str) -> list[str]:
        """Names that the statement has and ``said`` has not."""
        return self._names.unsaid(statement, said, language)

    def unsaid_terms(self, statement: str, said: str, language: str) -> list[str]:
        """Glossary terms that the statement has and ``said`` has not."""
        matcher = self._matchers[language]
        known = {match.entry_id for match in matcher.find(said)}
        found = [
            (match.entry_id, statement[match.span.start : match.span.end])
            for match in matcher.find(statement)
        ]
        return [form for entry_id, form in found if entry_id not in known and not self._is_headed(form, said)]

    def _is_headed(self, form: str, said: str) -> bool:
        """Whether its words are said in other forms (training: trained), or its last word alone in a talk
        that has the whole term elsewhere (language model: model)."""
        *before, last = form.lower().split()
        if all(_begins_in(word, said) for word in (*before, last)):
            return True
        return bool(before) and form.lower() in self._english and _begins_in(last, said)

    def is_turned(self, statement: str, said: str, language: str) -> bool:
        """Whether the statement says the opposite, or more than was said: all, never, only, better."""
        if language == "zh":
            return is_turned_chinese(statement, said)
        here, there = self._tag([statement, said])
        return is_turned(here, there) or overstates(here, there)

    def goes_beyond(self, statement: str, said: str, language: str) -> bool:
        """Whether the statement denies something, or says all, never or only, and nothing in ``said`` does.

        For what is said in many sentences, where ``is_turned`` would take the words of one for another's.
        """
        if language == "zh":
            return denies_chinese(statement) and not denies_chinese(said)
        here, there = self._tag([statement, said])
        return overstates(here, there) or (denies(here) and not denies(there))

    def differs(self, english: str, chinese: str) -> str | None:
        """The kind of the gravest finding about a pair that should say the same, None if there is none."""
        whole = Span(start=0, end=1)
        passage = Passage(
            paragraph=0,
            english=english,
            chinese=chinese,
            near_english=english,
            near_chinese=chinese,
            source=whole,
            target=whole,
            score=1.0,
        )
        checks = (
            *(check_numbers, check_comparisons, self._names.check, check_units),
            *(check_negation, check_opposites),
        )
        found: list[Finding] = [finding for check in checks for finding in check(passage)]
        found += check_untranslated([passage])
        found += check_terms([passage], self._terms(english), self._glossary)
        return next((finding.kind for finding in found if finding.severity in _GRAVE), None)

    def _terms(self, english: str) -> list[Term]:
        """The glossary's terms in an English text, as if it were the only sentence of a talk."""
        places: dict[str, list[Occurrence]] = {}
        for match in self._matchers["en"].find(english):
            places.setdefault(match.entry_id, []).append(
                Occurrence(language="en", sentence=0, span=match.span)
            )
        entries = [(self._glossary.get(entry_id), at) for entry_id, at in places.items()]
        return [
            Term(
                entry_id=entry.id,
                english=entry.english,
                abbreviation=entry.abbreviation,
                chinese=entry.chinese,
                category=entry.category,
                glosses=(Gloss(text=entry.chinese, language="zh", source="glossary"),),
                demo=None,
                occurrences=tuple(at),
            )
            for entry, at in entries
            if entry
        ]
