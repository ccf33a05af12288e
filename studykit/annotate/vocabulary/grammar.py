"""Grammar points of speech that no pattern of words can name: fillers, repairs, suffixes, "like".

Disfluency classes after Shriberg (1994), "Preliminaries to a Theory of Speech Disfluencies".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from studykit.annotate.vocabulary.expressions import visible
from studykit.annotate.vocabulary.listed.marker_use import load_marker_use
from studykit.lexicon.levels import zipf
from studykit.types import CefrLevel, Span, Token

__all__ = ["GrammarPoint", "grammar_points"]


class GrammarPoint(Struct, frozen=True, kw_only=True):
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
_FILLERS = {"um", "uh", "er", "erm", "uhm", "umm"}
_ANSWERS = {"huh", "oh"}
"""After "uh", with a hyphen or without: "uh-huh" is a yes."""
_REPAIR_WORDS = re.compile(r"^(?:sorry|rather|wait|no)$", re.IGNORECASE)
_REPEATABLE = {"very", "really", "no", "yes", "yeah", "so", "bye", "many", "much", "had", "that", "more"}
"""Words said twice on purpose."""
_EMPHATIC = {"ADJ", "ADV", "INTJ"}
"""Parts of speech that are said twice for emphasis: "exactly, exactly"."""
_CONTENT = {"NOUN", "PROPN", "VERB", "NUM", "X"}
"""After a comma these begin a new clause or a list more often than they repair: "we use Go, Go is simple"."""
_NAMED = {"NOUN", "PROPN", "PRON", "DET", "NUM"}
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
        answers = i + 1 < len(seen) and seen[i + 1].text.lower() in _ANSWERS
        if word in _FILLERS and not answers and token.text != "ER":
            yield FILLER, here
        if word == "like" and not _compares(seen, i) and use.accepts("like", seen, indices, i, i + 1):
            yield LIKE, here
        repaired = _repair(seen, i)
        if repaired:
            yield REPAIR, repaired
        suffix = _suffix(token)
        if suffix:
            yield replace(suffix, head=f"{word} ({suffix.head})"), here


def _compares(tokens: Sequence[Token], i: int) -> bool:
    """Whether "like" at ``i`` is that of "a root crop, just like potatoes"."""
    after = tokens[i + 1 : i + 2]
    return (
        tokens[i - 1].text.lower() == "just"
        and tokens[i].dep == "prep"
        and bool(after)
        and after[0].upos in _NAMED
    )


def _repair(tokens: Sequence[Token], i: int) -> Span | None:
    """A word or two words said again at once, or a marker that takes back what was said."""
    if i and tokens[i - 1].text == "," and _REPAIR_WORDS.match(tokens[i].text):
        after = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if after == "," and tokens[i].text.lower() != "no":
            return Span(start=tokens[i].start, end=tokens[i].end)
    for length in (2, 1):
        first, rest = tokens[i : i + length], tokens[i + length :]
        gap = 1 if rest and rest[0].text in {",", "-", "—", "…"} else 0
        again = rest[gap : gap + length]
        words = [token.text.lower() for token in first]
        same = words == [token.text.lower() for token in again] and all(word.isalpha() for word in words)
        if same and not set(words) & _REPEATABLE and _is_slip(tokens, i, again, gap):
            return Span(start=tokens[i].start, end=again[-1].end)
    return None


def _is_slip(tokens: Sequence[Token], i: int, again: Sequence[Token], gap: int) -> bool:
    """Whether words that are said again were meant once.

    They are not in "over and over and over", "Please, please", "What it is is …", and where a comma
    begins a clause with the same word: "if we get there, there is a way".
    """
    first = tokens[i : i + len(again)]
    end = i + 2 * len(again) + gap
    beside = {tokens[i - 1].text.lower() if i else "", tokens[end].text.lower() if end < len(tokens) else ""}
    if beside & {token.text.lower() for token in first} or first[0].upos in _EMPHATIC:
        return False
    alike = first[0].dep == again[0].dep
    if gap:
        return alike and first[-1].upos not in _CONTENT
    if first[0].upos == "ADP" and not alike:
        return False  # "they fit in in terms of size"
    clefts = first[0].lemma.lower() == "be" and any(token.tag in {"WP", "WRB"} for token in tokens[:i])
    return first[-1].end < again[0].start and not clefts


def _suffix(token: Token) -> GrammarPoint | None:
    word = token.text.lower()
    for ending, point in SUFFIXES.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and word.isalpha() and zipf(word) < _COINED_ZIPF:
            known = max(zipf(stem), zipf(f"{stem}e"))
            if known >= 3 and token.upos in {"ADJ", "NOUN", "ADV", "PROPN", "X"}:
                return point
    return None
