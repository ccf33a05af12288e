"""Anki packages (.apkg), written by genanki (MIT), the extra ``[anki]``."""

from __future__ import annotations

import io
import itertools
import json
import sqlite3
import zipfile
from contextlib import closing
from typing import Any

from studykit.errors import MissingExtraError
from studykit.formats.anki_deck import Deck, NoteType

__all__ = ["package"]


def package(*decks: Deck, modified_s: float) -> bytes:
    """Decks as the bytes of one package; raises ``MissingExtraError`` without genanki.

    ``modified_s`` is the time of change, in seconds since 1970: on import, Anki updates existing notes if
    those in the package are newer, and leaves their cards and schedules alone.
    """
    try:
        import genanki
    except ImportError:
        raise MissingExtraError("genanki", "anki") from None

    def model(of: NoteType) -> object:
        return genanki.Model(
            of.id,
            of.name,
            fields=[{"name": name} for name in of.fields],
            templates=[{"name": card.name, "qfmt": card.front, "afmt": card.back} for card in of.cards],
            css=of.css,
            model_type=genanki.Model.CLOZE if of.cloze else genanki.Model.FRONT_BACK,
        )

    models = {
        note_type.id: model(note_type)
        for note_type in {note.type.id: note.type for deck in decks for note in deck.notes}.values()
    }
    made = []
    for deck in decks:
        made.append(genanki.Deck(deck.id, deck.name))
        for note in deck.notes:
            made[-1].add_note(
                genanki.Note(
                    model=models[note.type.id], fields=list(note.fields), tags=list(note.tags), guid=note.guid
                )
            )
    collection = _collection(genanki.Package(made), modified_s)
    clips = list({clip.name: clip for deck in decks for clip in deck.clips}.values())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        # ZipInfo alone has a fixed date, so that the same deck and time give the same bytes.
        archive.writestr(zipfile.ZipInfo("collection.anki2"), collection, zipfile.ZIP_DEFLATED)
        names = {str(number): clip.name for number, clip in enumerate(clips)}
        archive.writestr(zipfile.ZipInfo("media"), json.dumps(names))
        for number, clip in enumerate(clips):
            archive.writestr(zipfile.ZipInfo(str(number)), clip.content)
    return file.getvalue()


def _collection(package: Any, modified_s: float) -> bytes:
    """The database of a genanki package, made in memory: genanki's own writer leaves a temporary file."""
    with closing(sqlite3.connect(":memory:")) as db:
        package.write_to_db(db.cursor(), modified_s, itertools.count(int(modified_s * 1000)))
        db.commit()
        return db.serialize()
