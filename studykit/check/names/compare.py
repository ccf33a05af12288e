"""Names of people, firms, models and sites that only one of the languages has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from rapidfuzz.fuzz import ratio

from studykit.check.messages import became, message
from studykit.check.names.transliteration import in_chinese, names_in
from studykit.check.passage import Passage
from studykit.faces import late
from studykit.glossary import Glossary
from studykit.lexicon.dictionary import load_cedict
from studykit.lexicon.glossed import may_say
from studykit.lexicon.names import english_forms, is_proper
from studykit.tables.frequencies import zipf_frequency
from studykit.types import Finding

__all__ = ["NameChecker"]

_LATIN = late(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-.+'’&][A-Za-z0-9]+)*\+*")
_WORDS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9-]{0,40}(?: [A-Za-z0-9-]{1,40}){1,5}")
_SITE = late(
    r"\b(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|io|ai|xyz|dev|app|edu|gov|co|cn|la|me|info)\b", re.IGNORECASE
)
_UNIT = re.compile(r"(?:[KMGTP]B|[KMBT]|kg|km|cm|mm|ms|Hz|GHz|AI|IT|OK|TV|CEO|PDF|USB|API)", re.IGNORECASE)
_COMMON = frozenset(
    """i i'm i'd i've i'll ok mr mrs ms miss master sir madam lord lady king queen duke uncle aunt old doctor
    professor january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday english chinese american
    corp inc ltd llc plc gmbh""".split()
)
_FIRM = re.compile(r" (?:corporation|company|group|inc|ltd)\b\.?$")
"""What a firm is: Chinese says 公司, or nothing."""
_ALIKE = 65
"""Per cent of letters in common: speech recognition spells names as it hears them."""
_CAPITALS = late(r"[A-Z][A-Za-z'’]{1,40}(?:(?: of| and)? [A-Z][A-Za-z'’]{1,40})+")
_START = re.compile(r"(?:^|[.!?…:\"“”'‘(\[\])*–—-]\s*)$")
_COMPOUND = re.compile(r"-[A-Za-z]?[a-z]{2,}$")
"""The end of HTML-like, non-English, I-flag."""
_DIGIT_OF = dict(zip("one two three four five six".split(), "123456", strict=True))
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_DIGIT_OF)})\b", re.IGNORECASE)
_EVERYDAY = 3.3
"""Abbreviations as common as that (Zipf) have everyday Chinese words: UI, RAM, CO2."""
_RARE = 3.0
_KNOWN_PLACE = 5.0
"""Names as common as that (Zipf) are words as well: Will, What."""
_USUAL, _PART = 4.0, 3
"""Ordinary words: how common, and how many letters."""
_FEW = 2
_LONGEST, _CLIPPED = 3, 3
_SHORT = 4
"""Names so short are like too many runs of words to have been split."""


class NameChecker:
    """Compares names. ``english`` is all that was said; ``cased``: with capitals where they belong."""

    def __init__(self, glossary: Glossary, english: str, *, cased: bool) -> None:
        self._glossary = glossary
        self._english = english
        self._ordinary = set(re.findall(r"[a-z]+", english))
        self._cased = cased

    def check(self, passage: Passage) -> Iterator[Finding]:
        """Sites in full; names by spelling, by the glossary, by the dictionary or by sound.

        A name of each side that the other lacks, in the same sentence, is one exchanged for another.
        A name that only one side has may be said in a neighbouring sentence.
        """
        if not passage.english or not passage.chinese:
            return
        yield from self._sites(passage)
        names = self._english_names(passage.english)
        split = _split(passage.chinese, passage.near_english)
        others = [name for name in _chinese_names(passage.chinese) if name not in split]
        # A summary may tell what the next sentences say.
        loose = passage.is_summary
        english = passage.near_english if loose else passage.english
        chinese = passage.near_chinese if loose else passage.chinese
        lost = [
            name
            for name in names
            if not self._kept(name.text, chinese) and not self._put_in_words(name.text, passage)
        ]
        added = [name for name in others if not self._known(name, english)]
        if lost:
            added += [
                name for name in names_in(passage.chinese) if not self._is_meant(name, passage.near_english)
            ]
        if lost and added and len(lost) <= _FEW and len(added) <= _FEW:
            yield passage.finding(
                "name", "high", became("name", _listed(n.text for n in lost), _listed(added))
            )
            return
        lost = [n for n in lost if n.is_sure and not self._kept(n.text, passage.near_chinese)]
        added = [name for name in others if not self._known(name, passage.near_english)]
        if lost and not passage.is_summary:
            told = message("name_lost", en=_listed(name.text for name in lost))
            yield passage.finding("name", "medium", told)
        elif added := [name for name in added if not _stands_in(name, self._english)]:
            # A translator may name what the speaker calls "it".
            yield passage.finding("name", "medium", message("name_added", zh=_listed(added)))

    def unsaid(self, statement: str, said: str, language: str) -> list[str]:
        """Names in a statement that ``said``, in the same language, does not have.

        Spelling must agree but for case, spaces, hyphens and digits in words; initials stand for words.
        """
        if language == "zh":
            names = [*_chinese_names(statement), *names_in(statement)]
            return [name for name in names if not _stands_in(name, said) and name not in said]
        names = [name.text for name in self._english_names(statement)]
        first = re.match(r"\W*([A-Z][a-z]{2,})", statement)
        if self._cased and first and self._is_rare_name(first[1]):
            names.append(first[1])  # a capital that its place explains as well
        near = _with_digits(said)
        return [name for name in dict.fromkeys(names) if not self._is_said(name, near)]

    def _is_rare_name(self, word: str) -> bool:
        lower = word.lower()
        ordinary = lower in _COMMON or lower in self._ordinary
        return is_proper(word) and not ordinary and zipf_frequency(lower) < _KNOWN_PLACE

    def _is_said(self, name: str, near: str) -> bool:
        if _stands_in(name, near) or (name.isupper() and name.lower() in _initials(near)):
            return True
        entry = self._glossary.look_up(name)
        return entry is not None and any(_stands_in(form, near) for form in entry.english_forms)

    def _sites(self, passage: Passage) -> Iterator[Finding]:
        for site in dict.fromkeys(_SITE.findall(passage.english)):
            if _squashed(site) not in _squashed(passage.near_chinese):
                others = [
                    other
                    for other in _SITE.findall(passage.chinese)
                    if _squashed(other) not in _squashed(passage.near_english)
                ]
                told = became("name", site, others[0]) if others else message("name_lost", en=site)
                yield passage.finding("name", "high" if others else "medium", told)

    def _english_names(self, text: str) -> list[_Name]:
        """Names in a text; runs of capitalised words are one name where one is known by it."""
        found: dict[str, bool] = {}
        plain = _SITE.sub(" ", text)
        for match in _CAPITALS.finditer(plain) if self._cased else ():
            if self._is_known_name(match[0]):
                found[match[0]] = True
                plain = plain.replace(match[0], " " * len(match[0]))
        for match in _LATIN.finditer(plain):
            word = re.sub(r"['’]s$|(?<=[A-Z])e?s$|^(?:[a-z]+-)+(?=[A-Z]{2})", "", match[0])
            before = plain[: match.start()]
            starts = _START.search(before) is not None
            if len(word) < 2 or word.lower() in _COMMON or _UNIT.fullmatch(word) or before[-1:].isdigit():
                continue
            inner = any(char.isupper() for char in word[1:]) or (
                any(char.isdigit() for char in word) and word[0].isupper()
            )
            if inner and not _COMPOUND.search(word):
                found[word] = zipf_frequency(word) < _EVERYDAY or self._glossary.look_up(word) is not None
            elif self._cased and word[0].isupper() and word.isalpha() and not starts and len(word) > 2:
                usual = max(zipf_frequency(word), zipf_frequency(word.removesuffix("s")))
                is_rare = usual < _RARE and not _is_compound(word.lower())
                found[word] = (is_rare or is_proper(word)) and word.lower() not in self._ordinary
        return [_Name(text=name, is_sure=sure) for name, sure in found.items()]

    def _is_known_name(self, span: str) -> bool:
        entry = self._glossary.look_up(span)
        if entry is not None:
            return entry.chinese.isascii()  # others are terms, and checked as such
        return is_proper(span)

    def _kept(self, name: str, chinese: str) -> bool:
        if _stands_in(name, chinese) or any(_alike(name, other) for other in _LATIN.findall(chinese)):
            return True
        entry = self._glossary.look_up(name)
        if entry is not None and not entry.chinese.isascii():
            return True  # a term, and checked as such
        if " " in name and may_say(name, chinese):  # New Year, 过年
            return True
        if entry is not None:
            return any(form.lower() in chinese.lower() for form in entry.chinese_forms)
        if name.isupper():  # URL, 网址
            return any(word in chinese for word in load_cedict().chinese(name))
        return in_chinese(name, chinese) if name.replace(" ", "").isalpha() else False

    def _put_in_words(self, name: str, passage: Passage) -> bool:
        """Whether initials may be written out: (DFSG) after its words, GPL as GNU 通用公共许可协议."""
        if not name.isupper() or not name.isalpha():
            return False
        before = passage.english.partition(name)[0]
        beside = re.findall(rf"\b([A-Z]\w+) {name}\b", self._english)
        forms = (form for written in names_in(passage.chinese) for form in english_forms(written))
        return (
            name.lower() in _initials(before)
            or any(_stands_in(word, passage.chinese) for word in beside)
            or name.lower() in map(_initials, forms)
        )

    def _known(self, name: str, english: str) -> bool:
        near = _with_digits(english)
        if _stands_in(name, near):
            return True
        entry = self._glossary.look_up(name)
        if entry is not None and any(_stands_in(form, near) for form in entry.english_forms):
            return True
        if name.isupper() and (name.lower() in _initials(near) or _is_clipped(name, near)):
            return True
        longest = _LONGEST if len(name) > _SHORT else 1
        return any(_alike(name, other) for other in _runs(near, longest))

    def _is_meant(self, name: str, english: str) -> bool:
        """Whether a Chinese name's English stands near."""
        said = english.lower()
        return any(_FIRM.sub("", form) in said for form in english_forms(name))


class _Name(Struct, frozen=True, kw_only=True):
    text: str
    is_sure: bool
    """Whether nothing but a name is written so; others count only where another name stands instead."""


def _is_compound(word: str) -> bool:
    """Whether it is two ordinary words written as one, which Chinese has a word for: filesystem."""
    cuts = range(_PART, len(word) - _PART + 1)
    return any(min(zipf_frequency(word[:cut]), zipf_frequency(word[cut:])) >= _USUAL for cut in cuts)


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


def _split(chinese: str, english: str) -> set[str]:
    """The Latin words of names that the Chinese writes as several words and the English as one: Fine Web."""
    parts = [part for run in _WORDS.findall(chinese) for part in _runs(run, _LONGEST) if " " in part]
    said = {_squashed(word) for word in english.split()} if parts else set()
    return {word for part in parts if _squashed(part) in said for word in part.split()}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _with_digits(text: str) -> str:
    """Small numbers as digits too: "GPT two" is GPT-2."""
    return text + " " + _NUMBER_WORD.sub(lambda match: _DIGIT_OF[match[0].lower()], text)


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


def _is_clipped(name: str, text: str) -> bool:
    """Whether it is the beginning of a word of the text, and short beside it: ID, identifier."""
    longer = f"[a-z]{{{2 * len(name)},}}"
    return (
        len(name) <= _CLIPPED and re.search(rf"\b{re.escape(name.lower())}{longer}", text.lower()) is not None
    )


def _initials(text: str) -> str:
    return "".join(word[0] for word in re.findall(r"[a-z]\w*", text.lower()))
