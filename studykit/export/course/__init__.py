"""A course: what its talks give together, in pages, books and decks."""

from __future__ import annotations

from studykit.export.course.book import course_epub, course_html
from studykit.export.course.data import course_json
from studykit.export.course.decks import course_decks
from studykit.export.course.pages import course_pages

__all__ = ["course_decks", "course_epub", "course_html", "course_json", "course_pages"]
