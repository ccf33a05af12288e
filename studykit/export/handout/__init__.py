"""Handouts: notes and exercises for the screen and for printing, as one HTML page or as PDF."""

from studykit.export.handout.page import notes_html, notes_pdf

__all__ = ["notes_html", "notes_pdf"]
