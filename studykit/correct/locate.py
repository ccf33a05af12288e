"""Where the words of sentences stand in the file that they were read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from studykit.types import Correction, Sentence, Span

__all__ = ["locate", "put_right"]

_WORD = re.compile(r"[A-Za-z0-9]+|\w")
_REACH = 600
"""How far ahead a word is looked for: over a caption's times and styles, not into later captions."""

Places = Sequence[tuple[Span, ...]]


def locate(text: str, sentences: Iterable[Sentence], corrections: Sequence[Correction]) -> Places:
    """For each correction the pieces of ``text`` (code points) that its words are, none when not found.

    ``text`` is the whole file with times and marks; the sentences come in its order.
    """
    wanted: dict[int, list[int]] = {}
    for number, correction in enumerate(corrections):
        wanted.setdefault(correction.sentence, []).append(number)
    found: list[tuple[Span, ...]] = [()] * len(corrections)
    at = 0
    for sent in sentences:
        places: list[tuple[int, Span | None]] = []
        for word in _WORD.finditer(sent.raw):
            place = _find(text, word.group(), at)
            places.append((word.start(), place))
            at = place.end if place else at
        for number in wanted.get(sent.index, ()):
            inside = [place for start, place in places if start in corrections[number].span]
            pieces = [place for place in inside if place]
            if pieces and len(pieces) == len(inside):
                found[number] = _joined(text, pieces)
    return found


def _find(text: str, word: str, at: int) -> Span | None:
    pattern = rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])" if word.isascii() else re.escape(word)
    match = re.compile(pattern).search(text, at, at + _REACH)
    return Span(start=match.start(), end=match.end()) if match else None


def _joined(text: str, pieces: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbouring pieces with nothing but a mark or white space on one line, or one line end, between."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and re.fullmatch(r"[ \t.'’-]*(?:\n[ \t]*)?", text[joined[-1].end : piece.start]):
            joined[-1] = Span(start=joined[-1].start, end=piece.end)
        else:
            joined.append(piece)
    return tuple(joined)


def put_right(text: str, corrections: Sequence[Correction], places: Places) -> str:
    """The file's text with all located corrections made; what stood in two captions goes into the first."""
    changes = [
        (piece, correction.right if i == 0 else "")
        for correction, pieces in zip(corrections, places, strict=True)
        for i, piece in enumerate(pieces)
    ]
    for piece, right in sorted(changes, key=lambda change: -change[0].start):
        text = text[: piece.start] + right + text[piece.end :]
    return text
