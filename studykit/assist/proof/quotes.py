"""A quote stands in its sentence to the letter; white space and the style of quotation marks may differ."""

from __future__ import annotations

from studykit.assist.answer import Evidence
from studykit.assist.proof.failure import UnprovenError
from studykit.assist.said import Judged
from studykit.types import Quote, Span

__all__ = ["proven_quote"]

_SINGLE, _DOUBLE = "‘’‛′`", "“”„″«»「」『』"
_STYLES = str.maketrans(_SINGLE + _DOUBLE, "'" * len(_SINGLE) + '"' * len(_DOUBLE))
_SHORTEST = 3


def proven_quote(evidence: Evidence, said: Judged) -> Quote:
    """The true slice of the sentence that a quote is. Raises ``UnprovenError``."""
    sentence = said.sentence(evidence.sentence)
    if sentence is None:
        raise UnprovenError("sentence")
    wanted, _ = _plain(evidence.quote.strip().strip('"“”'))
    plain, places = _plain(sentence.raw)
    at = plain.find(wanted) if len(wanted) >= _SHORTEST else -1
    while at >= 0 and not _is_whole(plain, at, at + len(wanted)):
        at = plain.find(wanted, at + 1)
    if at < 0:
        raise UnprovenError("quote")
    span = Span(start=places[at], end=places[at + len(wanted) - 1] + 1)
    return Quote(sentence=sentence.index, span=span, quote=sentence.raw[span.start : span.end])


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with single spaces and straight quotation marks, and where each character stands in it."""
    made: list[str] = []
    places: list[int] = []
    for i, char in enumerate(text):
        plain = " " if char.isspace() else char.translate(_STYLES)
        if plain == " " and (not made or made[-1] == " "):
            continue
        made.append(plain)
        places.append(i)
    if made and made[-1] == " ":
        made.pop()
        places.pop()
    return "".join(made), places


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut: "not" is no quote from "nothing"."""

    def joined(a: str, b: str) -> bool:
        return a.isascii() and b.isascii() and a.isalnum() and b.isalnum()

    before = start > 0 and joined(text[start - 1], text[start])
    after = end < len(text) and joined(text[end - 1], text[end])
    return not before and not after
