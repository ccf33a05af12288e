"""Vocabulary as a table with one row per item and the same columns for all sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from studykit.export.assist.merged import with_wording_told
from studykit.export.doubts import with_doubts_shown
from studykit.glossary.exchange.cells import to_cell
from studykit.languages import join_sentences
from studykit.tables.frequencies import zipf_frequency
from studykit.types import Bead, Gloss, Notes, Sentence, Term, VocabularyItem

__all__ = ["VOCABULARY_COLUMNS", "rows_csv", "vocabulary_csv", "vocabulary_row"]

VOCABULARY_COLUMNS = (
    "head kind lemma pos cefr zipf gloss_zh gloss_source count time_s example example_zh ipa note met times_s"
).split()

"""A spreadsheet would execute a cell that begins with one of these."""


def vocabulary_row(
    item: VocabularyItem,
    *,
    english: Sequence[Sentence],
    chinese: Sequence[Sentence],
    beads: Iterable[Bead],
    met: Sequence[str] = (),
) -> dict[str, Any]:
    """The values of ``VOCABULARY_COLUMNS``; the example is the first sentence with the item.

    ``met``: titles of other talks that contain it. ``times_s``: the start of each of its sentences.
    """
    said = [english[at.sentence] for at in item.occurrences if at.language == "en"]
    first = said[0] if said else None
    target = next((bead.target for bead in beads if first and first.index in bead.source), ())
    gloss = item.glosses[0] if item.glosses else None
    return {
        "head": item.head,
        "kind": item.kind,
        "lemma": item.lemma,
        "pos": item.upos,
        "cefr": item.cefr,
        "zipf": item.zipf,
        "gloss_zh": gloss.text if gloss else None,
        "gloss_source": gloss.source if gloss else None,
        "count": len(said),
        "time_s": first.start_s if first else None,
        "example": first.text if first else None,
        "example_zh": join_sentences((chinese[i].text for i in target), "zh") or None,
        "ipa": item.ipa,
        "note": item.note,
        "met": list(met),
        "times_s": [sent.start_s for sent in said],
    }


def rows_csv(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as CSV (RFC 4180 with LF); text that a spreadsheet would execute is prefixed with ``'``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, VOCABULARY_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        times = " ".join("" if time is None else f"{time:g}" for time in row["times_s"])
        cells = {**row, "met": "; ".join(row["met"]), "times_s": times}
        writer.writerow(
            {name: to_cell(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
        )
    return text.getvalue()


def vocabulary_csv(notes: Notes) -> str:
    """The terms and vocabulary of a talk, with the byte order mark that spreadsheets need."""
    notes = with_wording_told(notes)
    beads = notes.alignment.beads if notes.alignment else ()
    items = [*map(_as_item, notes.terms), *notes.vocabulary]
    chinese = with_doubts_shown(notes).chinese
    rows = (vocabulary_row(item, english=notes.english, chinese=chinese, beads=beads) for item in items)
    return "\ufeff" + rows_csv(rows)


def _as_item(term: Term) -> VocabularyItem:
    return VocabularyItem(
        head=term.english,
        kind="term",
        lemma=term.english,
        upos=None,
        cefr=None,
        zipf=zipf_frequency(term.english),
        glosses=(Gloss(text=term.chinese, language="zh", source="glossary"),),
        occurrences=term.occurrences,
    )
