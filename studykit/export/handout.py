"""Notes as one self-contained HTML page, through ``templates/handout.html.j2``."""

from __future__ import annotations

from pathlib import Path

from studykit.export.contexts import notes_context
from studykit.export.labels import Labels
from studykit.export.render import render
from studykit.types import Notes

__all__ = ["notes_html"]


def notes_html(notes: Notes, labels: Labels, *, user_templates: Path | None = None) -> str:
    """The notes as HTML that needs no other file and no network. Raises ``TemplateError``."""
    return render("handout.html.j2", {"notes": notes_context(notes, labels)}, user_templates=user_templates)
