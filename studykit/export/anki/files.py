"""The deck in files: a package with sound where there is a recording, or a table without.

The table has Anki's header lines (Anki manual, "Text files"). Notes keep their identity in it: after a
package, the table updates its notes and leaves their sound alone.
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

    Raises ``OutputError`` when there is nothing to learn, ``MissingExtraError`` without genanki,
    ``MissingProgramError`` without ffmpeg where there is something to cut, ``InputError`` for a file
    that is no recording.
    """
    deck = anki_deck(notes, sentence_clips(audio, example_sentences(notes)) if audio else {})
    if not deck.notes:
        raise OutputError(notes.source.title, "there are no terms and no vocabulary to make cards of")
    return package(deck, modified_s=time.time())


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
