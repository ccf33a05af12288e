"""How Chinese is typed without Chinese characters: pinyin, without tones and spaces.

Characters with several readings are looked up in pypinyin's phrases first (权重 is *quanzhong*); where
no phrase decides, each reading counts (微调 is *weitiao* and, wrongly but harmlessly, *weidiao*).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from studykit.faces import late
from studykit.languages import HAN
from studykit.tables.packages import check_files

__all__ = ["Syllable", "letters", "readings"]

_RUN = late(rf"[{HAN}]+|[^{HAN}]+")
_HAN_CHAR = late(f"[{HAN}]")
_NOT_LETTER = re.compile("[^a-z]")
_LUE = re.compile("([ln])ue")
# The rest of a character's readings are archaic or occur in names only.
_READINGS_PER_CHARACTER = 2
_READINGS_PER_FORM = 32


class Syllable(NamedTuple):
    """How one character is typed in full and by its initial; a run of Latin stands for both itself."""

    full: str
    initial: str


def letters(text: str) -> str:
    """``text`` as pinyin is compared: ``jiǎn suǒ``, ``jian3 suo3`` and ``jiansuo`` are the same.

    Only a-z remain; ü is ``v``, as it is typed, also in ``lue`` and ``nue``.
    """
    decomposed = unicodedata.normalize("NFD", text.lower()).replace("u\u0308", "v")
    return _LUE.sub(r"\1ve", _NOT_LETTER.sub("", decomposed))


def readings(form: str) -> list[tuple[Syllable, ...]]:
    """Every way to read ``form``, at most 32 of them; none when there is no Chinese in it."""
    if not _HAN_CHAR.search(form):
        return []
    check_files("pypinyin")
    from pypinyin.seg import mmseg  # noqa: PLC0415  (0.2 s, and most commands need none)

    choices: list[tuple[Syllable, ...]] = []
    for run in _RUN.findall(form):
        if _HAN_CHAR.match(run):
            for phrase in mmseg.seg.cut(run):
                choices += _phrase(phrase)
        else:
            choices.append(tuple(Syllable(latin, latin) for latin in [letters(run)] if latin))
    return list(islice(product(*filter(None, choices)), _READINGS_PER_FORM)) if any(choices) else []


# Most of a glossary's characters stand in no phrase, and recur.
@lru_cache(maxsize=20_000)
def _phrase(phrase: str) -> list[tuple[Syllable, ...]]:
    """For each character its readings."""
    from pypinyin import Style, pinyin  # noqa: PLC0415

    known = pinyin([phrase], style=Style.NORMAL, heteronym=True)
    return [
        tuple(dict.fromkeys(Syllable(full, full[:1]) for full in map(letters, some) if full))
        for some in (fulls[:_READINGS_PER_CHARACTER] for fulls in known)
    ]
