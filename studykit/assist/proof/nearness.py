"""Whether a text is about what its evidence says: sentence vectors, helped by the words that both have.

The thresholds are measured (docs/assist.md): on true statements about five talks with their own sentences,
with neighbours of these, and with sentences from elsewhere in the talk.
"""

from __future__ import annotations

from collections.abc import Sequence

from studykit.assist.said import Judged
from studykit.faces import late
from studykit.types import Quote, Token

__all__ = ["is_near", "nearest", "nearness", "shared_words"]

NEAR = 0.45
"""Least nearness of a statement and its quotes."""
FARTHER = 0.2
"""By how much another sentence of the talk may be nearer."""
_WORDS_WEIGH = 0.3
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV"})
_HAN_PAIR = late(r"(?=([\u4e00-\u9fff]{2}))")


def nearness(statement: str, quotes: Sequence[Quote], said: Judged) -> tuple[float, float]:
    """How near a statement is to its evidence, and the nearest other sentence; vectors and shared words."""
    numbers = list(dict.fromkeys(quote.sentence + 1 for quote in quotes))
    quoted = " ".join(quote.quote for quote in quotes)
    whole = said.text_of(numbers)
    rows = said.judges.encode([statement, quoted, whole])
    alike = said.vectors @ rows[0]
    own = {number - 1 for number in numbers}
    mine = max(float(rows[1] @ rows[0]), float(rows[2] @ rows[0]), *(float(alike[i]) for i in own))
    mine += _WORDS_WEIGH * shared_words(statement, whole, said)
    near = {i + step for i in own for step in (-1, 0, 1)}
    others = [(float(row), i) for i, row in enumerate(alike) if i not in near]
    if not others:
        return mine, 0.0
    score, at = max(others)
    return mine, score + _WORDS_WEIGH * shared_words(statement, said.text_of([at + 1]), said)


def is_near(statement: str, quotes: Sequence[Quote], said: Judged) -> bool:
    """Whether a statement is near enough to its evidence, and not much nearer to another sentence."""
    mine, other = nearness(statement, quotes, said)
    return mine >= NEAR and other - mine <= FARTHER


def nearest(statement: str, numbers: Sequence[int], said: Judged) -> tuple[int, float]:
    """The nearest of some sentences to a statement, by number, and how near it is by vectors."""
    (row,) = said.judges.encode([statement])
    scores = [(float(said.vectors[number - 1] @ row), number) for number in numbers]
    score, number = max(scores)
    return number, score


def shared_words(statement: str, text: str, said: Judged) -> float:
    """The share of a statement's words of meaning that a text of the same language has, 0-1."""
    if said.language == "zh":
        pairs = _HAN_PAIR.findall(statement)
        return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0
    here, there = (_lemmas(tokens) for tokens in said.judges.tag([statement, text]))
    return len(here & there) / len(here) if here else 0.0


def _lemmas(tokens: Sequence[Token]) -> set[str]:
    words = (token for token in tokens if token.upos in _CONTENT and any(map(str.isalnum, token.text)))
    return {token.lemma.lower() for token in words}
