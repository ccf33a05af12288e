"""Finds the JSON in a model's answer.

Models put it between a remark and a note, in code fences, after a line of thought that ends in ``</think>``;
they leave commas where none belong, break lines inside strings and leave quotes unescaped. What is correct
JSON is read as such; what is not is read by ``loose``, which forgives slips of form but completes nothing:
a value that breaks off is no value (decision 29 says why no repairing library is used).
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import pairwise
from typing import Any, NamedTuple

from studykit.chat.loose import UnfinishedError, loose_value, pairs_once

__all__ = ["REFUSED", "first_words", "is_refusal", "json_in", "json_values", "without_thinking"]

REFUSED = "[refused]"
"""Begins what a service says in place of an answer that it or the model refuses."""

_START = re.compile(r"[{\[]")
_MOST_CHARS = 1_000_000
_MOST_FAILURES = 50
"""Brackets that begin nothing readable; a text with more of them is no answer, and reading stays fast."""
_MOST_CLOSINGS = 20
"""As many ends of a line of thought are tried."""
_SMALL_PART = 4
"""A value this many times shorter than the longest is an aside: an example, a note's "[1]"."""

_THINKING = ("think", "thinking", "thought", "reasoning", "reflection")
_OPENED = re.compile(rf"\A\s*<({'|'.join(_THINKING)})>", re.IGNORECASE)
_CLOSED = re.compile(rf"</(?:{'|'.join(_THINKING)})>|<\|channel\|>final<\|message\|>", re.IGNORECASE)
_BARE = re.compile(r"\s*[\"“]\w{1,20}[\"”]\s*[:：]")
"""The first member of an object without its braces."""

_REFUSAL = re.compile(
    r"\b(?:I(?:'|’)?m sorry,? but|I apologi[sz]e,? but"
    r"|I (?:can(?:no|')t|can’t|am (?:not able|unable) to|won't)"
    r" (?:help|assist|translate|comply|provide|fulfil|do that|process)|as an AI (?:language )?model"
    r"|against (?:my|our|the) (?:content |usage )?(?:policy|policies|guidelines))"
    r"|(?:抱歉|对不起|很遗憾)[，,！!。 ]{0,2}(?:但|我|作为|这)|作为(?:一个|一名)?(?:AI|人工智能|大?语言模型)"
    r"|(?:我|本模型)(?:无法|不能|不可以)(?:提供|协助|帮助|翻译|回答|完成|满足|处理)",
    re.IGNORECASE,
)
_REFUSAL_CHARS = 400
"""Models refuse at once; a longer text that holds such words is about something else."""


class _Found(NamedTuple):
    value: Any
    start: int
    end: int


def json_in(text: str) -> Any | None:
    """The JSON value in a model's answer; None if there is none, or if it breaks off.

    Of several values, the last that is not much shorter than the longest; objects of one kind that follow
    each other with nothing between are one list. A key that occurs twice with different values is left out.
    """
    values = json_values(text)
    return values[-1] if values else None


def json_values(text: str, *, members: bool = False) -> list[Any]:
    """All JSON values in a model's answer as ``json_in`` reads them, the likeliest last.

    With ``members``, a value that breaks off counts too, with those of its members that are whole.
    """
    if len(text) > _MOST_CHARS:
        return []
    whole = _strict(text.strip())
    if isinstance(whole, str) and _START.match(whole.lstrip()):
        return json_values(whole, members=members)  # JSON as a JSON string
    if whole is not None:
        return [whole]
    found = _after_thinking(text, members)
    if not found:
        return []
    if _one_a_line(text, found):
        return [[one.value for one in found]]
    longest = max(one.end - one.start for one in found)
    return [
        one.value for one in sorted(found, key=lambda one: _SMALL_PART * (one.end - one.start) >= longest)
    ]


def without_thinking(text: str) -> str:
    """``text`` after the model's line of thought; empty if it is nothing else."""
    closed = [match.end() for match in _CLOSED.finditer(text)]
    if closed:
        return text[closed[-1] :].strip()
    return "" if _OPENED.match(text) else text.strip()


def is_refusal(text: str) -> bool:
    """Whether ``text`` says that the model will not do what was asked, in English or Chinese."""
    said = without_thinking(text)
    if said.startswith(REFUSED):
        return True
    return len(said) <= _REFUSAL_CHARS and bool(_REFUSAL.search(said)) and not _START.search(said)


def first_words(text: str, most: int = 200) -> str:
    """The beginning of ``text`` on one line, to show in a message."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[:most]}…"


def _strict(text: str) -> Any | None:
    try:
        return json.loads(text, strict=False, object_pairs_hook=pairs_once)
    except (ValueError, RecursionError):
        return None


def _values(text: str, members: bool) -> list[_Found]:
    """The objects and lists in ``text``, from left to right, none inside another."""
    decoder = json.JSONDecoder(strict=False, object_pairs_hook=pairs_once)
    found: list[_Found] = []
    at, failures = 0, 0
    while (start := _START.search(text, at)) and failures < _MOST_FAILURES:
        try:
            value, at = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            try:
                value, at = loose_value(text, start.start(), members=members)
            except UnfinishedError:
                break  # what stands inside it is no answer of its own
            except ValueError:
                at, failures = start.end(), failures + 1
                continue
        if value:
            found.append(_Found(value, start.start(), at))
    if not found and _BARE.match(text):
        with suppress(ValueError):
            found = [_Found(loose_value(f"{{{text}}}", 0)[0], 0, len(text))]
    return found


def _one_a_line(text: str, found: list[_Found]) -> bool:
    """Whether the values are the items of one list: objects of one kind with nothing between them."""
    if len(found) < 2 or not all(isinstance(one.value, dict) for one in found):
        return False
    between = "".join(text[one.end : other.start] for one, other in pairwise(found))
    alike = len({frozenset(one.value) for one in found}) == 1 or all(len(one.value) == 1 for one in found)
    return alike and not between.strip(" \t\r\n,;")


def _after_thinking(text: str, members: bool) -> list[_Found]:
    """The values behind the line of thought; a tag inside a value is part of what it says."""
    closed = [(match.start(), match.end()) for match in _CLOSED.finditer(text)]
    for _, end in closed[: -_MOST_CLOSINGS - 1 : -1]:
        if found := _values(text[end:], members):
            return [_Found(one.value, one.start + end, one.end + end) for one in found]
    if _OPENED.match(text):
        return []
    return [one for one in _values(text, members) if not closed or one.start < closed[-1][0] < one.end]
