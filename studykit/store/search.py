"""Full-text search over the sentences of all talks, English and Chinese alike.

The trigram index finds any piece of text of three characters or more, in any script. Shorter words,
which most Chinese words are, are found by a plain scan.
"""

from __future__ import annotations

from dataclasses import dataclass

from studykit.store.database import Store

__all__ = ["Hit", "said", "search"]

_TRIGRAM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
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
    conditions = ["sentences_fts MATCH :match"] if long else []
    parameters: dict[str, str | int] = {"limit": limit}
    if long:
        parameters["match"] = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    for i, word in enumerate(short):
        conditions.append(f"s.text LIKE :short{i} ESCAPE '\\'")
        parameters[f"short{i}"] = (
            "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        )
    if talk_id is not None:
        conditions.append("s.talk_id = :talk")
        parameters["talk"] = talk_id
    talks = ""
    if course is not None:
        talks = "JOIN course_talks c ON c.talk_id = t.id AND c.course = :course"
        parameters["course"] = course
    index = "JOIN sentences_fts ON sentences_fts.rowid = s.id" if long else ""
    order = ("sentences_fts.rank, " if long else "") + ("c.position, c.rowid, " if talks else "")
    rows = store.db.query(
        f"SELECT s.talk_id, t.title, t.url, p.number AS paragraph, s.language,"
        f" coalesce(s.start_s, p.start_s) AS start_s, s.text, p.english, p.chinese"
        f" FROM sentences s {index} JOIN talks t ON t.id = s.talk_id {talks}"
        f" JOIN paragraphs p ON p.talk_id = s.talk_id AND p.position = s.paragraph"
        f" WHERE {' AND '.join(conditions)}"
        f" ORDER BY {order}t.title, t.id, s.paragraph, s.language, s.position LIMIT :limit",
        parameters,
    )
    return [Hit(**row) for row in rows]


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
