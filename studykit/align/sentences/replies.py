"""Short replies ("Yeah.", "Okay.", 好的，) that open or are a sentence, by what they do.

A reply has hardly any meaning of its own for a sentence encoder, so cosines cannot tell whether a
translation keeps it. These are closed classes of both languages; in others nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.faces import late

__all__ = ["reply_bits"]

_STOP = r"(?=\s*(?:$|[,.!?;:…—-]))"
_CHINESE_STOP = r"(?=$|[，。！？、；：…\s])"
_REPLIES = (
    # agreeing
    rf"(?:uh[- ]?huh|m+[- ]?h?mm?|yeah|yes|yep|yup|okay|ok)\b|"
    rf"(?:all right|alright|right|exactly|sure|of course|absolutely|correct|fine|good|great|cool){_STOP}|"
    rf"(?:是的|是啊|是呀|对啊|对呀|对的|没错|没问题|嗯|好的|好了|好吧|好嘞)|(?:对|好|行|是|可以|当然){_CHINESE_STOP}",
    # denying
    rf"(?:no|nope|nah|not really){_STOP}|(?:不是的|不对|不|不是|没有){_CHINESE_STOP}",
    # thanking
    r"(?:thanks|thank you)\b|(?:谢谢|多谢|感谢)",
    # excusing
    r"(?:sorry|excuse me)\b|(?:抱歉|对不起|不好意思)",
    # greeting
    r"(?:hi|hello|hey|welcome)\b|good (?:morning|afternoon|evening)\b|(?:嗨|你好|您好|大家好|各位好|欢迎)",
    # parting
    r"(?:bye|goodbye|bye-bye|see you)\b|(?:再见|拜拜|回头见)",
)
_ASKED = late(
    r"^\W*(?:(?:is that|is it|all) )?(?:right|okay|ok|yeah|yes|correct)\s*\?\W*$"
    r"|(?:对吧|对吗|对不对|是吧|是吗|是不是|好吗|行吗|可以吗|懂了吗|明白吗)[？?]\W*$",
    re.IGNORECASE,
)
_ANY, *_OPENS = (
    late(rf"^\W*(?:(?:um|uh|well|oh|and|so|but|啊|哦|呃)\b[,，\s]*)*(?:{one})", re.IGNORECASE)
    for one in ("|".join(_REPLIES), *_REPLIES)
)


def reply_bits(texts: Sequence[str]) -> NDArray[np.uint8]:
    """``(n,)``: a bit for each kind of reply that a sentence opens with, or asks for."""
    bits = np.zeros(len(texts), dtype=np.uint8)
    for i, text in enumerate(texts):
        if ("?" in text or "？" in text) and _ASKED.search(text):  # most lines ask nothing
            bits[i] = 1 << len(_OPENS)
        elif _ANY.match(text):
            bits[i] = sum(1 << k for k, opens in enumerate(_OPENS) if opens.match(text))
    return bits
