"""Notes as one self-contained HTML page, through ``templates/handout.html.j2``."""

from __future__ import annotations

from studykit.export.contexts import notes_context
from studykit.export.options import ExportOptions
from studykit.export.render import render
from studykit.types import Notes

__all__ = ["notes_html"]


def notes_html(notes: Notes, options: ExportOptions) -> str:
    """The notes as HTML that needs no other file and no network. Raises ``TemplateError``."""
    context = {"notes": notes_context(notes, options.labels)}
    return render("handout.html.j2", context, user_templates=options.templates)
