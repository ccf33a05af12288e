"""The search index, as a script that pages can load without a server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from studykit.export.site.data import SiteDemo, SiteTalk
from studykit.glossary import Entry
from studykit.glossary.pinyin import readings

__all__ = ["search_index"]

_TERM, _TALK, _DEMO = range(3)
_READINGS = 4
"""Maximum number of readings per form; more would only make the index longer."""


def search_index(
    entries: Iterable[Entry],
    talks: Sequence[SiteTalk],
    demos: Iterable[SiteDemo],
    said: Mapping[str, int],
) -> str:
    """A script that sets ``studykitIndex``; ``said`` counts the mentions of a term.

    One row is ``[kind, page, title, second title, other forms, pinyin, weight]``, with kind 0 a term,
    1 a talk, 2 a demo.
    """
    rows: list[list[object]] = []
    for entry in entries:
        forms = [form for form in (*entry.english_forms, *entry.chinese_forms) if form != entry.english]
        others = [form for form in dict.fromkeys(forms) if form != entry.chinese]
        pinyin = _pinyin(entry.chinese_forms)
        rows.append(
            [
                _TERM,
                f"terms/{entry.id}.html",
                entry.english,
                "" if entry.chinese == entry.english else entry.chinese,
                others,
                pinyin,
                said.get(entry.id, 0),
            ]
        )
    for talk in talks:
        title = talk.source.shown_title
        rows.append([_TALK, f"talks/{talk.name}.html", title, talk.stored_on, [], _pinyin([title[:40]]), 0])
    for demo in demos:
        english = [demo.english_title] if demo.english_title else []
        pinyin = _pinyin([demo.title[:40]]) if english else []
        rows.append([_DEMO, f"demos/{demo.name}.html", demo.title, demo.name, english, pinyin, 0])
    return "window.studykitIndex = [\n" + ",\n".join(map(_json, rows)) + "\n];\n"


def _pinyin(forms: Iterable[str]) -> list[str]:
    """Pinyin in full, and initials."""
    return list(dict.fromkeys(spelling for form in forms for spelling in _readings(form)))


def _readings(form: str) -> Iterator[str]:
    for syllables in readings(form)[:_READINGS]:
        yield "".join(syllable.full for syllable in syllables)
        yield "".join(syllable.initial for syllable in syllables)


def _json(row: list[object]) -> str:
    """JSON that is safe inside a script, whatever a title contains."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
