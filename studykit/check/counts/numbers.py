"""Numbers that differ between the languages, or stand in one only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from studykit.check.counts.chinese import find_chinese_numbers
from studykit.check.counts.english import ORDINALS, find_english_numbers
from studykit.check.counts.quantity import BYTES, Quantity, decimal_shift, same
from studykit.check.messages import Message, became, message
from studykit.check.passage import Passage
from studykit.check.wording import is_omitted
from studykit.types import Finding, Severity

__all__ = ["check_numbers"]

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def check_numbers(passage: Passage) -> Iterator[Finding]:
    """A number counts as translated when it stands in the passage or near it."""
    if is_omitted(passage):
        return
    english, chinese = find_english_numbers(passage.english), find_chinese_numbers(passage.chinese)
    lost = _without(english, chinese, passage.chinese)
    added = _without(chinese, english, passage.english)
    conflicts = [(told, one, other) for one in lost for other in added if (told := _conflict(one, other))]
    for told, one, other in conflicts:
        if one in lost and other in added:
            yield passage.finding("number", "high", told)
            lost = [number for number in lost if number.values != one.values]
            added = [number for number in added if number.values != other.values]
    if len(lost) == len(added) == 1 and _is_exchange(lost[0], added[0]):
        severity: Severity = "high" if _strong(lost) and _strong(added) else "medium"
        yield passage.finding("number", severity, became("number", lost[0].text, added[0].text))
        return
    lost = _without(lost, find_chinese_numbers(passage.near_chinese), passage.near_chinese)
    added = _without(added, find_english_numbers(passage.near_english), passage.near_english)
    strong_lost, strong_added = _strong(lost), _strong(added)
    if strong_lost and not passage.is_summary:
        yield passage.finding("number", "medium", message("number_lost", en=_listed(strong_lost)))
    if strong_added:
        yield passage.finding("number", "medium", message("number_added", zh=_listed(strong_added)))


def _is_exchange(english: Quantity, chinese: Quantity) -> bool:
    """Whether the only number of one side stands for the only one of the other."""
    if (english.unit, english.loose) != (chinese.unit, chinese.loose):
        return False
    # "Second" or "third" may be a moment or a part, 第二个 another way to count.
    ordinals = english.text.lower() in ORDINALS, chinese.text.startswith("第")
    return not (english.weak and chinese.weak) or not any(ordinals)


def _without(numbers: Sequence[Quantity], others: Sequence[Quantity], text: str) -> list[Quantity]:
    """Those that neither equal one of ``others`` nor stand in ``text`` digit by digit, as in a name."""
    written = {digits.replace(",", "") for digits in _DIGITS.findall(text)}
    # A slip of the tongue ("megabytes, sorry, gigabytes") leaves two units for one number.
    sure = [other for other in others if any(same(number, other) for number in numbers)]
    return [
        number
        for number in numbers
        if not any(same(number, other) for other in others)
        and not (number.unit is None and number.text.replace(",", "") in written)
        and not (number.text[0].isalpha() and number.text.isascii() and number.text.lower() in text.lower())
        and not (number.unit in BYTES and any(number.values == other.values for other in sure))
    ]


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
