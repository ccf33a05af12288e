"""Renders notes into files, from arguments alone. To add an output, see ``table.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.faces import lazy

if TYPE_CHECKING:
    from studykit.export.anki import deck_name
    from studykit.export.data.beads import beads_json, beads_text, beads_tsv
    from studykit.export.data.notes_json import notes_json
    from studykit.export.data.tmx import tmx
    from studykit.export.data.transcripts import TRANSCRIPT_FORMATS
    from studykit.export.data.vocabulary import rows_csv, vocabulary_row
    from studykit.export.options import ExportOptions, HandoutOptions
    from studykit.export.page.contexts import NotesContext
    from studykit.export.page.labels import LABELS, Labels, labels_named
    from studykit.export.page.links import link_at
    from studykit.export.page.notes_context import notes_context
    from studykit.export.page.runs import Run
    from studykit.export.table import FORMATS, ExportFormat, format_named

__all__ = [
    "FORMATS",
    "LABELS",
    "TRANSCRIPT_FORMATS",
    "ExportFormat",
    "ExportOptions",
    "HandoutOptions",
    "Labels",
    "NotesContext",
    "Run",
    "beads_json",
    "beads_text",
    "beads_tsv",
    "deck_name",
    "format_named",
    "labels_named",
    "link_at",
    "notes_context",
    "notes_json",
    "rows_csv",
    "tmx",
    "vocabulary_row",
]

__getattr__ = lazy(
    __name__,
    {
        "studykit.export.anki": ("deck_name",),
        "studykit.export.data.beads": (
            "beads_json",
            "beads_text",
            "beads_tsv",
        ),
        "studykit.export.data.notes_json": ("notes_json",),
        "studykit.export.data.tmx": ("tmx",),
        "studykit.export.data.transcripts": ("TRANSCRIPT_FORMATS",),
        "studykit.export.data.vocabulary": (
            "rows_csv",
            "vocabulary_row",
        ),
        "studykit.export.options": (
            "ExportOptions",
            "HandoutOptions",
        ),
        "studykit.export.page.contexts": ("NotesContext",),
        "studykit.export.page.labels": (
            "LABELS",
            "Labels",
            "labels_named",
        ),
        "studykit.export.page.links": ("link_at",),
        "studykit.export.page.notes_context": ("notes_context",),
        "studykit.export.page.runs": ("Run",),
        "studykit.export.table": (
            "ExportFormat",
            "FORMATS",
            "format_named",
        ),
    },
)
