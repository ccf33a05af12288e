"""Where another speaker seems to begin, in talk whose captions name no speakers.

Only paragraphs' ends are asked about. A monologue has ends that look like a turn too, mostly before "Okay.":
so a bare word counts only as the answer to a question, and a talk with few turns has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from studykit.faces import late
from studykit.languages import is_chinese
from studykit.segment.boundaries import BoundaryModel, TurnModel
from studykit.segment.markers import is_question
from studykit.types import Document, Paragraph

__all__ = ["with_guessed_turns"]

_SURE = 2.0
"""Log odds from which nineteen of twenty are right, on episodes kept for thresholds."""
_FEWEST, _FEWEST_PER_WORD = 3, 1 / 1000
"""A talk with fewer turns, or fewer for its length, is taken for a monologue."""
_BARE = late(
    r"(?:okay|ok|right|all right|alright|yeah|yes|so|now|well|good|great|cool|exactly|perfect)\W*",
    re.IGNORECASE,
)


def with_guessed_turns(doc: Document, boundaries: BoundaryModel) -> Document:
    """The document with the paragraphs marked that another speaker seems to begin.

    As it is if it names a speaker anywhere, is not English, or ``boundaries`` knows nothing of turns.
    """
    if is_chinese(doc.language) or not isinstance(boundaries, TurnModel):
        return doc
    if any(sent.speaker is not None for sent in doc.sentences):
        return doc
    texts = [sent.text for sent in doc.sentences]
    odds = boundaries.turns(texts)
    found = {para.index for para in doc.paragraphs[1:] if _begins(para, texts, odds)}
    words = sum(len(text.split()) for text in texts)
    if len(found) < max(_FEWEST, words * _FEWEST_PER_WORD):
        return doc
    paragraphs = tuple(replace(para, guessed_turn=para.index in found) for para in doc.paragraphs)
    return replace(doc, paragraphs=paragraphs)


def _begins(para: Paragraph, texts: Sequence[str], odds: Sequence[float]) -> bool:
    at = para.sentences.start
    return odds[at] > _SURE and (is_question(texts[at - 1]) or not _BARE.fullmatch(texts[at]))
