"""How English words are said: American English in IPA, by part of speech.

Sounds come from CMUdict, one pronunciation a word; ``homographs.tsv`` beside it has those that depend
on the part of speech (record, live, use), ``company.tsv`` those that depend on the meaning (lead, bow, tear),
``repairs.txt`` what CMUdict has wrong or unusual. Inside a
phrase, function words have their weak forms.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from studykit.lexicon.phonemes import to_ipa
from studykit.resources import data_dir
from studykit.tables.compiled import Compiled

__all__ = ["TABLE", "ipa"]

_ANY = "*"
_OPEN_NOUN = ("a", "an", "the", "one's", "my", "your", "no", "in", "of", "on", "for", "with", "at", "by")
"""Words after which a homograph in a phrase is no verb: in the present, make use of."""
_LIGHT_VERBS = ("make", "have", "take", "put", "keep", "get", "give")
_WEAK = {
    **{"a": "ə", "an": "ən", "the": "ðə", "and": "ənd", "but": "bət", "of": "əv", "to": "tə", "for": "fər"},
    **{"from": "frəm", "at": "ət", "as": "əz", "than": "ðən", "can": "kən", "are": "ər", "was": "wəz"},
    **{"were": "wər", "your": "jər", "us": "əs", "them": "ðəm", "some": "səm"},
}
_WEAK_AT_THE_END = {"to", "of", "as", "than"}
"""A phrase that ends in these goes on in the sentence (lead to); for, at and from are strong there."""
_BEFORE_VOWEL = {"the": "ði", "to": "tu"}
_PLACEHOLDERS = {"sth": "something", "sb": "somebody", "sb's": "somebody's"}
_PREFIXES = ("over", "under", "out")
_STRESSED_LIKE_NOUNS = set(
    "outline outlined outlining outlaw outlawed outfit outfitted output outsource outsourced outsourcing "
    "outrage outraged outgoing outlying outdoor outer outbound outward outboard overt overseas overland "
    "overhead overboard overcast overnight underground underwater undercover underhand underdog".split()
)
_VOWEL_LETTERS = re.compile(
    r"(?P<open_o>au|aw(?![aeiouy])|ough(?=t|s?$|ed$|ing$)|a(?=ll(?!ah)|lk))|[aeiouy]+"
)
_IPA_VOWELS = "ɑæʌɔaeɜɪiouʊə"


def ipa(
    text: str, upos: str | None = None, *, tag: str | None = None, near: Collection[str] = ()
) -> str | None:
    """The words of ``text`` in IPA, without slashes; None when one of them is not known.

    ``upos`` is the part of speech of the whole: of its verb, the first word, for a phrasal verb; of its
    last word for a noun phrase. ``tag`` (Penn) tells forms apart that are spelt alike: read, VBD. ``near``
    are the words, lower case, of the sentence that a single word stands in: lead near pipes is a metal.
    """
    words = [_PLACEHOLDERS.get(word, word) for word in text.lower().replace("-", " ").split()]
    said: list[str] = []
    for i, word in enumerate(words):
        known = (_by_company(word, upos, near) if len(words) == 1 else None) or _phonemes(words, i, upos, tag)
        if known is None:
            return None
        said.append(to_ipa(word, known.split(), TABLE.table.__contains__))
    if not said:
        return None
    if len(words) > 1:
        for i, word in enumerate(words):
            if word in _WEAK and (i + 1 < len(words) or word in _WEAK_AT_THE_END):
                before_vowel = i + 1 < len(words) and said[i + 1].lstrip("ˈˌ")[0] in _IPA_VOWELS
                said[i] = _BEFORE_VOWEL.get(word, _WEAK[word]) if before_vowel else _WEAK[word]
    return " ".join(said)


def _by_company(word: str, upos: str | None, near: Collection[str]) -> str | None:
    """ARPABET of a word that sounds otherwise near words that show another meaning of it."""
    for pos, phonemes, company in _told_apart().get(word, ()):
        if pos == upos and not company.isdisjoint(near):
            return phonemes
    return None


def _phonemes(words: list[str], i: int, upos: str | None, tag: str | None) -> str | None:
    """ARPABET of a word by its part of speech, else the commonest way to say it."""
    sounds = _homographs()
    pair = sounds.get(" ".join(words[i : i + 2])) if i + 1 < len(words) else None
    if pair:
        return pair[_ANY]
    by_pos = sounds.get(words[i], {})
    modifier = upos in {"NOUN", "PROPN"} and i < len(words) - 1
    likely = tuple(pos for pos in by_pos if pos != "VERB") if modifier else _parts_of_speech(words, i, upos)
    for pos in (tag, *likely):
        if pos in by_pos:
            return by_pos[pos]
    known = by_pos.get(_ANY) or next(iter(by_pos.values()), None) or _listed(words[i])
    verbal = upos == "VERB" or (upos == "ADJ" and words[i].endswith(("ed", "ing")))
    if not known or not verbal or by_pos:
        return known
    return _stem_stressed(words[i], _with_full_ending(words[i], known))


def _with_full_ending(word: str, phonemes: str) -> str:
    """Verbs in -ate end like date, whatever adjectives and nouns do: ˈkjʊreɪt."""
    if not word.endswith(("ate", "ates", "ated")) or word.startswith("pirate"):
        return phonemes
    sounds = phonemes.split()
    for i in range(len(sounds) - 2, 1, -1):
        if sounds[i] in {"AH0", "IH0"} and sounds[i + 1] == "T":
            return " ".join([*sounds[:i], "EY2", *sounds[i + 1 :]])
    return phonemes


def _stem_stressed(word: str, phonemes: str) -> str:
    """Verbs and participles in over-, under- and out- have their stress on the verb: ˌoʊvərˈkʌm.

    CMUdict has many of them stressed like the nouns (overview, outcome).
    """
    first, second = phonemes.find("1"), phonemes.find("2")
    if not word.startswith(_PREFIXES) or word in _STRESSED_LIKE_NOUNS:
        return phonemes
    if phonemes.count("1") > 1 or not 0 <= first < second:
        return phonemes
    return f"{phonemes[:first]}2{phonemes[first + 1 : second]}1{phonemes[second + 1 :]}"


def _parts_of_speech(words: list[str], i: int, upos: str | None) -> tuple[str, ...]:
    """What a word of a phrase may be, likeliest first."""
    if len(words) == 1:
        return (upos,) if upos else ()
    before = words[i - 1] if i else ""
    if upos == "VERB" and i == 0:
        return ("VERB",)
    if before == "to" and not upos:
        return ("VERB", "NOUN", "ADJ")
    if upos in {"NOUN", "PROPN"}:
        return ("NOUN", "ADJ")
    if i == 0 and len(words) > 1 and words[1] in {"the", "one's", "something", "up", "out", "off", "down"}:
        return ("VERB",)
    return ("NOUN", "ADJ") if before in (*_OPEN_NOUN, *_LIGHT_VERBS) else ("ADJ", "NOUN")


def _listed(word: str) -> str | None:
    stored = TABLE.table.get(word)
    return None if stored is None else stored.decode()


def _pronunciations() -> dict[str, bytes]:
    """Lower-case words to ARPABET."""
    with gzip.open(_folder() / "cmudict.txt.gz", "rt", encoding="utf-8") as file:
        sounds = dict(line.rstrip("\n").split(" ", 1) for line in file)
    sounds = {word: _as_dictionaries_have_it(word, phonemes) for word, phonemes in sounds.items()}
    lines = (_folder() / "repairs.txt").read_text(encoding="utf-8").splitlines()
    sounds |= dict(line.split(" ", 1) for line in lines)
    return {word: phonemes.encode() for word, phonemes in sounds.items()}


def _as_dictionaries_have_it(word: str, phonemes: str) -> str:
    """What CMUdict writes now one way, now the other, as learners' dictionaries do.

    The vowel of cause, raw, bought and fall is ɔː, also for speakers who merge it with that of cot; -ed is
    ɪd after t and d; the prefix up- is ʌp.
    """
    if word.endswith(("ted", "ded")):
        phonemes = re.sub(r"(?<=[TD] )AH0 D$", "IH0 D", phonemes)
    if word.startswith("up") and not word.startswith("upon"):
        phonemes = re.sub("^AH0 P ", "AH2 P ", phonemes)
    sounds = phonemes.split()
    vowels = [k for k, sound in enumerate(sounds) if sound[-1].isdigit()]
    for n, spelt in enumerate(_VOWEL_LETTERS.finditer(word)):
        if n < len(vowels) and spelt["open_o"] and sounds[vowels[n]].startswith("AA"):
            sounds[vowels[n]] = f"AO{sounds[vowels[n]][-1]}"
    return " ".join(sounds)


@cache
def _told_apart() -> dict[str, list[tuple[str, str, frozenset[str]]]]:
    """Words to part of speech, ARPABET and the words near which they sound so."""
    table: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
    with (_folder() / "company.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            entry = (row["pos"], row["phonemes"], frozenset(row["near"].split()))
            table.setdefault(row["head"], []).append(entry)
    return table


@cache
def _homographs() -> dict[str, dict[str, str]]:
    """Words, or a word with its next, to ARPABET by Universal POS, Penn tag or ``*``."""
    table: dict[str, dict[str, str]] = {}
    with (_folder() / "homographs.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            table.setdefault(row["head"], {})[row["pos"]] = row["phonemes"]
    return table


def _folder() -> Path:
    return data_dir("lexicon") / "pronunciation"


TABLE = Compiled(
    "pronunciations",
    _pronunciations,
    lambda: [_folder() / "cmudict.txt.gz", _folder() / "repairs.txt"],
    ("lexicon/pronunciation",),
)
