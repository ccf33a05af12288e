"""Which talk a text belongs to.

A talk is known by what is said in it, not by the path or the bytes that it came in: captions that were
edited are a new state of the same talk, and another talk under the same path is another talk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studykit.store.database import Store, now
from studykit.store.talks.sketches import resemblance, sketch

__all__ = ["TalkSource", "add_source", "sources_of", "talk_of"]

_SAME = 0.4
"""Texts that share this much are one talk: what is left when every sixth word was edited. Two talks of
one course share less than a twentieth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkSource:
    """Something that a talk was read from: the digest of its content, and the path or link."""

    digest: str
    origin: str


def talk_of(store: Store, digest: str, texts: Iterable[str], *, language: str, imported: bool) -> str | None:
    """The stored talk that a text is a state of, None for a new one.

    ``digest`` is that of the content read. Notes made elsewhere (``imported``) and a talk of our own are
    never one: either would replace what the other has.
    """
    row = store.db.execute("SELECT talk_id FROM talk_sources WHERE digest = ?", [digest]).fetchone()
    if row:
        return str(row[0])
    kind = "kind = 'notes'" if imported else "kind <> 'notes'"
    rows = store.db.execute(
        f"SELECT id, sketch FROM talks WHERE language = ? AND {kind} AND sketch IS NOT NULL", [language]
    ).fetchall()
    if not rows:
        return None
    mine = sketch(texts)
    alike = [(resemblance(mine, bytes(stored)), str(talk_id)) for talk_id, stored in rows]
    best, talk_id = max(alike)
    return talk_id if best >= _SAME else None


def add_source(store: Store, talk_id: str, source: TalkSource) -> None:
    """Remember what a talk was read from. The caller owns the transaction."""
    store.db.execute(
        "INSERT OR REPLACE INTO talk_sources (digest, talk_id, origin, seen_at) VALUES (?, ?, ?, ?)",
        [source.digest, talk_id, source.origin, now()],
    )


def sources_of(store: Store, talk_id: str) -> list[TalkSource]:
    """What a talk was read from, newest first."""
    rows = store.db.execute(
        "SELECT digest, origin FROM talk_sources WHERE talk_id = ? ORDER BY seen_at DESC, digest", [talk_id]
    )
    return [TalkSource(digest=digest, origin=origin) for digest, origin in rows]
