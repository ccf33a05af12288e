"""Terms that the glossary may lack: noun phrases, weighed by C-value.

Frantzi, Ananiadou & Mima (2000), "Automatic Recognition of Multi-Word Terms", section 2: a phrase
counts by its length and frequency, less what it owes to the longer phrases it stands in. One is added
to the length before the logarithm, so that phrases heard once can still be told apart by rarity.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from studykit.lexicon.dictionary import load_cedict
from studykit.lexicon.levels import base_form, could_be, zipf
from studykit.lexicon.said import said_zipf
from studykit.lexicon.supplement import supplement_parts
from studykit.types import Span, Token

__all__ = ["c_values", "compounds", "is_free", "noun_phrases"]

_LONGEST = 4
_COMMON_ZIPF = 5.3
"""Adjectives from here on ("good", "new", "different") make no term."""
_RARE_ENOUGH_ZIPF = 4.7
"""Only a word rarer than this makes a term of a vague noun: "fiscal year"."""
_VAGUE = set(
    "thing things way ways lot lots bit kind sort stuff case something anything everything nothing people "
    "person guy guys time times day days year years reason one ones point part number example fact".split()
)
_FREE = set(
    "huge vast enormous massive tiny serious crucial important previous former current unresolved "
    "interesting obvious entire whole detailed brief original simple clear complete correct certain various "
    "numerous particular additional necessary possible".split()
)
"""Words of size, weight and order go with any noun and make no term: "serious problem"."""
_FREE_FIRST = set(
    "re co de mis un super non multi pre post anti over under semi sub micro mini pseudo ultra hyper quasi "
    "all most less more one two three four five six seven eight nine ten first second third half".split()
)
_FREE_LAST = set(
    "based related specific oriented focused driven centric like wise esque ish first ready level aware "
    "enabled powered style sized led facing heavy capable compatible quality".split()
)
"""What stands before or after any word: no teacher lists "fact-based" and "super-easy"."""
_SHORT_CHINESE = 2
_ADVERB_ZIPF, _COMPARED_ZIPF = 2.6, 3.6
"""How often its adverb or its comparative is said, for an adjective to be one of degree."""
_CLOSED_ZIPF = 2.0
"""What is also written in one word at least this often is a word: "post-doctoral"."""
_NAMES = {"PERSON", "GPE", "LOC", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"}


def noun_phrases(tokens: Sequence[Token]) -> Iterator[tuple[str, Span, bool]]:
    """Phrases of two to four words ending in a noun, as lower-case head and code points.

    The head has its last word in the singular. Longer runs come with the shorter ones in them, of which
    the last value says whether they end the run: "intellectual property" does not in "intellectual
    property laws".
    """
    run: list[Token] = []
    for token in (*tokens, None):
        if token is not None and _may_modify(token):
            run.append(token)
            continue
        yield from ((head, span, True) for head, span in _phrases(run))
        for end in range(len(run) - 1, 1, -1):
            if run[end - 1].upos in {"NOUN", "PROPN"} and run[end].text != "-":
                yield from ((head, span, False) for head, span in _phrases(run[:end]))
        run = []


def _phrases(run: Sequence[Token]) -> Iterator[tuple[str, Span]]:
    # "long-term memory": hyphens belong to their word.
    while run and run[-1].upos not in {"NOUN", "PROPN"}:
        run = run[:-1]
    starts = [i for i, token in enumerate(run) if token.text != "-" and (not i or run[i - 1].text != "-")]
    words = [token for token in run if token.text != "-"]
    for start in starts:
        phrase = run[start:]
        content = [token for token in phrase if token.text != "-"]
        if not 2 <= len(content) <= _LONGEST or not could_be(content[-1].lemma.lower(), content[-1].upos):
            continue
        first = content[0]
        vague = content[-1].text.lower() in _VAGUE
        if first.upos in {"ADJ", "NOUN"} and not could_be(first.lemma.lower(), first.upos):
            continue
        if first.lemma.lower() in _FREE:
            continue
        if zipf(first.lemma.lower()) >= (_RARE_ENOUGH_ZIPF if vague else _COMMON_ZIPF) and (
            vague or first.upos == "ADJ"
        ):
            continue
        if all(token.entity in _NAMES for token in content) or len(words) > _LONGEST + 1:
            continue
        yield _head(phrase), Span(start=phrase[0].start, end=phrase[-1].end)


def _may_modify(token: Token) -> bool:
    if token.text == "-":
        return True
    if not any(char.isalpha() for char in token.text):
        return False
    participle = token.tag in {"VBG", "VBN"} and token.dep in {"amod", "compound"}
    return token.upos in {"NOUN", "PROPN", "ADJ"} or participle


def _head(phrase: Sequence[Token]) -> str:
    text = ""
    for i, token in enumerate(phrase):
        word = token.text if token.upos == "PROPN" else token.text.lower()
        if i == len(phrase) - 1 and token.tag == "NNS":
            word = base_form(token.text.lower(), token.lemma.lower())
        glued = token.text == "-" or (i and phrase[i - 1].text == "-")
        text += word if glued or not text else f" {word}"
    return text


def is_free(head: str, chinese: Sequence[str]) -> bool:
    """Whether an adjective of degree and a noun only happen to stand together: "loud noise".

    CC-CEDICT has such a phrase where a Chinese word of one or two characters says both (咋); what is a term
    in English too has more of them (惊悚片), or our own dictionary has it (blind spot).
    """
    first, *rest = head.split()
    if len(rest) != 1 or not head.islower() or not head.replace(" ", "").isalpha() or supplement_parts(head):
        return False
    return _has_degrees(first) and max(map(len, chinese)) <= _SHORT_CHINESE


def _has_degrees(word: str) -> bool:
    """Whether a listed adjective has an adverb or a comparative that people use: loudly, louder."""
    if "ADJ" not in supplement_parts(word) or word.endswith(("al", "ic", "ary")):
        return False
    stem = word[:-1] + "i" if word.endswith("y") else word
    adverbs = (f"{stem}ly", word[:-1] + "y")
    compared = (f"{stem}er", f"{word}r", f"{word}{word[-1]}er")
    return max(map(zipf, adverbs)) >= _ADVERB_ZIPF or max(map(zipf, compared)) >= _COMPARED_ZIPF


def compounds(tokens: Sequence[Token]) -> Iterator[tuple[str, Span]]:
    """Hyphenated words that describe: "built-in", "space-efficient"; lower case, with their code points."""
    for i, hyphen in enumerate(tokens[1:-1], start=1):
        first, last = tokens[i - 1], tokens[i + 1]
        tight = first.end == hyphen.start and hyphen.end == last.start
        lone = (i < 2 or tokens[i - 2].text != "-") and (i + 2 >= len(tokens) or tokens[i + 2].text != "-")
        if hyphen.text != "-" or not tight or not lone:
            continue
        parts = (first.text, last.text)
        if not all(part.isalpha() and part.islower() and len(part) > 1 for part in parts):
            continue
        if _is_transparent(*parts):
            continue
        describes = last.tag in {"JJ", "VBN", "VBG", "RB", "RP", "IN"} or last.upos == "ADJ"
        if describes and last.upos not in {"NOUN", "PROPN"}:
            yield f"{first.text}-{last.text}", Span(start=first.start, end=last.end)


def _is_transparent(first: str, last: str) -> bool:
    """Whether a hyphenated word is in no list and says no more than its parts: "broadly-applicable"."""
    word = f"{first}-{last}"
    known = said_zipf(word) > said_zipf("") or supplement_parts(word) or load_cedict().chinese(word)
    if known or zipf(first + last) >= _CLOSED_ZIPF:
        return False
    return first.endswith("ly") or first in _FREE_FIRST or last in _FREE_LAST


def c_values(counts: Mapping[str, int]) -> dict[str, float]:
    """C-value of each phrase from how often it stands in the text, nested occurrences included."""
    longer: dict[str, list[int]] = {}
    for phrase, count in counts.items():
        words = phrase.split()
        for start in range(1, len(words) - 1):
            shorter = " ".join(words[start:])
            if shorter in counts:
                longer.setdefault(shorter, []).append(count)
    values = {}
    for phrase, count in counts.items():
        nested = longer.get(phrase, [])
        own = count - sum(nested) / len(nested) if nested else count
        values[phrase] = math.log2(len(phrase.split()) + 1) * own
    return values
