"""Maintenance of the database: removes and merges talks, and prunes what is no longer needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from studykit.store.database import Store

__all__ = ["Merged", "Pruned", "merge_talks", "prune", "remove_talk", "tables_of_talks"]

_NEVER = "9"
"""Later than any time that is stored."""


class Merged(Struct, frozen=True, kw_only=True):
    """Numbers of what was moved from one talk to another."""

    locks: int
    decisions: int


class Pruned(Struct, frozen=True, kw_only=True):
    """Numbers of removed rows, and by how many bytes the file has shrunk."""

    results: int
    orphans: int
    vectors: int
    bytes_freed: int


def remove_talk(store: Store, talk_id: str) -> None:
    """Remove a talk and, by a trigger in the database, all that belongs to it."""
    with store.transaction():
        store.db.execute("DELETE FROM talks WHERE id = ?", [talk_id])


def merge_talks(store: Store, *, keep: str, other: str) -> Merged:
    """Move decisions, sources and places in courses from ``other`` to ``keep``; remove ``other``."""
    with store.transaction():
        locks = store.db.execute("UPDATE locks SET talk_id = ? WHERE talk_id = ?", [keep, other]).rowcount
        store.db.execute("UPDATE review_actions SET talk_id = ? WHERE talk_id = ?", [keep, other])
        decisions = store.db.execute(
            "UPDATE OR IGNORE correction_decisions SET talk_id = ? WHERE talk_id = ?", [keep, other]
        ).rowcount
        for table in ("talk_sources", "course_talks"):
            store.db.execute(f"UPDATE OR IGNORE {table} SET talk_id = ? WHERE talk_id = ?", [keep, other])
        store.db.execute("DELETE FROM talks WHERE id = ?", [other])
    return Merged(locks=locks, decisions=decisions)


def prune(
    store: Store, *, vectors: bool = False, older_than_days: float | None = None, most_mb: float | None = None
) -> Pruned:
    """Remove results of sources without a talk and rows without a talk, and shrink the file.

    With ``vectors``, also remove sentence vectors; with ``older_than_days``, results and vectors that are
    older; with ``most_mb``, the oldest, until the rest takes no more. All are computed again when needed.
    """
    before = _size_bytes(store)
    orphans = 0
    with store.transaction():
        results = store.db.execute(
            "DELETE FROM stage_results WHERE source_id NOT IN (SELECT id FROM talks)"
            " AND source_id NOT IN (SELECT digest FROM talk_sources)"
        ).rowcount
        for table in tables_of_talks(store):
            orphans += store.db.execute(
                f"DELETE FROM {table} WHERE talk_id NOT IN (SELECT id FROM talks)"
            ).rowcount
        before_vectors = _vectors(store)
        if vectors:
            store.db.execute("DELETE FROM talk_vectors")
        if older_than_days is not None:
            since = (datetime.now(UTC) - timedelta(days=older_than_days)).isoformat(timespec="microseconds")
            results += _without_cached_before(store, since)
        if most_mb is not None:
            results += _without_cached_before(store, _newest_that_fit(store, most_mb * 1e6))
        gone = before_vectors - _vectors(store)
    # Deleted rows leave marks in the index, which it forgets only when its parts are merged.
    with store.transaction():
        store.db.execute("INSERT INTO sentences_fts(sentences_fts) VALUES ('optimize')")
    store.db.execute("VACUUM")
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Pruned(
        results=results, orphans=orphans, vectors=gone, bytes_freed=max(0, before - _size_bytes(store))
    )


def _without_cached_before(store: Store, since: str) -> int:
    """Delete results and vectors that are older; returns the number of results."""
    store.db.execute("DELETE FROM talk_vectors WHERE created_at < ?", [since])
    return store.db.execute("DELETE FROM stage_results WHERE created_at < ?", [since]).rowcount


def _newest_that_fit(store: Store, most_bytes: float) -> str:
    """The time since which results and vectors were made that take no more than this together."""
    rows = store.db.execute(
        "SELECT created_at, length(result) FROM stage_results"
        " UNION ALL SELECT created_at, length(keys) + length(vectors) FROM talk_vectors"
        " ORDER BY 1 DESC"
    )
    since, total = _NEVER, 0
    for created_at, size in rows:
        total += size
        if total > most_bytes:
            break
        since = str(created_at)
    else:
        return ""
    return since


def _vectors(store: Store) -> int:
    (count,) = store.db.execute("SELECT coalesce(sum(count), 0) FROM talk_vectors").fetchone()
    return int(count)


def tables_of_talks(store: Store) -> list[str]:
    """The tables whose rows belong to a talk, sorted."""
    rows = store.db.execute(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND c.name = 'talk_id' ORDER BY m.name"
    )
    return [str(name) for (name,) in rows]


def _size_bytes(store: Store) -> int:
    (pages,) = store.db.execute("PRAGMA page_count").fetchone()
    (size,) = store.db.execute("PRAGMA page_size").fetchone()
    return int(pages * size)
