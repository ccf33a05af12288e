"""Names of people, firms, models and sites that only one of the languages has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz.fuzz import ratio

from studykit.check.passage import Passage
from studykit.check.transliteration import in_chinese
from studykit.glossary import Glossary
from studykit.types import Finding

__all__ = ["NameChecker"]

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.+'’&][A-Za-z0-9]+)*\+*")
_SITE = re.compile(
    r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|xyz|dev|app|edu|gov|co|cn|la|me|info)\b", re.IGNORECASE
)
_UNIT = re.compile(r"(?:[KMGTP]B|[KMBT]|kg|km|cm|mm|ms|Hz|GHz|AI|IT|OK|TV|CEO|PDF|USB|API)", re.IGNORECASE)
_COMMON = frozenset(
    """i i'm i'd i've i'll ok january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday english chinese american""".split()
)
_ALIKE = 65
"""Per cent of letters in common: speech recognition spells names as it hears them."""
_LONGEST = 3
_SHORT = 4
"""Names so short are like too many runs of words to have been split."""


class NameChecker:
    """Compares names. ``english`` is all that was said; ``cased``: with capitals where they belong."""

    def __init__(self, glossary: Glossary, english: str, *, cased: bool) -> None:
        self._glossary = glossary
        self._english = english
        self._cased = cased

    def check(self, passage: Passage) -> Iterator[Finding]:
        """Sites in full; names by spelling, by the glossary, by the dictionary or by sound."""
        if not passage.english or not passage.chinese:
            return
        yield from self._sites(passage)
        lost = [name for name in self._english_names(passage.english) if not self._kept(name, passage)]
        added = [name for name in _chinese_names(passage.chinese) if not self._known(name, passage)]
        if not lost:  # a translator may name what the speaker calls "it"
            added = [name for name in added if not _stands_in(name, self._english)]
        if len(lost) == len(added) == 1:
            yield passage.finding("name", "high", f"{lost[0]} became {added[0]}")
            return
        if lost:
            yield passage.finding("name", "medium", f"{', '.join(lost)} not in the Chinese")
        if added:
            yield passage.finding("name", "medium", f"{', '.join(added)} not in the English")

    def _sites(self, passage: Passage) -> Iterator[Finding]:
        near = _squashed(passage.near_chinese)
        for site in dict.fromkeys(_SITE.findall(passage.english)):
            if _squashed(site) not in near:
                others = [
                    other
                    for other in _SITE.findall(passage.chinese)
                    if _squashed(other) not in _squashed(passage.near_english)
                ]
                became = f"{site} became {others[0]}" if others else f"{site} not in the Chinese"
                yield passage.finding("name", "high" if others else "medium", became)

    def _english_names(self, text: str) -> list[str]:
        """Words with a capital or a digit inside; capitalised ones too, where capitals mean something."""
        found: list[str] = []
        plain = _SITE.sub(" ", text)
        for match in _LATIN.finditer(plain):
            word = re.sub(r"['’]s$|(?<=[A-Z])s$", "", match[0])
            starts = re.search(r"(?:^|[.!?…:\"“]\s*)$", plain[: match.start()]) is not None
            if len(word) < 2 or word.lower() in _COMMON or _UNIT.fullmatch(word):
                continue
            inner = any(char.isupper() for char in word[1:]) or (
                any(char.isdigit() for char in word) and word[0].isupper()
            )
            if inner or (self._cased and word[0].isupper() and not starts and len(word) > 2):
                found.append(word)
        return list(dict.fromkeys(found))

    def _kept(self, name: str, passage: Passage) -> bool:
        if _stands_in(name, passage.near_chinese):
            return True
        if any(_alike(name, other) for other in _LATIN.findall(passage.near_chinese)):
            return True
        entry = self._glossary.look_up(name)
        if entry is not None and not entry.chinese.isascii():
            return True  # a term, and checked as such
        if entry is not None:
            return any(form.lower() in passage.near_chinese.lower() for form in entry.chinese_forms)
        plain = name.isalpha() and name[1:].islower()
        return in_chinese(name, passage.near_chinese) if plain else False

    def _known(self, name: str, passage: Passage) -> bool:
        near = passage.near_english
        if _stands_in(name, near):
            return True
        entry = self._glossary.look_up(name)
        if entry is not None and any(_stands_in(form, near) for form in entry.english_forms):
            return True
        if name.isupper() and name.lower() in _initials(near):
            return True
        longest = _LONGEST if len(name) > _SHORT else 1
        return any(_alike(name, other) for other in _runs(near, longest))


def _chinese_names(text: str) -> list[str]:
    """Latin words in a Chinese text that are written like names."""
    plain = _SITE.sub(" ", text)
    words = (match[0] for match in _LATIN.finditer(plain))
    return list(
        dict.fromkeys(
            word
            for word in words
            if len(word) > 1
            and word.lower() not in _COMMON
            and not _UNIT.fullmatch(word)
            and any(char.isupper() or char.isdigit() for char in word)
        )
    )


def _stands_in(name: str, text: str) -> bool:
    """Whether the name is a word of the text, but for case, spaces, hyphens and a plural."""
    letters = r"[\W_]{0,2}".join(re.escape(char) for char in _squashed(name))
    return re.search(rf"(?<![a-z0-9]){letters}(?:['’]?s)?(?![a-z0-9])", text.lower()) is not None


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _alike(name: str, other: str) -> bool:
    """Whether two spellings may be one name; its digits must be the same."""
    if min(len(name), len(other)) < max(3, len(name) - 2):
        return False
    return _digits(name) == _digits(other) and ratio(_squashed(name), _squashed(other)) >= _ALIKE


def _runs(text: str, longest: int) -> Iterable[str]:
    """Words in a row, as a recogniser may have split a name."""
    words = re.findall(r"[\w'’.-]+", text)
    for length in range(1, longest + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _initials(text: str) -> str:
    return "".join(word[0] for word in re.findall(r"[a-z]\w*", text.lower()))
