"""How a sentence opens: with words that start a new thought, or that go on with one.

Discourse markers of spoken English and Chinese in general (Schiffrin 1987, *Discourse Markers*;
Biber et al. 1999, *Longman Grammar of Spoken and Written English*, ch. 14): structure words only, no
subject matter.
"""

from __future__ import annotations

import re
from enum import Enum

from studykit.faces import late

__all__ = ["Opening", "is_back_channel", "is_question", "opening"]


class Opening(Enum):
    """What the first words of a sentence announce."""

    TOPIC = "a new step: 'so let's', 'first', 'another question', '接下来'"
    MARKER = "perhaps a new thought: 'so', 'now', 'um', '所以'"
    PLAIN = "nothing in particular"
    CONTINUING = "more of the same: 'and it', 'because', 'that', '而且'"


def _starting(*patterns: str) -> re.Pattern[str]:
    return late(f"(?:{'|'.join(patterns)})", re.IGNORECASE)


_LEAD_IN = r"(?:(?:um+|uh+|er|ah|oh|well|yeah|right|cool|great|and|so|but)[,.]?\s+)*"
_TOPIC = _starting(
    # "Okay" closes what was before (Schegloff & Sacks 1973); "um, so" comes after a search for words.
    r"(?:okay|ok|all right|alright)\b",
    r"(?:um+|uh+),? (?:so|now)\b",
    _LEAD_IN + r"let(?:['’]?s| me)\b",
    _LEAD_IN + r"(?:first|firstly|second|secondly|next|finally|lastly|another|for example|by the way)\b",
    _LEAD_IN + r"to (?:start|begin|sum up|summarize)\b",
    _LEAD_IN + r"now,? (?:let|the|we|i|if|what)\b",
    _LEAD_IN + r"there(?:['’]s| is| are) (?:a|an|another|this|two|three|some|many|several)\b",
    _LEAD_IN + r"i(?: want|['’]d like) to\b",
    _LEAD_IN + r"the (?:next|first|second|third|last|other|question)\b",
    _LEAD_IN + r"(?:(?:that|it)['’]s )?(?:a )?(?:really |very )?(?:good|great) question\b",
    _LEAD_IN + r"(?:getting back|going back|moving on|speaking of|what about|how about)\b",
)
_MARKER = _starting(
    r"(?:so|now|well|um+|uh+|yeah|but|however|anyway|actually|maybe|say|imagine|unfortunately)\b",
    r"and (?:so|then|now)\b",
)
_CONTINUING = _starting(
    r"(?:and|or|because|which|it|that|this|these|those|he|she|they|then|also|like|see|no)\b",
)
_TOPIC_ZH = _starting(
    r"(?:[嗯呃啊好那，,、\s]|那么|那麼|然后|然後|所以)*"
    r"(?:接下[来來]|首先|其次|最[后後]|第[一二三四五六]|另外|另一|下面|[还還]有一|[让讓]我[们們]|我[们們][来來先]|例如|比如[说說]|"
    r"[举舉][个個]例子|[总總]之|[总總]的[来來][说說]|"
    r"回到|[现現]在我[们們]|[问問][题題]是|有一[个個]|(?:[这這]是[个個])?好[问問][题題])",
)
_MARKER_ZH = _starting("所以|那|好|嗯|呃|[现現]在|但|不[过過]|然而|其[实實]|ok")
_CONTINUING_ZH = _starting(
    "而且|并且|因[为為]|它|他|她|[这這]|也|[还還]|就是|然[后後]|或者|以及|包括|同[时時]|甚至"
)

_BACK_CHANNEL = late(
    r"(?:(?:yeah|yes|yep|no|right|okay|ok|sure|exactly|totally|cool|fine|great|good|true|wow|oh|mhm|hmm|"
    r"uh-huh|i see|got it|of course|all right|alright|thank you|thanks|sorry)\W*){1,4}"
    r"|(?:[对對嗯是好啊哦哈呀的]|[没沒][错錯]|[当當]然|明白|[谢謝][谢謝]|\W)+",
    re.IGNORECASE,
)
_QUESTION = late(r"[?？][\"'”’」』)）]*\s*$|[吗嗎呢][\"'”’」』)）。]*\s*$")


def opening(text: str, *, chinese: bool) -> Opening:
    """What the sentence's first words announce."""
    topic, marker, continuing = (
        (_TOPIC_ZH, _MARKER_ZH, _CONTINUING_ZH) if chinese else (_TOPIC, _MARKER, _CONTINUING)
    )
    if topic.match(text):
        return Opening.TOPIC
    if marker.match(text):
        return Opening.MARKER
    return Opening.CONTINUING if continuing.match(text) else Opening.PLAIN


def is_back_channel(text: str) -> bool:
    """Whether the sentence is nothing but a short reaction: 'Yeah.', 'Okay, cool.', '对对对'."""
    return _BACK_CHANNEL.fullmatch(text) is not None


def is_question(text: str) -> bool:
    """Whether the sentence asks something, by its mark or its final particle."""
    return _QUESTION.search(text) is not None
