"""CMUdict's phonemes as IPA, American English.

Symbols follow the Longman Pronunciation Dictionary (Wells 2008). A stress mark stands before the
whole onset of its syllable, and an onset is as long as English allows at the beginning of a word
(pəˈræmɪtər), unless a prefix or a compound ends there (aʊtˈweɪ). Secondary stress is marked before
the primary one only (ˌɪndəˈvɪdʒuəl, but ˈnetwɜːrk), and not right before it (ɪnˈdʒekt).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["to_ipa"]

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
_ONSETS = set(
    (
        "P R,P L,B R,B L,T R,D R,K R,K L,G R,G L,F R,F L,TH R,SH R,T W,D W,K W,G W,TH W,P Y,B Y,K Y,M Y,F Y,"
        "V Y,HH Y,S P,S T,S K,S M,S N,S L,S W,S P R,S P L,S T R,S K L,S K R,S K W,S K Y,S P Y"
    ).split(",")
)
_LETTERS = dict(
    pair.split("=")
    for pair in (
        "a=EY,b=B IY,c=S IY,d=D IY,e=IY,f=EH F,g=JH IY,h=EY CH,i=AY,j=JH EY,k=K EY,l=EH L,m=EH M,n=EH N,o=OW,"
        "p=P IY,q=K Y UW,r=AA R,s=EH S,t=T IY,u=Y UW,v=V IY,x=EH K S,y=W AY,z=Z IY"
    ).split(",")
)
_LONG_PREFIXES = ("over", "under", "inter", "super", "hyper", "counter")
"""Prefixes of two syllables in -er, whose r stays with them: ˌoʊvərˈestəmeɪt."""
_SHORT_PREFIXES = ("out", "un", "in", "dis", "mis", "trans", "mid", "up", "sub", "north", "south")
_ADVERBS = ("there", "here", "where", "with")
"""First parts of one syllable that end where a word follows: ʌnˈeɪbəl, but ɪˈnɪʃəl."""
_DIS_BEFORE_STOP = ("place", "count", "clos", "cred", "trust", "prov", "content", "colo", "comfort", "pleas")
"""After dis- a stop is otherwise in one syllable with its s: dɪˈskʌvər, but dɪsˈpleɪs."""
_GROWN_TOGETHER = {"mistake", "mistaken", "upon", "sublime", "suburban", "transit", "transact", "transaction"}
"""Words that only look like a prefix and a word, or are no longer said so."""
_FULL_FIRST_PART = ("south", "north", "mid", "well", "good", "fare", "okay", "thirt", "fourt", "fift")
_AGAIN = (
    "reset",
    "rewrit",
    "rerun",
    "replay",
    "remak",
    "reprint",
    "retak",
    "rethink",
    "rework",
    "remix",
    "reus",
)
"""First parts that keep their stress right before the primary one: ˌnɔːrθˈwest, ˌɡʊdˈbaɪ, ˌriːˈset."""

Known = Callable[[str], bool]


def to_ipa(word: str, phonemes: Sequence[str], known: Known = bool) -> str:
    """``phonemes`` (ARPABET with stress digits) of ``word`` as IPA.

    ``known`` says whether a spelling is a word, which decides where prefixes end.
    """
    said = _respelt(word, list(phonemes), known)
    vowels = [i for i, phoneme in enumerate(said) if phoneme[-1].isdigit()]
    starts = [_onset(said, before, i) for before, i in zip([-1, *vowels], vowels, strict=False)]
    edge = _edge(word, said, vowels, known)
    for syllable, vowel in enumerate(vowels):
        if edge is not None and vowel >= edge:
            starts[syllable] = edge
            break
    marks = _marks(word, said, vowels)
    for syllable, vowel in enumerate(vowels):
        weak = said[vowel + 1 :] in ([], ["Z"], ["D"]) or "ˈ" in marks[syllable + 1 :]
        if said[vowel] == "IY2" and not marks[syllable] and weak and not _spelled_out(word, said):
            said[vowel] = "IY0"  # reality, review
    at = dict(zip(starts, marks, strict=True))
    return "".join(at.get(i, "") + _sound(said, i) for i in range(len(said)))


def _sound(phonemes: Sequence[str], i: int) -> str:
    phoneme = phonemes[i]
    if not phoneme[-1].isdigit():
        return _CONSONANTS[phoneme]
    base, stress = phoneme[:-1], phoneme[-1]
    if base == "UW" and stress == "0" and any(later[-1].isdigit() for later in phonemes[i + 1 :]):
        return "u"  # not in the last syllable: value
    return (_WEAK.get(base) if stress == "0" else None) or _VOWELS[base]


def _respelt(word: str, phonemes: list[str], known: Known) -> list[str]:
    """CMUdict's phonemes with what it writes in its own way put as learners' dictionaries do."""
    joined = " ".join(phonemes)
    if "w" not in word:
        joined = re.sub(r"AH0 W (?=[A-Z]+[012])", "UW0 ", joined)  # actual: no w in it
    if not _is_long_prefixed(word) and not _is_ever(word):
        # An r-coloured schwa before a stressed vowel is a schwa and the next syllable's r: kəˈrekt.
        joined = re.sub(r"\bER([02]) (?=[A-Z]+[012])", r"AH\1 R ", joined)
    if word.startswith(("en", "em")):
        joined = re.sub(r"^EH([02]) (?=[NM] (?:[A-Z]+ )*[A-Z]+1)", r"IH\1 ", joined)  # enjoy, enable
    joined = re.sub("AH2 L IY[02]$", "AH0 L IY0", joined)  # additionally
    joined = re.sub("AH2$", "AH0", joined)
    if "ngu" in word:
        joined = joined.replace("NG W", "NG G W")  # multilingual
    if word.endswith("age"):
        joined = re.sub("AH0 JH$", "IH0 JH", joined)  # language, as learners' dictionaries write it
    if word.startswith("un") and known(word[2:]) and word not in {"unless", "until", "under", "unto"}:
        joined = re.sub("^AH0 N ", "AH2 N ", joined)  # unable, in which u is not a schwa
    return joined.split()


def _is_ever(word: str) -> bool:
    return word.startswith(("wh", "how", "for")) and word.endswith("ever")


def _is_long_prefixed(word: str) -> bool:
    return word.startswith(_LONG_PREFIXES) and not word.startswith(("interru", "interro"))


def _onset(phonemes: Sequence[str], before: int, vowel: int) -> int:
    """Where the syllable of ``vowel`` begins, the vowel before it standing at ``before`` (-1: none)."""
    if before < 0:
        return 0
    start = vowel
    if start - 1 > before and phonemes[start - 1] != "NG":
        start -= 1
        while start - 1 > before and " ".join(phonemes[start - 1 : vowel]) in _ONSETS:
            start -= 1
    return start


def _edge(word: str, phonemes: Sequence[str], vowels: Sequence[int], known: Known) -> int | None:
    """Where the second part of a compound or prefixed word begins, if its first part shows."""
    if _is_ever(word):
        return len(phonemes) - 3
    for prefix in _LONG_PREFIXES:
        if _is_long_prefixed(word) and word.startswith(prefix) and len(vowels) > 2:
            return vowels[1] + 1 if phonemes[vowels[1]].startswith("ER") else None
    for prefix in (*_SHORT_PREFIXES, *_ADVERBS):
        rest = word.removeprefix(prefix)
        shown = len(rest) > 1 and (known(rest) or prefix == "out")
        if rest == word or len(vowels) < 2 or not shown or word in _GROWN_TOGETHER:
            continue
        if prefix == "dis" and rest[0] in "ptckq" and not rest.startswith(_DIS_BEFORE_STOP):
            return None
        return vowels[0] + 1 + _coda(prefix)
    return None


def _coda(prefix: str) -> int:
    """The number of consonants after the vowel of a prefix of one syllable."""
    return 2 if prefix in {"trans", "north"} else 1


def _marks(word: str, phonemes: Sequence[str], vowels: Sequence[int]) -> list[str]:
    """The stress mark of each syllable, if it has one."""
    if len(vowels) < 2:
        return [""] * len(vowels)
    stress = [phonemes[vowel][-1] for vowel in vowels]
    if _spelled_out(word, phonemes):
        return ["ˌ", *[""] * (len(vowels) - 2), "ˈ"]
    last = max((k for k, level in enumerate(stress) if level == "1"), default=0)
    marks = ["ˌ" if level != "0" and k < last else "" for k, level in enumerate(stress)]
    marks[last] = "ˈ"
    for k in range(last - 1):
        if marks[k] and marks[k + 1]:  # of two marks in a row one stays: ɪˌlekˈtrɑːnɪk, ˌmʌltaɪˈnæʃənəl
            marks[k if vowels[k] == 0 and phonemes[0] in {"IH2", "EH2"} else k + 1] = ""
    if last > 1 and not any(marks[:last]) and phonemes[vowels[0]] != "AH0":
        marks[0] = "ˌ"  # English has no two unstressed syllables before the first stress
    if last == 1 and not word.startswith((*_FULL_FIRST_PART, *_AGAIN)):
        marks[0] = ""
    return marks


def _spelled_out(word: str, phonemes: Sequence[str]) -> bool:
    """Whether a word is said as its letters, as api is."""
    letters = " ".join(_LETTERS.get(letter, "?") for letter in word)
    return len(word) > 1 and letters == " ".join(phoneme.rstrip("012") for phoneme in phonemes)
