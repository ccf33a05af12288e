"""What a sentence looks like to the ranking of claims: figures from its wording alone."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from studykit.annotate.claims.cues import Wording, wording

__all__ = ["FEATURES", "features", "stands_alone"]

_POINTING = re.compile(r"\b(?:it|this|that|these|those|they|them|he|she|him|her|there)\b", re.IGNORECASE)
_MYSELF = re.compile(r"\b(?:i|me|my|we|us|our)(?:['’]\w+)?\b", re.IGNORECASE)
_ANYONE = re.compile(r"\b(?:you|people|everyone|anyone|someone|nobody)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|did|had|said|went|got|came|told|asked|made|\w{3,}ed)\b", re.IGNORECASE)
_BROKEN = re.compile(r"(?:\.\.\.|…|-|—|,)\W*$|\s(?:-|--|–|—)\s")
_OPEN = re.compile(
    r"^\W*(?:(?:and|so|but|or)\W+)*(?:(?:which|who|where|than|unless|to|of|in the sense|\w{3,}ing)\b"
    r"|(?:because|when|if|while|once|since|although|where|until)\b[^,]*$|very\b|thank|welcome"
    r"|the \w+ (?:is|was) that\b"
    r"|the (?:reason|answer|question|goal|idea|point|problem)s? (?:is|was|are|for|being|why)\b)",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^\W*(?:(?:and|so|but|well|i think|i believe|actually|in general)\W+)*(?:if|when|the|an?|[a-z]+s)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"\b(?:gonna|going to|will|['’]ll|want to|wanna|trying to|hope|excited|episode|show|podcast|thank)\b",
    re.IGNORECASE,
)
_LINKS = (
    r"(?:\W*\b(?:and|so|but|or|well|yeah|yes|no|right|okay|now|then|also|again|because|like|actually|really"
    r"|that|of course|i (?:mean|think|guess|believe|suspect)|you know|in fact|it turns out"
    r"|not only (?:was|is|did))\b)*\W*"
)
_POINTS_BACK = re.compile(
    rf"^{_LINKS}(?:(?:if|when|once|unless|because|as|since|with|in|for|of|to|on|at) )*"
    r"(?:it|this|that|these|those|they|them|he|she|him|her|there['’]s|here|both|neither"
    r"|the (?:same|other|first|second|third|last|former|latter|next|big) (?:one\b)?)"
    rf"|^{_LINKS}(?:if|when|once) (?:you|we|i|they) \w+ (?:it|this|that|them|those|these)\b"
    r"|\b(?:as (?:i|you|we) (?:said|mentioned)|you (?:mentioned|said|asked|were)|earlier|"
    r"your (?:point|question|show)|"
    r"this (?:one|episode|show|podcast|talk|video|kind|sort|way|thing|stuff|problem|idea)|"
    r"that (?:one|kind|sort|way|thing|stuff|problem|idea)|"
    r"those (?:things|kinds|sorts)|these things|do (?:that|this|it)|like (?:that|this)|do so|the above)\b"
    r"|\b(?:that|this|it|which)['’]?s? (?:why|how|what|where)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|am|be|has|have|had|do|does|did|can|could|will|would|should|must|may|might|needs?"
    r"|cannot|\w+n['’]t|gonna|makes?|gets?|takes?|works?|comes?|goes|wants?|means?|becomes?|requires?|depends?|seems?"
    r"|says?|tends?|gives?|helps?|allows?|lets?|learns?|runs?|uses?|\w+ed)\b|\w['’](?:s|re|ve|ll|d|m)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"^\W*(?:\w+ )?\w+s (?:who|that|which)\b[^,]*$|\b(?:who|that|which) \w+[^,]*,? or \w+", re.IGNORECASE
)
_PERSONAL = re.compile(
    r"^\W*(?:\w+,? ){0,3}(?:my|our|your|their|his|her|we|i['’]m|i['’]ve|you['’]ve) ", re.IGNORECASE
)
_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|let['’]?s say|say,|imagine|suppose|e\.g\.)", re.IGNORECASE
)
_CUES = ("stance", "position", "judgement", "cause", "comparison", "advice", "number", "general")
_AGAINST = ("asks", "announces", "hedges", "narrates", "points", "leans")
FEATURES = (
    "bias", *_CUES, *_AGAINST, "short", "long", "content", "pointing", "myself", "anyone", "past", "broken",
    "open", "generic", "plan", "terms",
)  # fmt: skip
"""In the order of the vector."""
_SHORT, _LONG = 5, 16
_LEAST = 3
"""Words of content: a statement with fewer says too little by itself."""


def stands_alone(text: str, *, chinese: bool) -> bool:
    """Whether a reader needs no neighbour: no bare pronoun at its start, question, fragment or example."""
    seen = wording(text, chinese=chinese)
    if not {"asks", "announces"}.isdisjoint(seen.against) or seen.content < _LEAST:
        return False
    if chinese:
        return "leans" not in seen.against
    if not _FINITE.search(text) or '"' in text or "“" in text:
        return False
    return not any(p.search(text) for p in (_POINTS_BACK, _BROKEN, _OPEN, _EXAMPLE, _RELATIVE, _PERSONAL))


def features(text: str, *, chinese: bool, terms: int) -> NDArray[np.float64]:
    """A vector of ``FEATURES``; ``terms``: how many glossary terms are in it."""
    seen: Wording = wording(text, chinese=chinese)
    words = max(1, len(text.split())) if not chinese else max(1, len(text) // 2)

    def share(pattern: re.Pattern[str]) -> float:
        return len(pattern.findall(text)) / words

    return np.array(
        [
            1.0,
            *(float(cue in seen.cues) for cue in _CUES),
            *(float(kind in seen.against) for kind in _AGAINST),
            max(0.0, 1 - seen.content / _SHORT),
            max(0.0, seen.content / _LONG - 1),
            min(1.0, seen.content / _LONG),
            10 * share(_POINTING),
            10 * share(_MYSELF),
            10 * share(_ANYONE),
            10 * share(_PAST),
            float(_BROKEN.search(text) is not None),
            float(_OPEN.match(text) is not None),
            float(_GENERIC.match(text) is not None),
            float(_PLAN.search(text) is not None),
            min(1.0, terms / 2),
        ]
    )
