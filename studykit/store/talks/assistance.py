"""Converts what a language model wrote about a talk to rows and back, without loss.

Statements stand in one table, whatever they belong to: ``owner`` is the position of the part, claim or
question in its own table, NULL for the talk's line and summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from studykit.store.sqlite import Database
from studykit.types import (
    Assistance,
    Backed,
    Bilingual,
    Dropped,
    Misreading,
    Notes,
    Occurrence,
    Question,
    Quote,
    Span,
    Veto,
    WrittenClaim,
    WrittenItem,
    WrittenPart,
)

__all__ = ["WRITTEN_TABLES", "assistance_rows", "read_assistance"]

Row = dict[str, Any]
T = TypeVar("T")

WRITTEN_TABLES = (
    *("written_evidence", "written_statements", "written_parts", "written_items", "written_vetoes"),
    *("written_misreadings", "written_questions", "written_drops", "assistance"),
)
"""The tables that hold it."""

_Owner = tuple[str, int | None]
"""What a statement is, and the position of what it belongs to."""


def assistance_rows(notes: Notes) -> Iterator[tuple[str, list[Row]]]:
    """Tables and their rows; none if no model was asked."""
    made = notes.assistance
    if made is None:
        return
    title = made.title
    head = {
        "model": made.model,
        "written_on": made.written_on,
        "title_english": title.english if title else None,
        "title_chinese": title.chinese if title else None,
    }
    yield "assistance", [head]
    yield "written_parts", [_part_row(i, part) for i, part in enumerate(made.parts)]
    statements = list(_statements(made))
    yield (
        "written_statements",
        [
            {"position": i, "kind": kind, "owner": owner, "english": said.english, "chinese": said.chinese}
            for i, ((kind, owner), said) in enumerate(statements)
        ],
    )
    yield "written_evidence", list(_evidence_rows([said for _, said in statements]))
    yield "written_items", [_item_row(i, item) for i, item in enumerate(made.items)]
    yield (
        "written_vetoes",
        [
            {"position": i, "head": veto.head, "kind": veto.kind, "why": veto.why}
            for i, veto in enumerate(made.vetoes)
        ],
    )
    yield "written_misreadings", [_misreading_row(i, one) for i, one in enumerate(made.misread)]
    yield "written_questions", [_question_row(i, one) for i, one in enumerate(made.questions)]
    yield (
        "written_drops",
        [
            {"position": i, "feature": one.feature, "reason": one.reason, "count": one.count}
            for i, one in enumerate(made.dropped)
        ],
    )


def _statements(made: Assistance) -> Iterator[tuple[_Owner, Backed]]:
    if made.line:
        yield ("line", None), made.line
    yield from ((("summary", None), said) for said in made.summary)
    for i, part in enumerate(made.parts):
        yield from ((("part", i), said) for said in part.summary)
    for i, claim in enumerate(made.claims):
        yield ("claim", i), claim.statement
        yield from ((("point", i), said) for said in claim.points)
    for i, question in enumerate(made.questions):
        yield ("answer", i), question.answer


def _evidence_rows(statements: Iterable[Backed]) -> Iterator[Row]:
    for i, said in enumerate(statements):
        for j, quote in enumerate(said.evidence):
            yield {
                "statement": i,
                "position": j,
                "sentence": quote.sentence,
                "span_start": quote.span.start,
                "span_end": quote.span.end,
                "quote": quote.quote,
            }


def _part_row(position: int, part: WrittenPart) -> Row:
    return {
        "position": position,
        "part": part.part,
        "heading_english": part.heading.english if part.heading else None,
        "heading_chinese": part.heading.chinese if part.heading else None,
    }


def _place_row(at: Occurrence) -> Row:
    return {
        "language": at.language,
        "sentence": at.sentence,
        "span_start": at.span.start,
        "span_end": at.span.end,
    }


def _item_row(position: int, item: WrittenItem) -> Row:
    return {
        "position": position,
        "head": item.head,
        "kind": item.kind,
        "gloss": item.gloss,
        "note": item.note,
        **_place_row(item.occurrence),
        "in_translation": int(item.in_translation),
        "listed": int(item.listed),
    }


def _misreading_row(position: int, one: Misreading) -> Row:
    return {
        "position": position,
        "head": one.head,
        "literal": one.literal,
        "meant": one.meant,
        **_place_row(one.occurrence),
    }


def _question_row(position: int, one: Question) -> Row:
    return {
        "position": position,
        "part": one.part,
        "english": one.question.english,
        "chinese": one.question.chinese,
    }


def read_assistance(db: Database, talk_id: str) -> Assistance | None:
    """What a model wrote about a talk, or None."""
    head = next(db.query("SELECT * FROM assistance WHERE talk_id = ?", [talk_id]), None)
    if head is None:
        return None

    def rows(table: str, make: Callable[[Row], T], order: str = "position") -> list[T]:
        found = db.query(f"SELECT * FROM {table} WHERE talk_id = ? ORDER BY {order}", [talk_id])
        return [make(row) for row in found]

    evidence: dict[int, list[Quote]] = {}
    for of_statement, quote in rows("written_evidence", _quote, "statement, position"):
        evidence.setdefault(of_statement, []).append(quote)
    said: dict[_Owner, list[Backed]] = {}
    for row in rows("written_statements", dict):
        statement = Backed(
            english=row["english"], chinese=row["chinese"], evidence=tuple(evidence[row["position"]])
        )
        said.setdefault((row["kind"], row["owner"]), []).append(statement)

    def of(kind: str, owner: int | None = None) -> Sequence[Backed]:
        return said.get((kind, owner), [])

    return Assistance(
        model=head["model"],
        written_on=head["written_on"],
        title=_both(head, "title_"),
        line=next(iter(of("line")), None),
        summary=tuple(of("summary")),
        parts=tuple(rows("written_parts", lambda row: _part(row, of("part", row["position"])))),
        claims=tuple(
            WrittenClaim(statement=claim, points=tuple(of("point", owner)))
            for (kind, owner), claims in said.items()
            if kind == "claim"
            for claim in claims
        ),
        items=tuple(rows("written_items", _item)),
        vetoes=tuple(rows("written_vetoes", lambda row: Veto(**_named(row, "head", "kind", "why")))),
        misread=tuple(rows("written_misreadings", _misreading)),
        questions=tuple(
            rows("written_questions", lambda row: _question(row, of("answer", row["position"])[0]))
        ),
        dropped=tuple(
            rows("written_drops", lambda row: Dropped(**_named(row, "feature", "reason", "count")))
        ),
    )


def _named(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _both(row: Row, prefix: str = "") -> Bilingual | None:
    english, chinese = row[f"{prefix}english"], row[f"{prefix}chinese"]
    return None if english is None else Bilingual(english=english, chinese=chinese)


def _span(row: Row) -> Span:
    return Span(start=row["span_start"], end=row["span_end"])


def _place(row: Row) -> Occurrence:
    return Occurrence(language=row["language"], sentence=row["sentence"], span=_span(row))


def _quote(row: Row) -> tuple[int, Quote]:
    return row["statement"], Quote(sentence=row["sentence"], span=_span(row), quote=row["quote"])


def _part(row: Row, summary: Sequence[Backed]) -> WrittenPart:
    return WrittenPart(part=row["part"], heading=_both(row, "heading_"), summary=tuple(summary))


def _item(row: Row) -> WrittenItem:
    return WrittenItem(
        occurrence=_place(row),
        in_translation=bool(row["in_translation"]),
        listed=bool(row["listed"]),
        **_named(row, "head", "kind", "gloss", "note"),
    )


def _misreading(row: Row) -> Misreading:
    return Misreading(occurrence=_place(row), **_named(row, "head", "literal", "meant"))


def _question(row: Row, answer: Backed) -> Question:
    asked = Bilingual(english=row["english"], chinese=row["chinese"])
    return Question(part=row["part"], question=asked, answer=answer)
