"""The Anki decks of a course: one below the course's for each lecture, and no head twice.

Notes have the identities that they have in the decks of single talks, so that a learner who has studied one
keeps the schedule. ``origins`` remembers them, since another order of lectures would choose another talk's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from studykit.export.anki.deck import PARENT, CardItem, card_items, deck_of
from studykit.export.course.places import Sense, known_as, senses_of_item, senses_of_term
from studykit.files import safe_stem
from studykit.formats.anki_deck import Clip, Deck
from studykit.lexicon import known_key
from studykit.types import Notes, VocabularyItem
from studykit.types.kinds import ITEM_KINDS

__all__ = ["CourseDecks", "Origins", "course_decks"]

Origins = Mapping[Sense, tuple[str, ...]]
"""What identifies the notes of a head."""

_NO_CLIPS: Mapping[str, Mapping[int, Clip]] = MappingProxyType({})
_PARTS_OF_SPEECH = {"NOUN": "n.", "VERB": "v.", "ADJ": "adj.", "ADV": "adv."}


class CourseDecks(Struct, frozen=True, kw_only=True):
    """One deck for each lecture that has something new, and the identities in them."""

    decks: tuple[Deck, ...]
    origins: Origins


def course_decks(
    name: str,
    lectures: Sequence[Notes],
    *,
    origins: Origins,
    clips: Mapping[str, Mapping[int, Clip]] = _NO_CLIPS,
) -> CourseDecks:
    """The decks of a course. ``clips`` are the sounds of sentences, by talk and index.

    A head that was met before as another part of speech says which it is.
    """
    decks: list[Deck] = []
    used: dict[Sense, tuple[str, ...]] = {}
    heads: set[str] = set()
    for number, notes in enumerate(lectures, 1):
        items = []
        for senses, known, part, item in _items(notes):
            if any(sense in used for sense in known):
                continue
            identity = next((origins[sense] for sense in senses if sense in origins), item.identity)
            used.update(dict.fromkeys(senses, identity))
            head = item.head if known_key(item.head) not in heads else f"{item.head} ({part})"
            heads.add(known_key(head))
            items.append(replace(item, identity=identity, head=head))
        deck = deck_of(
            notes,
            items,
            clips.get(notes.source.id, {}),
            identity=("anki deck of a course", name.casefold(), notes.source.id),
            name="::".join((PARENT, safe_stem(name), f"{number:02} {safe_stem(notes.source.shown_title)}")),
        )
        decks += [deck] if deck.notes else []
    return CourseDecks(decks=tuple(decks), origins=used)


def _items(notes: Notes) -> Iterator[tuple[list[Sense], list[Sense], str, CardItem]]:
    """What there is to learn: its senses, those under which it may be known, what tells it from others with
    its head, and the item.

    Terms come first, but after what a person wrote of the same.
    """
    items = list(card_items(notes))
    terms = [
        (senses_of_term(term), senses_of_term(term), "term", item)
        for term, item in zip(notes.terms, items, strict=False)
    ]
    others = [
        (senses_of_item(item), known_as(item), _part(item), card)
        for item, card in zip(notes.glossed, items[len(terms) :], strict=True)
    ]
    yield from (*others, *terms) if notes.source.kind == "notes" else (*terms, *others)


def _part(item: VocabularyItem) -> str:
    return _PARTS_OF_SPEECH.get(item.upos or "", ITEM_KINDS[item.kind].english.lower().removesuffix("s"))
