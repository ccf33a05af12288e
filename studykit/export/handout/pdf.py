"""Handouts as PDF: the HTML page on paper, printed by Chromium."""

from __future__ import annotations

import io

from studykit.engines.programs.chromium import print_pdf
from studykit.errors import EngineError
from studykit.export.handout.page import notes_html
from studykit.export.options import ExportOptions
from studykit.types import Notes

__all__ = ["notes_pdf"]


def notes_pdf(notes: Notes, options: ExportOptions) -> bytes:
    """The handout as PDF with bookmarks, tags and embedded fonts.

    It is printed twice when it has contents: on which page a part begins is known only afterwards.
    Raises ``MissingProgramError`` without Chromium, ``EngineError`` when printing fails, and what
    ``notes_html`` raises.
    """
    pages: dict[str, int] = {}
    if sum(part.title is not None for part in notes.parts) > 1:
        pages = linked_pages(print_pdf(notes_html(notes, options), draft=True))
    data = print_pdf(notes_html(notes, options, pages=pages))
    if pages and linked_pages(data) != pages:
        raise EngineError("Chromium", "pages moved when their numbers were put into the contents")
    return data


def linked_pages(data: bytes) -> dict[str, int]:
    """The page, from 1, of every place in a PDF that a link leads to, by its id in the HTML."""
    from pypdf import PdfReader  # noqa: PLC0415  (only PDFs need it)

    reader = PdfReader(io.BytesIO(data))
    places = {
        name.removeprefix("/"): reader.get_destination_page_number(place)
        for name, place in reader.named_destinations.items()
    }
    return {name: number + 1 for name, number in places.items() if number is not None}
