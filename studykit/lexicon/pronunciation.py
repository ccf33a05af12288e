"""How English words are said: CMUdict's phonemes as IPA, American English.

Symbols and the placing of stress before the whole onset follow the Longman Pronunciation Dictionary
(Wells 2008); an onset is as long as English allows at the beginning of a word.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

__all__ = ["ipa", "load_pronunciations"]

_VOWELS = {
    **{"AA": "ɑː", "AE": "æ", "AH": "ʌ", "AO": "ɔː", "AW": "aʊ", "AY": "aɪ", "EH": "e", "ER": "ɜːr"},
    **{"EY": "eɪ", "IH": "ɪ", "IY": "iː", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "uː"},
}
_WEAK = {"AH": "ə", "ER": "ər", "IY": "i"}
_CONSONANTS = {
    **{"B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k"},
    **{"L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "r", "S": "s", "SH": "ʃ", "T": "t"},
    **{"TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ"},
}
_STRESS = {"1": "ˈ", "2": "ˌ"}
_ONSETS = set(
    (
        "P R,P L,B R,B L,T R,D R,K R,K L,G R,G L,F R,F L,TH R,SH R,T W,D W,K W,G W,TH W,P Y,B Y,K Y,M Y,F Y,"
        "V Y,HH Y,S P,S T,S K,S M,S N,S L,S W,S P R,S P L,S T R,S K R,S K W,S K Y,S P Y"
    ).split(",")
)


@cache
def load_pronunciations(path: Path) -> dict[str, str]:
    """Words in lower case to CMUdict phonemes, from a gzipped dictionary of ``word PHONEMES`` lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(" ", 1) for line in file)


def ipa(text: str, pronunciations: dict[str, str]) -> str | None:
    """The words of ``text`` in IPA, without slashes; None when one of them is not known."""
    words = text.lower().replace("-", " ").split()
    found = [pronunciations.get(word) for word in words]
    if not words or None in found:
        return None
    return " ".join(_transcribe(phonemes.split()) for phonemes in found if phonemes)


def _transcribe(phonemes: list[str]) -> str:
    vowels = [i for i, phoneme in enumerate(phonemes) if phoneme[-1].isdigit()]
    starts = {_onset(phonemes, before, i): i for before, i in zip([-1, *vowels], vowels, strict=False)}
    written = ""
    for i, phoneme in enumerate(phonemes):
        if i in starts and len(vowels) > 1:
            written += _STRESS.get(phonemes[starts[i]][-1], "")
        if phoneme[-1].isdigit():
            weak = _WEAK.get(phoneme[:-1]) if phoneme[-1] == "0" else None
            written += weak or _VOWELS[phoneme[:-1]]
        else:
            written += _CONSONANTS[phoneme]
    return written


def _onset(phonemes: list[str], before: int, vowel: int) -> int:
    """Where the syllable of ``vowel`` begins, the vowel before it standing at ``before`` (-1: none)."""
    if before < 0:
        return 0
    start = vowel
    if start - 1 > before and phonemes[start - 1] != "NG":
        start -= 1
        while start - 1 > before and " ".join(phonemes[start - 1 : vowel]) in _ONSETS:
            start -= 1
    return start
