"""Text inside captions: tags, entities, voices, word times, and line breaks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct, field

from studykit.errors import FormatError
from studykit.faces import late
from studykit.formats.base import DraftWord, clock
from studykit.languages import HAN

__all__ = ["CaptionRow", "Chunk", "join_lines", "parse_rows", "timed_words"]

Chunk = tuple[float | None, str]
"""A piece of text and when it is said, in seconds, if known."""

# Only tags that captions use: "if a < b and c > d" is text.
_TAG = late(
    r"<(?P<time>\d+:[\d:.,]+)>"
    r"|<(?P<close>/?)(?P<name>v|c|i|b|u|s|em|strong|font|span|ruby|rt|lang|br)"
    r"(?:\.[^\s<>]*)?(?:\s(?P<rest>[^<>]*))?/?>"
    r"|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_CJK = HAN + r"\u3000-\u30ff\uff00-\uffef"
_BREAK_IN_CJK = late(rf"(?<=[{_CJK}])[^\S\n]*+\n\s*+(?=[{_CJK}])")


class CaptionRow(Struct, kw_only=True):
    """A displayed line, or the part of it that one voice says."""

    text: str = ""
    """Plain text, with white space collapsed."""
    chunks: list[Chunk] = field(default_factory=list)
    speaker: str | None = None

    @property
    def stamped(self) -> bool:
        """Whether some of its words have times."""
        return any(time_s is not None for time_s, _ in self.chunks)


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one text as one line: a space for a break, nothing between Chinese characters."""
    return _BREAK_IN_CJK.sub("", "\n".join(lines)).replace("\n", " ")


def parse_rows(lines: Sequence[str], path: Path, line: int) -> list[CaptionRow]:
    """The displayed lines of one caption, without markup; ``line`` is the number of the first.

    A line with several speakers gives one row for each. An invalid inline time is left out.
    """
    rows: list[CaptionRow] = []
    speaker: str | None = None
    in_ruby_text = False
    for number, raw in enumerate(lines, line):
        of_line = [CaptionRow(speaker=speaker)]
        at, time_s = 0, None
        tags = _TAG.finditer(raw) if "<" in raw or "{" in raw else ()
        for match in [*tags, None]:
            row = of_line[-1]
            text = _unescape(raw[at : match.start() if match else len(raw)])
            if text and not in_ruby_text:
                row.chunks.append((time_s, text))
                time_s = None
            if match is None:
                break
            at = match.end()
            name = (match["name"] or "").lower()
            if match["time"]:
                time_s = _inline_time(match["time"], path, number)
            elif name == "rt":
                in_ruby_text = not match["close"]
            elif name == "br":
                row.chunks.append((None, " "))
            elif name == "v":
                speaker = None if match["close"] else _unescape(match["rest"] or "").strip() or None
                if any(text.strip() for _, text in row.chunks):
                    of_line.append(CaptionRow(speaker=speaker))
                row = of_line[-1]
                row.speaker = speaker
        for row in of_line:
            row.text = " ".join("".join(text for _, text in row.chunks).split())
        rows += [row for row in of_line if row.text] or of_line[:1]
    return rows


def _inline_time(text: str, path: Path, line: int) -> float | None:
    try:
        return clock(text, path, line)
    except FormatError:
        return None  # the caption has times of its own


def timed_words(chunks: Iterable[Chunk], start_s: float | None, end_s: float | None) -> list[DraftWord]:
    """The words of a caption that lasts from ``start_s`` to ``end_s``.

    A chunk's time is the start of its first word and the end of the last word before it; the words in
    between have no times. Two chunks without white space between them form one word in Latin script
    (``hel`` ``lo``), two in Chinese.
    """
    words: list[DraftWord] = []
    before = " "
    for i, (own_s, text) in enumerate(chunks):
        time_s = start_s if i == 0 and own_s is None else own_s
        tokens = text.split()
        glue = not (before.isspace() or text[:1].isspace()) and (before + text[:1]).isascii()
        if glue and words and tokens:
            words[-1] = words[-1]._replace(text=words[-1].text + tokens.pop(0))
        elif words and time_s is not None and words[-1].end_s is None:
            words[-1] = words[-1]._replace(end_s=time_s)
        for token in tokens:
            words.append(DraftWord(token, None if glue else time_s))
            time_s = None
        before = text[-1:] or before
    if words and words[-1].end_s is None:
        words[-1] = words[-1]._replace(end_s=end_s)
    return words
