"""Courses: named lists of talks, in order.

``position`` orders the talks of a course and need not be dense: batches on several machines number a
list's talks alike, so that their databases can be joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from studykit.errors import CourseNotFoundError
from studykit.store.database import Store, now

__all__ = [
    "card_origins",
    "course_name",
    "course_names",
    "course_talks",
    "find_course",
    "keep_card_origins",
    "keep_course",
    "place_in_course",
    "remove_course",
    "talk_read_from",
]


def course_name(text: str) -> str:
    """A course's name as it is stored: with single spaces. Capitals do not tell courses apart."""
    return " ".join(text.split())


def course_names(store: Store) -> list[str]:
    """The names of all courses, in alphabetical order."""
    return [str(name) for (name,) in store.db.execute("SELECT name FROM courses ORDER BY name")]


def find_course(store: Store, name: str) -> str:
    """The stored name of a course. Raises ``CourseNotFoundError``."""
    row = store.db.execute("SELECT name FROM courses WHERE name = ?", [course_name(name)]).fetchone()
    if row is None:
        raise CourseNotFoundError(store.path, name, course_names(store))
    return str(row[0])


def course_talks(store: Store, name: str) -> list[str]:
    """The ids of a course's talks, in order; empty if there is no such course."""
    rows = store.db.execute(
        "SELECT talk_id FROM course_talks WHERE course = ? ORDER BY position, rowid", [course_name(name)]
    )
    return [str(talk_id) for (talk_id,) in rows]


def keep_course(store: Store, name: str, talk_ids: Sequence[str]) -> None:
    """Make ``talk_ids`` the talks of a course, in this order; the course is created if need be."""
    with store.transaction():
        _create(store, name)
        store.db.execute("DELETE FROM course_talks WHERE course = ?", [course_name(name)])
        _insert(store, name, dict(zip(dict.fromkeys(talk_ids), range(1, len(talk_ids) + 1), strict=False)))


def place_in_course(store: Store, name: str, places: Mapping[str, int]) -> None:
    """Put talks, by id, at their places (from 1) in a list, after the course's talks that the list lacks."""
    with store.transaction():
        _create(store, name)
        marks = ", ".join("?" * len(places))
        store.db.execute(
            f"DELETE FROM course_talks WHERE course = ? AND talk_id IN ({marks})",
            [course_name(name), *places],
        )
        (last,) = store.db.execute(
            "SELECT coalesce(max(position), 0) FROM course_talks WHERE course = ?", [course_name(name)]
        ).fetchone()
        _insert(store, name, {talk_id: last + place for talk_id, place in places.items()})


def remove_course(store: Store, name: str) -> None:
    """Remove a course; its talks stay."""
    with store.transaction():
        store.db.execute("DELETE FROM courses WHERE name = ?", [course_name(name)])


def card_origins(store: Store, name: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """For heads, with their part of speech, that the course's deck has had: what identifies their notes."""
    rows = store.db.execute(
        "SELECT head, part, origin FROM course_cards WHERE course = ?", [course_name(name)]
    )
    return {(head, part): tuple(msgspec.json.decode(origin)) for head, part, origin in rows}


def keep_card_origins(store: Store, name: str, origins: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
    """Record what identifies the notes of a course's deck; what is on record stays as it is."""
    with store.transaction():
        store.db.conn.executemany(
            "INSERT OR IGNORE INTO course_cards (course, head, part, origin) VALUES (?, ?, ?, ?)",
            [
                (course_name(name), head, part, msgspec.json.encode(origin).decode())
                for (head, part), origin in origins.items()
            ],
        )


def talk_read_from(store: Store, origin: str, digest: str | None = None) -> str | None:
    """The id of the talk that was read last from a path or link, or from a file with this digest, or else
    can be watched at this link."""
    row = store.db.execute(
        "SELECT talk_id, seen_at FROM talk_sources WHERE origin = :origin OR digest = :digest UNION ALL"
        " SELECT id, '' FROM talks WHERE url = :origin ORDER BY 2 DESC LIMIT 1",
        {"origin": origin, "digest": digest},
    ).fetchone()
    return str(row[0]) if row else None


def _create(store: Store, name: str) -> None:
    store.db.execute("INSERT OR IGNORE INTO courses VALUES (?, ?)", [course_name(name), now()])


def _insert(store: Store, name: str, places: Mapping[str, int]) -> None:
    store.db.conn.executemany(
        "INSERT INTO course_talks (course, position, talk_id) VALUES (?, ?, ?)",
        [(course_name(name), place, talk_id) for talk_id, place in places.items()],
    )
