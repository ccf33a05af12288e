"""Which words of a paragraph stand out, in both languages alike.

An item that is marked in the Chinese is marked in the English of the same paragraph, and an English one
in the Chinese wherever its Chinese stands there. Marks begin and end where words do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from studykit.export.page.runs import Marks, apart, term_marks
from studykit.faces import late
from studykit.lexicon.pinyin import word_edges
from studykit.types import Notes, NotesParagraph, Span, VocabularyItem

__all__ = ["Marked", "Shown", "marks_of"]

_BETWEEN = late("[；，、]")
_HINT = re.compile(r"[（(][^）)]{0,80}[）)]")
_ENDING = re.compile(r"['’]\w*|\w+")
"""What is left of a word that a place begins inside: 's of it's."""
_WITHIN = re.compile(r"\w$|\w['’]$")
_REST = re.compile(r"\w+(?:['’]t\b)?")
"""What is left of a word that a place ends inside: n't of don't."""


class Shown(Struct, frozen=True, kw_only=True):
    """An item by the id that a page gives it, explained in one paragraph."""

    id: str
    item: VocabularyItem
    paragraph: int


class Marked(Struct, frozen=True, kw_only=True):
    """The places of one language."""

    terms: Marks
    items: Marks


_Place = tuple[int, Span, str]
"""Sentence, code points, id."""


def marks_of(notes: Notes, shown: Sequence[Shown]) -> dict[str, Marked]:
    """The places of all terms and of ``shown`` items, by language."""
    terms = {language: term_marks(notes.terms, language) for language in ("en", "zh")}
    printed = {term.entry_id: term.chinese for term in notes.terms}
    made: dict[str, list[tuple[list[_Place], list[_Place]]]] = {"en": [], "zh": []}
    shown_in: dict[int, list[Shown]] = {}
    for one in shown:
        shown_in.setdefault(one.paragraph, []).append(one)
    for para in notes.paragraphs:
        mine = shown_in.get(para.index, [])
        english = _resolved(notes, "en", _terms(terms["en"], para.english), _items(mine, para, "en"))
        chinese_terms, chinese_items = _terms(terms["zh"], para.chinese), _items(mine, para, "zh")
        if len(para.english):
            marked = {id_ for places in english for _, _, id_ in places}
            chinese_terms = [place for place in chinese_terms if place[2] in marked]
            chinese_items = [place for place in chinese_items if place[2] in marked]
            lacking = marked - {id_ for _, _, id_ in (*chinese_terms, *chinese_items)}
            more = _standing(notes, para, ((id_, printed[id_]) for id_ in sorted(lacking & printed.keys())))
            for place in more:
                if not any(_overlap(place, other) for other in chinese_terms):
                    chinese_terms.append(place)
            chinese_items += _standing(
                notes, para, ((one.id, _gloss(one.item)) for one in mine if one.id in lacking)
            )
        made["en"].append(english)
        made["zh"].append(_resolved(notes, "zh", chinese_terms, chinese_items))
    return {
        language: Marked(
            terms=_by_sentence([place for found, _ in paragraphs for place in found]),
            items=_by_sentence([place for _, found in paragraphs for place in found]),
        )
        for language, paragraphs in made.items()
    }


def _terms(marks: Marks, sentences: Span) -> list[_Place]:
    return [(i, span, entry) for i in sentences for span, entry in marks.get(i, ())]


def _items(shown: Sequence[Shown], para: NotesParagraph, language: str) -> list[_Place]:
    return [
        (at.sentence, at.span, one.id)
        for one in shown
        for at in one.item.occurrences
        if at.language == language and at.sentence in para.span(language)
    ]


def _resolved(
    notes: Notes, language: str, terms: Sequence[_Place], items: Sequence[_Place]
) -> tuple[list[_Place], list[_Place]]:
    """Terms and items at the edges of words, without items that overlap a term or a longer item."""
    sentences = notes.sentences(language)
    found: tuple[list[_Place], list[_Place]] = ([], [])
    by_sentence: dict[int, tuple[list[_Place], list[_Place]]] = {}
    for which, places in enumerate((terms, items)):
        for place in places:
            by_sentence.setdefault(place[0], ([], []))[which].append(place)
    for i in sorted(by_sentence):
        text = sentences[i].text
        mine = [
            [
                (span, id_)
                for _, where, id_ in places
                if (span := where if language == "zh" else _at_edges(text, where))
            ]
            for places in by_sentence[i]
        ]
        kept = apart(
            [(span, id_, None) for span, id_ in mine[0]], [(span, None, id_) for span, id_ in mine[1]]
        )
        for span, term, item in kept:
            if term is not None:
                found[0].append((i, span, term))
            elif item is not None:
                found[1].append((i, span, item))
    return found


def _at_edges(text: str, span: Span) -> Span | None:
    """An English place without the end of a word that it begins in, and with the whole of its last word."""
    start, end = span.start, span.end
    if _WITHIN.search(text[max(0, start - 2) : start]):
        cut = _ENDING.match(text, start)
        start = min(cut.end(), end) if cut else start
        start += len(text[start:end]) - len(text[start:end].lstrip())
    if start < end and text[end - 1 : end].isalnum():
        rest = _REST.match(text, end)
        end = rest.end() if rest else end
    return Span(start=start, end=end) if start < end else None


def _overlap(a: _Place, b: _Place) -> bool:
    return a[0] == b[0] and a[1].start < b[1].end and b[1].start < a[1].end


def _gloss(item: VocabularyItem) -> str:
    return next((gloss.text for gloss in item.glosses if gloss.language == "zh"), "")


def _standing(notes: Notes, para: NotesParagraph, printed: Iterable[tuple[str, str]]) -> Iterator[_Place]:
    """Where the Chinese that is printed for an id stands in a paragraph in whole words."""
    for id_, chinese in printed:
        words = [word for part in _BETWEEN.split(_HINT.sub("", chinese)) if len(word := part.strip()) > 1]
        for i in para.chinese:
            text = notes.chinese[i].text
            for word in words:
                at = text.find(word)
                if at >= 0 and {at, at + len(word)} <= word_edges(text):
                    yield i, Span(start=at, end=at + len(word)), id_


def _by_sentence(places: Sequence[_Place]) -> Marks:
    marks: dict[int, list[tuple[Span, str]]] = {}
    for sentence, span, id_ in places:
        marks.setdefault(sentence, []).append((span, id_))
    for found in marks.values():
        found.sort(key=lambda mark: mark[0].start)
    return marks
