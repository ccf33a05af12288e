"""The deck as a table with Anki's header lines (Anki manual, "Text files"), without sound.

Notes keep their identity here too: after a package, the table updates its notes and leaves their
sound alone.
"""

from __future__ import annotations

from studykit.export.anki.deck import anki_deck
from studykit.export.anki.note_types import LISTENING, NOTE_TYPES
from studykit.types import Notes

__all__ = ["notes_tsv"]

_COLUMNS = ("guid", "notetype", "deck", "tags")


def notes_tsv(notes: Notes) -> str:
    """The vocabulary and cloze notes; the note types must be in Anki, as one package brings them."""
    deck = anki_deck(notes)
    widest = max(len(kind.fields) - 1 for kind in NOTE_TYPES if kind is not LISTENING)
    lines = [
        "#separator:tab",
        "#html:true",
        *(f"#{name} column:{number}" for number, name in enumerate(_COLUMNS, 1)),
        "#columns:" + "\t".join([*_COLUMNS, *(f"field {i}" for i in range(1, widest + 1))]),
    ]
    for note in deck.notes:
        fields = note.fields[: note.type.fields.index("Audio")]
        lines.append(
            "\t".join(map(_cell, (note.guid, note.type.name, deck.name, " ".join(note.tags), *fields)))
        )
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """A cell that is one: no tab, line end or quote can start another."""
    return '"' + " ".join(text.split()).replace('"', '""') + '"'
