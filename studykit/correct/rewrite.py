"""Corrections, which count code points of the raw text, carried over to the text that is shown.

The two may differ in case, marks and spaces, which segmentation puts in, but not in their letters and
digits: these are counted, so that a place in one is a place in the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from studykit.types import Correction, Sentence

__all__ = ["rewritten"]


def rewritten(sent: Sentence, corrections: Sequence[Correction]) -> str:
    """The sentence's text with ``corrections``, in order, made.

    Raises ``ValueError`` when raw text and text do not have the same number of letters and digits.
    """
    raw, text = _solid(sent.raw), _solid(sent.text)
    if len(raw) != len(text):
        raise ValueError(f"sentence {sent.index} was edited: {sent.raw!r} and {sent.text!r}")
    place = dict(zip(raw, text, strict=True))
    made, at = [], 0
    for correction in corrections:
        solid = [i for i in correction.span if i in place]
        start, end = place[solid[0]], place[solid[-1]] + 1
        made += [sent.text[at:start], _opened(correction, sent, start)]
        at = end
    return "".join([*made, sent.text[at:]])


def _solid(text: str) -> list[int]:
    """Where the letters and digits stand."""
    return [i for i, char in enumerate(text) if char.isalnum()]


def _opened(correction: Correction, sent: Sentence, start: int) -> str:
    """The right form, with a capital where the wrong one had it for opening a sentence."""
    right = correction.right
    opens = not any(char.isalnum() for char in sent.text[:start])
    if opens and sent.text[start].isupper() and right == right.lower():
        return right[:1].upper() + right[1:]
    return right
