"""What a person has decided about an alignment, and the journal of those decisions.

A lock is kept as text, not as numbers, so that it outlives a new run over edited files. Locks belong
to a *lineage*: a talk, and the talks made later from the same path or URL after the captions there
were edited. A lock that an action replaced stays, marked with that action, so that taking back an
action is deleting its row: the locks it added go with it, those it removed are in force again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from studykit.errors import StoreError
from studykit.store.database import Store, now

__all__ = [
    "Lock",
    "LockSide",
    "ReviewAction",
    "add_action",
    "add_origin",
    "last_action",
    "lineage_of",
    "locks_of",
    "origins_of",
    "take_back",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockSide:
    """The sentences of one side of a locked bead, and where they stood."""

    sentences: tuple[str, ...]
    position: float
    """Index of the first sentence as a fraction of all, 0-1."""
    before: str | None
    """The sentence before, None at the beginning."""
    after: str | None
    """The sentence after, None at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """English sentences (``source``) and Chinese ones (``target``) that belong together."""

    source: LockSide
    target: LockSide
    id: int | None = None
    """None until stored; a newer lock has a higher one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAction:
    """One entry of the journal; ``action`` says in words what was done."""

    id: int
    action: str
    created_at: str


def lineage_of(store: Store, talk_id: str) -> str:
    """The lineage of a talk."""
    return _lineage(store, talk_id) or talk_id


def add_origin(store: Store, talk_id: str, origin: str) -> str:
    """Remember that a talk was read from ``origin``, a path or URL; returns the talk's lineage.

    A new talk from a known origin goes on with the lineage of the talk that was there before.
    """
    lineage = _lineage(store, talk_id) or _lineage(store, origin) or talk_id
    if any(_lineage(store, name) != lineage for name in (talk_id, origin)):
        with store.transaction():
            store.db.conn.executemany(
                "INSERT OR REPLACE INTO origins VALUES (?, ?)", [(talk_id, lineage), (origin, lineage)]
            )
    return lineage


def origins_of(store: Store, talk_id: str) -> list[str]:
    """The paths and URLs that the talk, or an earlier version of it, was read from."""
    rows = store.db.execute(
        "SELECT name FROM origins WHERE lineage = ? ORDER BY name", [lineage_of(store, talk_id)]
    )
    return [str(name) for (name,) in rows]


def _lineage(store: Store, name: str) -> str | None:
    row = store.db.execute("SELECT lineage FROM origins WHERE name = ?", [name]).fetchone()
    return str(row[0]) if row else None


def locks_of(store: Store, lineage: str, *, without: ReviewAction | None = None) -> list[Lock]:
    """The locks in force, oldest first; ``without``: as if that last action had not been taken."""
    undone = without.id if without else None
    rows = store.db.execute(
        "SELECT id, source, target FROM locks WHERE lineage = ? AND added_by IS NOT ?"
        " AND (removed_by IS NULL OR removed_by IS ?) ORDER BY id",
        [lineage, undone, undone],
    )
    return [Lock(id=id, source=_side(source), target=_side(target)) for id, source, target in rows]


def _side(stored: str) -> LockSide:
    return msgspec.json.decode(stored, type=LockSide)


def last_action(store: Store, lineage: str) -> ReviewAction | None:
    """The newest entry of the journal."""
    row = store.db.execute(
        "SELECT id, action, created_at FROM review_actions WHERE lineage = ? ORDER BY id DESC LIMIT 1",
        [lineage],
    ).fetchone()
    return ReviewAction(id=row[0], action=row[1], created_at=row[2]) if row else None


def add_action(
    store: Store,
    lineage: str,
    action: str,
    *,
    added: Iterable[Lock],
    removed: Iterable[Lock],
    after: ReviewAction | None,
) -> None:
    """Write an action and what it did to the locks into the journal.

    The caller owns the transaction. Raises ``StoreError`` when ``after`` is not the last action any
    more, because somebody else took one meanwhile.
    """
    _expect(store, lineage, after)
    made = store.db.execute(
        "INSERT INTO review_actions (lineage, action, created_at) VALUES (?, ?, ?)", [lineage, action, now()]
    ).lastrowid
    for lock in removed:
        store.db.execute("UPDATE locks SET removed_by = ? WHERE id = ?", [made, lock.id])
    for lock in added:
        source, target = (msgspec.json.encode(side).decode() for side in (lock.source, lock.target))
        store.db.execute(
            "INSERT INTO locks (lineage, source, target, added_by) VALUES (?, ?, ?, ?)",
            [lineage, source, target, made],
        )


def take_back(store: Store, lineage: str, action: ReviewAction) -> None:
    """Undo the last action. The caller owns the transaction; raises ``StoreError`` as above."""
    _expect(store, lineage, action)
    store.db.execute("DELETE FROM review_actions WHERE id = ?", [action.id])


def _expect(store: Store, lineage: str, last: ReviewAction | None) -> None:
    if last_action(store, lineage) != last:
        raise StoreError(store.path, "the review was changed by another process meanwhile; try again")
