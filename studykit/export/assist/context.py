"""Converts what a language model wrote to the variables of templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from studykit.export.assist.labels import AssistLabels
from studykit.export.page.contexts import (
    AssistanceContext,
    EvidenceContext,
    MisreadingContext,
    QuestionContext,
    StatementContext,
    time_span,
)
from studykit.types import Assistance, AssistFeature, Backed, Notes, Quote

__all__ = ["assistance_context", "part_summary", "questions", "statement"]


def assistance_context(notes: Notes, labels: AssistLabels) -> AssistanceContext | None:
    """Who wrote about the talk and what of it belongs to no part; None if no model did."""
    made = notes.assistance
    if made is None:
        return None
    reasons: Counter[str] = Counter()
    for one in made.dropped:
        reasons[labels.reasons.get(one.reason, one.reason)] += one.count
    return AssistanceContext(
        model=made.model,
        written_on=made.written_on,
        features=tuple(labels.features[feature] for feature in _features(made)),
        english_title=made.title.english if made.title else None,
        chinese_title=made.title.chinese if made.title else None,
        line=statement(made.line, notes) if made.line else None,
        summary=tuple(statement(said, notes) for said in made.summary),
        misread=tuple(
            MisreadingContext(
                head=one.head,
                literal=one.literal,
                meant=one.meant,
                paragraph=notes.paragraph_of(one.occurrence.language, one.occurrence.sentence) + 1,
            )
            for one in made.misread
        ),
        left_out=tuple(dict.fromkeys(veto.head for veto in made.vetoes)),
        dropped=tuple(f"{reason} {count}" for reason, count in reasons.most_common()),
        dropped_count=reasons.total(),
    )


def _features(made: Assistance) -> Iterator[AssistFeature]:
    there: dict[AssistFeature, object] = {
        "overview": made.line or made.summary,
        "parts": made.parts,
        "claims": made.claims,
        "items": made.items,
        "misread": made.misread,
        "questions": made.questions,
    }
    yield from (feature for feature, written in there.items() if written)


def part_summary(notes: Notes, part: int) -> tuple[StatementContext, ...]:
    """The summary of the part with this index; empty if there is none."""
    written = notes.assistance.parts if notes.assistance else ()
    return tuple(statement(said, notes) for one in written if one.part == part for said in one.summary)


def questions(notes: Notes, part: int) -> tuple[QuestionContext, ...]:
    """The questions on the part with this index, numbered through all parts."""
    written = notes.assistance.questions if notes.assistance else ()
    in_order = sorted(written, key=lambda one: one.part)
    return tuple(
        QuestionContext(
            number=number,
            english=one.question.english,
            chinese=one.question.chinese,
            answer=statement(one.answer, notes),
        )
        for number, one in enumerate(in_order, 1)
        if one.part == part
    )


def statement(said: Backed, notes: Notes) -> StatementContext:
    """A statement with its evidence."""
    evidence = tuple(_evidence(quote, notes) for quote in said.evidence)
    return StatementContext(
        english=said.english,
        chinese=said.chinese,
        evidence=evidence,
        paragraphs=tuple(sorted({one.paragraph for one in evidence})),
    )


def _evidence(quote: Quote, notes: Notes) -> EvidenceContext:
    language = notes.source.language
    sent = notes.sentences(language)[quote.sentence]
    return EvidenceContext(
        quote=quote.quote,
        time=time_span(sent.start_s, sent.end_s, sent.slack_s, notes.source.url),
        paragraph=notes.paragraph_of(language, quote.sentence) + 1,
    )
