"""The deck as a package (.apkg), with sound where there is a recording."""

from __future__ import annotations

import time
from pathlib import Path

from studykit.engines.programs.genanki import package
from studykit.errors import OutputError
from studykit.export.anki.clips import sentence_clips
from studykit.export.anki.deck import anki_deck, example_sentences
from studykit.types import Notes

__all__ = ["notes_apkg"]


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
