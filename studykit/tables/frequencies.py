"""How often words occur, in English and in Chinese: wordfreq's lists (Speer 2022) as tables of our own.

``lexicon/frequencies`` holds the lists: line *n*, from 0, has the words of frequency 10^(-n/100), commonest
first. They are CC BY-SA 4.0; ``benchmarks/convert_frequencies.py`` makes them. Values are those of wordfreq
3.1: a phrase is rarer than each of its words, digits count by their number, years as such.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Literal

from studykit.faces import late
from studykit.resources import data_dir
from studykit.tables.compiled import Compiled

__all__ = ["LISTS", "Frequencies", "ListName", "frequencies", "top_words", "zipf_frequency"]

ListName = Literal["english", "chinese", "chinese-common"]
"""``chinese`` reaches down to 1 in 10^8, ``chinese-common`` to 1 in 10^6 and rests on more sources."""

_BYTES = 2


class Frequencies(Mapping[str, float]):
    """Words to their share of running text."""

    def __init__(self, compiled: Compiled) -> None:
        self._table = compiled.table

    def __getitem__(self, word: str) -> float:
        stored = self._table.get(word)
        if stored is None:
            raise KeyError(word)
        return share(int.from_bytes(stored, "little"))

    def get(self, word: str, default: float = 0.0) -> float:  # type: ignore[override]
        """The share of a word."""
        stored = self._table.get(word)
        return default if stored is None else share(int.from_bytes(stored, "little"))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word in self._table

    def __iter__(self) -> Iterator[str]:
        return self._table.keys()

    def __len__(self) -> int:
        return len(self._table)


@cache
def frequencies(name: ListName) -> Frequencies:
    """One of the lists, commonest words first."""
    return Frequencies(LISTS[name])


@cache
def share(centibels: int) -> float:
    """A frequency from hundredths of a bel below 1."""
    return float(10 ** (-centibels / 100))


def _source(name: ListName) -> Path:
    return data_dir("lexicon") / "frequencies" / f"{name}.txt.gz"


def _entries(name: ListName) -> dict[str, bytes]:
    lines = gzip.decompress(_source(name).read_bytes()).decode("utf-8").split("\n")
    return {
        word: value
        for centibels, line in enumerate(lines)
        for value in (centibels.to_bytes(_BYTES, "little"),)
        for word in line.split(" ")
        if word
    }


def _compiled(name: ListName) -> Compiled:
    return Compiled(
        name=name,
        entries=partial(_entries, name),
        sources=lambda: [_source(name)],
        code=("tables/frequencies",),
    )


LISTS: Mapping[ListName, Compiled] = {
    name: _compiled(name) for name in ("english", "chinese", "chinese-common")
}


@cache
def top_words(count: int) -> tuple[str, ...]:
    """The commonest English words, but for numbers of several digits."""
    words = (word for word in frequencies("english") if not _NUMBER.match(word))
    return tuple(islice(words, count))


@lru_cache(maxsize=100_000)
def zipf_frequency(text: str) -> float:
    """How often an English word or phrase occurs: log10 of its times in a billion words, 0 of an unknown one.

    The Zipf scale of van Heuven et al. (2014), rounded to hundredths.
    """
    return round(math.log(max(_frequency(text), 1e-9), 10) + 9, 2)


def _frequency(text: str) -> float:
    words = _words(text)
    if not words:
        return 0.0
    known, rarity = frequencies("english"), 0.0
    for word in words:
        digits = _NUMBER.sub(lambda match: re.sub(r"\d", "0", match[0]), word)
        found = known.get(digits, 0.0)
        if digits != word:
            found *= _of_digits(word)
        if not found:
            return 0.0
        rarity += 1 / found
    # The list is exact to one part in a hundred: three digits.
    found = 1 / rarity
    return round(found, math.floor(-math.log(found, 10)) + 3)


_UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PICTURE = "[¦©®°\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_CHAR = rf"[^\W{_UNSPACED}]"
_LETTER = rf"[^\W\d_{_UNSPACED}]"
_VOWEL = "[aehiouyáéíóúàèìòùâêîôûåïöœ]"
_WORD = late(
    rf"[{_UNSPACED}]+|@s\b|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*|(?!\w\w?'{_VOWEL})"
    rf"{_CHAR}(?:{_CHAR}|[\u0300-\u036f\u200d]|(?<={_LETTER})['’‘.:·](?={_LETTER})"
    rf"|(?<=\d)[.,;'’‘，；](?=\d))*(?:@s?(?!\w))?|\w\w?'"
)
"""Words as Unicode has them (UAX 29), pictures and runs of Chinese; l'arc is two, amig@s is one."""
_WESTERN_WORD = re.compile(
    rf"@s\b|[¦©®°]|(?!\w\w?'{_VOWEL})"
    r"\w(?:\w|[\u0300-\u036f\u200d]|(?<=[^\W\d_])['’‘.:·](?=[^\W\d_])"
    r"|(?<=\d)[.,;'’‘](?=\d))*(?:@s?(?!\w))?|\w\w?'"
)
"""The same for texts below the first picture, which need no classes that take 5 ms to compile."""
_FIRST_PICTURE = "\u2300"
_SIMPLE = re.compile("[a-z]+")
_NUMBER = re.compile(r"\d[\d.,]+")


def _words(text: str) -> list[str]:
    if _SIMPLE.fullmatch(text):
        return [text]
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    pattern = _WESTERN_WORD if max(plain, default="") < _FIRST_PICTURE else _WORD
    found = [word.strip("'").casefold() for word in pattern.findall(plain)]
    return [re.sub("[‘’‚‛ʼ]", "'", word) for word in found]


_FIRST_DIGIT = (0.009, 0.300, 0.175, 0.124, 0.096, 0.078, 0.066, 0.057, 0.050, 0.045)
_YEAR, _PLATEAU_FROM, _PLATEAU_TO = -1.9185, 2019, 2039


def _of_digits(word: str) -> float:
    """The share of all numbers of that length which is this one: Benford's law, and years above it."""
    found = 1.0
    for number in _NUMBER.findall(word):
        for digits in re.findall(r"\d+", number):
            benford = _FIRST_DIGIT[int(digits[0])] / 10 ** (len(digits) - 1)
            if len(digits) == 4:
                year = int(digits)
                past, future = max(0, _PLATEAU_FROM - year), max(0, year - _PLATEAU_TO)
                benford = 10.0 ** (_YEAR - 0.0083 * past - 0.2 * future) + 0.1 * benford
            found *= benford
    return found
