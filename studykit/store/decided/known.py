"""The words that the learner knows, and other talks that an item occurs in."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from studykit.lexicon import known_key
from studykit.store.database import Store, now

__all__ = ["KnownItem", "add_known", "known_items", "known_keys", "met_before", "remove_known"]


class KnownItem(Struct, frozen=True, kw_only=True):
    """A word or phrase as it was entered, and when (UTC)."""

    head: str
    added_at: str


def add_known(store: Store, heads: Iterable[str]) -> int:
    """Add words and phrases; returns how many were new."""
    rows = {known_key(head): head for head in heads if known_key(head)}
    with store.transaction():
        before = store.db.execute("SELECT count(*) FROM known_items").fetchone()[0]
        store.db.conn.executemany(
            "INSERT OR IGNORE INTO known_items VALUES (?, ?, ?)",
            [(key, head, now()) for key, head in rows.items()],
        )
        after = store.db.execute("SELECT count(*) FROM known_items").fetchone()[0]
    return int(after - before)


def remove_known(store: Store, heads: Iterable[str]) -> list[str]:
    """Remove words and phrases from the list; returns those that were on it, as given."""
    with store.transaction():
        return [
            head
            for head in heads
            if store.db.execute("DELETE FROM known_items WHERE key = ?", [known_key(head)]).rowcount
        ]


def known_items(store: Store) -> list[KnownItem]:
    """The whole list in alphabetical order."""
    rows = store.db.query("SELECT head, added_at FROM known_items ORDER BY key")
    return [KnownItem(**row) for row in rows]


def known_keys(store: Store) -> frozenset[str]:
    """The list as keys, made by ``known_key``."""
    return frozenset(str(row[0]) for row in store.db.execute("SELECT key FROM known_items"))


def met_before(store: Store, heads: Iterable[str], *, besides: str) -> dict[str, list[str]]:
    """For each head, the titles of other talks whose notes contain it, as an item or a glossary term.

    ``besides`` is the id of the talk to leave out.
    """
    wanted = {known_key(head): head for head in heads}
    met: dict[str, list[str]] = {}
    rows = store.db.execute(
        "SELECT head, title FROM (SELECT talk_id, head FROM vocabulary"
        " UNION SELECT talk_id, english FROM terms UNION SELECT talk_id, abbreviation FROM terms)"
        " JOIN talks ON talks.id = talk_id WHERE talk_id != ? AND head IS NOT NULL ORDER BY title",
        [besides],
    )
    for head, title in rows:
        asked = wanted.get(known_key(head))
        if asked is not None and title not in met.setdefault(asked, []):
            met[asked].append(title)
    return met
