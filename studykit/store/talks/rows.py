"""Converts notes to rows and back, without loss.

Knows tables and columns, but not connections or transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeVar

import msgspec

from studykit.languages import join_sentences
from studykit.store.sqlite import Database
from studykit.store.talks.assistance import WRITTEN_TABLES, assistance_rows, read_assistance
from studykit.types import (
    Alignment,
    Bead,
    Chapter,
    Claim,
    Correction,
    Finding,
    Gloss,
    Notes,
    NotesParagraph,
    Occurrence,
    Part,
    Quote,
    Sentence,
    Source,
    Span,
    Term,
    VocabularyItem,
)

__all__ = ["delete_notes", "insert_rows", "read_notes", "write_notes"]

Row = dict[str, Any]
Values = tuple[Any, ...]
T = TypeVar("T")

_TABLES = (
    *("chapters", "parts", "sentences", "paragraphs", "beads", "term_occurrences", "terms"),
    *("vocabulary_occurrences", "vocabulary", "claim_evidence", "claims", "findings", "corrections"),
    *WRITTEN_TABLES,
)
"""The tables that hold notes."""


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _plain(record: Any, *left_out: str) -> Row:
    """The simple fields of a struct; the caller writes spans and lists."""
    fields = record.__struct_fields__
    return {name: getattr(record, name) for name in fields if name not in left_out}


def write_notes(db: Database, notes: Notes, *, notes_key: str, updated_at: str) -> None:
    """Replace all notes of the talk. The caller owns the transaction.

    The row of the talk itself stays, so that what belongs to the talk but not to its notes, such as the
    record of exported files, is kept.
    """
    talk = notes.source.id
    delete_notes(db, talk)

    def insert(table: str, rows: Iterable[Row]) -> None:
        insert_rows(db, table, ({"talk_id": talk, **row} for row in rows))

    db.table("talks").upsert(_talk_row(notes, notes_key, updated_at), pk="id")
    insert("chapters", ({"position": i, **_plain(c)} for i, c in enumerate(notes.source.chapters)))
    insert("parts", (_part_row(part) for part in notes.parts))
    insert("paragraphs", (_paragraph_row(notes, para) for para in notes.paragraphs))
    insert("sentences", _sentence_rows(notes))
    beads = notes.alignment.beads if notes.alignment else ()
    insert("beads", (_bead_row(i, bead) for i, bead in enumerate(beads)))
    insert("terms", (_item_row(i, term) for i, term in enumerate(notes.terms)))
    insert("term_occurrences", _occurrence_rows("term", notes.terms))
    insert("vocabulary", (_item_row(i, item) for i, item in enumerate(notes.vocabulary)))
    insert("vocabulary_occurrences", _occurrence_rows("item", notes.vocabulary))
    insert("claims", ({"position": i, **_plain(c, "evidence")} for i, c in enumerate(notes.claims)))
    insert("claim_evidence", _evidence_rows(notes.claims))
    insert("findings", ({"position": i, **_plain(f)} for i, f in enumerate(notes.findings)))
    insert("corrections", (_correction_row(i, c) for i, c in enumerate(notes.corrections)))
    for table, written in assistance_rows(notes):
        insert(table, written)


def insert_rows(db: Database, table: str, rows: Iterable[Row]) -> None:
    """Insert rows that have the same columns in the same order; in half the time of sqlite-utils."""
    first = next(made := iter(rows), None)
    if first is not None:
        columns, marks = ", ".join(first), ", ".join("?" * len(first))
        values = (tuple(row.values()) for row in chain([first], made))
        db.conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def delete_notes(db: Database, talk_id: str) -> None:
    """Delete the notes of a talk; its own row, and what a person decided about it, stay."""
    for table in _TABLES:
        db.execute(f"DELETE FROM {table} WHERE talk_id = ?", [talk_id])


def read_notes(db: Database, talk_id: str, *, terms: bool = True) -> Notes | None:
    """The notes of a talk, or None; without ``terms``, as if none had been found in it."""
    talk = next(db.query("SELECT * FROM talks WHERE id = ?", [talk_id]), None)
    if talk is None:
        return None

    def rows(table: str, make: Callable[[Row], T]) -> tuple[T, ...]:
        found = db.query(f"SELECT * FROM {table} WHERE talk_id = ? ORDER BY position", [talk_id])
        return tuple(make(row) for row in found)

    def tuples(columns: str, table: str, order: str = "position") -> Iterator[Values]:
        """Of tables with many rows, which take most of the time as dictionaries."""
        return db.execute(f"SELECT {columns} FROM {table} WHERE talk_id = ? ORDER BY {order}", [talk_id])

    def occurrences(table: str, owner: str) -> Mapping[int, list[Occurrence]]:
        columns = f"{owner}, language, sentence, span_start, span_end"
        return _grouped(map(_occurrence, tuples(columns, table, f"{owner}, position")))

    sentences = {"en": list[Sentence](), "zh": list[Sentence]()}
    for row in tuples(_OF_SENTENCES, "sentences", "language, position"):
        sentences[row[0]].append(_sentence(row))
    of_terms = occurrences("term_occurrences", "term") if terms else {}
    of_items = occurrences("vocabulary_occurrences", "item")
    of_claims = "claim, sentence, span_start, span_end, quote"
    evidence = _grouped(map(_evidence, tuples(of_claims, "claim_evidence", "claim, position")))
    return Notes(
        source=Source(
            chapters=rows("chapters", lambda r: Chapter(**_without(r, "talk_id", "position"))),
            **{name: talk[name] for name in Source.__struct_fields__ if name != "chapters"},
        ),
        timing=talk["timing"],
        english=tuple(sentences["en"]),
        chinese=tuple(sentences["zh"]),
        alignment=_alignment(talk, tuple(map(_bead, tuples(_OF_BEADS, "beads")))),
        parts=rows("parts", _part),
        paragraphs=rows("paragraphs", lambda r: _paragraph(r, introduces=terms)),
        terms=rows("terms", lambda r: _term(r, of_terms.get(r["position"], []))) if terms else (),
        vocabulary=rows("vocabulary", lambda r: _item(r, of_items.get(r["position"], []))),
        claims=rows("claims", lambda r: _claim(r, evidence.get(r["position"], []))),
        findings=rows("findings", lambda r: Finding(**_without(r, "talk_id", "position"))),
        corrections=rows("corrections", _correction),
        assistance=read_assistance(db, talk_id),
    )


def _grouped(pairs: Iterable[tuple[int, T]]) -> Mapping[int, list[T]]:
    groups: dict[int, list[T]] = {}
    for owner, value in pairs:
        groups.setdefault(owner, []).append(value)
    return groups


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _talk_row(notes: Notes, notes_key: str, updated_at: str) -> Row:
    aligned = notes.alignment
    return {
        **_plain(notes.source, "chapters"),
        "timing": notes.timing,
        "encoder": aligned.encoder if aligned else None,
        "aligned_source": aligned.source_id if aligned else None,
        "aligned_target": aligned.target_id if aligned else None,
        "align_options": _json(aligned.options) if aligned else None,
        "notes_key": notes_key,
        "updated_at": updated_at,
    }


def _alignment(talk: Row, beads: tuple[Bead, ...]) -> Alignment | None:
    if talk["encoder"] is None:
        return None
    return Alignment(
        source_id=talk["aligned_source"],
        target_id=talk["aligned_target"],
        beads=beads,
        encoder=talk["encoder"],
        options=msgspec.json.decode(talk["align_options"], type=tuple[tuple[str, str], ...]),
    )


def _part_row(part: Part) -> Row:
    return {
        "position": part.index,
        "title": part.title,
        "translation": part.translation,
        "first_paragraph": part.paragraphs.start,
        "end_paragraph": part.paragraphs.end,
    }


def _part(row: Row) -> Part:
    span = Span(start=row["first_paragraph"], end=row["end_paragraph"])
    return Part(index=row["position"], title=row["title"], paragraphs=span, translation=row["translation"])


def _paragraph_row(notes: Notes, para: NotesParagraph) -> Row:
    return {
        **_plain(para, "index", "english", "chinese", "doubtful", "guessed_turn", "introduces"),
        "position": para.index,
        "number": para.index + 1,
        "english": join_sentences((notes.english[i].text for i in para.english), "en"),
        "chinese": join_sentences((notes.chinese[i].text for i in para.chinese), "zh"),
        "first_english": para.english.start,
        "end_english": para.english.end,
        "first_chinese": para.chinese.start,
        "end_chinese": para.chinese.end,
        "doubtful": int(para.doubtful),
        "guessed_turn": int(para.guessed_turn),
        "introduces": _json(para.introduces),
    }


def _paragraph(row: Row, *, introduces: bool) -> NotesParagraph:
    return NotesParagraph(
        index=row["position"],
        english=Span(start=row["first_english"], end=row["end_english"]),
        chinese=Span(start=row["first_chinese"], end=row["end_chinese"]),
        doubtful=bool(row["doubtful"]),
        guessed_turn=bool(row["guessed_turn"]),
        introduces=msgspec.json.decode(row["introduces"], type=tuple[str, ...]) if introduces else (),
        **{name: row[name] for name in ("start_s", "end_s", "slack_s", "speaker", "score")},
    )


def _sentence_rows(notes: Notes) -> Iterator[Row]:
    for language, spans in (
        ("en", [para.english for para in notes.paragraphs]),
        ("zh", [para.chinese for para in notes.paragraphs]),
    ):
        sentences = notes.sentences(language)
        for paragraph, span in enumerate(spans):
            for i in span:
                yield {
                    "language": language,
                    "position": i,
                    "paragraph": paragraph,
                    **_plain(sentences[i], "index"),
                }


_OF_SENTENCES = "language, position, text, raw, start_s, end_s, slack_s, speaker, doubtful"


def _sentence(row: Values) -> Sentence:
    _, index, text, raw, start_s, end_s, slack_s, speaker, doubtful = row
    return Sentence(
        index=index,
        text=text,
        raw=raw,
        start_s=start_s,
        end_s=end_s,
        slack_s=slack_s,
        speaker=speaker,
        doubtful=bool(doubtful),
    )


def _bead_row(position: int, bead: Bead) -> Row:
    return {
        "position": position,
        "first_source": bead.source.start,
        "end_source": bead.source.end,
        "first_target": bead.target.start,
        "end_target": bead.target.end,
        "score": bead.score,
        "locked": int(bead.locked),
    }


_OF_BEADS = "first_source, end_source, first_target, end_target, score, locked"


def _bead(row: Values) -> Bead:
    first_source, end_source, first_target, end_target, score, locked = row
    return Bead(
        source=Span(start=first_source, end=end_source),
        target=Span(start=first_target, end=end_target),
        score=score,
        locked=bool(locked),
    )


def _item_row(position: int, item: Term | VocabularyItem) -> Row:
    return {"position": position, **_plain(item, "glosses", "occurrences"), "glosses": _json(item.glosses)}


def _glosses(row: Row) -> tuple[Gloss, ...]:
    return msgspec.json.decode(row["glosses"], type=tuple[Gloss, ...])


def _term(row: Row, occurrences: list[Occurrence]) -> Term:
    rest = _without(row, "talk_id", "position", "glosses")
    return Term(glosses=_glosses(row), occurrences=tuple(occurrences), **rest)


def _item(row: Row, occurrences: list[Occurrence]) -> VocabularyItem:
    rest = _without(row, "talk_id", "position", "glosses")
    return VocabularyItem(glosses=_glosses(row), occurrences=tuple(occurrences), **rest)


def _span_row(span: Span) -> Row:
    return {"span_start": span.start, "span_end": span.end}


def _span(row: Row) -> Span:
    return Span(start=row["span_start"], end=row["span_end"])


def _occurrence_rows(owner: str, items: Iterable[Term | VocabularyItem]) -> Iterator[Row]:
    for i, item in enumerate(items):
        for j, at in enumerate(item.occurrences):
            yield {owner: i, "position": j, **_plain(at, "span"), **_span_row(at.span)}


def _occurrence(row: Values) -> tuple[int, Occurrence]:
    owner, language, sentence, start, end = row
    return owner, Occurrence(language=language, sentence=sentence, span=Span(start=start, end=end))


def _evidence_rows(claims: Iterable[Claim]) -> Iterator[Row]:
    for i, claim in enumerate(claims):
        for j, evidence in enumerate(claim.evidence):
            yield {"claim": i, "position": j, **_plain(evidence, "span"), **_span_row(evidence.span)}


def _evidence(row: Values) -> tuple[int, Quote]:
    owner, sentence, start, end, quote = row
    return owner, Quote(sentence=sentence, span=Span(start=start, end=end), quote=quote)


def _claim(row: Row, evidence: list[Quote]) -> Claim:
    return Claim(evidence=tuple(evidence), **_without(row, "talk_id", "position"))


def _correction_row(position: int, correction: Correction) -> Row:
    return {"position": position, **_plain(correction, "span"), **_span_row(correction.span)}


def _correction(row: Row) -> Correction:
    return Correction(span=_span(row), **_without(row, "talk_id", "position", "span_start", "span_end"))
