"""Captions into sentences and paragraphs.

``segment`` reads a transcript as turns of running text with times (``timeline``), finds sentences
(``english``, ``chinese``; ``unmarked`` where there are no marks), and groups them (``paragraphs``).
``Sentence.raw`` is what was read; ``Sentence.text`` gets capitals, commas and stops where a talk has
none, and is not edited otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from studykit.fingerprint import digest_texts
from studykit.languages import is_chinese, join_pieces, speech_s
from studykit.options import SegmentOptions
from studykit.segment import chinese, english
from studykit.segment.boundaries import BoundaryModel, ChineseMarker, ParagraphModel
from studykit.segment.chapters import chapter_at, place
from studykit.segment.paragraphs import (
    LEARNT,
    RULED,
    Lengths,
    boundary_scores,
    group,
    learnt_scores,
)
from studykit.segment.timeline import Turn, is_authored, read_turns
from studykit.segment.turns import with_guessed_turns
from studykit.segment.unmarked.chinese import ChineseReading
from studykit.segment.unmarked.reading import Reading
from studykit.segment.word_rules import WordRules
from studykit.types import Chapter, Document, Paragraph, Sentence, Span, Transcript

__all__ = ["BoundaryModel", "segment"]

_AUTHORED_MAX = 2.0
"""A paragraph that a person made is split when it is this many times as long as the longest of ours."""

_FIRM = 1.0
"""Log odds of a sentence's end below which no paragraph ends there, if it can be helped."""
_WEAK_COST = 8.0

_INNER = re.compile(r"\(?(?:[A-Z]\.)?\d{1,3}(?:\.\d{1,3}){2,}[.)]?\s*")
"""A number of three levels and more, as 14.7.1."""
_FIRST = re.compile(r"\(?(?:[A-Z]\.)?\d{1,3}(?:\.\d{1,3})*[.)、]?\s*")
"""Any, which begins a text."""


def segment(
    transcript: Transcript,
    *,
    chapters: Sequence[Chapter] = (),
    options: SegmentOptions = SegmentOptions(),
    boundaries: BoundaryModel = WordRules(),
) -> Document:
    """The transcript in sentences and paragraphs.

    The sentences' raw texts, joined, are the transcript's text, white space and ``>>`` aside. A
    paragraph lies within one speaker's turn and one chapter; a chapter begins at the sentence
    boundary nearest to its time (``chapters`` in order of time; ignored when the transcript has no
    times). In text without times, paragraphs that a person wrote are kept. ``boundaries`` is asked
    where sentences end when there are no marks (of Chinese, if it knows) and, of English, if it knows,
    where paragraphs do and where another speaker seems to begin, if nothing says who speaks.
    """
    authored = is_authored(transcript)
    sentences: list[Sentence] = []
    turn_starts: list[int] = []
    pauses_s: list[float] = []
    weak_starts: list[bool] = []
    turns = read_turns(transcript, whole_segments=authored)
    in_chinese = is_chinese(transcript.language)
    bare = (chinese if in_chinese else english).lacks_marks(turn.text for turn in turns)
    for turn in turns:
        turn_starts.append(len(sentences))
        reading = _read(turn, boundaries, in_chinese=in_chinese, bare=bare)
        for start, end in pairwise([*_starts(turn, reading), len(turn.text)]):
            pauses_s.append(turn.pause_s(start))
            weak_starts.append(bare and reading is not None and reading.strength(start) < _FIRM)
            sent = _sentence(turn, start, end, len(sentences), transcript.language)
            written = reading.written(start, end) if bare and reading is not None else sent.text
            sentences.append(replace(sent, text=written))

    chapter_starts = place(chapters, sentences)
    given = sorted({*turn_starts, *(at for at in chapter_starts if at < len(sentences))})
    scores, costs = _ends(sentences, pauses_s, boundaries, transcript.language, options.target_s)
    scores = [score - _WEAK_COST * weak for score, weak in zip(scores, weak_starts, strict=True)]
    paragraph_starts = group(
        [speech_s(sent) for sent in sentences],
        scores,
        given,
        target_s=options.target_s,
        max_s=options.max_s,
        whole_up_to_s=_AUTHORED_MAX * options.max_s if authored else 0.0,
        costs=costs,
    )
    doc = Document(
        id=digest_texts(transcript.language, (sent.text for sent in sentences)),
        language=transcript.language,
        sentences=tuple(sentences),
        paragraphs=_paragraphs([*paragraph_starts, len(sentences)], chapter_starts),
    )
    # A change of speaker that captions mark is known.
    return with_guessed_turns(doc, boundaries) if len(turns) == 1 else doc


def _paragraphs(edges: Sequence[int], chapter_starts: Sequence[int]) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(index=i, sentences=Span(start=start, end=end), chapter=chapter_at(chapter_starts, start))
        for i, (start, end) in enumerate(pairwise(edges))
    )


def _read(
    turn: Turn, boundaries: BoundaryModel, *, in_chinese: bool, bare: bool
) -> Reading | ChineseReading | None:
    """What asks the model about the turn; of Chinese with marks, or without a model for it, nothing does."""
    if not in_chinese:
        return Reading(turn, boundaries)
    return ChineseReading(turn, boundaries) if bare and isinstance(boundaries, ChineseMarker) else None


def _starts(turn: Turn, reading: Reading | ChineseReading | None) -> list[int]:
    if reading is None:
        starts = chinese.sentence_starts(turn)
    elif isinstance(reading, Reading):
        starts = english.sentence_starts(reading)
    else:
        starts = reading.sentence_starts()
    # The number of a heading or an item is no sentence by itself.
    numbered = {
        end
        for start, end in pairwise(starts)
        if (_FIRST if start == starts[0] else _INNER).fullmatch(turn.text, start, end)
    }
    return [start for start in starts if start not in numbered]


def _ends(
    sentences: Sequence[Sentence],
    pauses_s: Sequence[float],
    boundaries: BoundaryModel,
    language: str,
    target_s: float,
) -> tuple[list[float], Lengths]:
    """What a paragraph's end before each sentence earns, and what lengths cost: as learnt, or by rule."""
    if isinstance(boundaries, ParagraphModel) and not is_chinese(language):
        odds = boundaries.paragraphs([sent.text for sent in sentences])
        return learnt_scores(odds, pauses_s, target_s=target_s), LEARNT
    return boundary_scores(sentences, pauses_s, language=language), RULED


def _sentence(turn: Turn, start: int, end: int, index: int, language: str) -> Sentence:
    raw = turn.text[start:end].rstrip()
    end = start + len(raw)
    start_s, end_s = turn.start_s(start), turn.end_s(end)
    if start_s is not None and end_s is not None:
        end_s = max(start_s, end_s)  # two captions that overlap share a sentence
    return Sentence(
        index=index,
        text=join_pieces([raw], language),
        raw=raw,
        start_s=start_s,
        end_s=end_s,
        slack_s=turn.slack_s(start, end),
        speaker=turn.speaker,
        doubtful=turn.is_doubtful(start, end),
    )
