"""Exercises from notes: cloze, dictation and translation, each task with its answer.

Nothing is asked about sentences that a recogniser was unsure of: the answer itself may be wrong.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from msgspec import Struct

from studykit.errors import OutputError
from studykit.export.options import HandoutOptions
from studykit.export.page.contexts import TimeSpan, time_span
from studykit.export.page.runs import Doubts, Run, doubts_of, runs
from studykit.languages import join_sentences
from studykit.types import Gloss, Notes, NotesParagraph, Occurrence, Part, Span
from studykit.types.kinds import ITEM_KINDS

__all__ = ["ExercisePart", "Gap", "Piece", "Task", "exercises"]

_HANDWRITTEN_LINE = 52
"""Handwritten letters per line of A4 or Letter, a low estimate."""
_NARROWER = {"large": 0.75, "notes_margin": 0.7}


class Gap(Struct, frozen=True, kw_only=True):
    """A word or phrase left out of the text; ``word`` is its form in the word bank."""

    number: int
    answer: str
    word: str
    gloss: str
    cefr: str | None


class Piece(Struct, frozen=True, kw_only=True):
    """Text, or a gap."""

    text: str
    gap: Gap | None


class Task(Struct, frozen=True, kw_only=True):
    """One task. ``number`` counts tasks; in a cloze it is the number of the paragraph."""

    number: int
    time: TimeSpan | None
    pieces: tuple[Piece, ...]
    """English with gaps; empty in other exercises."""
    chinese: tuple[Run, ...]
    """The Chinese to show."""
    answer: str
    """English; empty in a cloze, whose gaps have their own answers."""
    lines: int
    """Number of lines to write on."""


class ExercisePart(Struct, frozen=True, kw_only=True):
    """The tasks of one part; ``bank`` lists the words of its gaps in alphabetical order."""

    number: int
    title: str | None
    translation: str | None
    """The title in the other language, if studykit made both."""
    time: TimeSpan | None
    tasks: tuple[Task, ...]
    bank: tuple[str, ...]
    gaps: tuple[Gap, ...]


def exercises(notes: Notes, parts: Sequence[TimeSpan | None], options: HandoutOptions) -> list[ExercisePart]:
    """The exercise ``options.variant``, by part; parts without a task are left out.

    ``parts`` are the parts' times. Raises ``OutputError`` if there is nothing to practise.
    """
    per_line = _HANDWRITTEN_LINE
    for name, factor in _NARROWER.items():
        per_line = round(per_line * (factor if getattr(options, name) else 1))
    if options.variant == "cloze":
        tasks = _cloze(notes)
    elif options.variant == "dictation":
        tasks = _dictation(notes, per_line)
    else:
        tasks = _translation(notes, per_line)
    by_part: dict[int, list[Task]] = {}
    for paragraph, task in tasks:
        part = next(part.index for part in notes.parts if paragraph in part.paragraphs)
        by_part.setdefault(part, []).append(task)
    if not by_part:
        unsure = any(sent.doubtful for sent in (*notes.english, *notes.chinese))
        raise OutputError(notes.source.title, _UNSURE if unsure else _NOTHING[options.variant])
    return [_part(notes.parts[i], parts[i], by_part[i]) for i in sorted(by_part)]


_NOTHING = {
    "cloze": "there are no words to leave out; try a lower --level",
    "dictation": "a dictation needs English, which this talk lacks",
    "translate": "a translation exercise needs both languages; run `studykit notes` with --translation",
}
_UNSURE = "what could be asked for is hard to hear in the recording, so that the answers may be wrong"


def _part(part: Part, time: TimeSpan | None, tasks: Sequence[Task]) -> ExercisePart:
    gaps = tuple(piece.gap for task in tasks for piece in task.pieces if piece.gap)
    return ExercisePart(
        number=part.index + 1,
        title=part.title,
        translation=part.translation,
        time=time,
        tasks=tuple(tasks),
        bank=tuple(sorted((gap.word for gap in gaps), key=lambda word: (word.casefold(), word))),
        gaps=gaps,
    )


def _cloze(notes: Notes) -> Iterator[tuple[int, Task]]:
    """Paragraphs with gaps: at most one per sentence, and no word form twice in the exercise."""
    chosen: dict[int, tuple[Span, Gap]] = {}
    forms: set[str] = set()
    for at, cefr, glosses in sorted(
        _askable(notes), key=lambda found: (found[0].sentence, found[0].span.start)
    ):
        sent = notes.english[at.sentence]
        answer = sent.text[at.span.start : at.span.end]
        if not sent.doubtful and at.sentence not in chosen and answer.casefold() not in forms:
            forms.add(answer.casefold())
            gloss = next((gloss.marked for gloss in glosses if gloss.language == "zh"), "")
            word = answer[0].lower() + answer[1:] if at.span.start == 0 and answer[1:].islower() else answer
            gap = Gap(number=len(forms), answer=answer, word=word, gloss=gloss, cefr=cefr)
            chosen[at.sentence] = (at.span, gap)
    gaps = {str(gap.number): gap for _, gap in chosen.values()}
    marks = {sentence: [(span, str(gap.number))] for sentence, (span, gap) in chosen.items()}
    doubts = doubts_of(notes)
    for para in notes.paragraphs:
        if any(i in chosen for i in para.english):
            found = runs(notes.english, para.english, marks, "en")
            pieces = tuple(Piece(text=run.text, gap=gaps.get(run.term or "")) for run in found)
            yield para.index, _task(notes, para, pieces, doubts)


def _askable(notes: Notes) -> Iterator[tuple[Occurrence, str | None, Sequence[Gloss]]]:
    """Occurrences of vocabulary in the English or, in a talk without vocabulary, of its terms."""
    items = [item for item in notes.vocabulary if ITEM_KINDS[item.kind].is_wording]
    for item in items:
        yield from ((at, item.cefr, item.glosses) for at in item.occurrences if at.language == "en")
    for term in () if notes.vocabulary else notes.terms:
        meaning = [Gloss(text=term.chinese, language="zh", source="glossary")]
        yield from ((at, None, meaning) for at in term.occurrences if at.language == "en")


def _task(notes: Notes, para: NotesParagraph, pieces: tuple[Piece, ...], doubts: Doubts) -> Task:
    return Task(
        number=para.index + 1,
        time=time_span(para.start_s, para.end_s, para.slack_s, notes.source.url),
        pieces=pieces,
        chinese=runs(notes.chinese, para.chinese, {}, "zh", doubts=doubts),
        answer="",
        lines=0,
    )


def _dictation(notes: Notes, per_line: int) -> Iterator[tuple[int, Task]]:
    """One task per sentence, which shows only the time."""
    for para in notes.paragraphs:
        for i in para.english:
            if notes.english[i].doubtful:
                continue
            yield para.index, _written(notes, i + 1, Span(start=i, end=i + 1), (), per_line)


def _translation(notes: Notes, per_line: int) -> Iterator[tuple[int, Task]]:
    """Chinese sentences with the English aligned to them; without an alignment, paragraphs."""
    if notes.alignment:
        pairs = [
            (notes.paragraph_of("en", english.start), english, chinese)
            for english, chinese in notes.pairs()
            if len(english) and len(chinese)
        ]
    else:
        pairs = [
            (para.index, para.english, para.chinese)
            for para in notes.paragraphs
            if len(para.english) and len(para.chinese)
        ]
    pairs = [
        (paragraph, english, chinese)
        for paragraph, english, chinese in pairs
        if not any(notes.english[i].doubtful for i in english)
        and not any(notes.chinese[i].doubtful for i in chinese)
    ]
    doubts = doubts_of(notes)
    for number, (paragraph, english, chinese) in enumerate(pairs, 1):
        given = runs(notes.chinese, chinese, {}, "zh", doubts=doubts)
        yield paragraph, _written(notes, number, english, given, per_line)


def _written(notes: Notes, number: int, english: Span, chinese: tuple[Run, ...], per_line: int) -> Task:
    sentences = [notes.english[i] for i in english]
    answer = join_sentences((sent.text for sent in sentences), "en")
    time = time_span(sentences[0].start_s, sentences[-1].end_s, sentences[0].slack_s, notes.source.url)
    lines = max(1, len(textwrap.wrap(answer, per_line)))
    return Task(number=number, time=time, pieces=(), chinese=chinese, answer=answer, lines=lines)
