"""Plain text: with a time at the start of lines, in blocks, or one segment per line.

Times are written ``[mm:ss]``, ``(mm:ss)``, ``mm:ss`` or bold ``**[mm:ss]**``, all also with hours; a
segment ends where the next begins. Without times, the segments are blocks between empty lines, or else
lines. A header of ``# title`` and ``**Key:** value`` lines, closed by ``---``, is read as metadata.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from studykit.faces import late
from studykit.formats.base import Draft, Format, Parsed, clock, language_tag
from studykit.formats.markup import join_lines
from studykit.formats.order import longest_rise
from studykit.formats.repair import to_segments
from studykit.languages import counted
from studykit.timecode import parse_clock
from studykit.types import TimeOrigin

__all__ = ["PLAIN"]

_Line = tuple[int, str]

_TIME = r"\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,3})?"
_STAMP = late(
    rf"\s*(?:[-*>]\s+)?(?P<bold>\*\*)?(?P<open>[\[(（【])?(?P<time>{_TIME})"
    r"(?(open)[\])）】]|(?![^\s:：*]))(?(bold)\*\*)\s*(?:[-–—:：]\s+|[:：])?(?P<text>.*)"
)
_ALONE = re.compile(r"\s*\d{1,2}:[0-5]\d(?::[0-5]\d)?\s*")
_GLUED = re.compile(r"\s*(\d{1,2}:[0-5]\d(?::[0-5]\d)?)(\S.*)")
_GLUED_SHARE = 0.8
_BUTTONS = 4
_SPOKEN = late(
    r"\s*(?:\d+\s*(?:hours?|minutes?|seconds?|小时|小時|分钟|分鐘|分|秒钟|秒鐘|秒)[,，、\s]*)+", re.IGNORECASE
)
_UNIT = late(r"(\d{1,6}+)\s{0,3}(h|m|s|小|分|秒)", re.IGNORECASE)
_UNIT_S = {"h": 3600, "小": 3600, "m": 60, "分": 60, "s": 1, "秒": 1}
_TRACK = re.compile(r".*[(（](?:auto-generated|自动生成|自動產生|自動生成)[)）]\s*", re.IGNORECASE)
_FIELD = late(r"\s*(?:[-*>]\s+)?(?:\*\*)?(?P<key>[^\W\d_][\w /-]{0,30}?)\s*[:：](?:\*\*)?\s*(?P<value>.*)")
_TITLE = re.compile(r"\s*#\s+(.+)")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*")
_HEADER_LINES = 30
# A line of prose may begin with a time; in a text with stamps, many lines do.
_STAMPED_SHARE = 0.3


class _Header(Struct, frozen=True):
    title: str | None
    fields: dict[str, str]

    def field(self, *names: str) -> str | None:
        return next((self.fields[name] for name in names if self.fields.get(name)), None)


def _split_header(lines: Sequence[_Line]) -> tuple[_Header, Sequence[_Line]]:
    """The metadata above the text, and the text."""
    title: str | None = None
    fields: dict[str, str] = {}
    for i, (_, line) in enumerate(lines[:_HEADER_LINES]):
        if not line.strip():
            continue
        if _RULE.fullmatch(line):
            if title or fields:
                return _Header(title, fields), lines[i + 1 :]
            break
        if title is None and (match := _TITLE.fullmatch(line)):
            title = match[1].strip()
        elif match := _FIELD.fullmatch(line):
            fields[match["key"].strip().lower()] = match["value"].strip()
        else:
            break
    # Without a rule, only a heading in the first line is certainly not speech.
    first = next((i for i, (_, line) in enumerate(lines) if line.strip()), 0)
    if lines and (match := _TITLE.fullmatch(lines[first][1])) and len(lines) > first + 1:
        return _Header(match[1].strip(), {}), lines[first + 1 :]
    return _Header(None, {}), lines


def _blocks(lines: Sequence[_Line]) -> Iterator[Draft]:
    for has_text, group in groupby(lines, key=lambda line: not _is_break(line[1])):
        if has_text:
            yield _draft(list(group))


def _is_break(line: str) -> bool:
    return not line.strip() or _RULE.fullmatch(line) is not None


def _draft(lines: Sequence[_Line], start_s: float | None = None) -> Draft:
    rows = [text.strip() for _, text in lines if not _is_break(text)]
    return Draft(text=join_lines(rows), start_s=start_s, line=lines[0][0] if lines else None, rows=rows)


def _without_panel(lines: Sequence[_Line]) -> tuple[list[_Line], list[str]]:
    """Lines copied from a site's transcript panel as if written for this format, and warnings.

    The panel has a time and its text in alternate lines or run together (``0:05about models``), above
    it its buttons, under the times their spoken form (``5 seconds``), below the name of the track.
    """
    filled = [line for line in lines if line[1].strip()]
    times = [i for i, (_, text) in enumerate(filled) if _ALONE.fullmatch(text)]
    glued = [i for i, (_, text) in enumerate(filled) if _unglued(text)]
    first = glued[0] if glued and glued[0] <= _BUTTONS else 0
    if len(glued) > 1 and len(glued) >= _GLUED_SHARE * (len(filled) - first):
        return [(n, _unglued(text) or text) for n, text in filled[first:]], _above(first)
    if len(times) < 2 or 3 * len(times) < len(filled) - _BUTTONS or times[0] > _BUTTONS:
        return list(lines), []
    kept = filled[times[0] :]
    spoken = {
        i for i in range(1, len(kept)) if _ALONE.fullmatch(kept[i - 1][1]) and _SPOKEN.fullmatch(kept[i][1])
    }
    if 2 * len(spoken) < len(times):
        spoken = set()
    kept = [line for i, line in enumerate(kept) if i not in spoken]
    if _TRACK.fullmatch(kept[-1][1]):
        kept.pop()
    return kept, _above(times[0])


def _above(lines: int) -> list[str]:
    return [f"left out the text above the first time ({counted(lines, 'line')})"] if lines else []


def _unglued(line: str) -> str | None:
    """A line of time and text run together, also around the time's spoken form, as a line with a stamp."""
    match = _GLUED.fullmatch(line)
    if match is None:
        return None
    time, text = match.groups()
    spoken = _SPOKEN.match(text)
    if spoken and parse_clock(time) == _said_s(spoken[0]):
        text = text[spoken.end() :]
    return f"[{time}] {text}" if text[:1].isalpha() else None


def _said_s(spoken: str) -> int:
    """Seconds of a time in words, such as ``1 minute, 5 seconds``."""
    return sum(int(number) * _UNIT_S[unit.lower()] for number, unit in _UNIT.findall(spoken))


def _stamped(lines: Sequence[_Line], path: Path) -> list[Draft] | None:
    """Drafts with the times of their stamps, None if this is not a text with stamps."""
    stamps = [(i, match) for i, (_, line) in enumerate(lines) if (match := _STAMP.fullmatch(line))]
    filled = [i for i, (_, line) in enumerate(lines) if line.strip()]
    if not stamps:
        return None
    first = stamps[0][0] == filled[0]
    bracketed = stamps[0][1]["open"] is not None
    if not ((first and (bracketed or len(stamps) > 1)) or len(stamps) >= _STAMPED_SHARE * len(filled) > 1):
        return None
    drafts = list(_blocks(lines[: stamps[0][0]]))
    stops = [*(i for i, _ in stamps[1:]), len(lines)]
    for (i, match), stop in zip(stamps, stops, strict=True):
        number = lines[i][0]
        piece = [(number, match["text"]), *lines[i + 1 : stop]]
        drafts.append(_draft(piece, clock(match["time"], path, number)))
    return drafts


def _place(drafts: Sequence[Draft]) -> list[str]:
    """End each segment at the next later stamp; stamps out of order count as mistakes."""
    stamped = [draft for draft in drafts if draft.start_s is not None]
    starts = [draft.start_s or 0.0 for draft in stamped]
    kept = longest_rise(starts, strict=False)
    rise = [starts[i] for i in kept]
    for i in kept:
        k = bisect_right(rise, starts[i])
        stamped[i].end_s = rise[k] if k < len(rise) else None
    wrong = sorted(set(range(len(stamped))) - set(kept))
    for i in wrong:
        stamped[i].start_s = None
    if not wrong:
        return []
    line = stamped[wrong[0]].line
    return [f"left out {counted(len(wrong), 'time')} out of order (first at line {line}); the text is kept"]


def _parse(text: str, path: Path) -> Parsed:
    header, lines = _split_header(list(enumerate(text.split("\n"), 1)))
    lines, told = _without_panel(lines)
    drafts = _stamped(lines, path)
    timing: TimeOrigin = "captions" if drafts else "none"
    warnings = [*told, *_place(drafts)] if drafts else []
    if drafts is None:
        filled = [line for line in lines if not _is_break(line[1])]
        blocks = list(_blocks(lines))
        drafts = blocks if len(blocks) > 1 else [_draft([line]) for line in filled]
    duration = header.field("duration", "length", "时长")
    return to_segments(
        path,
        drafts,
        format="plain",
        timing=timing,
        language=language_tag(header.field("language", "lang")),
        title=header.title or header.field("title", "标题"),
        url=header.field("url", "link", "source", "链接"),
        duration_s=_duration_s(duration),
        warnings=warnings,
    )


def _duration_s(text: str | None) -> float | None:
    """A duration from the header in seconds; None if it is not a clock time, which is no error."""
    try:
        return parse_clock(text) if text else None
    except (ValueError, OverflowError):
        return None


PLAIN = Format(name="plain", title="plain text", suffixes=(".txt", ".md", ".text"), sniff=bool, parse=_parse)
