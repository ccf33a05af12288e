"""Notes as a book: EPUB 3.3 (W3C, 2023), a zip of XHTML from the templates in ``templates/epub``.

Explanations are footnotes, which e-readers show on touch. The same notes always give the same bytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from studykit.export.options import ExportOptions
from studykit.export.page.contexts import NotesContext
from studykit.export.page.labels import Labels
from studykit.export.page.notes_context import notes_context
from studykit.export.page.render import Renderer
from studykit.resources import data_dir
from studykit.safexml import xml_text
from studykit.types import Notes

__all__ = ["book_languages", "notes_epub", "opening_pages", "packed"]

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
    return packed(_pages(notes, context, Renderer(options.templates)))


def packed(pages: Iterable[tuple[str, str]]) -> bytes:
    """A book of these files, by name and text; one is ``package.opf``, which lists the others."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        _add(book, "mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        _add(book, "META-INF/container.xml", _CONTAINER)
        for name, text in pages:
            _add(book, f"EPUB/{name}", xml_text(text))
    return content.getvalue()


def _add(book: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = method
    entry.external_attr = 0o644 << 16
    book.writestr(entry, text.encode())


def _pages(notes: Notes, context: NotesContext, renderer: Renderer) -> Iterator[tuple[str, str]]:
    written = context.assistance
    has_words = bool(
        context.claims
        or context.terms
        or context.vocabulary
        or context.without_chinese
        or (written and written.misread)
    )
    has_answers = any(part.questions for part in context.parts)
    chapters = ["overview"] * (written is not None) + [f"part-{part.number}" for part in context.parts]
    chapters += ["words"] * has_words + ["answers"] * has_answers
    page_of = {para.number: f"part-{part.number}.xhtml" for part in context.parts for para in part.paragraphs}
    shared = {
        "notes": context,
        "has_words": has_words,
        "chapters": chapters,
        "page_of": page_of,
        "answers_page": "answers.xhtml",
    }
    yield from opening_pages(
        shared,
        renderer,
        identity=f"studykit:{notes.source.id}",
        day=context.published,
        languages=book_languages(context),
        chapters=chapters,
        nav="epub/nav.xhtml.j2",
    )
    if written:
        yield "overview.xhtml", renderer.render("epub/overview.xhtml.j2", shared)
    for part in context.parts:
        yield f"part-{part.number}.xhtml", renderer.render("epub/part.xhtml.j2", {**shared, "part": part})
    if has_words:
        yield "words.xhtml", renderer.render("epub/words.xhtml.j2", shared)
    if has_answers:
        yield "answers.xhtml", renderer.render("epub/answers.xhtml.j2", shared)


class Titled(Protocol):
    """What a book's first pages ask of their variable ``notes``."""

    @property
    def title(self) -> str:
        """The book's title."""

    @property
    def labels(self) -> Labels:
        """The fixed words."""

    @property
    def has_english(self) -> bool:
        """Whether there is English in it."""

    @property
    def has_chinese(self) -> bool:
        """Whether there is Chinese in it, besides fixed words."""


def book_languages(notes: Titled) -> list[str]:
    """The languages of a book, as the package names them."""
    chinese = notes.has_chinese or notes.labels.language == "zh-Hans"
    return [*(["en"] if notes.has_english else []), *(["zh-Hans"] if chinese else [])]


def opening_pages(
    shared: Mapping[str, Any],
    renderer: Renderer,
    *,
    identity: str,
    day: str | None,
    languages: Sequence[str],
    chapters: Sequence[str],
    nav: str,
) -> Iterator[tuple[str, str]]:
    """The files that every book begins with. ``shared`` holds ``notes``, a ``Titled``; ``chapters`` are the
    names of the others, in order; ``day`` is an ISO date or None."""
    title = shared["notes"].title
    day = day if day and _DATE.fullmatch(day) else "1980-01-01"
    yield (
        "package.opf",
        renderer.render(
            "epub/package.xml.j2",
            {
                **shared,
                "identifier": uuid.uuid5(uuid.NAMESPACE_URL, identity).urn,
                "languages": languages,
                "modified": f"{day}T00:00:00Z",
                "chapters": chapters,
            },
        ),
    )
    yield "nav.xhtml", renderer.render(nav, shared)
    yield "cover.xhtml", renderer.render("epub/cover.xhtml.j2", shared)
    yield "cover.svg", renderer.render("epub/cover.xml.j2", {**shared, "title_lines": _cover_lines(title)})
    yield "style.css", (data_dir("templates") / "epub" / "style.css").read_text(encoding="utf-8")


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
