"""Whether an item is worth a teacher's line: logistic regression over what it is, how hard and how common.

The weights are learnt from what teachers chose in short talks (`benchmarks/train_items.py`), so that a
score is the log-odds of being chosen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from studykit.annotate.vocabulary.candidate import Found
from studykit.lexicon.levels import level_value, zipf
from studykit.lexicon.said import said_expression, said_zipf
from studykit.lexicon.supplement import supplement_any
from studykit.resources import data_dir
from studykit.types import CEFR_LEVELS

__all__ = ["WEIGHTS", "traits", "worth"]

WEIGHTS = "items.tsv"

_LEARNT_FROM = CEFR_LEVELS.index("B1") + 1
_COMMONNESS = frozenset({"listed said", "word said", "word said more", "word zipf", "word of easier base"})
"""What the model sees of how common an item is."""
_COUNTED = {"word", "term"}
"""Kinds whose repetition the model sees."""
_MISHEARD_ZIPF = 2.7
"""Below this a word is more and more often a slip of the recogniser."""
_MIDDLE_ZIPF = 4.0
_EASY_BASE_ZIPF = 4.0
_UNLEVELLED = 1.5
"""How far above the learner's level what has no level is taken to lie."""
_MOST_PLACES = 8
_LONGEST = 5
_FRAMING = {"to", "of", "with", "for", "from", "in", "on", "into", "at", "as", "by", "about"}
_SLOTS = {"sth", "sb", "one's", "oneself", "…"}
_EASY = {
    *("a", "an", "the", "of", "to", "in", "on", "at", "for", "by", "with", "from", "and", "or", "be", "it"),
    *("that", "this", "is", "as", "so", "not", "one", "what", "we", "you", "i", "let", "sth", "sb"),
}
_WORD = re.compile(r"[a-z']+")
_PREFIXES = ("un", "re", "in", "multi", "non", "mis", "pre")
_SUFFIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ly", ("", "le")),
    ("ness", ("",)),
    ("ation", ("e", "")),
    ("tion", ("te", "t")),
    ("ment", ("",)),
    ("able", ("", "e")),
    ("al", ("", "e")),
    ("ary", ("",)),
    ("ity", ("", "e")),
    ("er", ("", "e")),
    ("ing", ("", "e")),
    ("ed", ("", "e")),
)
_LEAST_STEM = 3


def worth(item: Found, needed: int) -> float:
    """Log-odds that a teacher explains ``item`` to a learner for whom levels from ``needed`` on are new.

    The weights are learnt for learners from B1 on, who know what everybody says. For beginners commonness
    does not count against an item, and what is said again counts for it whatever it is: *so* and *you
    know* are what they need first.
    """
    weights = _weights()
    seen = traits(item, needed)
    if needed < _LEARNT_FROM:
        seen = chain(seen, [("word repeated", 0.0 if item.kind in _COUNTED else _repeated(item))])
        seen = (trait for trait in seen if trait[0] not in _COMMONNESS)
    return sum(weights.get(name, 0.0) * value for name, value in seen)


@cache
def _weights() -> Mapping[str, float]:
    lines = (data_dir("weights") / WEIGHTS).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {name: float(weight) for name, weight in rows}


def traits(item: Found, needed: int) -> Iterator[tuple[str, float]]:
    """What the model sees of an item: name and value."""
    yield "any", 1.0
    above = (item.level_value or needed + _UNLEVELLED) - needed
    repeated = _repeated(item)
    said = item.head.split(" (")[0]
    length = len(said.split())
    if item.kind == "word":
        yield from _word(item, above, needed)
        yield "word repeated", repeated
    elif item.source == "glossary":
        yield "glossary", 1.0
        yield "glossary name", float(any(char.isupper() for char in said))
        yield "glossary single", float(length == 1)
        yield "glossary length", min(length, 3) - 1.0
        yield "glossary repeated", repeated
        yield "glossary zipf", min(zipf(word) for word in said.lower().split()) - _MIDDLE_ZIPF
        yield "glossary said", min(said_zipf(word) for word in said.lower().split()) - _MIDDLE_ZIPF
    elif item.kind == "term":
        yield "phrase", 1.0
        yield "phrase in dictionary", float(item.in_dictionary)
        yield "phrase length", length - 2.0
        yield "phrase repeated", repeated
        yield "phrase zipf", min(zipf(word) for word in item.head.lower().split()) - _MIDDLE_ZIPF
        yield "phrase level", above
    else:
        yield item.kind, 1.0
        yield "listed level", above - 0.5
        yield "listed easy", float(item.level == "B1")
        yield "listed length", min(length, _LONGEST) - 2.0
        yield "listed said", said_expression(item.head)
        yield "listed frame", float(item.kind == "expression" and said.split()[-1] in _FRAMING)
        yield f"list {item.listed_in}", 1.0
        if item.kind == "grammar":
            yield item.head, 1.0
        else:
            yield from _wording(said.lower())


def _repeated(item: Found) -> float:
    return math.log2(min(_MOST_PLACES, len(item.places)))


def _wording(said: str) -> Iterator[tuple[str, float]]:
    """What an expression is made of: its hardest word, and whether something goes into it."""
    words = [word for word in _WORD.findall(said) if word not in _EASY]
    yield "listed hardest", max((level_value(word, None) or 0.0 for word in words), default=0.0) - 3
    yield "listed slot", float(not _SLOTS.isdisjoint(said.split()))


def _word(item: Found, above: float, needed: int) -> Iterator[tuple[str, float]]:
    common, heard = item.zipf, said_zipf(item.lemma)
    base = _base_zipf(item.lemma)
    yield "word", 1.0
    yield f"word {item.upos or 'NOUN'}", 1.0
    yield "word level", above
    yield "word advanced", float(above + needed >= 4.5)
    yield "word easy", float(above + needed < 3.5)
    yield "word zipf", common - _MIDDLE_ZIPF
    yield "word rare", max(0.0, _MISHEARD_ZIPF - common)
    yield "word said", heard - _MIDDLE_ZIPF
    yield "word said more", max(-1.0, min(2.0, heard - common))
    yield "word of easier base", max(0.0, base - common) if base > _EASY_BASE_ZIPF else 0.0
    yield "word hyphenated", float("-" in item.lemma)
    ours = supplement_any(item.lemma)
    yield "word ours", float(bool(ours))
    yield "word senses", len(ours) - 2.0


def _base_zipf(word: str) -> float:
    """Frequency of the commonest word that it may be derived from: random of randomly; 0 for none."""
    stems = [word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)]
    stems = [stem for stem in stems if len(stem) > _LEAST_STEM]
    for suffix, endings in _SUFFIXES:
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= _LEAST_STEM:
            stems += [f"{stem}{ending}" for ending in endings]
            if suffix == "ly" and stem.endswith("i"):
                stems.append(f"{stem[:-1]}y")
    return max(map(zipf, stems), default=0.0)
