"""Which talk a text belongs to.

A talk is identified by what is said in it, not by its path or bytes: edited captions are a new state of
the same talk, and a different talk under the same path is a different talk.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from studykit.store.database import Store, now
from studykit.store.talks.sketches import resemblance, sketch

__all__ = ["Stated", "TalkSource", "add_source", "keep_stated", "sources_of", "stated_of", "talk_of"]

_EDITED = 0.4
"""Texts from the same path or link, or with the same title, are one talk if they resemble each other this
much: the resemblance left after editing one word in eight."""
_COPIED = 0.9
"""Texts from anywhere are one talk if they resemble each other this much: a file that was moved, converted
or corrected in places. Two recordings of one script, for two audiences, resemble each other less."""


class TalkSource(Struct, frozen=True, kw_only=True):
    """Something that a talk was read from: the digest of its content, and the path or link."""

    digest: str
    origin: str


def talk_of(
    store: Store,
    source: TalkSource,
    texts: Iterable[str],
    *,
    title: str,
    language: str,
    imported: bool,
    since: str = "",
) -> str | None:
    """The stored talk that a text belongs to, or None for a new one.

    With ``since``, a time as it is stored, only talks that were stored from then on are compared.

    ``source`` is what was read. Notes made elsewhere (``imported``) and a talk read from captions are never
    the same talk, since each would replace what the other has.
    """
    row = store.db.execute("SELECT talk_id FROM talk_sources WHERE digest = ?", [source.digest]).fetchone()
    if row:
        return str(row[0])
    kind = "kind = 'notes'" if imported else "kind <> 'notes'"
    rows = store.db.execute(
        "SELECT id, sketch, title = ? OR id IN (SELECT talk_id FROM talk_sources WHERE origin = ?)"
        f" FROM talks WHERE language = ? AND {kind} AND sketch IS NOT NULL AND updated_at >= ?",
        [title, source.origin, language, since],
    ).fetchall()
    if not rows:
        return None
    mine = sketch(texts)
    fits = [
        (alike, str(talk_id))
        for talk_id, stored, near in rows
        if (alike := resemblance(mine, bytes(stored))) >= (_EDITED if near else _COPIED)
    ]
    return max(fits)[1] if fits else None


def add_source(store: Store, talk_id: str, source: TalkSource) -> None:
    """Record what a talk was read from. The caller owns the transaction."""
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


class Stated(Struct, frozen=True, kw_only=True):
    """What the user said of a talk, which holds until the user says something else."""

    title: str | None
    url: str | None


def stated_of(store: Store, talk_id: str) -> Stated:
    """What the user said of a talk the last time that it was read."""
    row = store.db.execute("SELECT stated_title, stated_url FROM talks WHERE id = ?", [talk_id]).fetchone()
    return Stated(title=row[0], url=row[1]) if row else Stated(title=None, url=None)


def keep_stated(store: Store, talk_id: str, stated: Stated) -> None:
    """Record what the user said, inside a transaction of the caller's."""
    store.db.execute(
        "UPDATE talks SET stated_title = ?, stated_url = ? WHERE id = ?", [stated.title, stated.url, talk_id]
    )
