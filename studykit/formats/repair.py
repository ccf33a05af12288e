"""The one place where drafts become segments that obey the rules of ``studykit.types``.

Whatever the input, the result is segments sorted by start, each with ``0 <= start <= end`` and words that
lie inside it in order and spell its text. Warnings report what had to be changed. Captions of sounds such
as ``[Music]`` are dropped, since nobody says them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from studykit.errors import EmptyInputError
from studykit.faces import late
from studykit.formats.asides import name_speakers, without_sounds
from studykit.formats.base import Draft, DraftWord, Parsed
from studykit.formats.bilingual import take_apart
from studykit.languages import counted, spoken_length_s
from studykit.types import Segment, TimeOrigin, Word

__all__ = ["to_segments"]

# Control characters, zero-width spaces, byte order marks and direction marks: never spoken.
_INVISIBLE = late("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")


class _Change(NamedTuple):
    kind: str
    line: int | None


_KINDS = {
    "order": "out of order; sorted by start",
    "start": "starting before the recording; moved to its start",
    "end": "with an end before the start; it is moved to the next start",
    "word": "with words out of order or outside their segment; moved inside",
    "spelling": "with words that do not match the text; word times dropped",
}


def _tidy(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _letters(text: str) -> str:
    return "".join(text.split())


def _words(draft: Draft, start_s: float | None, end_s: float | None, changes: list[_Change]) -> list[Word]:
    """The draft's words, moved inside ``[start_s, end_s]`` and into order."""
    low = 0.0 if start_s is None else start_s
    high = float("inf") if end_s is None else end_s
    moved = False
    words: list[Word] = []
    for word in draft.words:
        start, end = word.start_s, word.end_s
        if start is not None:
            low = start = min(max(start, low), high)
        if end is not None:
            end = min(max(end, low), high)
            # A word without a start must still come before whatever follows it.
            low = max(low, end) if start is None else low
        moved = moved or start != word.start_s or end != word.end_s
        score = None if word.score is None else min(max(word.score, 0.0), 1.0)
        words.append(Word(text=word.text, start_s=start, end_s=end, score=score))
    if moved:
        changes.append(_Change("word", draft.line))
    return words


def _segment(draft: Draft, next_s: float | None, changes: list[_Change]) -> Segment:
    """The segment of a draft; ``next_s`` is the start of the following one."""
    start_s, end_s = draft.start_s, draft.end_s
    if start_s is not None and start_s < 0:
        changes.append(_Change("start", draft.line))
        start_s = 0.0
    if end_s is not None and end_s < (start_s or 0.0):
        changes.append(_Change("end", draft.line))
        low_s = start_s or 0.0
        end_s = low_s + spoken_length_s(draft.text) if next_s is None else max(low_s, next_s)
    if draft.words and _letters("".join(word.text for word in draft.words)) != _letters(draft.text):
        changes.append(_Change("spelling", draft.line))
        draft.words = []
    return Segment(
        text=draft.text,
        start_s=start_s,
        end_s=end_s,
        words=tuple(_words(draft, start_s, end_s, changes)),
        speaker=draft.speaker,
        slack_s=max(0.0, draft.slack_s),
        doubtful=draft.doubtful,
    )


def _in_order(drafts: Sequence[Draft], changes: list[_Change]) -> list[Draft]:
    """Stably sorted by start; a draft without a time stays after the one it follows."""
    keys: list[float] = []
    at = latest = 0.0
    for draft in drafts:
        if draft.start_s is not None:
            at = draft.start_s
            if at < latest:
                changes.append(_Change("order", draft.line))
            latest = max(latest, at)
        keys.append(at)
    return [drafts[i] for i in sorted(range(len(drafts)), key=keys.__getitem__)]


def _warnings(changes: Iterable[_Change]) -> list[str]:
    found: dict[str, list[_Change]] = {}
    for change in changes:
        found.setdefault(change.kind, []).append(change)
    warnings = []
    for kind, those in found.items():
        line = those[0].line
        place = "" if line is None else f" (first at line {line})"
        warnings.append(f"{counted(len(those), 'segment')} {_KINDS[kind]}{place}")
    return warnings


def to_segments(
    path: Path,
    drafts: Iterable[Draft],
    *,
    format: str,
    timing: TimeOrigin,
    language: str | None = None,
    title: str | None = None,
    url: str | None = None,
    duration_s: float | None = None,
    warnings: Iterable[str] = (),
) -> Parsed:
    """Make segments of drafts; raises ``EmptyInputError`` if no words remain.

    The English and the Chinese of a file in both languages are taken apart.
    """
    drafts = list(drafts)
    halves = take_apart(drafts)
    changes: list[_Change] = []
    segments = _segments(halves.english if halves else drafts, changes)
    chinese = _segments(halves.chinese, changes) if halves else ()
    if not segments:
        raise EmptyInputError(path, f"this {format} file contains no speech")
    timed = any(seg.start_s is not None for seg in segments)
    return Parsed(
        format=format,
        segments=segments,
        chinese=chinese,
        timing=timing if timed else "none",
        language="en" if halves else language,
        title=_tidy(title or "") or None,
        url=url,
        duration_s=duration_s,
        warnings=(*warnings, *_warnings(changes)),
    )


def _segments(drafts: Iterable[Draft], changes: list[_Change]) -> tuple[Segment, ...]:
    kept: list[Draft] = []
    for draft in drafts:
        draft.text = _tidy(draft.text)
        draft.words = [DraftWord(text, *word[1:]) for word in draft.words if (text := _tidy(word.text))]
        draft.speaker = _tidy(draft.speaker or "") or None
        if without_sounds(draft):
            kept.append(draft)
    ordered = _in_order(kept, changes)
    name_speakers(ordered)
    next_s = [*(draft.start_s for draft in ordered), None][1:]
    return tuple(_segment(draft, after_s, changes) for draft, after_s in zip(ordered, next_s, strict=True))
