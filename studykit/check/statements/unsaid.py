"""What a statement brings in: numbers, units of time, absolutes and comparisons that were not said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studykit.check.counts.chinese import find_chinese_numbers
from studykit.check.counts.english import find_english_numbers
from studykit.check.counts.numbers import numbers_without
from studykit.check.counts.quantity import Quantity
from studykit.check.statements.words import COMPARATIVES
from studykit.types import Token

__all__ = ["overstates", "unsaid_numbers"]

_UNITS = re.compile(
    r"\b(second|minute|hour|day|week|month|year|decade|century|dollar|euro|pound|percent|degree|meter|metre"
    r"|kilometer|kilometre|mile|gram|kilogram|ton|bit|byte|megabyte|gigabyte|terabyte)s?\b",
    re.IGNORECASE,
)
_UNIT_SIGNS = {"percent": "%", "dollar": "$", "euro": "€", "pound": "£"}
_UNITS_ZH = re.compile("秒|分钟|小时|天|周|星期|月|年|世纪|美元|欧元|公里|米|公斤|吨|兆字节|字节|位")
_ABSOLUTES = (
    (
        r"all|every|everything|everybody|everyone|always|entirely|completely|invariably",
        r"all|every\w*|each|any\w*|whole|entire\w*|whatever|complete\w*|always|exactly|hundred percent|100"
        r"|total\w*|nothing|never|no|nobody|none|lot|per",
    ),
    (
        r"never|none|nobody|nothing|impossible",
        r"never|no|none|nobody|nothing|not|n['’]t|cannot|without|nowhere|impossible|\w+n['’]t|neither|nor|gone|all|only",
    ),
    (
        r"at most|no more than|fewer than|up to",
        r"most|more|up to|fewer|less|under|below|within|max\w*|limit\w*|only|just|not|n['’]t|almost|nearly",
    ),
    (r"both", r"both|two|and|each|as well as|together|either"),
    (
        r"only|solely|exclusively|nothing but",
        r"only|just|nothing but|alone|sole\w*|single|exclusively|merely|but",
    ),
)
_SUPERLATIVES = frozenset({"JJS", "RBS"})
_COMPARING = re.compile(
    r"\b(?:than|prefer\w*|versus|vs|compared|over|instead|rather|not|n['’]t|only|too)\b", re.IGNORECASE
)
_FOREMOST = re.compile(
    r"\b(?:main\w*|maxim\w*|minim\w*|optim\w*|favou?rite|top\w*|first|last|primar\w*|principal\w*|major\w*"
    r"|perfect\w*|ideal\w*|sweet spot|only|up to|no more|record)\b",
    re.IGNORECASE,
)
"""Words that a superlative may stand for."""
_EQUALLY = re.compile(r"\bas \w+ly\b|\b(?:equal\w*|same)\b|\bas (?:\w+ ){1,8}?as\b", re.IGNORECASE)


def unsaid_numbers(statement: str, said: str, language: str) -> list[str]:
    """Numbers and units in a statement that ``said``, in the same language, does not have."""
    numbers = numbers_without(_numbers(statement, language), _numbers(said, language), said)
    found = [number.text for number in numbers]
    if language == "zh":
        # 三处: the character stands there, before a word that measures nothing.
        found = [number.text for number in numbers if not (number.weak and number.text[0] in said)]
        return found + [unit for unit in _UNITS_ZH.findall(_counted(statement)) if unit not in said]
    units = {unit.lower() for unit in _UNITS.findall(said)}
    return found + [
        unit
        for unit in _UNITS.findall(statement)
        if unit.lower() not in units and _UNIT_SIGNS.get(unit.lower(), "\0") not in said
    ]


def _numbers(text: str, language: str) -> list[Quantity]:
    return find_chinese_numbers(text) if language == "zh" else find_english_numbers(text)


def _counted(text: str) -> str:
    """The units that follow a number, with the number."""
    return " ".join(re.findall(r"[\d一二三四五六七八九十百千万亿两半]\s?(?:个)?[\u4e00-\u9fff]{1,2}", text))


def overstates(statement: Sequence[Token], said: Sequence[Token]) -> bool:
    """Whether an English statement says all, both, never, only or at most, compares or ranks, and what was
    said does not."""
    mine, theirs = (" ".join(token.text for token in tokens) for tokens in (statement, said))
    for claimed, stated in _ABSOLUTES:
        if re.search(rf"(?<!not )\b(?:{claimed})\b", mine, re.IGNORECASE) and not re.search(
            rf"(?:\b|(?<=\w)(?=n['’]t))(?:{stated})\b", theirs, re.IGNORECASE
        ):
            return True
    degrees = _tags(said) & (COMPARATIVES | _SUPERLATIVES)
    best = {token.tag for token in statement if (token.text.lower(), token.tag) != ("most", "JJS")}
    if best & _SUPERLATIVES and not (degrees or _FOREMOST.search(theirs)):
        return True
    if not (re.search(r"\bthan\b", mine, re.IGNORECASE) and _tags(statement) & COMPARATIVES):
        return False
    equal = _EQUALLY.sub(" ", theirs)
    return not (_COMPARING.search(equal) or degrees)


def _tags(tokens: Sequence[Token]) -> set[str]:
    return {token.tag for token in tokens}
