"""Notes as Markdown, from ``templates/notes.md.j2``."""

from __future__ import annotations

from studykit.export.options import ExportOptions
from studykit.export.page.notes_context import notes_context
from studykit.export.page.render import render
from studykit.types import Notes

__all__ = ["notes_markdown"]


def notes_markdown(notes: Notes, options: ExportOptions) -> str:
    """The notes as one Markdown document. Raises ``TemplateError``."""
    context = {"notes": notes_context(notes, options.labels)}
    return render("notes.md.j2", context, user_templates=options.templates)
