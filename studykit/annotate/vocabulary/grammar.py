"""Grammar points of speech that no pattern of words can name: fillers, repairs, suffixes, "like".

Disfluency classes after Shriberg (1994), "Preliminaries to a Theory of Speech Disfluencies".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from studykit.annotate.vocabulary.expressions import visible
from studykit.annotate.vocabulary.marker_use import load_marker_use
from studykit.lexicon.levels import zipf
from studykit.types import CefrLevel, Span, Token

__all__ = ["GrammarPoint", "grammar_points"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrammarPoint:
    """A point with what is said about it in Chinese."""

    head: str
    chinese: str
    note: str
    level: CefrLevel


FILLER = GrammarPoint(head="um / uh", chinese="嗯；呃", note="填充词，说话时争取时间，不译", level="B1")
LIKE = GrammarPoint(
    head="like",
    chinese="就是说；比如；大概",
    note="口语标记词：举例、约数或引出要说的话，常可不译",
    level="B1",
)
REPAIR = GrammarPoint(
    head="self-correction", chinese="口误后改口", note="说话人中断或重复，随即改说；以后说的为准", level="B2"
)
SUFFIXES = {
    "esque": GrammarPoint(head="-esque", chinese="……式的；像……风格的", note="形容词后缀", level="C1"),
    "ish": GrammarPoint(head="-ish", chinese="有点……的；大约", note="口语后缀，可接形容词、数词", level="B2"),
    "wise": GrammarPoint(head="-wise", chinese="在……方面", note="名词加 -wise 作状语", level="C1"),
    "able": GrammarPoint(head="-able", chinese="可……的", note="动词加 -able 构成形容词", level="B2"),
    "proof": GrammarPoint(head="-proof", chinese="防……的", note="名词加 -proof", level="C1"),
    "ness": GrammarPoint(head="-ness", chinese="……性；……的程度", note="形容词加 -ness 构成名词", level="B2"),
}
_FILLERS = {"um", "uh", "er", "erm", "uhm", "umm", "hmm", "mm", "ah"}
_REPAIR_WORDS = re.compile(r"^(?:sorry|rather|wait|no)$", re.IGNORECASE)
_REPEATABLE = {"very", "really", "no", "yes", "yeah", "so", "bye", "many", "much", "had", "that", "more"}
"""Words said twice on purpose."""
_COINED_ZIPF = 2.0
"""Below this a word with a suffix is likely the speaker's own."""


def grammar_points(tokens: Sequence[Token]) -> Iterator[tuple[GrammarPoint, Span]]:
    """The points in a tagged sentence with the code points where they show."""
    use = load_marker_use()
    indices = visible(tokens)
    seen = [tokens[i] for i in indices]
    for i, token in enumerate(seen):
        word = token.text.lower()
        here = Span(start=token.start, end=token.end)
        if word in _FILLERS:
            yield FILLER, here
        if word == "like" and use.accepts("like", seen, indices, i, i + 1):
            yield LIKE, here
        repaired = _repair(seen, i)
        if repaired:
            yield REPAIR, repaired
        suffix = _suffix(token)
        if suffix:
            yield replace(suffix, head=f"{word} ({suffix.head})"), here


def _repair(tokens: Sequence[Token], i: int) -> Span | None:
    """A word or two words said again at once, or a marker that takes back what was said."""
    if i and tokens[i - 1].text == "," and _REPAIR_WORDS.match(tokens[i].text):
        after = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if after == "," and tokens[i].text.lower() != "no":
            return Span(start=tokens[i].start, end=tokens[i].end)
    for length in (2, 1):
        first = [t.text.lower() for t in tokens[i : i + length]]
        rest = tokens[i + length :]
        gap = 1 if rest and rest[0].text in {",", "-", "—", "…"} else 0
        again = [t.text.lower() for t in rest[gap : gap + length]]
        if first == again and all(word.isalpha() for word in first) and not set(first) & _REPEATABLE:
            return Span(start=tokens[i].start, end=rest[gap + length - 1].end)
    return None


def _suffix(token: Token) -> GrammarPoint | None:
    word = token.text.lower()
    for ending, point in SUFFIXES.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and word.isalpha() and zipf(word) < _COINED_ZIPF:
            known = max(zipf(stem), zipf(f"{stem}e"))
            if known >= 3 and token.upos in {"ADJ", "NOUN", "ADV", "PROPN", "X"}:
                return point
    return None
