"""A course's pages, as paths and texts: contents, lectures, what is new, glossary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from studykit.check.consistency import MixedTerm
from studykit.export.course.context import CourseContext, LectureContext, course_context
from studykit.export.course.findings import mixed_contexts
from studykit.export.course.places import Place
from studykit.export.page.labels import Labels
from studykit.export.page.links import page_name
from studykit.export.page.render import Renderer
from studykit.export.site.order import grouped, text_key
from studykit.types import Notes

__all__ = ["course_pages"]


def course_pages(
    name: str,
    lectures: Sequence[Notes],
    *,
    labels: Labels,
    level: str,
    downloads: Sequence[tuple[str, str]] = (),
    mixed: Sequence[MixedTerm] = (),
    templates: Path | None = None,
) -> Iterator[tuple[str, str]]:
    """Path (with ``/``, relative to the course's folder) and text of every page.

    ``level`` names the level that the vocabulary was chosen for; ``downloads`` are the formats and names
    of the course's other files, ``mixed`` its terms with several translations. The same input always
    gives the same bytes. Raises ``TemplateError``.
    """
    files = [page_name(notes.source.id) for notes in lectures]

    def inside(place: Place) -> str:
        paragraph = f"#p{place.paragraph}" if place.paragraph else ""
        return f"{files[place.lecture - 1]}.html{paragraph}"

    def outside(place: Place) -> str:
        return f"lectures/{inside(place)}"

    course = course_context(name, lectures, labels, level=level, inside=inside, outside=outside)
    pages = _Pages(course, templates, has_mixed=bool(mixed))
    yield "style.css", pages.style()
    yield "index.html", pages.render("index", "index", downloads=downloads)
    yield "new.html", pages.render("new", "new")
    groups = grouped(course.terms, lambda one: text_key(one.term.english, one.term.id))
    yield "glossary.html", pages.render("glossary", "glossary", groups=groups)
    if mixed:
        shown = list(mixed_contexts(mixed, lectures, course.words, outside))
        yield "translations.html", pages.render("translations", "translations", mixed=shown)
    for lecture in course.lectures:
        yield f"lectures/{lecture.name}.html", pages.lecture(lecture)


class _Pages:
    def __init__(self, course: CourseContext, templates: Path | None, *, has_mixed: bool) -> None:
        self._course = course
        words = course.words
        listed = (("new", words.new), ("glossary", words.glossary), ("translations", words.translations))
        self._listed = listed if has_mixed else listed[:-1]
        self._renderer = Renderer(templates)
        self._terms = {one.term.id: f"../glossary.html#term-{one.term.id}" for one in course.terms}

    def style(self) -> str:
        sheets = ("handout.css", "assist.css", "site/site.css", "course/course.css")
        return "".join(self._renderer.render(sheet, {}) for sheet in sheets)

    def render(self, template: str, here: str, root: str = "", **context: object) -> str:
        shared = {
            "course": self._course,
            "words": self._course.words,
            "root": root,
            "here": here,
            "pages": self._listed,
        }
        return self._renderer.render(f"course/{template}.html.j2", {**shared, **context})

    def lecture(self, lecture: LectureContext) -> str:
        lectures, at = self._course.lectures, lecture.number - 1
        return self.render(
            "lecture",
            "",
            "../",
            lecture=lecture,
            notes=lecture.notes,
            term_links=self._terms,
            demo_links={},
            before=lectures[at - 1] if at else None,
            after=lectures[at + 1] if at + 1 < len(lectures) else None,
        )
