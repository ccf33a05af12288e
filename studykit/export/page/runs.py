"""Cuts text into runs where terms and vocabulary begin and end, so that nothing is marked up twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from msgspec import Struct

from studykit.languages import gap_after
from studykit.types import DOUBT_MARK, DOUBTFUL, RESTORED, Notes, Sentence, Span, Term

__all__ = ["Doubts", "Marks", "Run", "apart", "doubts_of", "runs", "term_marks"]

Marks = Mapping[int, Sequence[tuple[Span, str]]]
"""For each sentence, its terms in order: code points and entry id."""

Doubts = Mapping[int, Collection[int]]
"""For each sentence, the code points after doubtful restored characters."""


_Mark = tuple[Span, str | None, str | None]
"""A place with the entry id of a term, or with the id of an item."""


class Run(Struct, frozen=True, kw_only=True):
    """A piece of text; ``term`` is the entry id if it is a glossary term, ``item`` the id if it is a
    vocabulary item explained there; otherwise both are None."""

    text: str
    term: str | None
    item: str | None = None


def term_marks(terms: Iterable[Term], language: str) -> Marks:
    """The places of terms in the sentences of a language."""
    marks: dict[int, list[tuple[Span, str]]] = {}
    for term in terms:
        for at in term.occurrences:
            if at.language == language:
                marks.setdefault(at.sentence, []).append((at.span, term.entry_id))
    for found in marks.values():
        found.sort(key=lambda mark: mark[0].start)
    return marks


def doubts_of(notes: Notes) -> Doubts:
    """The doubtful restored characters of the Chinese sentences."""
    found: dict[int, list[int]] = {}
    for correction in notes.corrections:
        if correction.rule == RESTORED and correction.confidence < DOUBTFUL and correction.right.isalpha():
            sentence = notes.chinese[correction.sentence]
            end = _in_text(sentence, correction.span.end)
            if end is not None:
                found.setdefault(correction.sentence, []).append(end)
    return found


def _in_text(sentence: Sentence, end: int) -> int | None:
    """The place after a character of the text as read in the corrected text, if it is still there."""
    if sentence.text == sentence.raw:
        return end
    blocks = SequenceMatcher(None, sentence.raw, sentence.text, autojunk=False).get_matching_blocks()
    return next((end - block.a + block.b for block in blocks if block.a < end <= block.a + block.size), None)


def runs(
    sentences: Sequence[Sentence],
    span: Span,
    marks: Marks,
    language: str,
    items: Marks | None = None,
    *,
    doubts: Doubts | None = None,
) -> tuple[Run, ...]:
    """The text of some sentences, cut where terms, or ``items`` outside terms, begin and end.

    ``DOUBT_MARK`` follows each of the ``doubts``.
    """
    made: list[Run] = []
    plain = ""
    for i in range(span.start, span.end):
        text, at = sentences[i].text, 0
        if i > span.start:
            plain += gap_after(sentences[i - 1].text, language)
        unsure = sorted(doubts[i]) if doubts and i in doubts else ()
        for where, term, item in _places(marks.get(i, ()), items.get(i, ()) if items else ()):
            plain += _with_doubts(text, at, where.start, unsure)
            marked = _with_doubts(text, where.start, where.end, unsure)
            at = where.end
            if marked:
                if plain:
                    made.append(Run(text=plain, term=None))
                    plain = ""
                made.append(Run(text=marked, term=term, item=item))
        plain += _with_doubts(text, at, len(text), unsure)
    if plain:
        made.append(Run(text=plain, term=None))
    return tuple(made)


def _places(terms: Sequence[tuple[Span, str]], items: Sequence[tuple[Span, str]]) -> list[_Mark]:
    marks: list[_Mark] = [(where, term, None) for where, term in terms]
    return apart(marks, [(where, None, item) for where, item in items])


def _with_doubts(text: str, start: int, end: int, unsure: Sequence[int]) -> str:
    if not unsure:
        return text[start:end]
    cuts = [start, *(at for at in unsure if start < at <= end), end]
    return DOUBT_MARK.join(text[a:b] for a, b in pairwise(cuts))


def apart(terms: Sequence[_Mark], items: Sequence[_Mark]) -> list[_Mark]:
    """All terms, and the items that overlap neither a term nor a longer item, in order."""
    if not items:
        return sorted(terms, key=lambda mark: mark[0].start) if len(terms) > 1 else list(terms)
    kept = list(terms)
    for mark in sorted(items, key=lambda mark: (-len(mark[0]), mark[0].start)):
        span = mark[0]
        if all(span.end <= other.start or other.end <= span.start for other, *_ in kept):
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark[0].start)
