"""A number in a text, and when two of them say the same."""

from __future__ import annotations

from fractions import Fraction
from math import log10

from msgspec import Struct

from studykit.types import Span

__all__ = ["BYTES", "Quantity", "decimal_shift", "same"]

BYTES = ("byte", "KB", "MB", "GB", "TB", "PB")
"""Units of which numbers that are equal mean different things."""


class Quantity(Struct, frozen=True, kw_only=True):
    """``values``: what it may mean; more than one only where writing is ambiguous ("10K", "'25")."""

    values: tuple[Fraction, ...]
    text: str
    span: Span
    unit: str | None = None
    """One of ``BYTES``, ``ratio`` (fractions, percentages), ``month``, or None."""
    loose: bool = False
    """Only its order of magnitude is stated: "several hundred", 几百."""
    ordinal: bool = False
    """Second, 第二."""
    weak: bool = False
    """Small and in words, so that a translation may well leave it out."""


def same(a: Quantity, b: Quantity) -> bool:
    """Whether both can mean one number; the loose ones one order of magnitude."""
    if "ratio" in {a.unit, b.unit} and a.unit != b.unit and not (a.weak or b.weak):
        return False
    if a.unit in BYTES and b.unit in BYTES and a.unit != b.unit:
        return False
    if a.loose or b.loose:
        return any(_magnitude(x) == _magnitude(y) for x in a.values for y in b.values)
    return bool(set(a.values) & set(b.values))


def decimal_shift(a: Quantity, b: Quantity) -> int | None:
    """By how many places ``b`` is larger than ``a``, None when their digits differ."""
    for x in a.values:
        for y in b.values:
            if x and y:
                places = round(log10(y / x))
                if places and x * Fraction(10) ** places == y:
                    return places
    return None


def _magnitude(value: Fraction) -> int:
    """The power of ten below it."""
    power = 0
    while value >= 10:
        value, power = value / 10, power + 1
    return power
