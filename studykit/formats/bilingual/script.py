"""How much a line looks Chinese, and how much English, by its script and its smallest words."""

from __future__ import annotations

import re

from studykit.faces import late
from studykit.languages import HAN

__all__ = ["english_share", "has_han", "leaning", "words_of"]

_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_HAN_CHAR = late(f"[{HAN}]")
_CHINESE_MARK = late("[，。！？；：、（）《》【】]")
_SMALL_WORDS = frozenset(
    "a an and are as at be but by can do for from has have he how i i'm if in is it its it's me my no not of "
    "on or so that that's the them then there they this to up us was we what when which will with you "
    "your".split()
)
"""Words that English text cannot do without, and that no Chinese sentence borrows."""
_SURE = 5.0


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in ``text``."""
    return _HAN_CHAR.search(text) is not None


def words_of(text: str) -> list[str]:
    """The Latin words of ``text`` in lower case."""
    return [word.lower().replace("’", "'") for word in _LATIN_WORD.findall(text)]


def english_share(words: list[str]) -> float:
    """The share of English small words among ``words``: about 0.45 in English, 0 in borrowed terms."""
    return sum(word in _SMALL_WORDS for word in words) / len(words) if words else 0.0


def leaning(line: str) -> float:
    """Above 0 if a line is rather Chinese, below if rather English, at most 5 either way.

    Technical Chinese is full of Latin terms, so that a line without any Chinese character may be
    Chinese, if it has Chinese marks or nothing but a name.
    """
    han, words = len(_HAN_CHAR.findall(line)), words_of(line)
    if han:
        # "“你好” means hello" has Chinese characters and small words; "用 Trainer API" has none.
        quoting = sum(word in _SMALL_WORDS for word in words)
        return max(-_SURE, min(_SURE, han - 2.0 * quoting if quoting else _SURE))
    if _CHINESE_MARK.search(line):
        return 2.0
    if not words:
        return 0.0
    return -_SURE if english_share(words) else -min(1.0 + len(words), _SURE - 1)
