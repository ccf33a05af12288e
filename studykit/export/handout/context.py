"""The variable ``sheet`` of handout templates. Documented in docs/templates.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from studykit.errors import OutputError
from studykit.export.assist.merged import assisted, with_vocabulary
from studykit.export.handout.exercises import ExercisePart, exercises
from studykit.export.handout.labels import SHEET_LABELS, SheetLabels
from studykit.export.handout.qr import Code, qr_code
from studykit.export.options import ExportOptions, HandoutOptions
from studykit.export.page.contexts import NotesContext, PartContext
from studykit.lexicon import known_key
from studykit.types import CEFR_LEVELS, Notes, VocabularyItem

__all__ = ["Section", "SheetContext", "sheet_context", "wanted"]

_PARAGRAPHS_OF_A_PAGE = 4
_EXERCISES = {"cloze", "dictation", "translate"}


class Section(Struct, frozen=True, kw_only=True):
    """The parts with numbers ``first`` to ``last``: one part, or several short ones."""

    first: int
    last: int
    title: str | None
    """The title of a single part."""


class SheetContext(Struct, frozen=True, kw_only=True):
    """The layout of a handout and, if it is an exercise, its tasks."""

    variant: str
    paper: str
    english: bool
    """Whether the English text is printed."""
    chinese: bool
    explained: bool
    """Whether terms and vocabulary are explained and listed."""
    pinyin: bool
    ipa: bool
    large: bool
    notes_margin: bool
    codes: Mapping[int, Code]
    """By number of part: the QR code that opens the recording at its start."""
    pages: Mapping[str, int]
    """The page number of an id, such as ``part-3``; empty until known."""
    sections: tuple[Section, ...]
    """The parts in order, grouped into sections with a page and a running head of their own."""
    exercises: tuple[ExercisePart, ...]
    labels: SheetLabels


def wanted(notes: Notes, options: HandoutOptions) -> Notes:
    """The notes as they are shown, without vocabulary that is known or below the level."""
    notes = assisted(notes)
    known = set(options.known)
    rank = CEFR_LEVELS.index

    def studied(item: VocabularyItem) -> bool:
        easy = options.level and item.cefr and rank(item.cefr) < rank(options.level)
        return not easy and known_key(item.head) not in known

    return with_vocabulary(notes, [item for item in notes.vocabulary if studied(item)])


def sheet_context(
    notes: Notes, context: NotesContext, options: ExportOptions, pages: Mapping[str, int]
) -> SheetContext:
    """The sheet for ``options.handout`` and the notes shown by ``context``.

    Raises ``OutputError`` if the talk lacks something that the sheet needs.
    """
    handout = options.handout
    needs_english = handout.variant in {"english", "side-by-side"}
    if needs_english and not context.has_english:
        raise OutputError(
            notes.source.title, f"--variant {handout.variant} needs English, which this talk lacks"
        )
    if handout.variant in {"chinese", "side-by-side"} and not context.has_chinese:
        raise OutputError(
            notes.source.title,
            f"--variant {handout.variant} needs Chinese, which this talk lacks; "
            "run `studykit notes` with --translation",
        )
    asked = (
        exercises(notes, [part.time for part in context.parts], handout)
        if handout.variant in _EXERCISES
        else []
    )
    return SheetContext(
        variant=handout.variant,
        paper=handout.paper,
        english=handout.variant != "chinese",
        chinese=handout.variant != "english",
        explained=handout.variant in {"study", "side-by-side"},
        pinyin=handout.pinyin,
        ipa=handout.ipa,
        large=handout.large,
        notes_margin=handout.notes_margin,
        codes={part.number: qr_code(part.time.url) for part in context.parts if part.time and part.time.url},
        pages=pages,
        sections=tuple(_sections(context.parts)),
        exercises=tuple(asked),
        labels=SHEET_LABELS[options.labels.language],
    )


def _sections(parts: Sequence[PartContext]) -> list[Section]:
    """Parts that are too short for a page share one with the previous part."""
    groups: list[list[PartContext]] = []
    for part in parts:
        if groups and sum(len(before.paragraphs) for before in groups[-1]) < _PARAGRAPHS_OF_A_PAGE:
            groups[-1].append(part)
        else:
            groups.append([part])
    if len(groups) > 1 and sum(len(part.paragraphs) for part in groups[-1]) < _PARAGRAPHS_OF_A_PAGE:
        last = groups.pop()
        groups[-1] += last
    return [
        Section(
            first=group[0].number,
            last=group[-1].number,
            title=group[0].title if len(group) == 1 else None,
        )
        for group in groups
    ]
