"""Alphabetical lists: English by letter, Chinese by pinyin."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

from studykit.glossary import Entry
from studykit.glossary.pinyin import readings

__all__ = ["chinese_key", "english_key", "grouped", "text_key"]

Key = tuple[str, str, str]
T = TypeVar("T")


def english_key(entry: Entry) -> Key:
    """First letter (empty if it is not A-Z), then the letters, then the id."""
    return text_key(entry.english, entry.id)


def text_key(text: str, id_: str) -> Key:
    """Like ``english_key``, of any text."""
    return (*_filed(text), id_)


def chinese_key(entry: Entry) -> Key:
    """Like ``english_key``, by the usual pinyin of the preferred Chinese form; Latin by its letters."""
    found = readings(entry.chinese)
    # With spaces, so that syllables are compared one by one: 西安 (xi an) comes before 先 (xian).
    spelled = " ".join(syllable.full for syllable in found[0]) if found else entry.chinese
    return (*_filed(spelled), entry.id)


def grouped(entries: Iterable[T], key: Callable[[T], Key]) -> list[tuple[str, list[T]]]:
    """Entries in order, grouped by letter A-Z; others come last under an empty letter."""
    keyed = sorted(((key(entry), entry) for entry in entries), key=lambda pair: (not pair[0][0], pair[0]))
    return [
        (letter, [entry for _, entry in group])
        for letter, group in groupby(keyed, key=lambda pair: pair[0][0])
    ]


def _filed(text: str) -> tuple[str, str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    plain = plain.lstrip(" \"'([<“‘（《-")
    first = plain[:1].upper()
    return (first if "A" <= first <= "Z" else "", plain)
