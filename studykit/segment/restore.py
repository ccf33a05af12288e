"""Capitals and stops for sentences whose captions have none.

A sentence gets a capital, "I" is written as one, and its end a full stop or, by the form of its words,
a question mark: inversion, wh-words and tags (Quirk et al. 1985, *A Comprehensive Grammar of the English
Language*, ch. 11). Names keep the case they have.
"""

from __future__ import annotations

import re

__all__ = ["restore"]

_I = re.compile(r"(?<![\w'’.-])i(?=['’](?:m|ve|ll|d)\b|\s|$)")
_ENDED = re.compile(r"[.?!…][\"'”’)]*$")
_FIRST = re.compile(r"[a-z](?=[a-z'’]*(?:[^\w'’]|$))")  # not the first letter of iPhone

_LEAD_IN = (
    r"(?:(?:um+|uh+|ah|oh|so|and|but|okay|ok|well|now|yeah|right|like|then|sorry|or|because|cause)[,\s]+)*"
)
_SUBJECT = (
    r"(?:i|you|we|they|he|she|it|this|that|these|those|there|the|an?|any\w*|every\w*|some\w*|my|your|our|"
    r"their|his|her|its|people)\b"
)
_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|have|has|had|can|could|will|would|should|might|am|"
    r"(?:is|are|was|were|do|does|did|have|has|ca|could|wo|would|should)n['’]?t)\b"
)
_WH = "(?:what|which|who|when|where|why|how)"
_QUESTION = re.compile(
    _LEAD_IN
    + "(?:"
    + rf"{_AUXILIARY} {_SUBJECT}"  # do you …
    # how long is it, unlike "what I do is": a subject before its verb asks nothing
    + rf"|{_WH}(?: (?!(?:{_SUBJECT}|{_AUXILIARY}))\w+){{0,2}}? {_AUXILIARY} {_SUBJECT}"
    # "what's that", unlike "what's odd is that"
    + r"|(?:what|who|how|where|when|why)(?:['’]s|['’]re| is| are)\b(?!.*\b(?:is|was)\b)"
    + r"|(?:what|how) about\b|what if\b|why not\b|how (?:many|much) (?:of|people)\b|any(?:one|body)\b"
    + ")",
    re.IGNORECASE,
)
_LATE = re.compile(
    rf".*\b{_WH} {_AUXILIARY} {_SUBJECT}(?: \S+){{0,4}}$"  # when you say that, what do you mean
    r"|\S+ .*n['’]?t (?:i|you|we|they|he|she|it|there)$"  # it's late, isn't it
    # you agree, right
    r"|\w+ .*?\s(?!(?:is|be|of|are|was|were|the|all|not|just|turn|\S+['’](?:s|re)) )\S+ right$",
    re.IGNORECASE,
)


def restore(raw: str) -> str:
    """``raw`` with a capital, "I" and a mark at its end; its letters stay the same and in order."""
    text = _I.sub("I", raw)
    if _FIRST.match(text):
        text = text[0].upper() + text[1:]
    if _ENDED.search(text):
        return text
    text = text.rstrip(" ,;:–—-")
    asks = _QUESTION.match(text) or _LATE.match(text)
    return text + ("?" if asks else ".") if text else raw
