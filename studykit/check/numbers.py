"""Numbers that differ between the languages, or stand in one only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from studykit.check.numbers_en import find_english_numbers
from studykit.check.numbers_zh import find_chinese_numbers
from studykit.check.passage import Passage
from studykit.check.quantity import BYTES, Quantity, decimal_shift, same
from studykit.check.wording import is_omitted
from studykit.types import Finding, Severity

__all__ = ["check_numbers"]

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_FACTOR = {1: "ten times", 2: "a hundred times", 3: "a thousand times", 4: "ten thousand times"}


def check_numbers(passage: Passage) -> Iterator[Finding]:
    """A number counts as translated when it stands in the passage or near it."""
    if is_omitted(passage):
        return
    english, chinese = find_english_numbers(passage.english), find_chinese_numbers(passage.chinese)
    lost = _without(english, chinese, passage.chinese)
    added = _without(chinese, english, passage.english)
    conflicts = [
        (message, one, other) for one in lost for other in added if (message := _conflict(one, other))
    ]
    for message, one, other in conflicts:
        if one in lost and other in added:
            yield passage.finding("number", "high", message)
            lost = [number for number in lost if number.values != one.values]
            added = [number for number in added if number.values != other.values]
    lost = _without(lost, find_chinese_numbers(passage.near_chinese), passage.near_chinese)
    added = _without(added, find_english_numbers(passage.near_english), passage.near_english)
    strong_lost, strong_added = _strong(lost), _strong(added)
    if len(lost) == len(added) == 1 and (lost[0].unit, lost[0].loose) == (added[0].unit, added[0].loose):
        severity: Severity = "high" if strong_lost and strong_added else "medium"
        yield passage.finding("number", severity, f"{lost[0].text} became {added[0].text}")
        return
    if strong_lost:
        yield passage.finding("number", "medium", f"{_listed(strong_lost)} not in the Chinese")
    if strong_added:
        yield passage.finding("number", "medium", f"{_listed(strong_added)} not in the English")


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
        and not (number.unit in BYTES and any(number.values == other.values for other in sure))
    ]


def _strong(numbers: Iterable[Quantity]) -> list[Quantity]:
    return [number for number in numbers if not number.weak]


def _conflict(english: Quantity, chinese: Quantity) -> str | None:
    """What is wrong when both must mean the same number."""
    if english.weak and chinese.weak:
        return None
    if english.unit != chinese.unit:
        if english.unit in BYTES and chinese.unit in BYTES and set(english.values) & set(chinese.values):
            return f"{english.text} became {chinese.text}: another unit"
        if "ratio" in {english.unit, chinese.unit}:
            return None
    places = decimal_shift(english, chinese)
    if places is None:
        return None
    factor = _FACTOR.get(abs(places), f"10 to the {abs(places)} times")
    return f"{english.text} became {chinese.text}: {factor} too {'large' if places > 0 else 'small'}"


def _listed(numbers: Sequence[Quantity]) -> str:
    return ", ".join(dict.fromkeys(number.text for number in numbers))
