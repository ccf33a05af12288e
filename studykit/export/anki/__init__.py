"""Anki decks, as packages and as tables."""

from studykit.export.anki.deck import anki_deck, deck_name
from studykit.export.anki.files import notes_apkg, notes_tsv

__all__ = ["anki_deck", "deck_name", "notes_apkg", "notes_tsv"]
