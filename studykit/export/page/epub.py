"""Notes as a book: EPUB 3.3 (W3C, 2023), a zip of XHTML from the templates in ``templates/epub``.

Explanations are footnotes, which e-readers show on touch. The same notes always give the same bytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Iterator

from studykit.export.options import ExportOptions
from studykit.export.page.contexts import NotesContext
from studykit.export.page.notes_context import notes_context
from studykit.export.page.render import Renderer
from studykit.resources import data_dir
from studykit.safexml import xml_text
from studykit.types import Notes

__all__ = ["notes_epub"]

_CONTAINER = """\
<?xml version="1.0" encoding="UTF-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest date of a zip; the real date would make every file different."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_COVER_LINE = 24
_COVER_LINES = 8


def notes_epub(notes: Notes, options: ExportOptions) -> bytes:
    """The book. Raises ``TemplateError``."""
    context = notes_context(notes, options.labels)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        _add(book, "mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        _add(book, "META-INF/container.xml", _CONTAINER)
        for name, text in _pages(notes, context, Renderer(options.templates)):
            _add(book, f"EPUB/{name}", xml_text(text))
    return content.getvalue()


def _add(book: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = method
    entry.external_attr = 0o644 << 16
    book.writestr(entry, text.encode())


def _pages(notes: Notes, context: NotesContext, renderer: Renderer) -> Iterator[tuple[str, str]]:
    has_words = bool(context.claims or context.terms or context.vocabulary)
    day = context.published if context.published and _DATE.fullmatch(context.published) else "1980-01-01"
    shared = {"notes": context, "has_words": has_words}
    yield (
        "package.opf",
        renderer.render(
            "epub/package.xml.j2",
            {
                **shared,
                "identifier": uuid.uuid5(uuid.NAMESPACE_URL, f"studykit:{notes.source.id}").urn,
                "languages": [
                    *(["en"] if context.has_english else []),
                    *(["zh-Hans"] if context.has_chinese or context.labels.language == "zh-Hans" else []),
                ],
                "modified": f"{day}T00:00:00Z",
            },
        ),
    )
    yield "nav.xhtml", renderer.render("epub/nav.xhtml.j2", shared)
    yield "cover.xhtml", renderer.render("epub/cover.xhtml.j2", shared)
    yield (
        "cover.svg",
        renderer.render("epub/cover.xml.j2", {**shared, "title_lines": _cover_lines(context.title)}),
    )
    yield "style.css", (data_dir("templates") / "epub" / "style.css").read_text(encoding="utf-8")
    for part in context.parts:
        yield f"part-{part.number}.xhtml", renderer.render("epub/part.xhtml.j2", {**shared, "part": part})
    if has_words:
        page_of = {
            para.number: f"part-{part.number}.xhtml" for part in context.parts for para in part.paragraphs
        }
        yield "words.xhtml", renderer.render("epub/words.xhtml.j2", {**shared, "page_of": page_of})


def _cover_lines(title: str) -> list[str]:
    """The title in lines of about equal width; a Chinese character counts as two letters."""
    lines = [""]
    width = 0
    for word in re.findall(r"[\u3000-\uffef]|[^\s\u3000-\uffef]{1,24}|\s+", title):
        size = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in word)
        if width + size > _COVER_LINE and not word.isspace():
            lines.append("")
            width = 0
        lines[-1] += " " if word.isspace() else word
        width += size
    if len(lines) > _COVER_LINES:
        lines = [*lines[: _COVER_LINES - 1], lines[_COVER_LINES - 1].rstrip() + "…"]
    return [line.strip() for line in lines]
