"""The user's decisions about an alignment, and the journal of these decisions.

A lock is stored as text, not as numbers, so that it survives a new run over edited files. A lock that an
action replaced stays, marked with that action, so that undoing an action means deleting its row: the
locks that it added go with it, and those that it removed are in force again.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from studykit.errors import StoreError
from studykit.store.database import Store, now

__all__ = [
    "Lock",
    "LockSide",
    "ReviewAction",
    "add_action",
    "last_action",
    "locks_of",
    "take_back",
]


class LockSide(Struct, frozen=True, kw_only=True):
    """The sentences of one side of a locked bead, and their position."""

    sentences: tuple[str, ...]
    position: float
    """Index of the first sentence as a fraction of all, 0-1."""
    before: str | None
    """The sentence before, None at the beginning."""
    after: str | None
    """The sentence after, None at the end."""


class Lock(Struct, frozen=True, kw_only=True):
    """English sentences (``source``) and Chinese ones (``target``) that belong together."""

    source: LockSide
    target: LockSide
    id: int | None = None
    """None until stored; a newer lock has a higher one."""


class ReviewAction(Struct, frozen=True, kw_only=True):
    """One entry of the journal; ``action`` says in words what was done."""

    id: int
    action: str
    created_at: str


def locks_of(store: Store, talk_id: str, *, without: ReviewAction | None = None) -> list[Lock]:
    """The locks in force, oldest first; with ``without``, as if that last action had not been taken."""
    undone = without.id if without else None
    rows = store.db.execute(
        "SELECT id, source, target FROM locks WHERE talk_id = ? AND added_by IS NOT ?"
        " AND (removed_by IS NULL OR removed_by IS ?) ORDER BY id",
        [talk_id, undone, undone],
    )
    return [Lock(id=id, source=_side(source), target=_side(target)) for id, source, target in rows]


def _side(stored: str) -> LockSide:
    return msgspec.json.decode(stored, type=LockSide)


def last_action(store: Store, talk_id: str) -> ReviewAction | None:
    """The newest entry of the journal."""
    row = store.db.execute(
        "SELECT id, action, created_at FROM review_actions WHERE talk_id = ? ORDER BY id DESC LIMIT 1",
        [talk_id],
    ).fetchone()
    return ReviewAction(id=row[0], action=row[1], created_at=row[2]) if row else None


def add_action(
    store: Store,
    talk_id: str,
    action: str,
    *,
    added: Iterable[Lock],
    removed: Iterable[Lock],
    after: ReviewAction | None,
) -> None:
    """Record an action and its changes of the locks in the journal.

    The caller owns the transaction. Raises ``StoreError`` if ``after`` is no longer the last action,
    because another process has added one in the meantime.
    """
    _expect(store, talk_id, after)
    made = store.db.execute(
        "INSERT INTO review_actions (talk_id, action, created_at) VALUES (?, ?, ?)", [talk_id, action, now()]
    ).lastrowid
    for lock in removed:
        store.db.execute("UPDATE locks SET removed_by = ? WHERE id = ?", [made, lock.id])
    for lock in added:
        source, target = (msgspec.json.encode(side).decode() for side in (lock.source, lock.target))
        store.db.execute(
            "INSERT INTO locks (talk_id, source, target, added_by) VALUES (?, ?, ?, ?)",
            [talk_id, source, target, made],
        )


def take_back(store: Store, talk_id: str, action: ReviewAction) -> None:
    """Undo the last action. The caller owns the transaction; raises ``StoreError`` as above."""
    _expect(store, talk_id, action)
    store.db.execute("DELETE FROM review_actions WHERE id = ?", [action.id])


def _expect(store: Store, talk_id: str, last: ReviewAction | None) -> None:
    if last_action(store, talk_id) != last:
        raise StoreError(store.path, "another process has changed the review in the meantime; try again")
