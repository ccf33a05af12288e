"""The user's decisions about corrections, kept permanently.

A decision is stored with the text of its sentence, not its number, so that like a lock it survives a
new run.
"""

from __future__ import annotations

from collections.abc import Iterable

from studykit.store.database import Store, now
from studykit.types import Decision, Span, Texts

__all__ = ["decide", "decisions_of", "lost_decisions"]


def decisions_of(store: Store, talk_id: str) -> list[Decision]:
    """All decisions about a talk, oldest first."""
    rows = store.db.query("SELECT * FROM correction_decisions WHERE talk_id = ? ORDER BY id", [talk_id])
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


def decide(store: Store, talk_id: str, decisions: Iterable[Decision]) -> None:
    """Store decisions; each replaces an older one about the same correction."""
    with store.transaction():
        for decision in decisions:
            store.db.execute(
                "INSERT OR REPLACE INTO correction_decisions"
                " (talk_id, language, sentence, span_start, span_end, right, accepted, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    talk_id,
                    decision.language,
                    decision.sentence,
                    decision.span.start,
                    decision.span.end,
                    decision.right,
                    int(decision.accepted),
                    now(),
                ],
            )


def lost_decisions(store: Store, talk_id: str, texts: Texts) -> list[Decision]:
    """The decisions whose sentences are not in the current texts."""
    said = {(doc.language, sent.raw) for doc in texts for sent in doc.sentences}
    return [made for made in decisions_of(store, talk_id) if (made.language, made.sentence) not in said]
