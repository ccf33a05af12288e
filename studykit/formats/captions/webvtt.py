"""WebVTT (.vtt), https://www.w3.org/TR/webvtt1/, and YouTube's rolling form of it.

Kept: times, text, voices (``<v Name>``), word times, the header's language and its title
(``WEBVTT - title``). Dropped:
comments, styles, regions, cue settings and identifiers. Unlike the standard, an empty line within a
cue does not end it, so that no text is lost if an editor has stripped trailing spaces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from studykit.errors import FormatError
from studykit.formats.base import Format, Parsed, language_tag
from studykit.formats.captions.cues import is_timing, read_cues, to_drafts
from studykit.formats.repair import to_segments

__all__ = ["WEBVTT"]

_TITLE = re.compile(r"\s*WEBVTT[ \t]+-[ \t]+(\S(?:.*\S)?)\s*")
_COMMENT = re.compile(r"NOTE(?:\s|$)|(?:STYLE|REGION)\s*$")


def _sniff(text: str) -> bool:
    return re.match(r"\s*WEBVTT(?:\s|$)", text) is not None


def _is_meant(raw: Sequence[str], i: int) -> bool:
    """Whether a line with an arrow begins a cue, by where it stands: it may say anything but times."""
    above = [line.strip() for line in raw[max(0, i - 2) : i]]
    begins = bool(above) and (not above[-1] or (len(above) > 1 and not above[0] and "-->" not in above[1]))
    return begins and "-->" in raw[i] and not any(map(_COMMENT.match, [raw[i], *above]))


def _parse(text: str, path: Path) -> Parsed:
    raw = text.split("\n")
    meant = {i for i in range(len(raw)) if _is_meant(raw, i)}
    first = next((i for i, line in enumerate(raw) if i in meant or is_timing(line)), None)
    if first is None:
        raise FormatError(path, "contains no cues: WebVTT needs lines such as 00:01.000 --> 00:03.500")
    header = dict(line.partition(":")[::2] for line in raw[:first])
    lines: list[tuple[int, str]] = []
    in_comment = False
    above = ""
    for i, line in enumerate(raw[first:], first):
        times = i in meant or is_timing(line)
        identifies = not above.strip() and i + 1 < len(raw) and (i + 1 in meant or is_timing(raw[i + 1]))
        if not line or times:
            in_comment = False
        else:
            in_comment = in_comment or (not above and _COMMENT.match(line) is not None)
        if not in_comment and (times or not identifies):
            lines.append((i + 1, line))
        above = line
    language = language_tag(header.get("Language"))
    title = _TITLE.fullmatch(raw[0])
    read = read_cues(lines, path, meant={i + 1 for i in meant})
    return to_segments(
        path,
        to_drafts(read.cues),
        format="webvtt",
        timing="captions",
        language=language,
        title=title[1] if title else None,
        warnings=read.warnings,
    )


WEBVTT = Format(name="webvtt", title="WebVTT", suffixes=(".vtt", ".webvtt"), sniff=_sniff, parse=_parse)
