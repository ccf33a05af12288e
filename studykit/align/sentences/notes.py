"""Translators' notes inside sentences: "分词器 [译者注：tokenizer]" says more than the source does.

The conventions of Chinese and English: brackets that open with what kind of note follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studykit.faces import late

__all__ = ["without_notes"]

_OPENS = late("[\\[(（【〔［]")
_NOTE = late(
    r"(?<!\s)\s*\*?[\[(（【〔［]\s{0,3}"
    r"(?:(?:译者?|编者?|校者?|译校)(?:注释?|按)|(?:translator|editor)['’]?s['’]? note|T/?N)"
    r"\s{0,3}[:：,，][^\])）】〕］]{0,300}[\])）】〕］]\*?",
    re.IGNORECASE,
)


def without_notes(texts: Sequence[str]) -> Sequence[str]:
    """The same without notes; a sentence that is nothing but a note is left as it is."""
    return [_without(text) if _OPENS.search(text) else text for text in texts]


def _without(text: str) -> str:
    left = _NOTE.sub("", text)
    return left if left.strip() else text
