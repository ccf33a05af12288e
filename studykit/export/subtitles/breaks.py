"""Where a line of English or Chinese may be broken, and at what cost.

Good subtitles break after punctuation or before a clause or phrase, never between an article and
its noun (BBC Subtitle Guidelines, "Breaks in lines"); Chinese breaks between words, and never before
closing or after opening punctuation (W3C, Requirements for Chinese Text Layout, 3.1.3).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from studykit.faces import late
from studykit.languages import HAN, detect_language
from studykit.tables.frequencies import frequencies
from studykit.types import DOUBT_MARK

__all__ = ["Break", "Breaker", "chinese_words"]

_CJK = HAN + r"\u3000-\u303f\uff00-\uffef"
_CJK_CHAR = late(f"[{_CJK}]")
_HAN_RUN = late(f"[{HAN}]+")
_CLOSING = frozenset("，。！？；：、…—·”’」』）》】〉,.!?;:)]}%％～")
_OPENING = frozenset("“‘「『（《【〈([{")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』)）]*$")
_CLAUSE_END = re.compile(r"[,;:，；：、—–][\"'”’」』)）]*$")

_LEADS_ON = frozenset(
    "and but or so because if when while although though that which who where why how what than as then"
    " to in on at for from with without about into onto over under between through after before until"
    " since like of by".split()
)
"""A line may begin with these."""
_BINDS = frozenset(
    "a an the this these those my your his her its our their of to in on at for from with by as and or but"
    " so if because that which who not no very more most is are was were be been am do does did have has"
    " had will would can could should may might must i you he she it we they there some any each every"
    " i'm you're we're they're it's that's there's mr mrs dr".split()
)
"""A line should not end with these: they belong to what follows."""
_PARTICLES = frozenset("的地得了着过吗呢吧啊呀嘛们")
"""These belong to what precedes them."""
_CHINESE_BINDS = frozenset("在从把被给对向跟和与或及是将让比为以一这那每不很更最就也都还又再只能会要可")
"""A Chinese line should not end with these."""

_LONGEST_WORD = 6
_RARE = 1e-9
"""Frequency of a character that is in no word list."""


class Break(Struct, frozen=True, kw_only=True):
    """A place where a new line may begin; ``cost`` from 0 (a sentence has ended) to about 1.5."""

    at: int
    cost: float


def chinese_words(text: str, known: Collection[str] = ()) -> Iterator[str]:
    """The words of a run of Chinese characters: the likeliest segmentation by word frequencies.

    Words in ``known`` are never cut.
    """
    usual = frequencies("chinese-common")
    longest = max([_LONGEST_WORD, *(len(word) for word in known)])
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        options = []
        for start in range(max(0, end - longest), end):
            word = text[start:end]
            frequency = 1.0 if word in known else usual.get(word, _RARE if len(word) == 1 else 0.0)
            if frequency:
                options.append((best[start][0] + math.log(frequency), start))
        best.append(max(options))
    cuts = [len(text)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    for start, end in zip(cuts[:0:-1], cuts[-2::-1], strict=True):
        yield text[start:end]


class Breaker:
    """Finds breaks; ``terms`` (as in the text, in any language) are broken only as a last resort."""

    def __init__(self, terms: Collection[str] = ()) -> None:
        self._words = frozenset(term for term in terms if _HAN_RUN.fullmatch(term))
        phrases = sorted((term for term in terms if len(term.split()) > 1), key=len, reverse=True)
        self._phrase = re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE) if phrases else None

    def breaks(self, text: str) -> Sequence[Break]:
        """All breaks in ``text``, in order; white space at a break belongs to no line.

        Marks of doubt stay with their character, and cut no word.
        """
        plain, *after = text.split(DOUBT_MARK)
        marks = []
        for piece in after:
            marks.append(len(plain))
            plain += piece
        width = len(DOUBT_MARK)
        return [
            replace(place, at=place.at + width * bisect_right(marks, place.at))
            for place in self._breaks(plain)
        ]

    def _breaks(self, text: str) -> Sequence[Break]:
        inside = {
            at
            for match in (self._phrase.finditer(text) if self._phrase else ())
            for at in range(match.start() + 1, match.end())
        }
        within_words: set[int] = set()
        for match in _HAN_RUN.finditer(text):
            at = match.start()
            for word in chinese_words(match[0], self._words):
                within_words.update(range(at + 1, at + len(word)))
                at += len(word)
        is_chinese = detect_language(text) == "zh"
        found = []
        for at in range(1, len(text)):
            before, after = text[at - 1], text[at]
            if after.isspace() or at in within_words:
                continue
            spaced = before.isspace()
            if not spaced and (
                after in _CLOSING
                or before in _OPENING
                or not (_CJK_CHAR.match(before) or _CJK_CHAR.match(after))
            ):
                continue
            cost = _cost(text, at) + (0.5 if at in inside else 0.0)
            if (
                spaced
                and is_chinese
                and not (_CJK_CHAR.match(after) or _CJK_CHAR.match(text[:at].rstrip()[-1:]))
            ):
                cost += 0.4  # consecutive English words within Chinese are one name
            found.append(Break(at=at, cost=cost))
        return found


def _cost(text: str, at: int) -> float:
    left = text[max(0, at - 30) : at].rstrip()
    if _SENTENCE_END.search(left):
        return 0.0
    if _CLAUSE_END.search(left):
        return 0.1
    if text[at] in _PARTICLES or left[-1:] in _CHINESE_BINDS:
        return 1.0
    if _CJK_CHAR.match(text[at]) or _CJK_CHAR.match(left[-1:]):
        return 0.6
    last = left.split()[-1].lower() if left.split() else ""
    following = text[at : at + 20].split()
    first = following[0].lower().rstrip(",.") if following else ""
    if last in _BINDS:
        return 1.0
    return 0.3 if first in _LEADS_ON else 0.6
