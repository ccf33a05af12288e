"""The search index, as a script that pages can load without a server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from studykit.export.site.data import Page, SiteDemo, SiteTalk, key_of
from studykit.glossary import Entry
from studykit.glossary.pinyin import readings

__all__ = ["search_index"]

Row = list[Any]

_TERM, _TALK, _DEMO = range(3)
_READ = 5
"""The place of pinyin in a row."""
_READINGS = 4
"""Maximum number of readings per form; more would only make the index longer."""


def search_index(
    entries: Iterable[Entry],
    talks: Sequence[SiteTalk],
    demos: Iterable[SiteDemo],
    said: Mapping[str, int],
) -> Page:
    """A script that sets ``studykitIndex``; ``said`` counts the mentions of a term.

    One row is ``[kind, page, title, second title, other forms, pinyin, weight]``, with kind 0 a term,
    1 a talk, 2 a demo. The pinyin takes time, so the script is made only when something else has changed.
    """
    rows = [*_rows(entries, talks, demos, said)]
    return Page(key=key_of(rows), make=lambda: _script(rows))


def _rows(
    entries: Iterable[Entry], talks: Iterable[SiteTalk], demos: Iterable[SiteDemo], said: Mapping[str, int]
) -> Iterator[Row]:
    """The rows, each with forms that are read as pinyin in place of the pinyin."""
    for entry in entries:
        forms = [form for form in (*entry.english_forms, *entry.chinese_forms) if form != entry.english]
        others = [form for form in dict.fromkeys(forms) if form != entry.chinese]
        second = "" if entry.chinese == entry.english else entry.chinese
        page, times = f"terms/{entry.id}.html", said.get(entry.id, 0)
        yield [_TERM, page, entry.english, second, others, entry.chinese_forms, times]
    for talk in talks:
        title = talk.source.shown_title
        yield [_TALK, talk.page, title, talk.stored_on, [], [title[:40]], 0]
    for demo in demos:
        english = [demo.english_title] if demo.english_title else []
        read = [demo.title[:40]] if english else []
        yield [_DEMO, f"demos/{demo.name}.html", demo.title, demo.name, english, read, 0]


def _script(rows: Iterable[Row]) -> str:
    made = (_json([*row[:_READ], _pinyin(row[_READ]), *row[_READ + 1 :]]) for row in rows)
    return "window.studykitIndex = [\n" + ",\n".join(made) + "\n];\n"


def _pinyin(forms: Iterable[str]) -> list[str]:
    """Pinyin in full, and initials."""
    return list(dict.fromkeys(spelling for form in forms for spelling in _readings(form)))


def _readings(form: str) -> Iterator[str]:
    for syllables in readings(form)[:_READINGS]:
        yield "".join(syllable.full for syllable in syllables)
        yield "".join(syllable.initial for syllable in syllables)


def _json(row: Row) -> str:
    """JSON that is safe inside a script, whatever a title contains."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
