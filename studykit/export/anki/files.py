"""Writes the deck as a package, with sound if there is a recording, or as a table without sound.

The table has Anki's header lines (Anki manual, "Text files"). Its notes have the same identities: imported
after a package, the table updates the package's notes and leaves their sound alone.
"""

from __future__ import annotations

import time
from pathlib import Path

from studykit.engines.programs.genanki import package
from studykit.errors import OutputError
from studykit.export.anki.clips import sentence_clips
from studykit.export.anki.deck import anki_deck, example_sentences
from studykit.export.anki.note_types import LISTENING, NOTE_TYPES
from studykit.types import Notes

__all__ = ["notes_apkg", "notes_tsv"]

_COLUMNS = ("guid", "notetype", "deck", "tags")


def notes_apkg(notes: Notes, audio: Path | None = None) -> bytes:
    """The package; ``audio`` is the talk's recording or film.

    Raises ``OutputError`` if there is nothing to learn, ``MissingExtraError`` without genanki,
    ``MissingProgramError`` without ffmpeg if there is sound to cut, ``InputError`` for a file that is not
    a recording.
    """
    deck = anki_deck(notes, sentence_clips(audio, example_sentences(notes)) if audio else {})
    if not deck.notes:
        raise OutputError(notes.source.title, "no terms or vocabulary to make cards of")
    return package(deck, modified_s=time.time())


def notes_tsv(notes: Notes) -> str:
    """The vocabulary and cloze notes; Anki must have the note types, which any package adds."""
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
    """A quoted cell: no tab, line end or quote in it can start another."""
    return '"' + " ".join(text.split()).replace('"', '""') + '"'
