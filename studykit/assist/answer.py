"""Answers of a model, read strictly: entries in the form asked for, each on its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from studykit.chat.reply import json_in, json_values
from studykit.languages import HAN, without_controls

__all__ = [
    "BothTexts",
    "Evidence",
    "ItemAnswer",
    "MisreadAnswer",
    "PartAnswer",
    "QuestionAnswer",
    "Statement",
    "SummarySentence",
    "WrongAnswer",
    "entries",
    "entry",
    "is_language",
    "read_answer",
]

T = TypeVar("T")
_LONGEST = 600
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=_LONGEST)]
Number = Annotated[int, msgspec.Meta(ge=1)]
_NUMBERED = {"sentence", "paragraph", "part", "id", "paragraphs"}
_DIGITS = re.compile(r"\A[^\d]{0,12}(\d{1,6})[^\d]{0,2}\Z")
_MARKS = re.compile(r"\*\*|__|`|^\s*(?:[-*•]|\d{1,2}[.)、])\s+")


class BothTexts(msgspec.Struct, frozen=True):
    """A text in both languages."""

    en: Text
    zh: Text


class SummarySentence(BothTexts, frozen=True):
    """A sentence about paragraphs, numbered from 1."""

    paragraphs: tuple[Number, ...]


class Evidence(msgspec.Struct, frozen=True):
    """A quote and the number of its sentence, from 1."""

    sentence: Number
    quote: Text


class Statement(BothTexts, frozen=True):
    """A statement with its evidence, and perhaps points below it."""

    evidence: tuple[Evidence, ...]
    points: tuple[Any, ...] = ()


class PartAnswer(msgspec.Struct, frozen=True):
    """What is written about a part; its sentences are read one by one."""

    part: Number
    heading: Any = None
    summary: tuple[Any, ...] = ()


class ItemAnswer(msgspec.Struct, frozen=True):
    """The sense of a study item: one of the list, or one that the list lacks."""

    head: Text
    sentence: Number
    gloss: Text
    note: str = ""
    translation: str = ""
    """The words of the Chinese sentence that say it; empty if none does."""
    kind: str = ""


class WrongAnswer(msgspec.Struct, frozen=True):
    """An item of the list that is wrong where it stands."""

    head: Text
    sentence: Number
    why: Text


class MisreadAnswer(msgspec.Struct, frozen=True):
    """An expression whose literal sense misleads."""

    head: Text
    sentence: Number
    literal: Text
    meant: Text


class QuestionAnswer(msgspec.Struct, frozen=True):
    """A question; its answer is a statement."""

    question: BothTexts
    answer: Statement


def read_answer(text: str, *, cut: bool = False) -> Mapping[str, Any] | None:
    """The object in a model's answer; with ``cut`` also one that breaks off, with its whole members.

    A list of objects that has no name counts as what was asked for, under ``""``.
    """
    found = json_in(text)
    if found is None and cut:
        found = next(reversed(json_values(text, members=True)), None)
    if isinstance(found, list):
        return {"": found}
    return found if isinstance(found, Mapping) else None


def entries(answer: Any, key: str, kind: type[T]) -> tuple[list[T], int]:
    """The entries of a list in an answer, and how many of them are not in the form asked for.

    A lone entry counts as a list of one; what is no list counts as one bad entry.
    """
    found = answer.get(key, answer.get("")) if isinstance(answer, Mapping) else None
    if found is None:
        return [], 0
    listed = found if isinstance(found, (list, tuple)) else [found]
    read = [entry(one, kind) for one in listed]
    return [one for one in read if one is not None], sum(one is None for one in read)


def entry(value: Any, kind: type[T]) -> T | None:
    """One entry in its form, without marks of markup; None if it is not in that form."""
    try:
        return msgspec.convert(_tidied(value), type=kind)
    except (msgspec.ValidationError, RecursionError):
        return None


def _tidied(value: Any, key: str = "") -> Any:
    """The value with plain texts, and with numbers where numbers are due: "s12", "12"."""
    if isinstance(value, Mapping):
        return {str(name): _tidied(item, str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_tidied(item, key) for item in value]
    if not isinstance(value, str) or key == "quote":
        return value
    found = _DIGITS.match(value) if key in _NUMBERED else None
    return int(found[1]) if found else without_controls(_MARKS.sub("", value))


def is_language(text: str, language: str) -> bool:
    """Whether a text is mostly Chinese, or English with hardly any Chinese."""
    han = len(re.findall(f"[{HAN}]", text))
    words = len(re.findall(r"[A-Za-z]{2,}", text))
    return han >= max(1, words) if language == "zh" else words > 0 and han <= words // 4
