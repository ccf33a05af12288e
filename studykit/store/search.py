"""Full-text search over the sentences of all talks, English and Chinese alike.

The trigram index finds any piece of text of three characters or more, in any script. Words of two, which most
Chinese words are, begin one of its trigrams or end a sentence. A single character is found by a plain scan.
"""

from __future__ import annotations

import json

from msgspec import Struct

from studykit.store.database import Store

__all__ = ["Hit", "said", "search"]

_TRIGRAM = 3
_PAIR = 2
_FIRST = 20
"""Talks that are read through for a short word before all are searched."""
_LAST = "\U0010ffff"


class Hit(Struct, frozen=True, kw_only=True):
    """A sentence that was found, with its paragraph in both languages."""

    talk_id: str
    title: str
    url: str | None
    paragraph: int
    """Number of the paragraph, from 1."""
    language: str
    start_s: float | None
    text: str
    """The sentence."""
    english: str
    chinese: str


def search(
    store: Store, query: str, *, talk_id: str | None = None, course: str | None = None, limit: int = 20
) -> list[Hit]:
    """Sentences that contain every word of ``query``, best first; text in double quotes is one word.

    A word also matches inside a longer one. Results are ranked by BM25 if all words have three
    characters or more, and otherwise ordered by talk and time. ``talk_id`` or ``course`` restricts it to a
    talk or to a course, whose talks then come in their order.
    """
    words = _words(query)
    if not words:
        return []
    long = [word for word in words if len(word) >= _TRIGRAM]
    short = [word for word in words if len(word) < _TRIGRAM]
    parameters: dict[str, str | int] = {"limit": limit}
    conditions = _like(short, parameters)
    if talk_id is not None:
        conditions.append("s.talk_id = :talk")
        parameters["talk"] = talk_id
    if course is not None:
        parameters["course"] = course
    if long:
        parameters["match"] = " AND ".join(map(_quoted, long))
        found = "SELECT rowid AS id, rank FROM sentences_fts WHERE sentences_fts MATCH :match"
        if not conditions and course is None:  # then SQLite need not look at more than it returns
            found += " ORDER BY rank LIMIT :limit"
        return _hits(store, found, conditions, parameters, ranked=True)
    if talk_id is None and course is None:
        hits = _in_the_first_talks(store, conditions, parameters)
        if len(hits) == limit:
            return hits
    return _hits(store, _with_short(store, short, parameters), conditions, parameters, ranked=False)


def _hits(
    store: Store, found: str, conditions: list[str], parameters: dict[str, str | int], *, ranked: bool
) -> list[Hit]:
    """The best of the sentences that ``found``, a query for ``id`` and ``rank``, leads to."""
    in_course = "course" in parameters
    course = "JOIN course_talks c ON c.talk_id = t.id AND c.course = :course" if in_course else ""
    order = ("f.rank, " if ranked else "") + ("c.position, c.rowid, " if in_course else "")
    rows = store.db.query(
        # What is shown is read for the best alone.
        "WITH best AS MATERIALIZED (SELECT s.id, row_number() OVER"
        f" (ORDER BY {order}t.title, t.id, s.paragraph, s.language, s.position) AS place"
        f" FROM ({found}) f JOIN sentences s ON s.id = f.id JOIN talks t ON t.id = s.talk_id {course}"
        f"{' WHERE ' if conditions else ''}{' AND '.join(conditions)} ORDER BY place LIMIT :limit)"
        " SELECT s.talk_id, t.title, t.url, p.number AS paragraph, s.language,"
        " coalesce(s.start_s, p.start_s) AS start_s, s.text, p.english, p.chinese"
        " FROM best JOIN sentences s ON s.id = best.id JOIN talks t ON t.id = s.talk_id"
        " JOIN paragraphs p ON p.talk_id = s.talk_id AND p.position = s.paragraph ORDER BY best.place",
        parameters,
    )
    return [Hit(**row) for row in rows]


def _in_the_first_talks(store: Store, conditions: list[str], parameters: dict[str, str | int]) -> list[Hit]:
    """Hits in the talks that come first: all that is needed of a word that is everywhere."""
    ids = [talk for (talk,) in store.db.execute("SELECT id FROM talks ORDER BY title, id LIMIT ?", [_FIRST])]
    first = {**parameters, "talks": json.dumps(ids)}
    found = "SELECT id FROM sentences WHERE talk_id IN (SELECT value FROM json_each(:talks))"
    return _hits(store, found, conditions, first, ranked=False)


def _like(short: list[str], parameters: dict[str, str | int]) -> list[str]:
    """Conditions that a sentence contains each of these words."""
    for i, word in enumerate(short):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parameters[f"short{i}"] = f"%{escaped}%"
    return [f"s.text LIKE :short{i} ESCAPE '\\'" for i in range(len(short))]


def _with_short(store: Store, short: list[str], parameters: dict[str, str | int]) -> str:
    """A query for the sentences that may contain one of these words, as few as the index can tell."""
    pair = next((word for word in short if len(word) == len(word.lower()) == _PAIR), None)
    if pair is None:  # one character
        return "SELECT id FROM sentences"
    pair = pair.lower()
    trigrams = store.db.execute(
        "SELECT term FROM sentence_trigrams WHERE term >= ? AND term < ?", [pair, pair + _LAST]
    ).fetchall()
    parameters["pair"] = pair
    at_the_end = "SELECT id FROM sentences WHERE lower(substr(text, -2)) = :pair"
    if not trigrams:
        return at_the_end
    parameters["match"] = " OR ".join(_quoted(term) for (term,) in trigrams)
    return f"SELECT rowid AS id FROM sentences_fts WHERE sentences_fts MATCH :match UNION {at_the_end}"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def said(store: Store, entry_id: str) -> list[Hit]:
    """The sentences in which a glossary term was said, in the talk's own language, newest talk first."""
    rows = store.db.query(
        "SELECT DISTINCT s.talk_id, t.title, t.url, p.number AS paragraph, s.language,"
        " coalesce(s.start_s, p.start_s) AS start_s, s.text, p.english, p.chinese"
        " FROM terms JOIN term_occurrences o ON o.talk_id = terms.talk_id AND o.term = terms.position"
        " JOIN talks t ON t.id = terms.talk_id AND o.language = t.language"
        " JOIN sentences s ON s.talk_id = t.id AND s.language = o.language AND s.position = o.sentence"
        " JOIN paragraphs p ON p.talk_id = s.talk_id AND p.position = s.paragraph"
        " WHERE terms.entry_id = ? ORDER BY t.updated_at DESC, t.id, s.position",
        [entry_id],
    )
    return [Hit(**row) for row in rows]


def _words(query: str) -> list[str]:
    """Words and quoted phrases of a query; an unclosed quote runs to the end."""
    words: list[str] = []
    for i, piece in enumerate(query.split('"')):
        words += [" ".join(piece.split())] if i % 2 else piece.split()
    return [word for word in words if word]
