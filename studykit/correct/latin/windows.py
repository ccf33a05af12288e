"""Runs of words that may be one term: all of up to four neighbours in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from studykit.faces import late

__all__ = ["Window", "tokens_of", "windows"]

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['’](?!s\b)[a-z]+)?")
_GAP = re.compile(r"[ \t\n\u00a0-]{1,3}|\. ?(?=[cC]\b)")
"""What may stand between two words of a term; the full stop is that of a file name, as in "llm. C"."""
_LONGEST = 4
_FILLERS = frozenset({"uh", "um"})
_CODE_LIKE = "/@_\\"
_GOES_ON = re.compile(r"\.\w")
_QUOTES = {'"': '"', "“": "”", "‘": "’", "`": "`", "「": "」"}
_IDENTIFIER = late(
    r"(?<![A-Za-z0-9-])(?:[a-z0-9]+(?:-[A-Za-z0-9]+){3,}|[a-z]+-[a-z]+-[a-z]+)(?![A-Za-z0-9-])"
)
"""A name for machines: bert-base-uncased."""


class Window(Struct, frozen=True, kw_only=True):
    """Neighbouring tokens; ``start`` and ``end`` count code points of the text."""

    text: str
    start: int
    end: int
    tokens: tuple[str, ...]
    before: str
    """The word before, in lower case."""
    settled: frozenset[str] = frozenset()
    """Tokens that are part of a right form."""


def tokens_of(text: str) -> list[str]:
    """Latin words and numbers; a possessive ``'s`` is none of a word, a contraction is one."""
    return _TOKEN.findall(text)


def windows(text: str) -> Iterator[Window]:
    """All windows of a text that neither begin nor end with a filler, by their first word."""
    tokens = list(_TOKEN.finditer(text))
    named = [match.span() for match in _IDENTIFIER.finditer(text)]
    for i, first in enumerate(tokens):
        before = tokens[i - 1].group().lower() if i else ""
        if first.group().lower() in _FILLERS:
            continue
        for j in range(i, min(i + _LONGEST, len(tokens))):
            if j > i and not _GAP.fullmatch(text, tokens[j - 1].end(), tokens[j].start()):
                break
            start, end = first.start(), tokens[j].end()
            is_part = any(a < end and start < b for a, b in named)
            if not is_part and _stands_free(text, start, end) and tokens[j].group().lower() not in _FILLERS:
                yield Window(
                    text=text[start:end],
                    start=start,
                    end=end,
                    tokens=tuple(token.group() for token in tokens[i : j + 1]),
                    before=before,
                )


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether a window is no piece of an address, an identifier or a longer number, and is not quoted:
    in quotation marks stands what is spoken of as a word."""
    before, after = text[start - 1 : start], text[end : end + 2]
    if before and _QUOTES.get(before) == after[:1]:
        return False
    if (before and before in _CODE_LIKE) or (after and after[0] in _CODE_LIKE):
        return False
    return not _GOES_ON.match(after) and not (before == "." and start > 1 and text[start - 2].isalnum())
