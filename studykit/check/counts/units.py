"""Units and names of time that became another: every day, 每周; Monday, 周四; in the morning, 晚上."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studykit.check.messages import became, message
from studykit.check.passage import Passage
from studykit.faces import late
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
_WEEKDAYS = dict(
    zip("monday tuesday wednesday thursday friday saturday sunday".split(), "一二三四五六日", strict=True)
)
_NAMED: tuple[dict[str, tuple[str, str]], ...] = (
    {
        day: (rf"\b{day}s?\b", f"(?:周|週|星期|礼拜|禮拜){'[日天]' if char == '日' else char}")
        for day, char in _WEEKDAYS.items()
    },
    {
        "yesterday": (r"\byesterday\b", "昨[天日晚夜]"),
        "today": (r"\btoday\b|\btonight\b|\bthis (?:morning|evening|afternoon)\b", "今[天日晚夜早]"),
        "tomorrow": (r"\btomorrow\b", "明[天日晚早]"),
    },
    {
        "morning": (r"\bmornings?\b|\bdawn\b|\ba\.?m\b", "早上|早晨|上午|清晨|清早|早饭|黎明|拂晓"),
        "afternoon": (r"\bafternoons?\b|\bp\.?m\b", "下午|午后"),
        "evening": (
            r"\bevenings?\b|\bnights?\b|\bmidnight\b|\bdusk\b|\btonight\b",
            "晚上|夜里|夜晚|傍晚|半夜|深夜|黄昏|今晚|当晚|每晚|那晚|夜间",
        ),
    },
)
"""Days, and parts of a day, by their English and their Chinese."""
_EN = {unit: late(pattern, re.IGNORECASE) for unit, pattern in _ENGLISH.items()}
_ZH = {unit: late(pattern) for unit, pattern in _CHINESE.items()}
_NAMED_EN = [{k: late(v[0], re.IGNORECASE) for k, v in family.items()} for family in _NAMED]
_NAMED_ZH = [{k: late(v[1]) for k, v in family.items()} for family in _NAMED]
_RATE = late(
    "(?<!第)(?:每(?:个|個|一)?|[几數数两兩\\d一二三四五六七八九十百]{1,4}(?:个|個|多)?)\\s?(?P<unit>秒|分钟|小时|天(?![然气空])|周(?![围末])|星期|月|年(?![轻代级]))"
)
_UNIT_OF = {"秒": "second", "分钟": "minute", "小时": "hour", "天": "day", "周": "week", "星期": "week"}
_UNIT_OF |= {"月": "month", "年": "year"}
_SAID_SO = {
    "day": ("nights?", "mornings?", "dates?", "time", "evenings?", "once"),
    "year": ("decades?", "centur(?:y|ies)", "old"),
    "week": ("weekends?", *_WEEKDAYS),
    "month": tuple(f"{name}\\w*" for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()),
    "second": ("moments?", "instant"),
    "minute": ("moments?",),
}
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
    elif rate := next(_unsaid_rates(passage), None):
        yield passage.finding("number", "medium", message("number_added", zh=rate))
    for en, zh in zip(_NAMED_EN, _NAMED_ZH, strict=True):
        said, written = _counted(en, passage.english), _counted(zh, passage.chinese)
        gone = [name for name in said if said[name] and not written[name]]
        new = [name for name in written if written[name] and not said[name]]
        if gone and new:
            yield passage.finding("number", "high", became("time", said[gone[0]][0], written[new[0]][0]))


def _unsaid_rates(passage: Passage) -> Iterator[str]:
    """每周, 三天 where nothing near in the English is of weeks or days."""
    for match in _RATE.finditer(passage.chinese):
        unit = _UNIT_OF[match["unit"]]
        if not _EN[unit].search(passage.near_english) and not _is_said(unit, passage.near_english):
            yield match[0]


def _counted(units: Mapping[str, re.Pattern[str]], text: str) -> dict[str, list[str]]:
    return {unit: [match[0] for match in pattern.finditer(text)] for unit, pattern in units.items()}


def _is_said(unit: str, english: str) -> bool:
    words = "|".join(_SAID_SO.get(unit, ("-",)))
    return re.search(rf"\b(?:{words})\b", english, re.IGNORECASE) is not None or (
        unit == "year" and re.search(r"\b(?:19|20)\d\d\b", english) is not None
    )
