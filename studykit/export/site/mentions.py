"""Every place where a term was said: the sentences in both languages, with the term marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from studykit.export.doubts import doubtful_paragraphs
from studykit.export.page.links import link_at
from studykit.export.page.runs import Marks, Run, doubts_of, runs, term_marks
from studykit.timecode import to_clock
from studykit.types import Notes, Span

__all__ = ["Mention", "TalkMentions", "mentions_of"]


class Mention(Struct, frozen=True, kw_only=True):
    """One bead that contains the term, or one sentence without an alignment."""

    paragraph: int
    """Number of the paragraph, from 1."""
    clock: str | None
    """The time, such as ``20:00``; ``url`` plays from there."""
    url: str | None
    english: tuple[Run, ...]
    chinese: tuple[Run, ...]
    """Runs with ``term`` set are the term."""
    doubtful: bool


class TalkMentions(Struct, frozen=True, kw_only=True):
    """A term's mentions in one talk, in order, and what is shown of the talk beside them."""

    page: str
    title: str
    stored_on: str
    mentions: tuple[Mention, ...]


def mentions_of(notes: Notes) -> dict[str, tuple[Mention, ...]]:
    """For each entry id, its mentions in a talk."""
    found: dict[str, list[Mention]] = {}
    for entry_id, mention in _mentions(notes):
        found.setdefault(entry_id, []).append(mention)
    return {entry_id: tuple(mentions) for entry_id, mentions in found.items()}


def _mentions(notes: Notes) -> Iterator[tuple[str, Mention]]:
    marks = {language: term_marks(notes.terms, language) for language in ("en", "zh")}
    lead, doubts, doubtful = notes.source.language, doubts_of(notes), doubtful_paragraphs(notes)
    paragraph_of = {language: notes.paragraphs_of(language) for language in marks}
    for english, chinese in notes.pairs():
        sides = (("en", english), ("zh", chinese)) if lead == "en" else (("zh", chinese), ("en", english))
        first: dict[str, tuple[str, int]] = {}
        for language, span in sides:
            for i in range(span.start, span.end):
                for _, entry_id in marks[language].get(i, ()):
                    first.setdefault(entry_id, (language, i))
        for entry_id, (language, i) in first.items():
            para = notes.paragraphs[paragraph_of[language](i)]
            time_s = notes.sentences(language)[i].start_s if language == lead else None
            if time_s is None:
                time_s = para.start_s
            yield (
                entry_id,
                Mention(
                    paragraph=para.index + 1,
                    clock=None if time_s is None else to_clock(time_s),
                    url=link_at(notes.source.url, time_s),
                    english=runs(notes.english, english, _only(marks["en"], english, entry_id), "en"),
                    chinese=runs(
                        notes.chinese, chinese, _only(marks["zh"], chinese, entry_id), "zh", doubts=doubts
                    ),
                    doubtful=para.index in doubtful,
                ),
            )


def _only(marks: Marks, span: Span, entry_id: str) -> dict[int, Sequence[tuple[Span, str]]]:
    sentences = range(span.start, span.end)
    return {i: [mark for mark in marks[i] if mark[1] == entry_id] for i in sentences if i in marks}
