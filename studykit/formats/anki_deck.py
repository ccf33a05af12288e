"""The parts of an Anki deck, for the code that writes or sends it.

Ids are fixed, so that a second import finds what the first one created: Anki identifies a note by its
``guid``, note types and decks by their numbers.
"""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Card", "Clip", "Deck", "Note", "NoteType"]


class Card(Struct, frozen=True, kw_only=True):
    """One question about a note: Anki's HTML templates of its two sides."""

    name: str
    front: str
    back: str


class NoteType(Struct, frozen=True, kw_only=True):
    """Fields and the cards made from them; with ``cloze``, one card for each gap."""

    id: int
    name: str
    fields: tuple[str, ...]
    cards: tuple[Card, ...]
    css: str
    cloze: bool = False


class Clip(Struct, frozen=True, kw_only=True):
    """A sound file; ``name`` is unique to its content."""

    name: str
    content: bytes


class Note(Struct, frozen=True, kw_only=True):
    """Something to learn. ``fields`` are HTML, as many as its type has."""

    guid: str
    type: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.fields) != len(self.type.fields):
            raise ValueError(f"{self.type.name} needs {len(self.type.fields)} fields, not {len(self.fields)}")


class Deck(Struct, frozen=True, kw_only=True):
    """``name`` includes its parents, separated by ``::``."""

    id: int
    name: str
    notes: tuple[Note, ...]
    clips: tuple[Clip, ...] = ()
