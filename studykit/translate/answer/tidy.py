"""A translation without what models put round it."""

from __future__ import annotations

import re
import unicodedata

from studykit.faces import late
from studykit.languages import HAN, join_pieces

__all__ = ["bare", "cleaned"]

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"  # parts of words and emoji in some scripts

_LABEL = re.compile(
    r"\**(?:译文|翻译|中文|简体中文|英文|Translation|Chinese|English)\**\s*[:：]\s*\**", re.IGNORECASE
)
_NUMBER = re.compile(r"[\[(（【]?(\d{1,4})(?:[\])）】][.、:：]?|[.、:：])(?!\d)\s*")
_STARTS_NUMBERED = re.compile(r"\W*\d")
_BROKEN_LINE = late(rf"(?<=[{HAN}，。、；：！？])[^\S\n]*\n\s*(?=[{HAN}，。、；：！？])")
_NOTE_WORD = r"(?:译者注|译注|注释|注|备注|说明|Translator(?:'|’)s note|Note)\s*[:：]"
_NOTE = re.compile(
    rf"[（(【\[]\s*{_NOTE_WORD}[^（）()【\[]*[）)】\]]\s*\Z|(?<=[。！？.!?”\"）)])\s*+{_NOTE_WORD}.*\Z",
    re.DOTALL | re.IGNORECASE,
)
_BETWEEN = " \t\n-–—→=>:：|/"
_HAS_NOTE = re.compile(r"\bnote|注", re.IGNORECASE)
_QUOTES = (("“", "”"), ('"', '"'), ("「", "」"), ("'", "'"), ("‘", "’"))


def cleaned(text: str) -> str:
    """``text`` on one line, without invisible characters such as controls and lone surrogates."""
    text = _BROKEN_LINE.sub("", text)  # Chinese has no space there
    visible = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _HIDDEN
    )
    return join_pieces([visible], "en")


def bare(text: str, source: str, number: int) -> str:
    """The translation of ``source`` in ``text``, without what models put round it.

    That is bold marks, the sentence's number, a label, the sentence itself, a note, quotes. What the source
    has itself stays. ``number`` is the sentence's key, counted from 1: only this number, or the same counted
    from 0, is taken for one.
    """
    text = text.strip()
    if "**" not in source:
        text = text.replace("**", "")
    for _ in range(2):  # "1. 译文：" and "译文：1."
        numbered = _NUMBER.match(text)
        if numbered and int(numbered.group(1)) in {number, number - 1} and not _STARTS_NUMBERED.match(source):
            text = text[numbered.end() :]
        labelled = _LABEL.match(text)
        if labelled and not _LABEL.match(source):
            text = text[labelled.end() :]
    rest = text[len(source) :] if text.startswith(source) and source[-1:] in {".", "!", "?"} else ""
    if rest[:1] in set(_BETWEEN) and rest.strip(_BETWEEN):
        text = rest.lstrip(_BETWEEN)
    if not _HAS_NOTE.search(source):
        text = _NOTE.sub("", text)
    for opened, closed in _QUOTES:
        quoted = len(text) > 2 and text[0] == opened and text[-1] == closed
        if quoted and not {opened, closed} & set(text[1:-1]) and source[:1] not in "\"'“‘「":
            text = text[1:-1]
    return cleaned(text)
