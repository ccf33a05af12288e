"""Whether a Chinese text may hold a name in Chinese characters: by sound, or by the dictionary."""

from __future__ import annotations

import re
from functools import lru_cache

from studykit.faces import late
from studykit.languages import HAN
from studykit.lexicon.names import chinese_forms, is_chinese_name, is_proper
from studykit.lexicon.pinyin import word_edges
from studykit.tables.packages import check_files

__all__ = ["in_chinese", "names_in"]

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
_LETTERS = late("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_INITIALS = {"x": "s", "q": "s"}
_HAN_RUN = late(f"[{HAN}]+")
_ALIKE, _CLOSE = 0.6, 0.8
_LONGEST = 8


def in_chinese(name: str, text: str) -> bool:
    """Whether the dictionary has one of the name's forms in ``text``, or some characters sound like it.

    Where the dictionary knows the name, sound must be close: 哈萨克斯坦 is no Tajikistan.
    """
    if any(form in text for form in chinese_forms(name)):
        return True
    least = _CLOSE if is_proper(name) else _ALIKE
    return _sounds_in(name.replace(" ", ""), text, least)


def names_in(text: str) -> list[str]:
    """Names of the dictionary that are words of a Chinese text, the longest at each place."""
    edges = sorted(word_edges(text))
    found, done = [], 0
    for i, start in enumerate(edges):
        ends = (end for end in reversed(edges[i + 1 : i + 1 + _LONGEST]) if 1 < end - start <= _LONGEST)
        end = next((end for end in ends if is_chinese_name(text[start:end])), 0) if start >= done else 0
        if end:
            found.append(text[start:end])
            done = end
    return found


def _sounds_in(name: str, text: str, least: float) -> bool:
    """Whether the consonants of ``name`` are those of a run of characters, but for a few."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  only for names that are not spelt out

    sound = _of_english(name)
    if len(sound) < 2:  # one syllable: a Chinese name, by its letters
        return name.lower() in {syllable for run in _HAN_RUN.findall(text) for syllable in _pinyin(run)}
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
    check_files("pypinyin")
    from pypinyin import lazy_pinyin  # noqa: PLC0415  read when first needed

    return tuple(lazy_pinyin(text))


def _of_syllable(syllable: str) -> str:
    if syllable == "er":
        return "l"
    initial = _LETTERS.match(syllable)
    sound = _INITIALS.get(initial[0]) or _SOUNDS[initial[0]] if initial else ""
    return sound + ("n" if syllable.endswith(("n", "ng")) else "")
