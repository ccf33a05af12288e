"""Anki packages (.apkg), written by genanki (MIT), the extra ``[anki]``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from studykit.errors import MissingExtraError
from studykit.formats.anki_deck import Deck, NoteType

__all__ = ["package"]


def package(deck: Deck, *, modified_s: float) -> bytes:
    """The deck as the bytes of a package; raises ``MissingExtraError`` without genanki.

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
        for note_type in {note.type.id: note.type for note in deck.notes}.values()
    }
    made = genanki.Deck(deck.id, deck.name)
    for note in deck.notes:
        made.add_note(
            genanki.Note(
                model=models[note.type.id], fields=list(note.fields), tags=list(note.tags), guid=note.guid
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        for clip in deck.clips:
            (Path(folder) / clip.name).write_bytes(clip.content)
        path = Path(folder) / "deck.apkg"
        media = [str(Path(folder) / clip.name) for clip in deck.clips]
        genanki.Package(made, media_files=media).write_to_file(str(path), timestamp=modified_s)
        return path.read_bytes()
