"""Joins databases: talks, what a person decided, known words, cached results, records of batches.

What both have is compared. Where they contradict each other, this database's decisions and the newer notes
stay, and the contradiction is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from studykit.errors import StoreError
from studykit.store.database import Store
from studykit.store.talks.maintenance import tables_of_talks
from studykit.store.talks.rows import delete_notes
from studykit.store.talks.sketches import resemblance

__all__ = ["Joined", "join_database"]

_DECIDED = ("review_actions", "locks", "correction_decisions")
_NOT_WITH_NOTES = (*_DECIDED, "talk_sources", "exports", "course_talks", "talk_vectors")
_CACHES = ("stage_results", "translations")
_ONE_TALK = 0.9
"""Texts that resemble each other this much may be one talk; see ``talks/identity.py``."""

Row = dict[str, Any]


class Joined(Struct, kw_only=True):
    """Numbers of what was taken over, and what contradicts, a sentence each."""

    talks: int = 0
    """Talks that were not here."""
    renewed: int = 0
    """Talks whose notes were older here."""
    same: int = 0
    locks: int = 0
    decisions: int = 0
    """About corrections, of one talk and of all."""
    known: int = 0
    records: int = 0
    conflicts: list[str] = field(default_factory=list)


def join_database(store: Store, other: Store) -> Joined:
    """Take over everything of ``other`` that ``store`` lacks, in one transaction; ``other`` stays as it is.

    Raises ``StoreError`` if both are one database.
    """
    if store.path.resolve() == other.path.resolve():
        raise StoreError(other.path, "is the database itself; give another one")
    joined = Joined()
    with store.transaction():
        store.db.execute("PRAGMA defer_foreign_keys = ON")
        _tell_alike(store, other, joined)
        for row in _rows(other, "talks"):
            _join_talk(store, other, row, joined)
        joined.known += _add(store, "known_items", _rows(other, "known_items"))
        _join_word_decisions(store, other, joined)
        _join_courses(store, other, joined)
        for table in _CACHES:
            _add(store, table, _rows(other, table))
        _join_records(store, other, joined)
    return joined


def _rows(store: Store, table: str, talk: str | None = None) -> Iterator[Row]:
    """All rows of a table, or those of a talk, in the order in which they were added."""
    where, values = ("", []) if talk is None else (" WHERE talk_id = ?", [talk])
    return store.db.query(f"SELECT * FROM {table}{where} ORDER BY rowid", values)


def _add(store: Store, table: str, rows: Iterator[Row], *, replace: bool = False) -> int:
    """Insert rows that are not there, or all with ``replace``; returns how many were inserted."""
    added = 0
    for row in rows:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        how = "REPLACE" if replace else "IGNORE"
        statement = f"INSERT OR {how} INTO {table} ({columns}) VALUES ({marks})"
        added += store.db.execute(statement, list(row.values())).rowcount
    return added


def _without_number(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows without their running number, which is another one in another database."""
    for row in rows:
        if isinstance(row.get("id"), int):
            del row["id"]
        yield row


def _tell_alike(store: Store, other: Store, joined: Joined) -> None:
    """Name talks that are stored under two ids, one in each database."""
    query = "SELECT id, title, language, sketch FROM talks WHERE sketch IS NOT NULL"
    here, there = list(store.db.query(query)), list(other.db.query(query))
    ids = {row["id"] for row in here}
    for new in there:
        for old in here if new["id"] not in ids else ():
            if new["language"] == old["language"] and (
                resemblance(bytes(new["sketch"]), bytes(old["sketch"])) >= _ONE_TALK
            ):
                joined.conflicts.append(
                    f"{new['title']} ({new['id'][:8]}) seems to be {old['title']} ({old['id'][:8]}); "
                    f"`studykit talks merge {old['id'][:8]} {new['id'][:8]}` makes them one"
                )


def _join_talk(store: Store, other: Store, row: Row, joined: Joined) -> None:
    talk = row["id"]
    here = next(store.db.query("SELECT notes_key, updated_at FROM talks WHERE id = ?", [talk]), None)
    if here is None:
        joined.talks += 1
    elif here["notes_key"] == row["notes_key"]:
        joined.same += 1
    else:
        newer = row["updated_at"] > here["updated_at"]
        joined.renewed += newer
        joined.conflicts.append(
            f"{row['title']} ({talk[:8]}) has other notes in {other.path}; the newer ones, "
            f"{'from there' if newer else 'from here'}, were kept"
        )
    taken = here is None or (here["notes_key"] != row["notes_key"] and row["updated_at"] > here["updated_at"])
    if taken:
        _take_notes(store, other, row, here is not None)
    _add(store, "talk_sources", _rows(other, "talk_sources", talk))
    _add(store, "exports", _rows(other, "exports", talk), replace=taken)
    _join_review(store, other, row, joined)
    _join_corrections(store, other, row, joined)


def _take_notes(store: Store, other: Store, row: Row, known: bool) -> None:
    """The notes of a talk in place of those here; its row is updated, as deleting it would delete all."""
    talk = row["id"]
    if known:
        delete_notes(store.db, talk)
        store.db.execute("DELETE FROM segmented_paragraphs WHERE talk_id = ?", [talk])
        changed = ", ".join(f"{name} = ?" for name in row)
        store.db.execute(f"UPDATE talks SET {changed} WHERE id = ?", [*row.values(), talk])
    else:
        _add(store, "talks", iter([row]))
    for table in tables_of_talks(store):
        if table not in _NOT_WITH_NOTES:
            _add(store, table, _without_number(_rows(other, table, talk)))


def _join_review(store: Store, other: Store, row: Row, joined: Joined) -> None:
    """Locks and their journal: the longer of two journals, if one continues the other."""
    talk = row["id"]
    mine, theirs = _journal(store, talk), _journal(other, talk)
    if mine[: len(theirs)] == theirs:
        return
    if theirs[: len(mine)] != mine:
        joined.conflicts.append(
            f"{row['title']} ({talk[:8]}) was reviewed differently in {other.path}; "
            "the locks from here were kept"
        )
        return
    numbers: dict[int | None, int | None] = {None: None}
    mine_ids = [number for (number,) in _numbers(store, talk)]
    their_rows = list(_rows(other, "review_actions", talk))
    numbers |= {action["id"]: number for action, number in zip(their_rows, mine_ids, strict=False)}
    for action in their_rows[len(mine) :]:
        number = action.pop("id")
        columns, marks = ", ".join(action), ", ".join("?" * len(action))
        numbers[number] = store.db.execute(
            f"INSERT INTO review_actions ({columns}) VALUES ({marks})", list(action.values())
        ).lastrowid
    store.db.execute("DELETE FROM locks WHERE talk_id = ?", [talk])
    for lock in _without_number(_rows(other, "locks", talk)):
        lock |= {name: numbers[lock[name]] for name in ("added_by", "removed_by")}
        joined.locks += _add(store, "locks", iter([lock]))


def _journal(store: Store, talk: str) -> list[tuple[str, str]]:
    rows = store.db.execute(
        "SELECT action, created_at FROM review_actions WHERE talk_id = ? ORDER BY id", [talk]
    )
    return [(action, created_at) for action, created_at in rows]


def _numbers(store: Store, talk: str) -> list[tuple[int]]:
    return store.db.execute("SELECT id FROM review_actions WHERE talk_id = ? ORDER BY id", [talk]).fetchall()


def _join_corrections(store: Store, other: Store, row: Row, joined: Joined) -> None:
    names = ("talk_id", "language", "sentence", "span_start", "span_end", "right")
    for theirs in _without_number(_rows(other, "correction_decisions", row["id"])):
        where = f"{row['title']} ({row['id'][:8]})"
        joined.decisions += _decided(store, "correction_decisions", theirs, joined, names=names, where=where)


def _join_word_decisions(store: Store, other: Store, joined: Joined) -> None:
    for theirs in _rows(other, "word_decisions"):
        names = ("language", "wrong", "right")
        joined.decisions += _decided(store, "word_decisions", theirs, joined, names=names, where="all talks")


def _decided(
    store: Store, table: str, theirs: Row, joined: Joined, *, names: tuple[str, ...], where: str
) -> int:
    """Add a decision; one that contradicts that from here is told. Returns how many were added."""
    same = " AND ".join(f"{name} = ?" for name in names)
    found = store.db.execute(
        f"SELECT accepted FROM {table} WHERE {same}", [theirs[name] for name in names]
    ).fetchone()
    if found is None:
        return _add(store, table, iter([theirs]))
    if found[0] != theirs["accepted"]:
        joined.conflicts.append(
            f"{theirs['right']!r} in {where} is {'accepted' if found[0] else 'rejected'} here and "
            f"{'accepted' if theirs['accepted'] else 'rejected'} there; it stays as here"
        )
    return 0


def _join_courses(store: Store, other: Store, joined: Joined) -> None:
    """Courses with their talks; what both have stays as it is here.

    Shards of one list agree on the places of its talks. Two courses that were made by hand do not, which is
    told.
    """
    _add(store, "courses", _rows(other, "courses"))
    rows = _rows(other, "course_talks")
    added = {row["course"] for row in rows if _add(store, "course_talks", iter([row]))}
    _add(store, "course_cards", _rows(other, "course_cards"))
    for course in sorted(added):
        tie = store.db.execute(
            "SELECT 1 FROM course_talks WHERE course = ? GROUP BY position HAVING count(*) > 1", [course]
        ).fetchone()
        if tie:
            joined.conflicts.append(
                f"the course {course!r} has talks in both databases at the same places; "
                f"`studykit course {course!r} --list` shows the order, --order changes it"
            )


def _join_records(store: Store, other: Store, joined: Joined) -> None:
    """Records of batches: one that is done outranks one that is not, and then the newer."""
    for theirs in _rows(other, "batch_records"):
        mine = next(
            store.db.query("SELECT status, updated_at FROM batch_records WHERE key = ?", [theirs["key"]]),
            None,
        )
        rank = (theirs["status"] == "done", theirs["updated_at"])
        if mine is None or rank > (mine["status"] == "done", mine["updated_at"]):
            joined.records += _add(store, "batch_records", iter([theirs]), replace=True)
