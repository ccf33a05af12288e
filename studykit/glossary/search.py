"""Finds terms by what a person types: either language, pinyin, part of a form, or nearly a form.

All forms go into one sorted list, once from each word (or Chinese character) on, so that whatever
begins with the query stands together and bisection finds it. Unlike ``Matcher``, which finds terms in
a text, this ranks guesses.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple

from msgspec import Struct

from studykit.faces import late
from studykit.glossary.entry import Entry, Glossary
from studykit.glossary.forms import fold, spellings, straighten
from studykit.glossary.pinyin import letters, readings
from studykit.languages import HAN

__all__ = ["Found", "MatchKind", "Searcher", "near", "search"]

MatchKind = Literal["exact", "prefix", "inside", "pinyin", "typo"]
"""How a query met a form, best first; ``inside``: it begins a later word of it."""

_FLOOR: dict[MatchKind, float] = {"exact": 0.8, "prefix": 0.6, "inside": 0.4, "pinyin": 0.2, "typo": 0.0}
_BAND = 0.2
_FIELDS = ("english", "abbreviation", "chinese", "aliases", "chinese_accepted", "misheard")
_WORD = late(rf"[{HAN}]|[^\W{HAN}]+")
_LAST = "\U0010ffff"
_SHORTEST_PINYIN = 2
_ALIKE = 75
"""How alike letters must be, of 100, by rapidfuzz's WRatio, for a term to be offered."""
_text_of = attrgetter("text")


class Found(Struct, frozen=True, kw_only=True):
    """An entry that a search found."""

    entry: Entry
    score: float
    """0-1. Each kind of match has a band of its own, .8-1 for ``exact`` down to 0-.2 for ``typo``; in
    it, the more of the form the query covers, the higher."""
    kind: MatchKind
    field: str
    """The field of the entry that holds ``form``."""
    form: str


class _Form(NamedTuple):
    entry: Entry
    field: int
    text: str


class _Key(NamedTuple):
    """A spelling of a form from some word on; ``share`` of the whole spelling."""

    text: str
    form: int
    share: float


class _Hit(NamedTuple):
    """Sorts best first; forms are numbered by their entries' ids."""

    minus_score: float
    field: int
    form: int
    kind: MatchKind


class Searcher:
    """Searches a glossary; building takes longer than many searches."""

    def __init__(self, glossary: Glossary) -> None:
        self._forms = [
            _Form(entry, number, text)
            for entry in glossary.entries
            for number, field in enumerate(_FIELDS)
            for text in _texts(entry, field)
        ]
        keys: list[_Key] = []
        for number, form in enumerate(self._forms):
            for spelling in _spellings(form):
                # From the start even if that is no word but a sign.
                starts = {0, *(match.start() for match in _WORD.finditer(spelling))}
                keys += [_Key(spelling[at:], number, 1 - at / len(spelling)) for at in starts]
        self._keys = sorted(keys)

    def find(self, query: str, *, limit: int = 20) -> list[Found]:
        """The best ``limit`` entries, each once, best first; equal ones by field, then by id.

        Typos are looked for only where the query begins no word of a form, nor of its pinyin.
        """
        text = " ".join(straighten(query).split())
        if not text:
            return []
        typed = letters(text)
        best: dict[str, _Hit] = {}
        self._keep(best, self._spelled(text))
        # Pinyin never comes before a form, so that a full list needs none.
        with_pinyin = len(typed) >= _SHORTEST_PINYIN and len(best) < limit
        if with_pinyin:
            self._keep(best, self._in_pinyin(typed))
        nothing_yet = not best
        if with_pinyin:
            self._keep(best, self._by_initials(typed))
        if nothing_yet:
            self._keep(best, self._misspelt(fold(text), self._words))
            self._keep(best, self._misspelt(typed, self._syllables))
        return [
            Found(
                entry=self._forms[hit.form].entry,
                score=round(-hit.minus_score, 4),
                kind=hit.kind,
                field=_FIELDS[hit.field],
                form=self._forms[hit.form].text,
            )
            for hit in sorted(best.values())[:limit]
        ]

    def _keep(self, best: dict[str, _Hit], hits: Iterator[tuple[int, MatchKind, float]]) -> None:
        for number, kind, closeness in hits:
            minus_score = -_FLOOR[kind] - _BAND * closeness
            entry, field, _ = self._forms[number]
            known = best.get(entry.id)
            if known is None or (minus_score, field, number) < known[:3]:
                best[entry.id] = _Hit(minus_score, field, number, kind)

    def _spelled(self, text: str) -> Iterator[tuple[int, MatchKind, float]]:
        folded = fold(text)
        for key in _beginning_with(self._keys, folded):
            covered = len(folded) / len(key.text) * key.share
            if key.share < 1:
                yield key.form, "inside", covered
            elif key.text != folded:
                yield key.form, "prefix", covered
            elif _FIELDS[self._forms[key.form].field] == "misheard":
                yield key.form, "exact", 0
            else:
                yield key.form, "exact", 1 if straighten(self._forms[key.form].text) == text else 0.5

    def _in_pinyin(self, typed: str) -> Iterator[tuple[int, MatchKind, float]]:
        for key in _beginning_with(self._pinyin[0], typed):
            covered = len(typed) / len(key.text) * key.share
            yield key.form, "pinyin", (1 + covered) / 2 if key.share == 1 else covered / 2

    def _by_initials(self, typed: str) -> Iterator[tuple[int, MatchKind, float]]:
        for key in _beginning_with(self._pinyin[1], typed):
            yield key.form, "pinyin", len(typed) / len(key.text) / 2

    def _misspelt(
        self, query: str, known: dict[int, dict[str, dict[int, float]]]
    ) -> Iterator[tuple[int, MatchKind, float]]:
        """Texts within a few edits: as Lucene's AUTO fuzziness none, one from 3, two from 6 letters,
        and, since terms are often several words, one more for every 8 letters beyond.

        Optimal string alignment: two letters changed about are one edit (Damerau 1964).
        """
        from rapidfuzz.distance import OSA  # noqa: PLC0415  (only misspelt queries need it)
        from rapidfuzz.process import extract  # noqa: PLC0415

        allowed = 0 if len(query) < 3 else 1 if len(query) < 6 else 2 + (len(query) - 6) // 8
        for length in range(len(query) - allowed, len(query) + allowed + 1 if allowed else 0):
            texts = known.get(length, {})
            for text, edits, _ in extract(
                query, list(texts), scorer=OSA.distance, score_cutoff=allowed, limit=None
            ):
                near = 1 - edits / max(len(query), length)
                for number, weight in texts[text].items():
                    yield number, "typo", near * weight

    @cached_property
    def _pinyin(self) -> tuple[list[_Key], list[_Key]]:
        """Pinyin written out, from each syllable on; and initials, of the whole form only."""
        full: set[_Key] = set()
        initials: set[_Key] = set()
        for number, form in enumerate(self._forms):
            for syllables in readings(form.text):
                whole = "".join(syllable.full for syllable in syllables)
                at = 0
                for syllable in syllables:
                    full.add(_Key(whole[at:], number, 1 - at / len(whole)))
                    at += len(syllable.full)
                initials.add(_Key("".join(syllable.initial for syllable in syllables), number, 1))
        return sorted(full), sorted(initials)

    @cached_property
    def _words(self) -> dict[int, dict[str, dict[int, float]]]:
        """By length, what may be misspelt: whole forms weigh 1, words of them half."""
        known: dict[int, dict[str, dict[int, float]]] = {}
        for key in self._keys:
            if key.share == 1:
                known.setdefault(len(key.text), {}).setdefault(key.text, {})[key.form] = 1.0
            word = key.text.partition(" ")[0]
            known.setdefault(len(word), {}).setdefault(word, {}).setdefault(key.form, 0.5)
        return known

    @cached_property
    def _syllables(self) -> dict[int, dict[str, dict[int, float]]]:
        """By length, the pinyin of whole forms; weighs half."""
        known: dict[int, dict[str, dict[int, float]]] = {}
        for key in self._pinyin[0]:
            if key.share == 1:
                known.setdefault(len(key.text), {}).setdefault(key.text, {})[key.form] = 0.5
        return known


def search(glossary: Glossary, query: str, *, limit: int = 20) -> list[Found]:
    """``Searcher.find`` for a single search."""
    return Searcher(glossary).find(query, limit=limit)


def near(glossary: Glossary, text: str, *, limit: int = 3) -> list[Entry]:
    """The entries that may be meant by a text that is no form, the likest first.

    What a search finds; else those of which a form has nearly the same letters, whatever the spaces
    between them: ``kvcaching`` is near "KV caching".
    """
    found = search(glossary, text, limit=limit)
    if found:
        return [hit.entry for hit in found]
    from rapidfuzz import fuzz, process  # noqa: PLC0415  (only unknown terms need it)

    forms = {
        _letters(form): entry
        for entry in glossary.entries
        for form in (*entry.english_forms, *entry.chinese_forms)
    }
    alike = process.extract(_letters(text), list(forms), scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=None)
    return list({forms[form].id: forms[form] for form, *_ in alike}.values())[:limit]


def _letters(text: str) -> str:
    return fold(straighten(text)).replace(" ", "")


def _texts(entry: Entry, field: str) -> tuple[str, ...]:
    value = getattr(entry, field)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _spellings(form: _Form) -> set[str]:
    """Folded; a mis-hearing has no other spelling than its own."""
    if _FIELDS[form.field] == "misheard":
        return {fold(straighten(form.text))}
    return {fold(spelling.text) for spelling in spellings(form.text)}


def _beginning_with(keys: list[_Key], text: str) -> list[_Key]:
    first = bisect_left(keys, text, key=_text_of)
    return keys[first : bisect_left(keys, text + _LAST, first, key=_text_of)]
