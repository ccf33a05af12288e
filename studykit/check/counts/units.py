"""Units of time that became another: every day, 每周."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studykit.check.messages import became
from studykit.check.passage import Passage
from studykit.types import Finding

__all__ = ["check_units"]

_ENGLISH = {
    "second": r"(?:\d|\b(?:an?|per|few|several|each|every|of|one|two|five|ten|thirty|sixty))[ -]seconds?\b"
    r"|\bseconds\b",
    "minute": r"\bminutes?\b",
    "hour": r"\bhours?\b|\bhourly\b",
    "day": r"\bdays?\b|\bdaily\b|\beveryday\b",
    "week": r"\bweeks?\b|\bweekly\b",
    "month": r"\bmonths?\b|\bmonthly\b",
    "year": r"\byears?\b|\byearly\b|\bannual(?:ly)?\b",
}
_CHINESE = {
    "second": r"秒",
    "minute": r"分钟|分鐘",
    "hour": r"小时|小時|钟头|鐘頭",
    "day": r"(?<![今明昨聊春夏秋冬白当當那一后後前])天(?![气氣生才空然下真])"
    r"|(?<=[每一整当那])天(?![气生才空然])|\d日(?!元)|每日",
    "week": r"(?<![四百])周(?![围圍边邊期刊全密到知杰])|星期|礼拜|禮拜",
    "month": r"月(?!球|亮)",
    "year": r"年(?!轻|輕|龄|齡|纪|紀|代表)",
}
_EN = {unit: re.compile(pattern, re.IGNORECASE) for unit, pattern in _ENGLISH.items()}
_ZH = {unit: re.compile(pattern) for unit, pattern in _CHINESE.items()}
_SAID_SO = {"day": ("night", "morning", "date", "time"), "year": ("decade", "century")}
"""Words that Chinese may put into such a unit."""


def check_units(passage: Passage) -> Iterator[Finding]:
    """One unit of time that only the English has, and one that only the Chinese has, in one passage."""
    if not passage.english or not passage.chinese:
        return
    english, chinese = _counted(_EN, passage.english), _counted(_ZH, passage.chinese)
    lost = [unit for unit in english if len(english[unit]) > len(chinese[unit])]
    added = [
        unit
        for unit in chinese
        if len(chinese[unit]) > len(english[unit]) and not _is_said(unit, passage.english)
    ]
    if len(lost) == 1 and added:
        yield passage.finding("number", "high", became("time", english[lost[0]][0], chinese[added[0]][0]))


def _counted(units: Mapping[str, re.Pattern[str]], text: str) -> dict[str, list[str]]:
    return {unit: [match[0] for match in pattern.finditer(text)] for unit, pattern in units.items()}


def _is_said(unit: str, english: str) -> bool:
    return any(word in english.lower() for word in _SAID_SO.get(unit, ())) or (
        unit == "year" and re.search(r"\b(?:19|20)\d\d\b", english) is not None
    )
