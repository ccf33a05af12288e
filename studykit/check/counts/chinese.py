"""Numbers in Chinese: digits, characters, and both (1.6 亿, 三点六, 万分之一, 几百, 两千五, 二零二五年)."""

from __future__ import annotations

import re
from fractions import Fraction
from unicodedata import digit

from studykit.check.counts.quantity import Quantity
from studykit.faces import late
from studykit.types import Span

__all__ = ["find_chinese_numbers"]

_DIGIT = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_DIGIT |= {"两": 2, "兩": 2, "俩": 2, "○": 0}
_SMALL_UNIT = {"十": 10, "百": 100, "千": 1000}
_BIG_UNIT = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_D = "".join(_DIGIT)
_U = "".join(_SMALL_UNIT | _BIG_UNIT)
_ARABIC = r"\d{1,3}(?:,\d{3}){1,12}(?:\.\d+)?|\d+(?:\.\d+)?"
_PLAIN = (
    rf"(?:(?:{_ARABIC})(?:\s?[多余几]?[{_U}]+(?:[{_D}\d][{_D}{_U}\d]*)?)?|[{_D}{_U}]+(?:点[{_D}]+[{_U}]*)?)"
)
_BYTE_UNITS = {"太": "TB", "吉": "GB", "千兆": "GB", "兆": "MB", "千": "KB"}
_BYTE_WORD = late("(千兆|太|吉|兆|千)字[节節]")
_MEASURE = (
    "个個种種件点點步条條次年月日天周岁歲位名倍层層块塊章节節类類项項部份张張只隻组組台套方阶階轮輪句段页頁"
    "代题題人分秒小时時美元块比特字太吉者家门門"
)
_NUMBER = late(
    rf"(?:(?<![\d{_D}{_U}])(?P<under>{_PLAIN})\s?分之\s?(?P<over>{_PLAIN})|(?<![A-Za-z\d.,-])(?:(?P<loose>好几|几|幾|数|數|上|成|过|近)(?=[{_U}]))?(?P<plain>{_PLAIN}))"
    r"\s?(?P<more>多|余|餘|来|几)?(?P<units>[万萬亿億])?\s?"
    rf"(?P<unit>%|％|个百分点|成(?![为為立本长長功果就员員分型绩熟千百])|[KMGTPkmgtp]B|[kKMBT](?![A-Za-z])|年代?|月|字[节節])?"
    rf"(?P<half>[年个個小天]半|半)?(?P<measure>[{_MEASURE}])?"
)
_WIDE_DIGIT = re.compile(r"(?![0-9])\d")
_HUNDRED_PERCENT = re.compile("百分(?:之)?百")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d)")
_LIST_MARK = late(r"(?:^|[#*\n。])[\s#*]{0,40}\d{1,2}[.、)）]\s")
_HALF = late(r"一半|半(?=[个個年小天数數])|各半")
_SUFFIXES = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_FREE_SCALES = {
    "百万",
    "百萬",
    "十亿",
    "十億",
    "百亿",
    "百億",
    "千亿",
    "千億",
    "万亿",
    "萬億",
    "十万",
    "十萬",
    "亿",
    "億",
}
_NO_NUMBER_AFTER = late(r"[别勿不要]|[一]?[样樣些直起下定般]|[度问卷科]")
_WEAK_BELOW = 11


def find_chinese_numbers(text: str) -> list[Quantity]:
    """All numbers from left to right, never overlapping; 一 alone and clock times are none.

    A single character counts only before a measure word; bare 千, 万 and the like only where they
    cannot be part of another word.
    """
    # Units of bytes hold characters that are numbers elsewhere; they give way to letters of equal length.
    plain = _BYTE_WORD.sub(lambda m: _BYTE_UNITS[m[1]].ljust(len(m[0])), text)
    plain = _WIDE_DIGIT.sub(lambda m: str(digit(m[0])), plain)
    taken = [m.span() for m in (*_CLOCK.finditer(plain), *_LIST_MARK.finditer(plain))]
    found: list[Quantity] = []
    for match in _HUNDRED_PERCENT.finditer(plain):
        taken.append(match.span())
        found.append(_made(match, text, [Fraction(1)], unit="ratio", weak=True))
    for match in _NUMBER.finditer(plain):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        quantity = _read(match, text, plain)
        if quantity is not None:
            taken.append(match.span())
            found.append(quantity)
    for match in _HALF.finditer(plain):
        if not any(match.start() < end and start < match.end() for start, end in taken):
            found.append(_made(match, text, [Fraction(1, 2)], unit="ratio", weak=True))
    found.sort(key=lambda quantity: quantity.span.start)
    return [quantity for quantity in found if quantity.values != (Fraction(1),) or quantity.unit]


def _made(
    match: re.Match[str],
    text: str,
    values: list[Fraction],
    *,
    unit: str | None = None,
    loose: bool = False,
    weak: bool = False,
    ordinal: bool = False,
) -> Quantity:
    return Quantity(
        values=tuple(dict.fromkeys(values)),
        text=text[match.start() : match.end()].strip(),
        span=Span(start=match.start(), end=match.end()),
        unit=unit,
        loose=loose,
        weak=weak or (unit == "ratio" and 1 in values),  # 100% is "wholly" as well
        ordinal=ordinal,
    )


def _read(match: re.Match[str], text: str, plain: str) -> Quantity | None:
    if match["under"]:
        under = _value(match["under"])
        ratio = _value(match["over"]) / under if under else None
        return _made(match, text, [ratio], unit="ratio") if ratio is not None else None
    number = match["plain"]
    arabic = number[0].isdigit()
    unit = match["unit"] or ""
    before, after = plain[: match.start()][-1:], plain[match.end() :]
    if not arabic and not _is_number(number, match, before, after):
        return None
    value = _value(number) * _BIG_UNIT.get(match["units"] or "", 1)
    if match["half"]:
        value += Fraction(1, 2)
    values = [value]
    kind: str | None = None
    if unit in {"%", "％", "个百分点"}:
        kind, values = "ratio", [value / 100]
    elif unit == "成" and value < 10:
        kind, values = "ratio", [value / 10]
    elif unit == "月":
        kind = "month"
    elif len(unit) == 2 and unit[1] == "B":
        kind = unit.upper()
    elif unit.lower() in _SUFFIXES:
        values.append(value * _SUFFIXES[unit.lower()])
    elif unit.startswith("年") and arabic and 10 <= value < 100 and len(number) == 2:
        values += [value + 1900, value + 2000]
    small = value < _WEAK_BELOW and value.denominator == 1
    return _made(
        match,
        text,
        values,
        unit=kind,
        loose=bool(match["loose"]),
        ordinal=before == "第",
        weak=bool(match["loose"])
        or before == "第"
        or (small and (not arabic or value <= 1))
        or kind == "month",
    )


def _is_number(number: str, match: re.Match[str], before: str, after: str) -> bool:
    """Whether characters that can be a number are one here."""
    digits = [char for char in number if char in _DIGIT]
    units = [char for char in number if char in _SMALL_UNIT or char in _BIG_UNIT]
    counted = bool(match["measure"] or match["unit"] or match["half"] or before == "第")
    if match["loose"]:
        return True
    if "点" in number:
        # 三点 is a time or "three points": a decimal has digits on both sides.
        return number[0] != "点" and bool(digits)
    if not digits:
        return (number in _FREE_SCALES and not _NO_NUMBER_AFTER.match(after)) or (
            number == "十" and counted and match["measure"] != "分"
        )
    if units:
        return not (number[0] in _BIG_UNIT or (number[0] in "百千" and len(digits) < 2))
    if len(digits) >= 3:
        return True
    return len(digits) == 1 and counted and (number != "一" or match["unit"] == "成")


def _value(text: str) -> Fraction:
    """The value of a run of digits and numerals, as 100多万, 一百二, 二零二五, 三点六亿."""
    text = re.sub(r"[,\s多余几]", "", text)
    if "点" in text:
        whole, rest = text.split("点")
        decimals = re.match(rf"[{_D}]+", rest)
        assert decimals
        value = _value(whole) + Fraction(
            int("".join(str(_DIGIT[char]) for char in decimals[0])), 10 ** len(decimals[0])
        )
        for char in rest[decimals.end() :]:
            value *= (_SMALL_UNIT | _BIG_UNIT)[char]
        return value
    if len(text) > 1 and all(char in _DIGIT for char in text):
        return Fraction(int("".join(str(_DIGIT[char]) for char in text)))
    total = section = number = Fraction(0)
    last_unit = last_big = 1
    for token in re.findall(r"\d+(?:\.\d+)?|\D", text):
        if token[0].isdigit() and token.isascii():
            number = Fraction(token)
        elif token in _DIGIT:
            number, last_unit = Fraction(_DIGIT[token]), 1 if _DIGIT[token] == 0 else last_unit
        elif token in _SMALL_UNIT:
            section += (
                (number or (1 if not section else 0)) * _SMALL_UNIT[token] if number or not section else 0
            )
            if not number and section >= 100 and last_unit != 1:
                section *= _SMALL_UNIT[token]
            number, last_unit = Fraction(0), _SMALL_UNIT[token]
        else:
            unit = _BIG_UNIT[token]
            part = section + number or (Fraction(0) if total else Fraction(1))
            total = (total + part) * unit if unit > last_big else total + part * unit
            section = number = Fraction(0)
            last_unit = last_big = unit
    if number and last_unit >= 100 and text[-1] in _DIGIT:
        number *= Fraction(last_unit, 10)  # 一百二 is 120, 三万五 35,000
    return total + section + number
