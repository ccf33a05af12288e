"""Numbers in English: digits, words, and both ("1.6 billion", "three point six", "1 in 10,000")."""

from __future__ import annotations

import re
from fractions import Fraction

from studykit.check.counts.quantity import Quantity
from studykit.faces import late
from studykit.types import Span

__all__ = ["ORDINALS", "find_english_numbers"]

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12, "tn": 10**12}
_BYTE_UNITS = {"kilo": "KB", "mega": "MB", "giga": "GB", "tera": "TB", "peta": "PB"}
_MONTHS = "january february march april may june july august september october november december".split()
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_PARTS |= {f"{word}s": value for word, value in _PARTS.items() if not word.startswith("hal")}
_PARTS |= {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}

_SMALL = "|".join([*sorted(_ONES, key=len, reverse=True), *_TENS])
_SCALE = "|".join(_SCALES)
_CARDINAL = rf"(?:{_SMALL})(?:[- ](?:{_SMALL}))*"
_DIGITS = r"(?<![\w.,-])[$€£¥]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)|(?<![\w.])[$€£¥]?\d+(?:\.\d+)?"
_WORDS = (
    rf"(?:{_CARDINAL}(?: point(?: (?:{_SMALL}))+)?|\ban? (?=(?:{_SCALE})\b))"
    rf"(?:[- ]?(?:and )?(?:{_SCALE}|{_CARDINAL}))*"
)
_NUMBER = late(
    rf"(?:(?P<digits>{_DIGITS})(?:\s?(?P<suffix>[kmbt]n?)\b|(?P<scales>(?:[ -](?:{_SCALE}))+)\b)?"
    rf"|(?P<words>\b(?:{_WORDS})\b)|(?P<bare>\b(?:{_SCALE})\b))"
    r"(?P<half> and a half)?(?P<ordinal>(?:st|nd|rd|th)\b)?"
    r"(?P<unit>\s?%|[ -]percent(?:age points?)?\b|\s?[kmgtp]b\b|[ -](?:kilo|mega|giga|tera|peta)?byte?s?\b)?"
    rf"(?P<scales2> (?:{_SCALE})\b)?",
    re.IGNORECASE,
)
_LOOSE = late(
    rf"\b(?:(?P<count>tens|dozens|hundreds|thousands|millions|billions|trillions)"
    rf"(?: of (?P<of>thousands|millions|billions|trillions))?"
    rf"|(?:several|a few|some|many|a couple(?: of)?) (?P<scale>{_SCALE}))\b",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b(?:{'|'.join(month.capitalize() for month in _MONTHS)})\b")
_FRACTION = late(
    rf"(?<!and )\b(?P<top>an?|one|two|three|four|five|seven|nine|\d+)[- ](?P<part>{'|'.join(_PARTS)})\b"
    r"|(?P<percent>\bhalf a percent\b)|(?<!and a )\b(?P<bare>half)\b"
    r"|(?<![\w/.])(?P<over>\d+)/(?P<under>\d+)(?![\w/])",
    re.IGNORECASE,
)
_ORDINAL = late(rf"\b(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)
_ONE_IN = re.compile(r"\s(?:in|out of)(?: every)?\s", re.IGNORECASE)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
_DOZENS = re.compile(rf"\b(?P<many>an?|half an?|{_SMALL}|\d+) dozen\b", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:^|[#*\n])[\s#*]{0,40}\d{1,2}[.)]\s")
_WEAK_BELOW = 11


def find_english_numbers(text: str) -> list[Quantity]:
    """All numbers from left to right, never overlapping; "one", "a" and clock times are none."""
    ignored = (*_CLOCK.finditer(text), *_LIST_MARK.finditer(text))
    taken = [Span(start=m.start(), end=m.end()) for m in ignored]
    found: list[Quantity] = []
    for pattern, read in (
        (_LOOSE, _loose),
        (_DOZENS, _dozens),
        (_FRACTION, _fraction),
        (_NUMBER, _number),
        (_MONTH, _month),
        (_ORDINAL, _ordinal),
    ):
        for match in pattern.finditer(text):
            if any(match.start() < span.end and span.start < match.end() for span in taken):
                continue
            quantity = read(match)
            if quantity is not None:
                taken.append(quantity.span)
                found.append(quantity)
    found.sort(key=lambda quantity: quantity.span.start)
    return [one for one in _one_in(found, text) if one.unit == "ratio" or one.values != (Fraction(1),)]


def _made(
    match: re.Match[str],
    *values: Fraction | int,
    unit: str | None = None,
    loose: bool = False,
    weak: bool = False,
) -> Quantity:
    return Quantity(
        values=tuple(dict.fromkeys(Fraction(value) for value in values)),
        text=match[0].strip(),
        span=Span(start=match.start(), end=match.end()),
        unit=unit,
        loose=loose,
        weak=weak or (unit == "ratio" and 1 in values),  # 100% is "wholly" as well
    )


def _loose(match: re.Match[str]) -> Quantity:
    if match["scale"]:
        return _made(match, _SCALES[match["scale"].lower()], loose=True, weak=True)
    value = {"tens": 10, "dozens": 10}.get(match["count"].lower()) or _SCALES[match["count"].lower()[:-1]]
    return _made(
        match, value * (_SCALES[match["of"].lower()[:-1]] if match["of"] else 1), loose=True, weak=True
    )


def _dozens(match: re.Match[str]) -> Quantity:
    many = match["many"].lower().split()[0]
    count = 1 if many in {"a", "an"} else int(many) if many.isdigit() else (_ONES | _TENS).get(many)
    return _made(match, 12 * (count or Fraction(1, 2)), loose=True, weak=True)


def _fraction(match: re.Match[str]) -> Quantity | None:
    if match["over"]:
        under = int(match["under"])
        return _made(match, Fraction(int(match["over"]), under), unit="ratio") if under else None
    if match["percent"]:
        return _made(match, Fraction(1, 200), unit="ratio")
    if match["bare"]:
        return _made(match, Fraction(1, 2), unit="ratio", weak=True)
    word = match["top"].lower()
    top = 1 if word in {"a", "an"} else int(word) if word.isdigit() else _ONES[word]
    part = match["part"].lower()
    if top == 1 and part in {"third", "fourth", "fifth", "tenth"} and word in {"a", "an"}:
        return None  # "a third stage" is as likely as "a third of them"
    return _made(match, Fraction(top, _PARTS[part]), unit="ratio", weak=part in {"half", "halves"})


def _month(match: re.Match[str]) -> Quantity:
    return _made(match, _MONTHS.index(match[0].lower()) + 1, unit="month", weak=True)


def _ordinal(match: re.Match[str]) -> Quantity:
    return _made(match, ORDINALS[match[0].lower()], weak=True)


def _number(match: re.Match[str]) -> Quantity | None:
    weak = False
    if match["digits"]:
        value = Fraction(re.sub(r"[$€£¥,]", "", match["digits"]))
        scales = (match["scales"] or "").replace("-", " ").split()
        values = [value]
        if match["suffix"]:  # "3M" is a company as well as a number: both readings stay
            values.append(value * _SUFFIXES[match["suffix"].lower()])
        weak = value <= 1 and not scales and value.denominator == 1
    elif match["words"]:
        read = _read_words(match["words"])
        values, scales = read, []
        weak = all(value < _WEAK_BELOW and value.denominator == 1 for value in values)
    else:
        values, scales, weak = [Fraction(_SCALES[match["bare"].lower()])], [], True
    factor = 1
    for scale in scales:
        factor *= _SCALES[scale.lower()]
    after = _SCALES[match["scales2"].strip().lower()] if match["scales2"] else 1
    half = Fraction(factor, 2) if match["half"] else Fraction(0)
    values = [(value * factor + half) * after for value in values]
    unit = _unit((match["unit"] or "").strip(" -").lower())
    if unit == "ratio":
        values = [value / 100 for value in values]
    return _made(match, *values, unit=unit, weak=weak and unit is None)


def _unit(written: str) -> str | None:
    if not written:
        return None
    if written.startswith(("%", "percent")):
        return "ratio"
    if len(written) == 2:
        return written.upper()
    return _BYTE_UNITS.get(written[:4], "byte")


def _read_words(text: str) -> list[Fraction]:
    """The value of a number in words; of a pair such as "twenty twenty-five" also as a year."""
    words = text.lower().replace("-", " ").split()
    if "point" in words:
        at = words.index("point")
        digits = ""
        rest = words[at + 1 :]
        while rest and rest[0] in (_ONES | _TENS):
            digits += str((_ONES | _TENS)[rest.pop(0)])
        value = _sum(words[:at]) + Fraction(int(digits), 10 ** len(digits))
        for word in rest:
            value *= _SCALES.get(word, 1)
        return [value]
    small = _ONES | _TENS
    if len(words) in {2, 3} and all(word in small for word in words):
        century, rest_value = small[words[0]], sum(small[word] for word in words[1:])
        if 13 <= century <= 20 and rest_value >= 10:
            return [Fraction(century * 100 + rest_value)]
    return [_sum(words)]


def _sum(words: list[str]) -> Fraction:
    total, section = Fraction(0), Fraction(0)
    for word in words:
        if word in _ONES or word in _TENS:
            section += (_ONES | _TENS)[word]
        elif word in {"a", "an"}:
            section += 1
        elif word == "hundred":
            section = (section or Fraction(1)) * 100
        elif word in _SCALES:
            total, section = total + (section or 1) * _SCALES[word], Fraction(0)
    return total + section


def _one_in(found: list[Quantity], text: str) -> list[Quantity]:
    """ "1 in 10,000" and "three out of four" as ratios."""
    made: list[Quantity] = []
    for quantity in found:
        last = made[-1] if made else None
        if (
            last
            and last.unit is None
            and quantity.unit is None
            and last.values[0] < quantity.values[0]
            and last.values[0] < _WEAK_BELOW
            and not 1900 < quantity.values[0] < 2100
            and _ONE_IN.fullmatch(text[last.span.end : quantity.span.start])
        ):
            span = Span(start=last.span.start, end=quantity.span.end)
            ratio = last.values[0] / quantity.values[0]
            doubtful = (
                quantity.weak and "out" not in text[last.span.end : quantity.span.start]
            )  # "one in four": of people a share, of bits a size
            made[-1] = Quantity(
                values=(ratio,), text=text[span.start : span.end], span=span, unit="ratio", weak=doubtful
            )
            made += [quantity] if doubtful else []
        else:
            made.append(quantity)
    return made
