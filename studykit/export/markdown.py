"""Notes as Markdown, through ``templates/notes.md.j2``."""

from __future__ import annotations

from pathlib import Path

from studykit.export.contexts import notes_context
from studykit.export.labels import Labels
from studykit.export.render import render
from studykit.types import Notes

__all__ = ["notes_markdown"]


def notes_markdown(notes: Notes, labels: Labels, *, user_templates: Path | None = None) -> str:
    """The notes as one Markdown document. Raises ``TemplateError``."""
    return render("notes.md.j2", {"notes": notes_context(notes, labels)}, user_templates=user_templates)
