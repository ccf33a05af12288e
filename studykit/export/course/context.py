"""The variable ``course`` of a course's templates."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from msgspec import Struct

from studykit.export.course.labels import COURSE_LABELS, CourseLabels
from studykit.export.course.places import Place, item_place, met_before, place_of
from studykit.export.page.contexts import MetContext, NotesContext, TermContext, VocabularyContext
from studykit.export.page.labels import Labels
from studykit.export.page.links import page_name
from studykit.export.page.notes_context import notes_context
from studykit.export.site.order import text_key
from studykit.timecode import to_clock
from studykit.types import Notes
from studykit.types.kinds import ITEM_KINDS

__all__ = [
    "CourseContext",
    "CourseItem",
    "CourseTerm",
    "LectureContext",
    "Link",
    "Reference",
    "Said",
    "course_context",
    "label_of",
]

_WORDING: frozenset[str] = frozenset(kind.key for kind in ITEM_KINDS.values() if kind.is_wording)

Link = Callable[[Place], str]
"""The address of a place, as a page links to it."""


class Reference(Struct, frozen=True, kw_only=True):
    """A place in the course, such as ``第 3 讲 12:40``."""

    label: str
    url: str


class Said(Struct, frozen=True, kw_only=True):
    """How often a lecture says a term, in its own language; ``url`` leads to the first place."""

    lecture: int
    count: int
    url: str


class CourseTerm(Struct, frozen=True, kw_only=True):
    """A term of the course's glossary."""

    term: TermContext
    first: Reference
    said: tuple[Said, ...]


class CourseItem(Struct, frozen=True, kw_only=True):
    """Something of the course's vocabulary; ``first`` is None if it is not said."""

    item: VocabularyContext
    first: Reference | None


class LectureContext(Struct, frozen=True, kw_only=True):
    """A lecture: its notes, and what no earlier lecture has."""

    number: int
    name: str
    """File name without suffix."""
    notes: NotesContext
    length: str | None
    new_terms: tuple[TermContext, ...]
    new_vocabulary: tuple[tuple[str, tuple[VocabularyContext, ...]], ...]
    """Pairs of a kind and its items."""
    new_heads: tuple[str, ...]
    """All of them by name, terms first, for a short list."""


class CourseContext(Struct, frozen=True, kw_only=True):
    """A course. ``title``, ``language``, ``labels`` and what follows are what books ask of ``notes``."""

    title: str
    language: str
    labels: Labels
    words: CourseLabels
    level: str
    total: str | None
    """The length of all lectures, if all are known."""
    lectures: tuple[LectureContext, ...]
    terms: tuple[CourseTerm, ...]
    """All terms of the course, by English letter."""
    vocabulary: tuple[tuple[str, tuple[CourseItem, ...]], ...]
    """Pairs of a kind and its items, by English letter."""
    has_guesses: bool
    from_cedict: bool
    has_english: bool
    has_chinese: bool
    channel: str | None
    """Who published all lectures, or None."""
    published: str | None
    """The day of the last lecture, or None."""
    parts: tuple[()] = ()
    url: None = None


def course_context(
    name: str, lectures: Sequence[Notes], labels: Labels, *, level: str, inside: Link, outside: Link
) -> CourseContext:
    """The context of a course. ``inside`` links from a lecture's own pages, ``outside`` from all others."""
    words = COURSE_LABELS["zh" if labels.language == "zh-Hans" else "en"]
    met = met_before(lectures)
    contexts = [
        notes_context(
            notes,
            labels,
            {
                id_: MetContext(label=_met_label(one.place, words), url=inside(one.place), gloss=one.gloss)
                for id_, one in mine.items()
                # What a person wrote about a word stays, wherever it was met before.
                if notes.source.kind != "notes" or not id_.startswith("item-")
            },
        )
        for notes, mine in zip(lectures, met, strict=True)
    ]
    lengths = [_length_s(notes) for notes in lectures]
    known = [length for length in lengths if length is not None]
    channels = {notes.source.channel for notes in lectures}
    made = tuple(
        _lecture(i, notes, contexts[i - 1], met[i - 1], lengths[i - 1]) for i, notes in enumerate(lectures, 1)
    )
    return CourseContext(
        title=name,
        language=labels.language,
        labels=labels,
        words=words,
        level=level,
        total=to_clock(sum(known)) if len(known) == len(lengths) and known else None,
        lectures=made,
        terms=_terms(lectures, contexts, words, outside),
        vocabulary=_vocabulary(lectures, made, words, outside),
        has_guesses=any(context.has_guesses for context in contexts),
        from_cedict=any(context.from_cedict for context in contexts),
        has_english=any(context.has_english for context in contexts),
        has_chinese=any(context.has_chinese for context in contexts),
        channel=channels.pop() if len(channels) == 1 else None,
        published=max((notes.source.published for notes in lectures if notes.source.published), default=None),
    )


def _length_s(notes: Notes) -> float | None:
    """Of the recording; of notes that a person made, of what they cover, which may be ten minutes of it."""
    ends = [para.end_s for para in notes.paragraphs if para.end_s is not None]
    starts = [para.start_s for para in notes.paragraphs if para.start_s is not None]
    if notes.source.kind == "notes" and ends and starts:
        return max(ends) - min(starts)
    return notes.source.duration_s or max(ends, default=None)


def _lecture(
    number: int, notes: Notes, context: NotesContext, met: Container[str], length_s: float | None
) -> LectureContext:
    terms = tuple(term for term in context.terms if term.id not in met)
    vocabulary = tuple(
        (kind, fresh)
        for kind, items in context.vocabulary
        if (fresh := tuple(item for item in items if item.id not in met))
    )
    heads = [term.english for term in terms]
    heads += [item.head for _, items in vocabulary for item in items if item.kind in _WORDING]
    return LectureContext(
        number=number,
        name=page_name(notes.source.id),
        notes=context,
        length=None if length_s is None else to_clock(length_s),
        new_terms=terms,
        new_vocabulary=vocabulary,
        new_heads=tuple(heads),
    )


def _terms(
    lectures: Sequence[Notes], contexts: Sequence[NotesContext], words: CourseLabels, link: Link
) -> tuple[CourseTerm, ...]:
    first: dict[str, tuple[TermContext, Place]] = {}
    said: dict[str, list[Said]] = {}
    for number, (notes, context) in enumerate(zip(lectures, contexts, strict=True), 1):
        shown = {term.id: term for term in context.terms}
        terms = {term.entry_id: term for term in notes.terms}
        for entry_id, at in notes.first_mentions().items():
            place = place_of(number, notes, at)
            first.setdefault(entry_id, (shown[entry_id], place))
            count = sum(at.language == notes.source.language for at in terms[entry_id].occurrences)
            if count:
                said.setdefault(entry_id, []).append(Said(lecture=number, count=count, url=link(place)))
    return tuple(
        CourseTerm(
            term=term,
            first=Reference(label=label_of(place, words), url=link(place)),
            said=tuple(said.get(entry_id, ())),
        )
        for entry_id, (term, place) in sorted(
            first.items(), key=lambda row: text_key(row[1][0].english, row[0])
        )
    )


def _vocabulary(
    lectures: Sequence[Notes], made: Sequence[LectureContext], words: CourseLabels, link: Link
) -> tuple[tuple[str, tuple[CourseItem, ...]], ...]:
    found: dict[str, list[CourseItem]] = {kind: [] for kind in ITEM_KINDS}
    for lecture, notes in zip(made, lectures, strict=True):
        for kind, items in lecture.new_vocabulary:
            for item in items:
                stored = notes.vocabulary[int(item.id.removeprefix("item-")) - 1]
                place = item_place(lecture.number, notes, stored)
                said = Reference(label=label_of(place, words), url=link(place)) if place.paragraph else None
                found[kind].append(CourseItem(item=item, first=said))
    return tuple(
        (kind, tuple(sorted(items, key=lambda one: text_key(one.item.head, one.item.id))))
        for kind, items in found.items()
        if items
    )


def label_of(place: Place, words: CourseLabels) -> str:
    """A place in words, such as ``第 3 讲 12:40``."""
    if place.time_s is not None:
        return words.at.format(lecture=place.lecture, time=to_clock(place.time_s))
    if place.paragraph is not None:
        return words.at_paragraph.format(lecture=place.lecture, paragraph=place.paragraph)
    return words.lecture.format(place.lecture)


def _met_label(place: Place, words: CourseLabels) -> str:
    if place.time_s is not None:
        return words.met_at.format(lecture=place.lecture, time=to_clock(place.time_s))
    if place.paragraph is not None:
        return words.met_paragraph.format(lecture=place.lecture, paragraph=place.paragraph)
    return words.met.format(lecture=place.lecture)
