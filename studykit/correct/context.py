"""Is this talk, and this place in it, about language models?

Evidence is a glossary term that means nothing else: several words, an abbreviation, a rare word.
"Token" or "weights" alone prove nothing, since they are what has to be decided.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice

from studykit.correct.lexicon import is_everyday, words_of
from studykit.glossary import Glossary, Matcher
from studykit.glossary.forms import has_han

__all__ = ["Context"]

_NEAR = {"en": 400, "zh": 250}
"""Code points on either side that count as near: about half a minute of speech."""
_RARE_ZIPF = 3.3
_LONG_CHINESE = 3
_OF_ANY_TALK = {"programming", "general"}
"""Terms that prove nothing: whatever runs on computers has databases and algorithms."""
_FIELD = 5
"""Different terms that make a text one about language models."""


class Context:
    """Where terms of the field stand in the sentences' raw texts."""

    def __init__(self, texts: Sequence[str], glossary: Glossary, language: str) -> None:
        self._near = _NEAR[language]
        self._offsets: list[int] = []
        self._said: dict[str, set[int]] = {}
        self._texts = texts
        self._holding: dict[str, tuple[int, ...]] = {}
        """By form the first two sentences that hold it."""
        starts = [text.lstrip()[:1] for text in texts if text.strip()]
        self.is_cased = sum(map(str.isupper, starts)) > len(starts) / 2
        """Whether sentences begin with a capital, so that capitals mean something."""
        places: list[tuple[int, int, str]] = []
        matcher = Matcher(glossary, language)
        of_the_trade = {entry.id for entry in glossary.entries if entry.category in _OF_ANY_TALK}
        at = 0
        for text in texts:
            self._offsets.append(at)
            for match in matcher.find(text):
                self._said.setdefault(match.entry_id, set()).add(len(self._offsets) - 1)
                if match.entry_id not in of_the_trade and _is_evidence(
                    text[match.span.start : match.span.end]
                ):
                    places.append((at + match.span.start, at + match.span.end, match.entry_id))
            at += len(text) + 1
        self.is_of_the_field = len({entry for *_, entry in places}) >= _FIELD
        """Whether the text as a whole speaks of language models."""
        self._starts = [start for start, _, _ in places]
        self._places = places
        self._entries = {entry.id: entry for entry in glossary.entries}

    def is_said(self, entry_id: str | None, form: str, sentence: int) -> bool:
        """Whether a term, or a name that no entry has, stands in another sentence as it should be."""
        if entry_id is not None:
            return bool(self._said.get(entry_id, set()) - {sentence})
        if form not in self._holding:
            holding = (at for at, text in enumerate(self._texts) if form in text)
            self._holding[form] = tuple(islice(holding, 2))
        return any(at != sentence for at in self._holding[form])

    def terms_near(self, sentence: int, start: int, end: int, *, reach: float = 1.0) -> set[str]:
        """Entries with evidence near, but not within, ``[start, end)`` of a sentence."""
        low, high = self._offsets[sentence] + start, self._offsets[sentence] + end
        near = round(self._near * reach)
        first, last = bisect_left(self._starts, low - near), bisect_right(self._starts, high + near)
        return {entry for a, b, entry in self._places[first:last] if b <= low or a >= high}

    def is_related(self, entry_id: str | None, others: set[str]) -> bool:
        """Whether an entry is one of ``others``, linked to one, or of the same part of the stack."""
        entry = self._entries.get(entry_id or "")
        if entry is None:
            return False
        return any(
            other == entry.id
            or other in entry.see_also
            or entry.id in self._entries[other].see_also
            or self._entries[other].category == entry.category
            for other in others
        )


def _is_evidence(form: str) -> bool:
    if has_han(form):
        return len(form) >= _LONG_CHINESE
    if len(words_of(form)) > 1 or (form.isupper() and len(form) > 2):
        return True
    return not is_everyday(form, _RARE_ZIPF)
