"""How Chinese is read, word by word.

The text is cut into the likeliest words: unigram frequencies (wordfreq), best path by Viterbi, as
dictionary-based segmenters do. A word is read as CC-CEDICT or else pypinyin's phrases say, so that
长 is *cháng* in 长度 and *zhǎng* in 增长. A character left alone is read by its neighbours where it
has several readings that grammar tells apart (得, 了, 地, 长, 行, 还 …), else as it mostly is. Tones
are those of the single syllables, as in dictionaries: no sandhi of 一 and 不.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from studykit.faces import late
from studykit.languages import HAN
from studykit.lexicon.sources import cedict_file, cedict_lines
from studykit.tables.compiled import Compiled
from studykit.tables.frequencies import frequencies
from studykit.tables.packages import check_files

__all__ = ["TABLE", "Reading", "chinese_words", "read_aloud", "word_edges"]

_HAN_CHAR = late(f"[{HAN}]")
_RUN = late(f"[{HAN}]+|[^{HAN}]+")
_LONGEST_WORD = 6
_RARE_LOG = math.log(1e-8)
"""Of a word that the frequency list lacks; its rarest is 1.05e-8."""
_NO_WORDS = {"一行"}
"""In the dictionary, but far more often a number and what is counted."""
_MOSTLY = {
    word: [tuple(syllables.split())]
    for word, syllables in {
        "不是": "bù shì",
        "分子": "fēn zǐ",
        "好处": "hǎo chù",
        "东西": "dōng xi",
        "教学": "jiào xué",
        "当天": "dàng tiān",
        "何为": "hé wéi",
    }.items()
}
"""Of several readings the usual one, where the phrases of pypinyin have another."""
_SYLLABLE = re.compile(r"(?<![A-Za-z:])[A-Za-z:]+[1-5]")
_TONE_MARKS = {"a": "āáǎà", "e": "ēéěè", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔù", "ü": "ǖǘǚǜ"}


_COUNT = "[0-9一二两三四五六七八九十百千万几多每各某这那哪数半第]"
_START = "(?:^|[，。！？；：、“”（）])"
_PERSON = "[我你您他她它们谁咱]"
_NEIGHBOURS: dict[str, tuple[tuple[str, str, str], ...]] = {
    # character: (what ends before it, what begins after it, its reading then); the first that fits
    "得": (
        (f"(?:{_START}|{_PERSON}|[也都就还总又只可非])$", "", "děi"),
        ("", "[出到了]", "dé"),
        ("", "", "de"),
    ),
    "了": (("[不得]$", "", "liǎo"), ("", "", "le")),
    "地": ((f"{_START}$", "", "dì"), (f"(?:[在这那此本各有]|{_COUNT})$", "", "dì"), ("", "", "de")),
    "长": (("", "[得出大成着满]", "zhǎng"), ("", "", "cháng")),
    "行": (
        (f"{_COUNT}$", "", "háng"),
        ("", "[和与或、]?列", "háng"),
        ("列[和与或]$", "", "háng"),
        ("", "", "xíng"),
    ),
    "重": (
        (f"{_COUNT}$", "", "chóng"),
        ("", "[写排算跑来做建构训试启读看说画设走想]", "chóng"),
        ("", "", "zhòng"),
    ),
    "还": (("", "[钱债款给清书贷]", "huán"), ("[要该]$", "$", "huán"), ("", "", "hái")),
    "为": (
        (f"{_START}$", "", "wèi"),
        ("", f"{_PERSON}|[此何每了]", "wèi"),
        ("[是会能以也都就而专只]$", "", "wèi"),
        ("", "", "wéi"),
    ),
    "只": ((f"{_COUNT}$", "", "zhī"), ("", "", "zhǐ")),
    "数": (("", "[一出到了清过]", "shǔ"), ("[去来]$|数一$", "", "shǔ"), ("", "", "shù")),
    "种": (("", "[下树花田]", "zhòng"), ("", "", "zhǒng")),
    "调": (("", "", "tiáo"),),
    "教": (("", "", "jiāo"),),
    "着": (("", "", "zhe"),),
    "都": (("", "", "dōu"),),
    "切": (("", "", "qiē"),),
    "量": (("", "[一出了]", "liáng"), ("", "", "liàng")),
    "曾": (("", "", "céng"),),
    "降": (("", "", "jiàng"),),
    "卷": (("", "", "juǎn"),),
}
"""Rules of the grammar, for characters that stand as a word by themselves."""

_OPEN = "aāáǎàeēéěèoōóǒò"


class Reading(NamedTuple):
    """A word and its syllables with tone marks, one a character; none for what is not Chinese."""

    text: str
    syllables: tuple[str, ...]

    @property
    def pinyin(self) -> str:
        """The syllables as one word, an apostrophe before a vowel inside it: ``nǚ’ér``."""
        return "".join(
            f"’{syllable}" if i and syllable[0] in _OPEN else syllable
            for i, syllable in enumerate(self.syllables)
        )


def read_aloud(text: str) -> list[Reading]:
    """``text`` in words with how they are read; the words joined are ``text``."""
    readings: list[Reading] = []
    at = 0
    for run in _RUN.findall(text):
        for word in chinese_words(run) if _HAN_CHAR.match(run) else [run]:
            end = at + len(word)
            chinese = _HAN_CHAR.match(word)
            syllables = _syllables(word, text[:at].rstrip(), text[end:].lstrip()) if chinese else ()
            readings.append(Reading(word, syllables))
            at = end
    return readings


def chinese_words(run: str) -> list[str]:
    """A run of Chinese characters cut into its likeliest words."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        starts = range(max(0, end - _LONGEST_WORD), end)
        best.append(max((best[start][0] + _log_frequency(run[start:end]), start) for start in starts))
    cuts = [len(run)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    return [run[start:end] for end, start in pairwise(cuts)][::-1]


def word_edges(text: str) -> set[int]:
    """The code points of a text at which words begin or end; outside Chinese, all."""
    inside: set[int] = set()
    at = 0
    for run in _RUN.findall(text):
        if _HAN_CHAR.match(run):
            for word in chinese_words(run):
                inside.update(range(at + 1, at + len(word)))
                at += len(word)
        else:
            at += len(run)
    return set(range(len(text) + 1)) - inside


@lru_cache(maxsize=65_536)
def _log_frequency(word: str) -> float:
    if len(word) > 1 and word not in TABLE.table:
        return -math.inf
    share = frequencies("chinese").get(word, 0.0)
    return math.log(share) if share else _RARE_LOG


def _readings() -> dict[str, bytes]:
    """Words of two characters and more with their readings; those of names where there is no other."""
    names: dict[str, list[tuple[str, ...]]] = {}
    words: dict[str, list[tuple[str, ...]]] = {}
    for line in cedict_lines():
        head, _, rest = line.partition(" [")
        word = head.partition(" ")[2]
        syllables = tuple(_SYLLABLE.findall(rest.partition("]")[0]))
        if len(word) > 1 and len(syllables) == len(word) and word not in _NO_WORDS:
            (names if rest[0].isupper() else words).setdefault(word, []).append(
                tuple(map(_marked, syllables))
            )
    return {
        word: "|".join(map(" ".join, readings)).encode()
        for word, readings in {**names, **words, **_MOSTLY}.items()
    }


TABLE = Compiled(
    "readings", _readings, lambda: [cedict_file()], ("lexicon/pinyin", "lexicon/sources", "languages")
)
"""Words to their readings: syllables between spaces, readings between bars."""


def _syllables(word: str, before: str, after: str) -> tuple[str, ...]:
    check_files("pypinyin")
    from pypinyin import Style, lazy_pinyin

    if len(word) == 1:
        for ends, begins, reading in _NEIGHBOURS.get(word, ()):
            if re.search(ends, before) and re.match(begins, after):
                return (reading,)
    common = tuple(lazy_pinyin(word, style=Style.TONE))
    if common == (word,):
        return ()  # too rare for any list of readings
    stored = TABLE.table.get(word)
    known = [tuple(reading.split(" ")) for reading in stored.decode().split("|")] if stored else [common]
    return common if common in known else known[0]


def _marked(syllable: str) -> str:
    """``lu:e4`` as ``lüè``: the mark stands on a or e, on the o of ou, else on the last vowel."""
    letters, tone = syllable[:-1].lower().replace("u:", "ü"), int(syllable[-1])
    if tone == 5:
        return letters
    vowels = [i for i, letter in enumerate(letters) if letter in _TONE_MARKS]
    if not vowels:
        return letters
    at = next((i for i in vowels if letters[i] in "ae"), vowels[-1])
    at = letters.find("ou") if "ou" in letters else at
    return f"{letters[:at]}{_TONE_MARKS[letters[at]][tone - 1]}{letters[at + 1 :]}"
