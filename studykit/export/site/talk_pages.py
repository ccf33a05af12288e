"""Pages of talks: they are made of a talk's notes alone, so each can be made when the notes are read."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from studykit.export.page.labels import LABELS
from studykit.export.page.notes_context import notes_context
from studykit.export.page.render import Renderer
from studykit.export.site.data import key_of
from studykit.export.site.labels import SiteLabels
from studykit.glossary import Entry, Glossary
from studykit.types import Gloss, Notes

__all__ = ["TalkPages"]

_TEMPLATE = "site/talk.html.j2"


class TalkPages:
    """Makes the pages of talks, where all terms of a glossary and all ``demos`` have pages to link to."""

    def __init__(self, glossary: Glossary, demos: Iterable[str], labels: SiteLabels) -> None:
        self._glossary, self._labels = glossary, labels
        self._term_links = {entry.id: f"../terms/{entry.id}.html" for entry in glossary.entries}
        self._demo_links = {demo: f"../demos/{demo}.html" for demo in demos}
        self._links = key_of(self._term_links, self._demo_links)
        self._shown = {entry.id: key_of(*self._of_entry(entry)) for entry in glossary.entries}
        self._renderer = Renderer()

    def key(self, notes: str, terms: Iterable[str]) -> str:
        """A digest of all that a page is made of: that of its ``notes``, and what is shown of its terms."""
        shown = [self._shown[term] for term in terms]
        return key_of(_TEMPLATE, self._labels.code, self._links, notes, shown)

    def make(self, notes: Notes) -> str:
        """The page of a talk. Definitions in the other language are left out; ``key`` does not know them."""
        terms = tuple(replace(term, glosses=self._mine(term.glosses)) for term in notes.terms)
        context = {
            "root": "../",
            "here": "",
            "words": self._labels,
            "notes": notes_context(replace(notes, terms=terms), LABELS[self._labels.code]),
            "term_links": self._term_links,
            "demo_links": self._demo_links,
        }
        return self._renderer.render(_TEMPLATE, context)

    def _of_entry(self, entry: Entry) -> tuple[object, ...]:
        """What ``with_terms`` takes of an entry, less what ``make`` leaves out."""
        names = (entry.english, entry.abbreviation, entry.chinese)
        return (*names, entry.category, self._mine(entry.glosses), entry.demo)

    def _mine(self, glosses: Iterable[Gloss]) -> tuple[Gloss, ...]:
        return tuple(gloss for gloss in glosses if gloss.language == self._labels.code)
