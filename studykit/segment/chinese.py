"""Sentence boundaries in Chinese.

With punctuation, sentences end at 。！？ and so on, with the quotes and brackets that close after them.
Where a talk has none, ``unmarked.chinese`` asks a model. Without such a model, and in a stretch without
marks, every segment of a listing is a phrase by itself, and a run-together line is cut at its spaces, which
are old line breaks. Whatever is still longer than a few lines is cut at semicolons, commas, spaces, or at
last between any two characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studykit.faces import late
from studykit.languages import HAN
from studykit.segment.timeline import Turn

__all__ = ["lacks_marks", "sentence_starts"]

_MOST = 120
"""Characters a sentence may have before it is cut at a weaker place."""
_MOST_UNMARKED = 60
"""The same where marks are too rare to be relied on."""
_RARE = 150
"""Marks are rare when there are more characters than this to each."""

# A full stop counts after a Chinese character, or after a Latin word when a space and Chinese
# follow ("用的是 RAG. 然后"). An ellipsis inside a line is a hesitation.
_MARK = (
    r"(?:[。！？!?]+|(?<!…)…++(?=\s|$|[”’」』）])|(?<!\.)\.{3,}+(?=\s|$)"
    rf"|(?<=[{HAN}])\.(?![.A-Za-z0-9])|(?<=\w)\.(?=\s*$|\s+[{HAN}]))"
)
_END = late(rf"{_MARK}+[”’」』）】》〉\"')\]]*")
_WEAKER = tuple(late(rf"{mark}[”’」』）\"')]*") for mark in ("[；;]", "[，,：:]", "[、]", r"\s"))
_BETWEEN = late(rf"(?<=[{HAN}])(?=\w)|(?<=\w)(?=[{HAN}])")
_FEW = 30
"""Characters that may be a title, and are left alone."""


def lacks_marks(texts: Iterable[str]) -> bool:
    """Whether a talk has next to no marks of sentence ends, and enough characters to tell."""
    characters = marks = 0
    for text in texts:
        characters += len(text)
        marks += len(_END.findall(text))
    return characters > max(_FEW, _RARE * marks)


def sentence_starts(turn: Turn) -> list[int]:
    """Code points of ``turn.text`` where sentences start, in order; the first is the text's."""
    text = turn.text
    ends = {match.end() for match in _END.finditer(text)}
    rare = not ends or len(text) > _RARE * len(ends)
    if rare:
        ends |= set(turn.pieces)
    most = _MOST_UNMARKED if rare else _MOST
    at = _skip(text, 0)
    starts: list[int] = []
    for end in [*sorted(ends), len(text)]:
        if at < end:
            starts.append(at)
            starts += [_skip(text, cut) for cut in _cuts(text, at, end, most)]
            at = _skip(text, end)
    return starts


def _skip(text: str, at: int) -> int:
    """The first position from ``at`` that is not white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _cuts(text: str, start: int, end: int, most: int) -> Iterator[int]:
    """Where to cut ``[start, end)`` so that no piece has more than ``most`` characters.

    Each cut stands behind the last strongest mark in the piece's second half. A Latin word longer
    than that stays whole.
    """
    while end - start > most:
        low, high = start + most // 2, start + most
        for mark in (*_WEAKER, _BETWEEN):
            cuts = [match.end() for match in mark.finditer(text, low, high)]
            if cuts:
                start = cuts[-1]
                break
        else:
            later = _WEAKER[-1].search(text, high, end) or _BETWEEN.search(text, high, end)
            if later is None:
                return
            start = later.end()
        if _skip(text, start) >= end:
            return
        yield start
