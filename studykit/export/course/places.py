"""Where a lecture says something first, and which lecture of a course was the first to explain it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from studykit.export.page.notes_context import names_in
from studykit.lexicon import known_key
from studykit.types import Notes, Occurrence, Term, VocabularyItem

__all__ = [
    "Met",
    "Place",
    "Sense",
    "item_place",
    "known_as",
    "met_before",
    "place_of",
    "senses_of_item",
    "senses_of_term",
]

Sense = tuple[str, str]
"""A head as known words are compared, and what it is: a part of speech, ``term`` or ``phrase``."""

_NOUN = "NOUN"
_TERM = "term"
_PHRASE = "phrase"
_BETWEEN = re.compile("[;；,，、/]")


class Place(Struct, frozen=True, kw_only=True):
    """A place in a course; numbers count from 1."""

    lecture: int
    paragraph: int | None
    """None for what hand-made notes list without saying where."""
    time_s: float | None


class Met(Struct, frozen=True, kw_only=True):
    """Where an earlier lecture has it first; ``gloss`` is what it means here, if that is something else."""

    place: Place
    gloss: str


def senses_of_item(item: VocabularyItem) -> list[Sense]:
    """What tells an item from others with the same head: "light" the noun and "light" the adjective.

    A term has each of its names, as in "RL (reinforcement learning)".
    """
    if item.kind == "term":
        return [(known_key(name), _TERM) for name in sorted(names_in(item.head))]
    return [(known_key(item.head), (item.upos or _PHRASE) if item.kind == "word" else _PHRASE)]


def known_as(item: VocabularyItem) -> list[Sense]:
    """The senses under which an item may be known: a noun also as a term, but no term as a mere noun, for a
    word's Chinese is no definition."""
    senses = senses_of_item(item)
    return [*senses, *((head, _TERM) for head, part in senses if part == _NOUN)]


def senses_of_term(term: Term) -> list[Sense]:
    """The senses of a glossary term: of its name, and of its abbreviation if it has one."""
    return [(known_key(name), _TERM) for name in (term.english, term.abbreviation) if name]


def met_before(lectures: Sequence[Notes]) -> list[dict[str, Met]]:
    """For each lecture, what an earlier one has: by entry id of a term, or ``item-N`` as notes number
    vocabulary."""
    explained: dict[Sense, tuple[Place, str]] = {}
    made = []
    for number, notes in enumerate(lectures, 1):
        met: dict[str, Met] = {}
        new: dict[Sense, tuple[Place, str]] = {}
        firsts = notes.first_mentions()
        for term in notes.terms:
            senses = senses_of_term(term)
            known = next((explained[sense] for sense in senses if sense in explained), None)
            if known:
                met[term.entry_id] = Met(place=known[0], gloss=_otherwise(term.chinese, known[1]))
            else:
                place = place_of(number, notes, firsts.get(term.entry_id))
                new.update(dict.fromkeys(senses, (place, term.chinese)))
        for index, item in enumerate(notes.vocabulary, 1):
            gloss = next((gloss.text for gloss in item.glosses if gloss.language == "zh"), "")
            known = next((explained[sense] for sense in known_as(item) if sense in explained), None)
            if known:
                place, there = known
                met[f"item-{index}"] = Met(place=place, gloss=_otherwise(gloss, there))
            elif item.glosses:
                place = item_place(number, notes, item)
                for sense in senses_of_item(item):
                    new.setdefault(sense, (place, gloss))
        explained.update(new)
        made.append(met)
    return made


def item_place(number: int, notes: Notes, item: VocabularyItem) -> Place:
    """Where lecture ``number`` says an item first, in English."""
    said = [at for at in item.occurrences if at.language == "en"]
    first = min(said, key=lambda at: (at.sentence, at.span.start), default=None)
    return place_of(number, notes, first)


def place_of(number: int, notes: Notes, at: Occurrence | None) -> Place:
    """An occurrence in lecture ``number`` as a place in the course; None: it is not said."""
    if at is None:
        return Place(lecture=number, paragraph=None, time_s=None)
    index = notes.paragraph_of(at.language, at.sentence)
    time_s = notes.sentences(at.language)[at.sentence].start_s
    if at.language != notes.source.language or time_s is None:
        time_s = notes.paragraphs[index].start_s
    return Place(lecture=number, paragraph=index + 1, time_s=time_s)


def _otherwise(here: str, there: str) -> str:
    """The Chinese here, unless each of its words stands there too."""
    return "" if set(_words(here)) <= set(_words(there)) else here


def _words(chinese: str) -> Iterable[str]:
    def parts() -> Iterator[str]:
        for part in _BETWEEN.split(chinese):
            yield part.strip().casefold()

    return filter(None, parts())
