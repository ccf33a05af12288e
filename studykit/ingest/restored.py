"""Marks doubtful restored characters in what study notes say of words and claims.

Sentences keep theirs as corrections with places. Explanations, claims and headings have no places in the
file, so the file is read a second time with a stand-in for each doubtful character, and where a stand-in
comes out, the mark is put.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec.structs import replace

from studykit.formats import Restored
from studykit.formats.study_notes import StudyNotes
from studykit.types import DOUBT_MARK, DOUBTFUL

__all__ = ["with_doubts"]

_SURE_OF_TURNS = 0.98
"""What turns a statement round is in doubt below this, if no English can be asked."""
_STAND_INS = range(0xE000, 0xF900)


def with_doubts(
    notes: StudyNotes, text: str, restored: Sequence[Restored], parse: Callable[[str], StudyNotes]
) -> StudyNotes:
    """The notes with ``DOUBT_MARK`` after each doubtful character of an explanation, claim or heading."""
    doubtful = {
        char.at
        for char in restored
        if char.char.isalpha() and char.confidence < (_SURE_OF_TURNS if char.turns else DOUBTFUL)
    }
    if not doubtful:
        return notes
    stand_in = next(chr(code) for code in _STAND_INS if chr(code) not in text)

    def read(places: Collection[int]) -> list[str] | None:
        """The words of the notes with stand-ins; None where the notes are then taken apart in another way."""
        found = list(_words(parse(_replaced(text, places, stand_in))))
        same = len(found) == len(words) and all(map(_alike, words, found, [stand_in] * len(words)))
        return found if same else None

    words = list(_words(notes))
    readings = [found for places in _tries(text, doubtful, read) if (found := read(places))]
    marked = [_marked(word, [found[i] for found in readings], stand_in) for i, word in enumerate(words)]
    return _with_words(notes, iter(marked))


def _tries(
    text: str, doubtful: Collection[int], read: Callable[[Collection[int]], object]
) -> list[list[int]]:
    """All places at once, or line by line if one of them is in what the notes are recognised by."""
    if read(doubtful):
        return [sorted(doubtful)]
    lines: dict[int, list[int]] = {}
    for at in sorted(doubtful):
        lines.setdefault(text.rfind("\n", 0, at), []).append(at)
    return list(lines.values())


def _replaced(text: str, places: Collection[int], by: str) -> str:
    chars = list(text)
    for at in places:
        chars[at] = by
    return "".join(chars)


def _words(notes: StudyNotes) -> Iterator[str]:
    """Headings, explanations and claims, in the order of ``_with_words``."""
    for part in notes.parts:
        yield part.title or ""
    for entry in notes.entries:
        yield entry.head
        for _, text in entry.cells:
            yield text
    for claim in notes.claims:
        yield claim.statement


def _with_words(notes: StudyNotes, words: Iterator[str]) -> StudyNotes:
    parts = tuple(replace(part, title=next(words) or None) for part in notes.parts)
    entries = []
    for entry in notes.entries:
        next(words)  # a head must be found in the text
        cells = tuple((column, next(words)) for column, _ in entry.cells)
        entries.append(replace(entry, cells=cells))
    claims = tuple(replace(claim, statement=next(words)) for claim in notes.claims)
    return replace(notes, parts=parts, entries=tuple(entries), claims=claims)


def _alike(word: str, other: str, stand_in: str) -> bool:
    return len(word) == len(other) and all(b in {a, stand_in} for a, b in zip(word, other, strict=True))


def _marked(word: str, readings: Sequence[str], stand_in: str) -> str:
    return "".join(
        char + (DOUBT_MARK if any(found[i] == stand_in for found in readings) else "")
        for i, char in enumerate(word)
    )
