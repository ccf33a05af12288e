"""Parses a model's answer without trusting it.

Only a single JSON object of texts is accepted, alone or in a code fence. A key that was not requested,
that occurs twice or whose value is not text is ignored; an incomplete object is ignored as a whole.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection

from studykit.languages import HAN, join_pieces
from studykit.types import Language

__all__ = ["cleaned", "parse_reply", "plausible"]

_FENCE = re.compile(r"\A```(?:json)?[^\S\n]*\n(.*)\n```\Z", re.DOTALL)
_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)  # as reasoning models write it into the answer
_HAN_CHAR = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_ORDINARY_WORD = re.compile(r"\b[a-z]{2,}")  # a name may stay as it is
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"  # parts of words and emoji in some scripts


def parse_reply(text: str, wanted: Collection[int]) -> dict[int, str]:
    """The translations in ``text`` by sentence, counted from 0; keys in ``text`` count from 1."""
    text = _THINKING.sub("", text).strip()
    fenced = _FENCE.match(text)
    try:
        pairs = json.loads(fenced.group(1) if fenced else text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return {}
    # An object is parsed as a list of pairs; a list of anything else is not an object.
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        return {}
    times = Counter(key for key, _ in pairs)
    keys = {str(i + 1): i for i in wanted}
    found = {
        keys[key]: cleaned(value)
        for key, value in pairs
        if key in keys and times[key] == 1 and isinstance(value, str)
    }
    return {i: value for i, value in found.items() if value}


def cleaned(text: str) -> str:
    """``text`` on one line, without invisible characters such as controls and lone surrogates."""
    visible = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _HIDDEN
    )
    return join_pieces([visible], "en")


def plausible(source: str, target: str, language: Language) -> bool:
    """Whether ``target`` could be a translation of ``source`` into ``language``.

    It must be in that language, unless there is little to translate, and not many times too long:
    Chinese needs about a third of the characters that English needs.
    """
    han, words = len(_HAN_CHAR.findall(target)), len(_WORD.findall(target))
    if language == "zh":
        untranslated = not han and len(_ORDINARY_WORD.findall(source)) > 2
        return not untranslated and len(target) <= 2 * len(source) + 40
    untranslated = han > 2 * words + 4 or (not words and len(_HAN_CHAR.findall(source)) > 4)
    return not untranslated and len(target) <= 10 * len(source) + 80
