"""Numbers that differ between the languages, or stand in one only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from studykit.check.counts.chinese import find_chinese_numbers
from studykit.check.counts.english import ORDINALS, find_english_numbers
from studykit.check.counts.quantity import BYTES, Quantity, decimal_shift, same
from studykit.check.messages import Message, became, message
from studykit.check.passage import Passage
from studykit.check.wording import is_omitted
from studykit.faces import late
from studykit.types import Finding, Severity

__all__ = ["check_numbers", "numbers_without"]

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_COUNTED = late(r"(\d[\d.,]*)\s?[^\d\W百千万亿]?")
_SPLIT = re.compile(r"(?<=\d),? (?=\d)")


def check_numbers(passage: Passage) -> Iterator[Finding]:
    """A number counts as translated when it stands in the passage or near it."""
    if is_omitted(passage):
        return
    english, chinese = find_english_numbers(passage.english), find_chinese_numbers(passage.chinese)
    lost = numbers_without(english, chinese, passage.chinese)
    added = numbers_without(chinese, english, passage.english)
    if len(added) == 1 and not lost:
        lost = _fewer(english, chinese)
    conflicts = [
        (told, one, other)
        for one in lost
        for other in added
        if not (passage.is_summary and (one.loose or other.loose)) and (told := _conflict(one, other))
    ]
    for told, one, other in conflicts:
        if one in lost and other in added:
            yield passage.finding("number", "high", told)
            lost = [number for number in lost if number.values != one.values]
            added = [number for number in added if number.values != other.values]
    if len(lost) == len(added) == 1 and not passage.is_summary and _is_exchange(lost[0], added[0]):
        severity: Severity = "high" if _strong(lost) and _strong(added) else "medium"
        yield passage.finding("number", severity, became("number", lost[0].text, added[0].text))
        return
    if lost:
        lost = numbers_without(lost, find_chinese_numbers(passage.near_chinese), passage.near_chinese)
    if added:
        added = numbers_without(added, find_english_numbers(passage.near_english), passage.near_english)
    strong_lost, strong_added = _strong(lost), _strong(added)
    if strong_lost and not passage.is_summary:
        yield passage.finding("number", "medium", message("number_lost", en=_listed(strong_lost)))
    if strong_added:
        yield passage.finding("number", "medium", message("number_added", zh=_listed(strong_added)))


def _is_exchange(english: Quantity, chinese: Quantity) -> bool:
    """Whether the only number of one side stands for the only one of the other."""
    if (english.unit, english.loose) != (chinese.unit, chinese.loose):
        return False
    # "Second" or "third" may be a moment or a part: ordinals stand for ordinals only.
    is_ordinal = english.text.lower() in ORDINALS
    return not (english.weak and chinese.weak) or is_ordinal == chinese.ordinal


def _fewer(english: Sequence[Quantity], chinese: Sequence[Quantity]) -> list[Quantity]:
    """Numbers that the English says more often: "four times, and four times" is not 四次 and 五次."""
    said = Counter(number.values for number in english)
    written = Counter(number.values for number in chinese)
    few = [number for number in english if said[number.values] > written[number.values] > 0]
    return few[:1] if len({number.values for number in few}) == 1 else []


def numbers_without(numbers: Sequence[Quantity], others: Sequence[Quantity], text: str) -> list[Quantity]:
    """Those that neither equal one of ``others`` nor stand in ``text`` digit by digit, as in a name."""
    if not numbers:
        return []
    # Recognisers write 100,277 as "100, 277" and 11917 as "1 1917".
    both = f"{text} {_SPLIT.sub('', text)}"
    written = {digits.replace(",", "") for digits in _DIGITS.findall(both)}
    # A slip of the tongue ("megabytes, sorry, gigabytes") leaves two units for one number.
    sure = [other for other in others if any(same(number, other) for number in numbers)]
    return [
        number
        for number in numbers
        if not any(same(number, other) for other in others)
        and not (number.unit is None and _plain_digits(number.text) in written)
        and not ("/" in number.text and set(number.text.split("/")) <= written)
        and not (number.text[0].isalpha() and number.text.isascii() and number.text.lower() in text.lower())
        and not (number.unit in BYTES and any(number.values == other.values for other in sure))
    ]


def _plain_digits(text: str) -> str:
    """What is written in digits alone, without commas and the measure word."""
    match = _COUNTED.fullmatch(text)
    return match[1].replace(",", "") if match else text


def _strong(numbers: Iterable[Quantity]) -> list[Quantity]:
    return [number for number in numbers if not number.weak]


def _conflict(english: Quantity, chinese: Quantity) -> Message | None:
    """What is wrong when both must mean the same number."""
    if english.weak and chinese.weak:
        return None
    if english.unit != chinese.unit:
        if english.unit in BYTES and chinese.unit in BYTES and set(english.values) & set(chinese.values):
            return became("unit", english.text, chinese.text)
        if "ratio" in {english.unit, chinese.unit}:
            return None
    places = decimal_shift(english, chinese)
    if places is None:
        return None
    key = "too_large" if places > 0 else "too_small"
    return message(key, en=english.text, zh=chinese.text, factor=f"{10 ** abs(places):,}")


def _listed(numbers: Sequence[Quantity]) -> str:
    return ", ".join(dict.fromkeys(number.text for number in numbers))
