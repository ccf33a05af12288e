"""A transcript as a person would write it down.

English: fillers, stutters and repeated starts trimmed. What goes is what fluent speech would not have:
"um", "the the", "I think I think", "mod- model" (the repairs of Levelt 1983, *Monitoring and self-repair
in speech*, that repeat what they repair). What may be meant stays: "very very hard", "that that", and
starts that go on differently. Chinese: simplified characters throughout, and a space where Chinese and
Latin words meet (W3C, *Requirements for Chinese Text Layout*). Only ``Sentence.text`` changes; ``raw``
keeps every word as read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from studykit.fingerprint import digest_texts
from studykit.languages import HAN, is_chinese
from studykit.types import Document

__all__ = ["edit", "edited", "spaced"]

_SCRIPTS_MEET = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HAN}])")
_LONGEST_REPEAT = 4
_FILLER = re.compile(r"(?:u+h+m*|u+m+|e+r+m+|h+m{2,})", re.IGNORECASE)
_ASIDES = frozenset({("you", "know"), ("like",)})
"""Said for time only when commas set them off on both sides."""
_OPENERS = frozenset("so okay ok yeah yes no well right now oh alright".split())
"""After these a comma may stay when the filler behind it goes."""

# Words that are never doubled on purpose. "That that", "had had" and "is is" can be grammar, "so so",
# "no no" and "very very" emphasis.
_STRUCTURE = frozenset(
    "a an the i you we they he she it i'm you're we're they're he's she's it's that's there's what's i've "
    "you've we've i'd you'd we'd i'll you'll we'll my your our their his its this these those to of in on at "
    "for from with by as into if and or but because which who what when where how why can could would should "
    "will may might must are was were am do does did don't doesn't didn't isn't aren't wasn't let's be there "
    "just".split()
)
_MAY_STAND_IN_REPEAT = _STRUCTURE | frozenset("is that have has had not so think".split())
_END = (".", "?", "!", ":", ";")


def edit(doc: Document, *, simplified: Callable[[str], str]) -> Document:
    """The document as it is read; ``simplified`` turns traditional characters into simplified ones."""

    def written(text: str) -> str:
        return spaced(simplified(text)) if is_chinese(doc.language) else edited(text)

    sentences = tuple(replace(sent, text=written(sent.text)) for sent in doc.sentences)
    return replace(doc, id=digest_texts(doc.language, (sent.text for sent in sentences)), sentences=sentences)


def spaced(text: str) -> str:
    """Chinese with a space where it meets Latin letters or digits.

    >>> spaced("用RAG的3个理由")
    '用 RAG 的 3 个理由'
    """
    return _SCRIPTS_MEET.sub(" ", text)


def edited(text: str) -> str:
    """A sentence without what was said only to win time; as it is when nothing else is in it."""
    tokens = text.split()
    # What stood between two repeats may be gone only after the first time through.
    while (shorter := _without_repeats(_without_fillers(tokens))) != tokens:
        tokens = shorter
    if not any(any(char.isalnum() for char in token) for token in tokens):
        return text
    line = " ".join(tokens)
    if text[:1].isupper() and line[:1].islower():
        line = line[:1].upper() + line[1:]
    return line


def _core(token: str) -> str:
    """The word in a token: lower case, without marks at its ends."""
    return token.lower().replace("’", "'").strip('.,;:?!…"“”()[]')


def _without_fillers(tokens: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        size = _filler_size(tokens, at)
        if not size:
            kept.append(tokens[at])
            at += 1
            continue
        marks = re.sub(r"[\w'’]", "", tokens[at + size - 1])
        at += size
        if kept and marks and marks[-1] in "?!.":
            kept[-1] = kept[-1].rstrip(",") + marks[-1]
        elif kept and kept[-1].endswith(",") and "," in marks and _core(kept[-1]) not in _OPENERS:
            kept[-1] = kept[-1][:-1]  # both commas were the filler's
    return kept


def _filler_size(tokens: list[str], at: int) -> int:
    """How many tokens from ``at`` are a filler: 0, 1 or 2."""
    if _FILLER.fullmatch(tokens[at].rstrip(".,…?!")):
        return 0 if at + 1 < len(tokens) and _core(tokens[at + 1]) == "huh" else 1
    for size in (2, 1):
        words = tokens[at : at + size]
        if (
            tuple(_core(word) for word in words) in _ASIDES
            and at
            and tokens[at - 1].endswith(",")
            and words[-1].endswith(",")
            and not any(word.endswith(",") for word in words[:-1])
        ):
            return size
    return 0


def _without_repeats(tokens: list[str]) -> list[str]:
    at = 0
    while at < len(tokens):
        size = next((n for n in range(_LONGEST_REPEAT, 0, -1) if _is_repeat(tokens, at, n)), 0)
        if size:
            first = tokens[at]
            del tokens[at : at + size]
            if first[:1].isupper() and tokens[at][:1].islower():
                tokens[at] = tokens[at][:1].upper() + tokens[at][1:]
            at = max(0, at - _LONGEST_REPEAT)  # what is left may repeat what came before
        elif _is_broken_off(tokens, at):
            del tokens[at]
        else:
            at += 1
    return tokens


def _is_repeat(tokens: list[str], at: int, size: int) -> bool:
    """Whether ``size`` tokens from ``at`` are said again at once, and not for effect."""
    first, second = tokens[at : at + size], tokens[at + size : at + 2 * size]
    words = [_core(token) for token in first]
    if len(second) < size or words != [_core(token) for token in second] or not all(words):
        return False
    if any(token.endswith(_END) for token in first):
        return False
    if size == 1:
        return words[0] in _STRUCTURE
    if any(a == b for a, b in pairwise(words)) or {"and", "or"} & {words[0], words[-1]}:
        return False  # "again and again and again"
    if any(word.isdigit() for word in words):
        return False
    return sum(word in _MAY_STAND_IN_REPEAT for word in words) * 2 >= size


def _is_broken_off(tokens: list[str], at: int) -> bool:
    """Whether a token is the beginning of the next one: "mod- model"."""
    token = tokens[at]
    if at + 1 == len(tokens) or len(token) < 2 or token[-1] not in "-–—" or not token[:-1].isalpha():
        return False
    return _core(tokens[at + 1]).startswith(token[:-1].lower())
