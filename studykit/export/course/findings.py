"""Terms that a course translates in more than one way, for a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from studykit.check.consistency import MixedTerm, TermUse
from studykit.export.course.context import Link, Reference, label_of
from studykit.export.course.labels import CourseLabels
from studykit.export.course.places import Place
from studykit.export.page.runs import Run, runs, term_marks
from studykit.types import Notes, Span

__all__ = ["MixedContext", "RenderingContext", "UseContext", "mixed_contexts", "place_of_use"]


class UseContext(Struct, frozen=True, kw_only=True):
    """A place, with what is said there; runs with ``term`` set are the term."""

    at: Reference
    english: tuple[Run, ...]
    chinese: tuple[Run, ...]


class RenderingContext(Struct, frozen=True, kw_only=True):
    """One translation; ``usual``: it is the one that the glossary prefers."""

    form: str
    usual: bool
    uses: tuple[UseContext, ...]


class MixedContext(Struct, frozen=True, kw_only=True):
    """A term and its translations, the commonest first."""

    id: str
    english: str
    renderings: tuple[RenderingContext, ...]


def mixed_contexts(
    mixed: Sequence[MixedTerm], lectures: Sequence[Notes], words: CourseLabels, link: Link
) -> Iterator[MixedContext]:
    """What a page shows of terms with several translations."""
    for term in mixed:
        yield MixedContext(
            id=term.entry_id,
            english=term.english,
            renderings=tuple(
                RenderingContext(
                    form=rendering.form,
                    usual=rendering.form == term.usual,
                    uses=tuple(_use(use, term, lectures, words, link) for use in rendering.uses),
                )
                for rendering in term.renderings
            ),
        )


def _use(
    use: TermUse, term: MixedTerm, lectures: Sequence[Notes], words: CourseLabels, link: Link
) -> UseContext:
    notes = lectures[use.lecture]
    mine = [one for one in notes.terms if one.entry_id == term.entry_id]
    place = place_of_use(use, notes)

    def shown(language: str, span: Span) -> tuple[Run, ...]:
        return runs(notes.sentences(language), span, term_marks(mine, language), language)

    return UseContext(
        at=Reference(label=label_of(place, words), url=link(place)),
        english=shown("en", use.english),
        chinese=shown("zh", use.chinese),
    )


def place_of_use(use: TermUse, notes: Notes) -> Place:
    """Where a use of a term stands in the course."""
    time_s = notes.english[use.english.start].start_s if notes.source.language == "en" else None
    if time_s is None:
        time_s = notes.paragraphs[use.paragraph].start_s
    return Place(lecture=use.lecture + 1, paragraph=use.paragraph + 1, time_s=time_s)
