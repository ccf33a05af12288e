"""Finds the glossary's terms in a text.

All spellings of all forms go into one Aho-Corasick automaton (Aho & Corasick 1975), which reads the
text once, however many terms there are. Forms that are ordinary words as well (``argument``) are
judged afterwards, by the terms around them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

from ahocorasick_rs import AhoCorasick
from msgspec import Struct

from studykit.faces import late
from studykit.glossary.entry import Entry, Glossary
from studykit.glossary.forms import Spelling, fold, is_word_character, spellings, straighten
from studykit.glossary.load import built_in_spellings
from studykit.languages import is_chinese
from studykit.types import Span

__all__ = ["Match", "Matcher", "Says"]

_REACH = 3
"""Sentences on either side in which a related term vouches for an ambiguous form."""
_ROUNDS = 2
"""What is borne out vouches for others in the next round."""
_BETWEEN = "\0"
"""Stands between texts that are searched together; no form has it."""
_BLOCKED = ""
"""Stands for the entry of a phrase in which a form means something else."""
_IDENTIFIER = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\b[A-Za-z_]+\(\)")
"""A name out of a program: ``load_dataset``, ``fit()``."""
_BEFORE_A_VERB = late(
    r"\b(?:to|i|you|we|they|who|can|could|will|would|shall|should|must|may|might|do|does|did|don't|doesn't"
    r"|didn't|can't|cannot|couldn't|won't|wouldn't|let's|i'll|you'll|we'll|they'll|i'd|you'd|we'd|they'd"
    r"|please|never|always|help|helps)\s+(?:(?:also|just|then|not|actually|really|only|even|simply)\s+)?$"
)
_VERB_ENDING = re.compile(r"(?:e|ed|es|ing)$")
Says = Callable[[str, int], bool | None]


class Match(Struct, frozen=True, kw_only=True):
    """An entry's form in a text; the span counts code points and takes in a plural's ending."""

    entry_id: str
    span: Span


class _Forms:
    """What a glossary's matchers of one kind share; making it takes most of a matcher's time."""

    def __init__(self, glossary: Glossary, *, chinese_too: bool, lenient: bool) -> None:
        # Several entries may share a folded spelling (SEAL and seal): at most one in any case, stored
        # under None, and others in an exact case each.
        claims: dict[str, dict[str | None, str]] = {}
        known = built_in_spellings()

        def spelt(form: str) -> Iterable[Spelling]:
            return known.get(form) or spellings(form)

        self.ambiguous: dict[str, set[str]] = {}
        self.verbs: dict[str, set[str]] = {}
        self.linked: dict[str, set[str]] = defaultdict(set)
        self.of_programs: set[str] = set()
        of_category: dict[str, list[str]] = defaultdict(list)
        for entry in glossary.entries:
            of_category[entry.category].append(entry.id)
        for entry in glossary.entries:
            chinese = entry.chinese_forms if chinese_too else ()
            for form in (*entry.english_forms, *chinese):
                for text, exact in spelt(form):
                    claims.setdefault(fold(text) if exact else text, {}).setdefault(
                        text if exact else None, entry.id
                    )
            if entry.ambiguous and not lenient:
                self.ambiguous[entry.id] = {
                    fold(text.text)
                    for form in entry.ambiguous
                    if not chinese_too or not form.isascii()
                    for text in spelt(form)
                }
                self.verbs[entry.id] = {fold(text.text) for form in _own_verbs(entry) for text in spelt(form)}
            for other in entry.see_also:
                self.linked[entry.id].add(other)
                self.linked[other].add(entry.id)
            if entry.ambiguous and entry.category == "programming":
                self.of_programs.add(entry.id)
        self.related = {entry.id: set(self.linked[entry.id]) for entry in glossary.entries}
        for entry in glossary.entries:
            for other in entry.company if entry.ambiguous else ():
                self.related[entry.id].update(set(of_category.get(other, (other,))) - {entry.id})
        for phrase in (phrase for entry in glossary.entries for phrase in entry.not_in):
            for text in {fold(spelling.text) for spelling in spelt(phrase)}:
                claims.setdefault(text, {}).setdefault(None, _BLOCKED)  # unless a form by itself
        self.claims = list(claims.values())
        self.automaton = AhoCorasick(claims)


@lru_cache(maxsize=8)
def _forms(glossary: Glossary, *, chinese_too: bool, lenient: bool) -> _Forms:
    return _Forms(glossary, chinese_too=chinese_too, lenient=lenient)


class Matcher:
    """Finds a glossary's terms in texts of one language.

    English text is searched for the English forms, Chinese text for all forms, since technical
    Chinese keeps many terms in English.

    A form that its entry calls ambiguous, unless it is English in Chinese text, where nobody says an
    everyday word in English, counts only where it is no verb, or that of the entry's own noun (fine-tune of
    fine-tuning), and in company: a related term, linked by ``see_also`` in either direction or named by
    ``company``, stands within three sentences unmistakably or borne out so itself, or a linked one,
    ambiguous too, in the same sentence; for a programmer's word a name out of a program in the same
    sentence will do. In a talk where that holds for at least half of an entry's ambiguous forms, or for
    some and related terms are as frequent as these forms, it holds for all of them: a word keeps its sense
    within one talk (Gale, Church & Yarowsky 1992). ``lenient`` counts ambiguous forms everywhere, which
    suits the translation of a text that is known to hold the term.
    """

    def __init__(self, glossary: Glossary, language: str, *, lenient: bool = False) -> None:
        forms = _forms(glossary, chinese_too=is_chinese(language), lenient=lenient)
        self._ambiguous, self._verbs = forms.ambiguous, forms.verbs
        self._linked, self._related = forms.linked, forms.related
        self._of_programs = forms.of_programs
        self._claims, self._automaton = forms.claims, forms.automaton

    def find(self, text: str) -> list[Match]:
        """Matches from left to right, never overlapping; of those that start together the longest."""
        return self.find_in([text])[0]

    def forms_in(self, texts: Sequence[str]) -> list[list[tuple[Match, bool]]]:
        """The matches in each text, and whether each is ambiguous; verbs are left out."""
        written = straighten(_BETWEEN.join(texts))  # one by one they would take twice as long
        folded = _BETWEEN.join(map(fold, written.split(_BETWEEN)))
        found: list[list[tuple[Match, bool]]] = [[] for _ in texts]
        ends = list(accumulate(len(text) + 1 for text in texts))
        free_from = place = begin = 0
        for pattern, start, end in self._hits(folded):
            if start < free_from or not _stands_alone(folded, start, end):
                continue
            claims = self._claims[pattern]
            entry_id = claims.get(written[start:end]) or claims.get(None)
            if entry_id is None:
                continue
            free_from = end
            if entry_id == _BLOCKED:
                continue
            while ends[place] <= start:
                begin = ends[place]
                place += 1
            ambiguous = folded[start:end] in self._ambiguous.get(entry_id, ())
            noun = ambiguous and folded[start:end] not in self._verbs[entry_id]
            if not (noun and _BEFORE_A_VERB.search(folded[max(start - 40, begin) : start])):
                match = Match(entry_id=entry_id, span=Span(start=start - begin, end=end - begin))
                found[place].append((match, ambiguous))
        return found

    def find_in(self, texts: Sequence[str], says: Says | None = None) -> list[list[Match]]:
        """The matches of each of a talk's sentences, in order, each judged by the talk around it.

        ``says``: what the translation tells of an entry in a sentence, None where it tells nothing.
        """
        found = self.forms_in(texts)
        says = says or (lambda *_: None)
        sure = [
            {match.entry_id for match, ambiguous in here if not ambiguous or says(match.entry_id, i)}
            for i, here in enumerate(found)
        ]
        for _ in range(_ROUNDS):
            told = self._told(texts, found, sure, says)
            for here, known in zip(told, sure, strict=True):
                known.update(match.entry_id for match in here)
        return told

    def _told(
        self,
        texts: Sequence[str],
        found: Sequence[Sequence[tuple[Match, bool]]],
        sure: Sequence[set[str]],
        says: Says,
    ) -> list[list[Match]]:
        """The matches that count if the entries in ``sure`` stand in each text beyond doubt."""
        vouched: dict[str, list[bool]] = defaultdict(list)
        for i, here in enumerate(found):
            for match, ambiguous in here:
                if ambiguous:
                    # Where the translation has nothing of it, only what stands beside it counts.
                    reach = 0 if says(match.entry_id, i) is False else _REACH
                    near = set().union(*sure[max(i - reach, 0) : i + reach + 1])
                    near |= self._linked[match.entry_id].intersection(other.entry_id for other, _ in here)
                    vouched[match.entry_id].append(self._in_company(match.entry_id, near, texts[i]))
        often = Counter(entry_id for here in sure for entry_id in here)
        settled = {entry_id for entry_id, told in vouched.items() if self._is_settled(entry_id, told, often)}
        told = {entry_id: iter(answers) for entry_id, answers in vouched.items()}
        return [
            [
                match
                for match, ambiguous in here
                if not ambiguous or next(told[match.entry_id]) or match.entry_id in settled
            ]
            for here in found
        ]

    def _is_settled(self, entry_id: str, told: Sequence[bool], often: Counter[str]) -> bool:
        """Whether an entry's ambiguous forms have its sense throughout a talk; ``often``: sure terms."""
        company = sum(often[other] for other in self._related[entry_id])
        return sum(told) * 2 >= len(told) or (any(told) and company >= len(told))

    def _in_company(self, entry_id: str, near: set[str], text: str) -> bool:
        """Whether an ambiguous form of an entry in ``text`` is borne out by the entries ``near`` it."""
        if entry_id in near or not self._related[entry_id].isdisjoint(near):
            return True
        return entry_id in self._of_programs and _IDENTIFIER.search(text) is not None

    def _hits(self, text: str) -> list[tuple[int, int, int]]:
        """Pattern, start and end of all forms in a text, the longest of those that start together first."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return sorted(hits, key=lambda hit: (hit[1], -hit[2]))


def _own_verbs(entry: Entry) -> list[str]:
    """Ambiguous forms that are the verb of the entry's own noun: fine-tune of fine-tuning."""
    nouns = {form.lower() for form in entry.english_forms if " " not in form}
    return [
        form
        for form in entry.ambiguous
        if any(noun.startswith(_VERB_ENDING.sub("", form.lower())) for noun in nouns - {form.lower()})
    ]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ``[start, end)`` is no part of a longer word."""
    inside_left = start > 0 and is_word_character(text[start]) and is_word_character(text[start - 1])
    inside_right = end < len(text) and is_word_character(text[end - 1]) and is_word_character(text[end])
    return not (inside_left or inside_right)
