"""Notes as one self-contained HTML page, through ``templates/handout.html.j2``."""

from __future__ import annotations

from collections.abc import Mapping

from studykit.export.handout.context import sheet_context, wanted
from studykit.export.options import ExportOptions
from studykit.export.page.notes_context import notes_context
from studykit.export.page.render import render
from studykit.types import Notes

__all__ = ["notes_html"]

_NO_PAGES: Mapping[str, int] = {}


def notes_html(notes: Notes, options: ExportOptions, *, pages: Mapping[str, int] = _NO_PAGES) -> str:
    """The notes as HTML that needs no other file, no network and no JavaScript.

    ``pages`` tells on which page of paper an id is, for the contents. Raises ``TemplateError``, and
    ``OutputError`` when the talk lacks what the sheet needs.
    """
    notes = wanted(notes, options.handout)
    context = notes_context(notes, options.labels)
    sheet = sheet_context(notes, context, options, pages)
    return render("handout.html.j2", {"notes": context, "sheet": sheet}, user_templates=options.templates)
