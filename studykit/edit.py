"""A transcript as a person would write it down.

English: fillers, stutters and repeated starts trimmed. What goes is what fluent speech would not have:
"um", "the the", "I think I think", "mod- model" (the repairs of Levelt 1983, *Monitoring and self-repair
in speech*, that repeat what they repair), and the pieces of words that a recogniser makes of a stutter:
"prod produced", "significant ific anly". What may be meant stays: "very very hard", "that that", and
starts that go on differently. A text with marks in which next to nothing would go was edited by somebody
and is left alone. Chinese: simplified characters throughout, and a space where Chinese and
Latin words meet (W3C, *Requirements for Chinese Text Layout*). Only ``Sentence.text`` changes; ``raw``
keeps every word as read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec.structs import replace

from studykit.faces import late
from studykit.fingerprint import digest_texts
from studykit.languages import HAN, is_chinese
from studykit.tables.frequencies import zipf_frequency
from studykit.types import Document

__all__ = ["edit", "edited", "spaced"]

_SCRIPTS_MEET = late(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HAN}])")
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
_MAY_END_CLAUSE = frozenset("it you her this these those there".split())
"""Before a comma, and after no other: "when you run it, it stops"."""
_MAY_STAND_IN_REPEAT = _STRUCTURE | frozenset("is that have has had not so think".split())
_END = (".", "?", "!", ":", ";")
_ENDED = late(r"[.?!…][\"'”’)]*$")

_WORDS_A_SLIP = 400
"""People who speak freely slip more often than once in so many words; a text that does not was edited."""
_MARKED_SHARE = 0.8
_SHORTEST_PIECE, _FEWEST_MISSING = 3, 2
_MOST_COMMON_START, _MOST_COMMON_PIECE = 3.5, 2.0
"""Zipf frequencies from which a piece of a word is a word itself: before the word that it starts, and
after one that it is part of."""


def edit(doc: Document, *, simplified: Callable[[str], str]) -> Document:
    """The document as it is read; ``simplified`` turns traditional characters into simplified ones."""

    if is_chinese(doc.language):
        texts = [spaced(simplified(sent.text)) for sent in doc.sentences]
    else:
        texts = [edited(sent.text) for sent in doc.sentences]
        if _was_edited(doc, texts):
            return doc
    sentences = tuple(replace(sent, text=text) for sent, text in zip(doc.sentences, texts, strict=True))
    return replace(doc, id=digest_texts(doc.language, texts), sentences=sentences)


def _was_edited(doc: Document, texts: Sequence[str]) -> bool:
    """Whether the English came in with marks, and ``texts``, its trimmed sentences, hardly differ from it."""
    words = sum(len(sent.text.split()) for sent in doc.sentences)
    marked = sum(_ENDED.search(sent.raw) is not None for sent in doc.sentences)
    slips = sum(sent.text != text for sent, text in zip(doc.sentences, texts, strict=True))
    return marked >= _MARKED_SHARE * len(texts) and slips * _WORDS_A_SLIP < words


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


@lru_cache(maxsize=65_536)
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
        elif pieces := _pieces_after(tokens, at):
            del tokens[at + 1 : at + 1 + pieces]
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
        ends_clause = words[0] in _MAY_END_CLAUSE and first[0].endswith(",") and at > 0
        return words[0] in _STRUCTURE and not (ends_clause and not tokens[at - 1].endswith(","))
    if any(a == b for a, b in pairwise(words)) or {"and", "or"} & {words[0], words[-1]}:
        return False  # "again and again and again"
    if any(word.isdigit() for word in words):
        return False
    return sum(word in _MAY_STAND_IN_REPEAT for word in words) * 2 >= size


def _is_broken_off(tokens: list[str], at: int) -> bool:
    """Whether a token is the beginning of the next one: "mod- model", "prod produced"."""
    token = tokens[at]
    if at + 1 == len(tokens) or len(token) < 2:
        return False
    whole = _core(tokens[at + 1])
    if token[-1] in "-–—":
        return token[:-1].isalpha() and whole.startswith(token[:-1].lower())
    missing = len(whole) - len(token)
    if missing < _FEWEST_MISSING or not whole.startswith(token):
        return False
    return _is_piece(token, _MOST_COMMON_START if missing >= _SHORTEST_PIECE else _MOST_COMMON_PIECE)


def _pieces_after(tokens: list[str], at: int) -> int:
    """How many tokens after a word are pieces of it said again: two in "significant ific anly"."""
    if at + 1 == len(tokens) or not _is_piece(tokens[at + 1], _MOST_COMMON_PIECE):
        return 0
    if tokens[at + 1] not in _core(tokens[at])[1:] or tokens[at].endswith(_END):
        return 0
    return 1 + (at + 2 < len(tokens) and _is_piece(tokens[at + 2], _MOST_COMMON_PIECE))


def _is_piece(token: str, most_common: float) -> bool:
    """Whether a token in small letters is too rare for a word."""
    if len(token) < _SHORTEST_PIECE or not (token.isascii() and token.isalpha() and token.islower()):
        return False
    return zipf_frequency(token) < most_common
