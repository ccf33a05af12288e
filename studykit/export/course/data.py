"""A course for scripts: its lectures, terms over time, and terms with several translations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studykit.check.consistency import MixedTerm, TermUse
from studykit.export.course.findings import place_of_use
from studykit.export.course.places import Place, met_before, place_of
from studykit.export.page.links import link_at
from studykit.languages import join_sentences
from studykit.types import Notes

__all__ = ["course_json"]


def course_json(lectures: Sequence[Notes], mixed: Sequence[MixedTerm]) -> dict[str, Any]:
    """``lectures``, ``terms`` and ``findings``, as docs/course.md describes them."""
    return {
        "lectures": [
            _lecture(number, notes, met)
            for number, (notes, met) in enumerate(zip(lectures, met_before(lectures), strict=True), 1)
        ],
        "terms": _terms(lectures),
        "findings": [_finding(term, lectures) for term in mixed],
    }


def _lecture(number: int, notes: Notes, met: dict[str, Any]) -> dict[str, Any]:
    items = enumerate(notes.vocabulary, 1)
    return {
        "number": number,
        "talk": notes.source.id,
        "title": notes.source.title,
        "duration_s": notes.source.duration_s,
        "new_terms": [term.english for term in notes.terms if term.entry_id not in met],
        "new_vocabulary": [item.head for i, item in items if item.glosses and f"item-{i}" not in met],
    }


def _terms(lectures: Sequence[Notes]) -> list[dict[str, Any]]:
    """Terms in the order of their first mention, with how often each lecture says them."""
    found: dict[str, dict[str, Any]] = {}
    for number, notes in enumerate(lectures, 1):
        terms = {term.entry_id: term for term in notes.terms}
        for entry_id, at in notes.first_mentions().items():
            term = terms[entry_id]
            if entry_id not in found:
                found[entry_id] = {
                    "term": entry_id,
                    "english": term.english,
                    "chinese": term.chinese,
                    "first": _place(place_of(number, notes, at), notes),
                    "said": [],
                }
            count = sum(other.language == notes.source.language for other in term.occurrences)
            if count:
                found[entry_id]["said"].append({"lecture": number, "count": count})
    return list(found.values())


def _place(place: Place, notes: Notes) -> dict[str, Any]:
    return {
        "lecture": place.lecture,
        "paragraph": place.paragraph,
        "time_s": place.time_s,
        "link": link_at(notes.source.url, place.time_s),
    }


def _finding(term: MixedTerm, lectures: Sequence[Notes]) -> dict[str, Any]:
    def place(use: TermUse) -> dict[str, Any]:
        notes = lectures[use.lecture]
        return {
            **_place(place_of_use(use, notes), notes),
            "english": join_sentences((notes.english[i].text for i in use.english), "en"),
            "chinese": join_sentences((notes.chinese[i].text for i in use.chinese), "zh"),
        }

    return {
        "term": term.entry_id,
        "english": term.english,
        "usual": term.usual,
        "translations": [
            {
                "chinese": rendering.form,
                "count": len(rendering.uses),
                "places": [place(use) for use in rendering.uses],
            }
            for rendering in term.renderings
        ],
    }
