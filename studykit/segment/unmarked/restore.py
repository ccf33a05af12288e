"""Capitals, commas and stops for sentences whose captions have none.

``written`` sets what a model read out of the words. ``restore`` does without one: a sentence gets a
capital, "I" is written as one, and its end a full stop or, by the form of its words, a question mark:
inversion, wh-words and tags (Quirk et al. 1985, *A Comprehensive Grammar of the English Language*, ch. 11).
Names keep the case they have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studykit.faces import late
from studykit.segment.boundaries import Marks

__all__ = ["asks", "restore", "written"]

_DOUBT = -1.5
"""Log odds of a question mark from which the form of the words decides."""

_I = late(r"(?<![\w'’.-])i(?=['’](?:m|ve|ll|d)\b|\s|$)")
_ENDED = late(r"[.?!…][\"'”’)]*$")
_FIRST = late(r"[a-z](?=[a-z'’]*(?:[^\w'’]|$))")  # not the first letter of iPhone

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
_QUESTION = late(
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
_LATE = late(
    rf".*\b{_WH} {_AUXILIARY} {_SUBJECT}(?: \S+){{0,4}}$"  # when you say that, what do you mean
    r"|\S+ .*n['’]?t (?:i|you|we|they|he|she|it|there)$"  # it's late, isn't it
    # you agree, right
    r"|\w+ .*?\s(?!(?:is|be|of|are|was|were|the|all|not|just|turn|\S+['’](?:s|re)) )\S+ right$",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether the words have the form of a question."""
    text = text.rstrip(" ,;:–—-")
    return bool(_QUESTION.match(text) or _LATE.match(text))


def restore(raw: str) -> str:
    """``raw`` with a capital, "I" and a mark at its end; its letters stay the same and in order."""
    return _closed(raw, _opened(raw), question=asks(_opened(raw)))


def written(words: Sequence[str], marks: Marks, first: int) -> str:
    """The words of a sentence as ``marks`` has them written; their letters stay the same and in order.

    The first of them is number ``first`` in ``marks``. Commas and capitals that they have stay.
    """
    last = first + len(words) - 1
    pieces = [
        form + "," if at < last and marks.commas[at] and form[-1].isalnum() else form
        for at, form in enumerate(marks.forms[first : last + 1], first)
    ]
    text = _opened(" ".join(pieces))
    question = bool(words) and (marks.questions[last] > 0 or (marks.questions[last] > _DOUBT and asks(text)))
    return _closed(" ".join(words), text, question=question)


def _opened(raw: str) -> str:
    text = _I.sub("I", raw)
    return text[0].upper() + text[1:] if _FIRST.match(text) else text


def _closed(raw: str, text: str, *, question: bool) -> str:
    if _ENDED.search(text):
        return text
    text = text.rstrip(" ,;:–—-")
    return text + ("?" if question else ".") if text else raw
