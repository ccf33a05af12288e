"""Handouts: notes and exercises to read on screen and to print, as one page of HTML or as PDF."""

from studykit.export.handout.page import notes_html, notes_pdf

__all__ = ["notes_html", "notes_pdf"]
