"""Converts Chinese to one script, since Whisper mixes traditional and simplified characters."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, pairwise

from msgspec.structs import replace

from studykit.types import Segment

__all__ = ["in_script"]


def in_script(seg: Segment, convert: Callable[[str], str]) -> Segment:
    """The segment with its text converted; ``original`` keeps the text as recognised, if different.

    The text is converted as a whole, since the right character may depend on its neighbours.
    """
    text = convert(seg.text)
    if text == seg.text:
        return seg
    letters = "".join(text.split())
    cuts = [0, *accumulate(len("".join(word.text.split())) for word in seg.words)]
    if seg.words and cuts[-1] == len(letters):
        texts = [letters[a:b] for a, b in pairwise(cuts)]
    else:
        texts = [convert(word.text) for word in seg.words]
        text = "".join(texts) if texts else text
    words = tuple(replace(word, text=new) for word, new in zip(seg.words, texts, strict=True))
    return replace(seg, text=text, words=words, original=seg.text)
