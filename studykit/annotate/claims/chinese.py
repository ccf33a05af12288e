"""Which Chinese sentences can stand as claims: whole, and told without their neighbours.

No model of Chinese claims was learnt, so these rules are strict: rather no claim than half a sentence.
"""

from __future__ import annotations

import re

from studykit.faces import late
from studykit.types import Sentence

__all__ = ["stands_alone_zh"]

_END = late(r"[。！!.]['”’」』）)]*$")
_JOINT = late(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
"""A space where Chinese has none: a mark was left out, and what meets there may be two sentences."""
_SUBORDINATE = late(
    r"^(?:所以|因此|而且|并且|但是|但|不过|那么|那|然后|就是|也就是说|我觉得|我认为|说|，|,|\s)*"
    r"(?:如果|假如|要是|虽然|尽管|因为|由于|即使|就算|哪怕|除非|只要|为了|随着|自从|关于|对于|至于|当)"
)
_MAIN_CLAUSE = late(r"[，,：:；;][^，,]{3,}")


_STANCE = late(
    r"(?:我|我们)(?:也|还|真的|确实|个人)?(?:觉得|认为|相信|想|猜|想说)(?:的是)?|我的意思是|说实话|老实说|你知道|对我来说"
)
_POINTING = re.compile(r"[这那它他她您你我]|如此|此处|其中|上述|以下|咱们|大家都知道")
"""Words that point elsewhere, or at those who speak."""
_EXAMPLE = re.compile(r"^(?:所以|而且|但|，)*(?:就像|例如|比如|比方|举例|还有|此外|另外)")
_HAN = late(r"[\u4e00-\u9fff]|[A-Za-z0-9.-]+")
_LEAST = 10
"""Characters or foreign words."""


def stands_alone_zh(sent: Sentence) -> bool:
    """Whether a reader needs no neighbour: marked as a sentence, with a main clause, pointing nowhere."""
    raw = sent.raw.strip()
    if not _END.search(raw) or _JOINT.search(raw):
        return False
    subordinate = _SUBORDINATE.match(sent.text)
    if subordinate and not _MAIN_CLAUSE.search(sent.text, subordinate.end()):
        return False
    said = _STANCE.sub("", sent.text)
    if _EXAMPLE.search(said):
        return False
    return len(_HAN.findall(said)) >= _LEAST and not _POINTING.search(said)
