"""What differs between languages: tags, scripts, how pieces of text are joined and counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from studykit.faces import late
from studykit.types import Sentence

__all__ = [
    "HAN",
    "counted",
    "detect_language",
    "gap_after",
    "is_chinese",
    "join_pieces",
    "join_sentences",
    "primary",
    "speech_s",
    "spoken_length_s",
    "without_controls",
]

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, for use inside a regular expression's brackets."""

_CJK = HAN + r"\u3000-\u303f\uff00-\uffef"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_HAN_CHAR = late(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+", re.ASCII)
_WORD = late(rf"[^\s{_CJK}]+")
_CHINESE_ENDS = tuple("。！？…；：，、”’」』）》!?.")
_BETWEEN_CJK = late(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")

# Conversational English runs at 150-170 words a minute (Tauroza & Allison 1990), Mandarin at
# about 250 characters a minute; used only where a text has no times of its own.
_ENGLISH_WORDS_PER_S = 2.6
_HAN_PER_S = 4.2


def primary(tag: str) -> str:
    """The primary language of a BCP 47 tag: ``en-US`` gives ``en``, ``zh-Hans`` gives ``zh``."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]


@lru_cache(maxsize=256)
def is_chinese(tag: str) -> bool:
    """Whether the tag names Chinese in any script or variety."""
    return primary(tag) in {"zh", "cmn", "yue"}


def detect_language(text: str) -> str:
    """``zh`` when Chinese characters outweigh Latin words, else ``en``.

    Technical Chinese is full of English terms, so one Latin word counts as much as one character.
    """
    sample = text[:200_000]
    return "zh" if len(_HAN_CHAR.findall(sample)) > len(_LATIN_WORD.findall(sample)) else "en"


def join_pieces(pieces: Iterable[str], language: str) -> str:
    """Pieces of one text as one line: spaces between words, none between Chinese characters."""
    text = " ".join(" ".join(pieces).split())
    return _BETWEEN_CJK.sub("", text) if is_chinese(language) else text


def gap_after(sentence: str, language: str) -> str:
    """The separator between ``sentence`` and the next one on the same line.

    Empty in Chinese, unless the sentence lacks its full stop, as recognised speech often does.
    """
    return "" if is_chinese(language) and sentence.endswith(_CHINESE_ENDS) else " "


def join_sentences(sentences: Iterable[str], language: str) -> str:
    """Sentences as one line of text."""
    line = ""
    for sentence in sentences:
        line += (gap_after(line, language) if line else "") + sentence
    return line


def counted(number: int, noun: str) -> str:
    """An English noun with its number, for messages.

    >>> counted(1, "part"), counted(2, "part"), counted(0, "part")
    ('1 part', '2 parts', '0 parts')
    """
    return f"{number} {noun if number == 1 else f'{noun}s'}"


def spoken_length_s(text: str) -> float:
    """Roughly how long it takes to say ``text``, in seconds, from its words and characters."""
    return (
        len(_WORD.findall(_HAN_CHAR.sub(" ", text))) / _ENGLISH_WORDS_PER_S
        + len(_HAN_CHAR.findall(text)) / _HAN_PER_S
    )


def without_controls(text: str) -> str:
    """``text`` on one line, without characters that nobody sees, such as marks of direction.

    The two joiners that scripts and emoji need stay.
    """
    shown = (
        char if char in "\u200c\u200d" or unicodedata.category(char) not in _UNSEEN else " " for char in text
    )
    return " ".join("".join(shown).split())


_SHORTEST_S = 0.3
"""No sentence takes less time than this, whatever its captions say."""


def speech_s(sent: Sentence) -> float:
    """How long the sentence takes, in seconds; estimated from its text where it has no times."""
    if sent.start_s is None or sent.end_s is None:
        return max(_SHORTEST_S, spoken_length_s(sent.text))
    return max(_SHORTEST_S, sent.end_s - sent.start_s)
