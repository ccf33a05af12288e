"""The user's decisions about corrections, kept permanently.

A decision is stored with the text of its sentence, not its number, so that like a lock it survives a
new run. One about all talks is stored with its words.
"""

from __future__ import annotations

from collections.abc import Iterable

from studykit.store.database import Store, now
from studykit.types import Decision, Span, Texts, words_key

__all__ = ["decide", "decisions_of", "lost_decisions"]


def decisions_of(store: Store, talk_id: str) -> list[Decision]:
    """All decisions that hold for a talk, oldest first: those about all talks, and its own."""
    everywhere = store.db.query("SELECT * FROM word_decisions ORDER BY created_at, wrong")
    rows = store.db.query("SELECT * FROM correction_decisions WHERE talk_id = ? ORDER BY id", [talk_id])
    about_all = [
        Decision(
            language=row["language"],
            sentence=row["wrong"],
            span=Span(start=0, end=len(row["wrong"])),
            right=row["right"],
            accepted=bool(row["accepted"]),
            everywhere=True,
        )
        for row in everywhere
    ]
    return about_all + [
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
    """Store decisions; each replaces an older one about the same correction.

    One about all talks also replaces what was decided about its own sentence.
    """
    with store.transaction():
        for decision in decisions:
            if decision.everywhere:
                _decide_everywhere(store, talk_id, decision)
                continue
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


def _decide_everywhere(store: Store, talk_id: str, decision: Decision) -> None:
    store.db.execute(
        "INSERT OR REPLACE INTO word_decisions VALUES (?, ?, ?, ?, ?)",
        [decision.language, words_key(decision.wrong), decision.right, int(decision.accepted), now()],
    )
    store.db.execute(
        "DELETE FROM correction_decisions WHERE talk_id = ? AND language = ? AND sentence = ?"
        " AND span_start = ? AND span_end = ? AND right = ?",
        [
            *(talk_id, decision.language, decision.sentence),
            *(decision.span.start, decision.span.end, decision.right),
        ],
    )


def lost_decisions(store: Store, talk_id: str, texts: Texts) -> list[Decision]:
    """The decisions about this talk alone whose sentences are not in its current texts."""
    said = {(doc.language, sent.raw) for doc in texts for sent in doc.sentences}
    return [
        made
        for made in decisions_of(store, talk_id)
        if not made.everywhere and (made.language, made.sentence) not in said
    ]
