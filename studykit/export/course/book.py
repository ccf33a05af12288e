"""A course as a book, for e-readers and to print: lectures as chapters, one table of contents, one glossary.

The same course always gives the same EPUB, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from studykit.export.course.context import CourseContext, LectureContext, course_context
from studykit.export.course.places import Place
from studykit.export.handout.context import sheet_context
from studykit.export.options import ExportOptions, HandoutOptions
from studykit.export.page.contexts import NotesContext
from studykit.export.page.epub import book_languages, opening_pages, packed
from studykit.export.page.labels import Labels
from studykit.export.page.render import Renderer
from studykit.fingerprint import digest
from studykit.types import Notes

__all__ = ["course_epub", "course_html"]

_NO_PAGES: Mapping[str, int] = MappingProxyType({})


def course_epub(
    name: str, lectures: Sequence[Notes], *, labels: Labels, level: str, templates: Path | None = None
) -> bytes:
    """The book for e-readers. Raises ``TemplateError``."""
    page_of = [
        {para: part.index + 1 for part in notes.parts for para in part.paragraphs} for notes in lectures
    ]

    def link(place: Place) -> str:
        if place.paragraph is None:
            return f"l{place.lecture}.xhtml"
        part = page_of[place.lecture - 1][place.paragraph - 1]
        return f"l{place.lecture}-part-{part}.xhtml#p{place.paragraph}"

    course = course_context(name, lectures, labels, level=level, inside=link, outside=link)
    return packed(_pages(course, Renderer(templates)))


def course_html(
    name: str,
    lectures: Sequence[Notes],
    options: ExportOptions,
    *,
    level: str,
    pages: Mapping[str, int] = _NO_PAGES,
) -> str:
    """The book as one page to print; ``pages`` gives the page number of each id. Raises ``TemplateError``."""

    def link(place: Place) -> str:
        paragraph = f"l{place.lecture}-p{place.paragraph}"
        return f"#{paragraph if place.paragraph else f'lecture-{place.lecture}'}"

    course = course_context(name, lectures, options.labels, level=level, inside=link, outside=link)
    study = replace(options, handout=HandoutOptions(paper=options.handout.paper))
    sheets = {
        number: sheet_context(notes, lecture.notes, study, pages)
        for number, (notes, lecture) in enumerate(zip(lectures, course.lectures, strict=True), 1)
    }
    # Without a titled part, the only code of a lecture stands beside its own title.
    codes = {
        lecture.number: sheets[lecture.number].codes[1]
        for lecture in course.lectures
        if 1 in sheets[lecture.number].codes and not lecture.notes.parts[0].title
    }
    sheets |= {number: replace(sheets[number], codes={}) for number in codes}
    return Renderer(options.templates).render(
        "course/book.html.j2",
        {
            "course": course,
            "pages": pages,
            "sheet": sheets[1],
            "sheets": sheets,
            "codes": codes,
            # The words of all lectures stand at the end, and what was corrected on the lectures' pages.
            "bodies": {
                lecture.number: replace(
                    lecture.notes,
                    terms=(),
                    vocabulary=(),
                    without_chinese=(),
                    corrections=(),
                )
                for lecture in course.lectures
            },
            "term_links": {one.term.id: f"#term-{one.term.id}" for one in course.terms},
        },
    )


def _has_answers(notes: NotesContext) -> bool:
    return any(part.questions for part in notes.parts)


def _lecture_pages(
    lecture: LectureContext, shared: Mapping[str, Any], renderer: Renderer
) -> Iterator[tuple[str, str]]:
    page, notes = f"l{lecture.number}", lecture.notes
    mine = {
        **shared,
        "page_of": {
            para.number: f"{page}-part-{part.number}.xhtml"
            for part in notes.parts
            for para in part.paragraphs
        },
        "answers_page": f"{page}-answers.xhtml",
    }
    yield f"{page}.xhtml", renderer.render("epub/lecture.xhtml.j2", {**mine, "lecture": lecture})
    for part in notes.parts:
        yield (
            f"{page}-part-{part.number}.xhtml",
            renderer.render("epub/part.xhtml.j2", {**mine, "notes": notes, "part": part}),
        )
    if _has_answers(notes):
        yield f"{page}-answers.xhtml", renderer.render("epub/answers.xhtml.j2", {**mine, "notes": notes})


def _pages(course: CourseContext, renderer: Renderer) -> Iterator[tuple[str, str]]:
    chapters = [
        chapter
        for lecture in course.lectures
        for chapter in (
            f"l{lecture.number}",
            *(f"l{lecture.number}-part-{part.number}" for part in lecture.notes.parts),
            *[f"l{lecture.number}-answers"] * _has_answers(lecture.notes),
        )
    ]
    chapters += ["glossary"] * bool(course.terms) + ["words"] * bool(course.vocabulary)
    shared = {"notes": course, "course": course, "has_words": bool(course.vocabulary)}
    yield from opening_pages(
        shared,
        renderer,
        identity=f"studykit:course:{digest(course.title.casefold())}",
        day=course.published,
        languages=book_languages(course),
        chapters=chapters,
        nav="epub/course_nav.xhtml.j2",
    )
    for lecture in course.lectures:
        yield from _lecture_pages(lecture, shared, renderer)
    if course.terms:
        yield "glossary.xhtml", renderer.render("epub/glossary.xhtml.j2", {**shared, "terms": course.terms})
    if course.vocabulary:
        yield (
            "words.xhtml",
            renderer.render("epub/course_words.xhtml.j2", {**shared, "vocabulary": course.vocabulary}),
        )
