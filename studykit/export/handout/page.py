"""Handouts as one self-contained HTML page, from ``templates/handout.html.j2``, and as PDF, printed from
that page by Chromium."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

from studykit.engines.programs.chromium import print_pdf
from studykit.errors import EngineError
from studykit.export.assist.merged import assisted
from studykit.export.handout.context import sheet_context, wanted
from studykit.export.options import ExportOptions
from studykit.export.page.notes_context import notes_context
from studykit.export.page.render import render
from studykit.types import Notes

__all__ = ["linked_pages", "notes_html", "notes_pdf", "print_with_pages"]

_NO_PAGES: Mapping[str, int] = {}


def notes_html(notes: Notes, options: ExportOptions, *, pages: Mapping[str, int] = _NO_PAGES) -> str:
    """The notes as HTML that needs no other files, network or JavaScript.

    ``pages`` gives the page number of each id, for the table of contents. Raises ``TemplateError``, and
    ``OutputError`` if the talk lacks something that the sheet needs.
    """
    notes = wanted(notes, options.handout)
    context = notes_context(notes, options.labels)
    sheet = sheet_context(notes, context, options, pages)
    return render("handout.html.j2", {"notes": context, "sheet": sheet}, user_templates=options.templates)


def notes_pdf(notes: Notes, options: ExportOptions) -> bytes:
    """The handout as PDF with bookmarks, tags and embedded fonts.

    With a table of contents it is printed twice, since page numbers are known only afterwards. Raises
    ``MissingProgramError`` without Chromium, ``EngineError`` if printing fails, and what ``notes_html``
    raises.
    """
    if sum(part.title is not None for part in assisted(notes).parts) > 1:
        return print_with_pages(lambda pages: notes_html(notes, options, pages=pages))
    return print_pdf(notes_html(notes, options))


def print_with_pages(html: Callable[[Mapping[str, int]], str]) -> bytes:
    """What ``html`` makes, as PDF: given no page numbers first, then the page of each id that is linked to.

    Raises ``MissingProgramError`` without Chromium, ``EngineError`` if printing fails.
    """
    pages = linked_pages(print_pdf(html(_NO_PAGES), draft=True))
    data = print_pdf(html(pages))
    if linked_pages(data) != pages:
        raise EngineError("Chromium", "page numbers changed between the first and the second printing")
    return data


def linked_pages(data: bytes) -> dict[str, int]:
    """The page number, from 1, of every link target in a PDF, by its id in the HTML."""
    from pypdf import PdfReader  # noqa: PLC0415  (only PDFs need it)

    reader = PdfReader(io.BytesIO(data))
    places = {
        name.removeprefix("/"): reader.get_destination_page_number(place)
        for name, place in reader.named_destinations.items()
    }
    return {name: number + 1 for name, number in places.items() if number is not None}
