"""How hard and how rare an English word is.

Words of ``lexicon/levels.tsv`` have a level by our judgement. For the others, the CEFR list (cefrpy,
from Words-CEFR-Dataset) knows parts of speech but rates technical and academic words too low;
frequency (wordfreq, Zipf scale of van Heuven et al. 2014) knows no senses. The level is their weighted
mean, on a steeper scale for words with a learned ending (-tion, -ism, -ive) and for verbs: among
words of one frequency, those are met later than cups and cows. docs/quality.md has the figures.
"""

from __future__ import annotations

import csv
import struct
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from studykit.faces import late
from studykit.lexicon.sources import cefr_data, cefr_file
from studykit.resources import data_dir
from studykit.tables.compiled import Compiled
from studykit.tables.frequencies import zipf_frequency as zipf
from studykit.types import CEFR_LEVELS, CefrLevel

__all__ = ["TABLE", "base_form", "could_be", "level_of", "level_value", "zipf"]


class _Scale(NamedTuple):
    """``easiest``, ``hardest``: Zipf values that stand for A1 and C2, levels evenly spaced between."""

    list_weight: float
    easiest: float
    hardest: float


_PLAIN = _Scale(list_weight=0.4, easiest=6.0, hardest=2.7)
_LEARNED = _Scale(list_weight=0.3, easiest=6.4, hardest=3.4)
_VERB = _Scale(list_weight=0.4, easiest=6.2, hardest=3.2)
_LEARNED_ENDING = late(
    "^[^aeiouy]*+[aeiouy].*"
    "(?:tion|sion|ity|ism|ment|ance|ence|ency|ancy|ive|ous|ate|ize|ify|ical|ible|ual|ial|ure|acy|"
    "logy|al|ic|ant|ent|ly)$"
)
_SLIP_ZIPF = 1.5
"""A lemma so much rarer than the form it was made of is wrong."""
_SHORTEST_STEM = 2
_DOUBLES = late("^[^aeiouy]+[aeiouy][^aeiouwxy]$")
"""Words whose last letter doubles before -ing and -ed: what has one only comes from a word in -e."""
_KNOWN_ZIPF = 2.5
_PENN = {"NOUN": range(8, 12), "VERB": range(19, 25), "ADJ": range(4, 7), "ADV": range(13, 16)}
"""The tags of each part of speech as the list numbers them, its base form first: NN, NNS, NNP, NNPS."""


def _levels() -> dict[str, bytes]:
    """Words to pairs of bytes: a part of speech and its level, from 0 for 1 in fiftieths.

    The file has a number of lengths, the places where words of each length begin, and these blocks, each
    a word and a pair.
    """
    data = cefr_data()
    (count,) = data[:1]
    starts = struct.unpack(f"<{count}I", data[1 : 1 + 4 * count])
    blocks = data[1 + 4 * count :]
    found: dict[str, bytes] = {}
    for length, (start, end) in enumerate(pairwise(starts), start=1):
        for at in range(start, end, length + 2):
            word = blocks[at : at + length].decode("ascii")
            found[word] = found.get(word, b"") + blocks[at + length : at + length + 2]
    return found


TABLE = Compiled("cefr", _levels, lambda: [cefr_file()], ("lexicon/levels", "lexicon/sources"))


def _level(stored: int) -> float:
    return stored / 50 + 1


@cache
def could_be(word: str, upos: str) -> bool:
    """Whether the CEFR list allows that part of speech; it knows few rare words, so unknown ones may."""
    listed = TABLE.table.get(word)
    if not listed or upos not in _PENN:
        return True
    return any(pos in _PENN[upos] for pos in listed[::2])


@cache
def base_form(text: str, lemma: str, upos: str | None = None) -> str:
    """The lemma, or a better one where taggers slip: ``hoping`` is no form of hop, nor data of datum.

    Nor is ``scraping`` one of scrap, whose last letter would double. A verb whose lemma is still a form
    (``gutted``) is cut to a commoner stem, if there is one.
    """
    slipped = zipf(lemma) < zipf(text) - _SLIP_ZIPF
    for ending in ("ing", "ed"):
        stem = text.removesuffix(ending)
        silent = f"{stem}e"
        if (
            stem != text
            and lemma == stem
            and zipf(silent) > (_KNOWN_ZIPF if _DOUBLES.search(stem) else zipf(stem))
        ):
            return silent
        kept = ending == "ed" and upos == "VERB" and (slipped or lemma == text)
        if stem != text and kept and len(stem) > _SHORTEST_STEM:
            undoubled = stem[:-1] if stem[-1] == stem[-2] else stem
            return max((text, stem, f"{stem}e", undoubled), key=zipf)
    return text if slipped else lemma


def level_value(lemma: str, upos: str | None) -> float | None:
    """The level on a scale from 1 (A1) to 6 (C2); None for a word that neither source knows.

    Without ``upos``, a word of our table has the easiest of its levels there.
    """
    judged = _judged().get(lemma, {})
    if judged and (upos is None or upos in judged):
        return min(judged.values()) if upos is None else judged[upos]
    rarity = zipf(lemma)
    listed = _listed(lemma, upos)
    if not rarity:
        return listed
    scale = _LEARNED if _LEARNED_ENDING.search(lemma) else _VERB if upos == "VERB" else _PLAIN
    scaled = 1 + 5 * (scale.easiest - rarity) / (scale.easiest - scale.hardest)
    by_frequency = min(6.0, max(1.0, scaled))
    if listed is None:
        return by_frequency
    return scale.list_weight * listed + (1 - scale.list_weight) * by_frequency


def _listed(lemma: str, upos: str | None) -> float | None:
    """The list's level of a word as that part of speech, or else the mean of all that it has."""
    stored = TABLE.table.get(lemma)
    if not stored:
        return None
    levels = dict(zip(stored[::2], stored[1::2], strict=True))
    base = _PENN.get(upos or "", _PENN["NOUN"])[0]
    return _level(levels[base] if base in levels else round(sum(stored[1::2]) / (len(stored) // 2)))


@cache
def _judged() -> dict[str, dict[str, float]]:
    """Lemmas to levels from 1 to 6 by Universal POS, from ``lexicon/levels.tsv``."""
    table: dict[str, dict[str, float]] = {}
    with (data_dir("lexicon") / "levels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            level: CefrLevel = row["level"]  # type: ignore[assignment]  # a test holds the file to it
            table.setdefault(row["head"], {})[row["pos"]] = CEFR_LEVELS.index(level) + 1.0
    return table


def level_of(value: float | None) -> CefrLevel | None:
    """The level nearest to a value of ``level_value``."""
    return None if value is None else CEFR_LEVELS[min(5, max(0, round(value) - 1))]
