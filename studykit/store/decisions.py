"""What a person has decided about corrections, kept for good.

A decision is kept with the text of its sentence, not with its number, so that it outlives a new run;
like locks it belongs to the talk's lineage.
"""

from __future__ import annotations

from collections.abc import Iterable

from studykit.correct import Decision
from studykit.store.database import Store, now
from studykit.types import Span

__all__ = ["decide", "decisions_of"]


def decisions_of(store: Store, lineage: str) -> list[Decision]:
    """All decisions of a lineage, oldest first."""
    rows = store.db.query("SELECT * FROM correction_decisions WHERE lineage = ? ORDER BY id", [lineage])
    return [
        Decision(
            language=row["language"],
            sentence=row["sentence"],
            span=Span(start=row["span_start"], end=row["span_end"]),
            right=row["right"],
            accepted=bool(row["accepted"]),
        )
        for row in rows
    ]


def decide(store: Store, lineage: str, decisions: Iterable[Decision]) -> None:
    """Keep decisions; each takes the place of an older one about the same correction."""
    with store.transaction():
        for decision in decisions:
            store.db.execute(
                "INSERT OR REPLACE INTO correction_decisions"
                " (lineage, language, sentence, span_start, span_end, right, accepted, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    lineage,
                    decision.language,
                    decision.sentence,
                    decision.span.start,
                    decision.span.end,
                    decision.right,
                    int(decision.accepted),
                    now(),
                ],
            )
