"""A line that holds a Chinese sentence and its English, cut between the two.

Latin words beside the last (or first) Chinese character may belong to either: ``包括 GPT Including GPT``.
They are Chinese if a mark or a wide space after them says so, or if the English has the same words.
"""

from __future__ import annotations

import re

from studykit.faces import late
from studykit.formats.bilingual.script import english_share, has_han
from studykit.languages import HAN

__all__ = ["cut_line"]

_CHINESE = late(rf"(?<![（“《【「\[(])(?:(?:(?<!\S)-\s*)?[（“《【「\[(]*[{HAN}])(?:.*[{HAN}][^\w\s]*)?")
"""From the first Chinese character to the last, with the marks that touch them."""
_PIECE = re.compile(r"\S+")
_DIVIDER = late(r"(?<!\s)\s*(?:\t|\u3000| {2,}|\s[|/／｜]+\s|[|｜]|\\N)\s*")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['’](?!s\b)[A-Za-z]+)?")
_CHINESE_END = late(r"[，。！？；：、）》】”](?=\s)")
_ENGLISH_END = late(r"[.!?][\"'”’)]*$")
_PAUSE = re.compile("[,;:]$")
_TERM_WORDS = 3
"""The most words of a term that begins a Chinese sentence, where nothing but a full stop sets it off."""


def cut_line(line: str, *, chinese_first: bool) -> tuple[str, str] | None:
    """The Chinese and the English of ``line``, None if it does not hold both in this order."""
    marks = list(_DIVIDER.finditer(line.strip()))
    divided = [(line.strip()[: mark.start()], line.strip()[mark.end() :]) for mark in marks]
    for halves in divided if len(divided) == 1 or has_han(line) else []:
        chinese, english = halves if chinese_first else halves[::-1]
        if not has_han(english) and (has_han(chinese) or len(divided) == 1):
            return chinese, english
    chinese_part = _CHINESE.search(line)
    if not chinese_part:
        return None
    at = (
        _after_chinese(line, chinese_part.end())
        if chinese_first
        else _before_chinese(line, chinese_part.start())
    )
    halves = line[:at].strip(), line[at:].strip()
    chinese, english = halves if chinese_first else halves[::-1]
    return None if has_han(english) or not _tokens(english) else (chinese, english)


def _tokens(text: str) -> list[str]:
    """Words and numbers in lower case, without a genitive."""
    return [token.lower() for token in _TOKEN.findall(text)]


def _is_repeated(term: str, other: str) -> bool:
    """Whether a term, which has no small words, also stands in ``other``."""
    tokens, others = _tokens(term), _tokens(other)
    there = {*others, *(token.removesuffix("s") for token in others)}
    return bool(tokens) and not english_share(tokens) and all(token in there for token in tokens)


def _after_chinese(line: str, last: int) -> int:
    """Where the English begins, after the last Chinese character."""
    marks = [mark.end() for mark in _CHINESE_END.finditer(line, last)]
    if marks and _tokens(line[marks[-1] :]):
        return marks[-1]
    at = last
    if line[last - 1] in "。！？":
        return at
    for piece in list(_PIECE.finditer(line, last))[:-1]:
        if not _is_repeated(line[last : piece.end()], line[piece.end() :]):
            break
        if _tokens(piece[0]):
            at = piece.end()
    return at


def _before_chinese(line: str, first: int) -> int:
    """Where the Chinese begins, which may be with Latin words."""
    pieces = list(_PIECE.finditer(line, 0, first))
    ends = [piece.end() for piece in pieces if _ENGLISH_END.search(piece[0])]
    if ends and len(_tokens(line[ends[-1] : first])) <= _TERM_WORDS:
        return ends[-1]
    if pieces and _PAUSE.search(pieces[-1][0]):
        return first
    at = first
    for piece in reversed(pieces[1:]):
        # An English word may well stand twice in its sentence; a name rather begins the next one.
        if piece[0].islower() or not _is_repeated(line[piece.start() : first], line[: piece.start()]):
            break
        at = piece.start()
    return at
