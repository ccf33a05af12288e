"""What a sentence looks like to the ranking of claims: figures from its wording alone."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from studykit.annotate.claims.cues import Wording, wording
from studykit.faces import late

__all__ = ["FEATURES", "FLAGS", "features", "flags", "stands_alone"]

_POINTING = re.compile(r"\b(?:it|this|that|these|those|they|them|he|she|him|her|there)\b", re.IGNORECASE)
_MYSELF = re.compile(r"\b(?:i|me|my|we|us|our)(?:['’]\w+)?\b", re.IGNORECASE)
_ANYONE = re.compile(r"\b(?:you|people|everyone|anyone|someone|nobody)\b", re.IGNORECASE)
_PAST = late(r"\b(?:was|were|did|had|said|went|got|came|told|asked|made|\w{3,}ed)\b", re.IGNORECASE)
_BROKEN = re.compile(r"(?:\.\.\.|…|-|—|,)\W*$|\s(?:-|--|–|—)\s")
_OPEN = late(
    r"^\W*(?:(?:and|so|but|or)\W+)*(?:(?:which|who|where|than|unless|to|of|in the sense|\w{3,}ing)\b"
    r"|(?:because|when|if|while|once|since|although|where|until)\b[^,]*$|very\b|thank|welcome"
    r"|the \w+ (?:is|was) that\b"
    r"|the (?:reason|answer|question|goal|idea|point|problem)s? (?:is|was|are|for|being|why)\b)",
    re.IGNORECASE,
)
_GENERIC = late(
    r"^\W*(?:(?:and|so|but|well|i think|i believe|actually|in general)\W+)*(?:if|when|the|an?|[a-z]+s)\b",
    re.IGNORECASE,
)
_PLAN = late(
    r"\b(?:gonna|going to|will|['’]ll|want to|wanna|trying to|hope|excited|episode|show|podcast|thank)\b",
    re.IGNORECASE,
)
_LINKS = (
    r"(?:\W*\b(?:and|so|but|or|well|yeah|yes|no|right|okay|now|then|also|again|because|like|actually|really"
    r"|that|of course|i (?:\w+ly |really |just |also )?(?:mean|think|guess|believe|suspect)|you know"
    r"|in fact|it turns out|not only (?:was|is|did))\b)*\W*"
)
_POINTS_BACK = late(
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
_FINITE = late(
    r"\b(?:is|are|was|were|am|be|has|have|had|do|does|did|can|could|will|would|should|must|may|might|needs?"
    r"|cannot|\w+n['’]t|gonna|makes?|gets?|takes?|works?|comes?|goes|wants?|means?|becomes?|requires?|depends?|seems?"
    r"|says?|tends?|gives?|helps?|allows?|lets?|learns?|runs?|uses?|\w+ed)\b|\w['’](?:s|re|ve|ll|d|m)\b",
    re.IGNORECASE,
)
_RELATIVE = late(
    r"^\W*(?:\w+ )?\w+s (?:who|that|which)\b[^,]*$|\b(?:who|that|which) \w[^,]{0,400},? or \w+",
    re.IGNORECASE,
)
_PERSONAL = late(
    r"^\W*(?:\w+,? ){0,3}(?:my|our|your|their|his|her|we|i['’]m|i['’]ve|you['’]ve) ", re.IGNORECASE
)
_EXAMPLE = late(r"\b(?:for example|for instance|let['’]?s say|say,|imagine|suppose|e\.g\.)", re.IGNORECASE)
_CONTINUES = late(
    rf"^{_LINKS}(?:or|indeed|again|thus|hence|secondly|thirdly|finally|otherwise|similarly|likewise"
    r"|as such|first of all|not only that|for whatever reason|on top of that|either way|that said|besides"
    r"|instead|in addition|think of|imagine|one way to think|consider|note|notice|remember|recall|look at"
    r"|take|say)\b",
    re.IGNORECASE,
)
"""It goes on from the sentence before, or calls on the listener."""
_HOUSEKEEPING = late(
    r"\b(?:show notes|subscribe|sponsors?|listeners|sign up|good to go|(?:take|taking|have) a look"
    r"|hope (?:it|this|that|you)|links? (?:to|below|in)|let['’]?s(?! say)|watch(?:ing)? the|podcast|episodes?"
    r"|(?:in|of|for) (?:this|our|the|that) (?:section|chapter|talk|lecture|course|example)"
    r"|(?:the|our|this|that|next|previous|any) (?:videos?|show))\b",
    re.IGNORECASE,
)
_STANCES = late(
    r"\b(?:i|we)(?:['’]d|['’]m| would| do| am)?(?: \w+ly| really| just| also| still)? (?:think|believe|argue"
    r"|claim|suspect|expect|bet|guess|suggest|predict|disagree|agree|mean|say|hope|know)\b"
    r"|\b(?:in )?my (?:opinion|view|guess|argument|point)\b",
    re.IGNORECASE,
)
_OF_MYSELF = re.compile(r"\b(?:i|me|my|mine|myself)\b", re.IGNORECASE)
_VAGUE = re.compile(r"(?<!\ba )(?<!\bany )(?<!\bwhat )(?<!\bsame )\b(?:kind|sort) of\b", re.IGNORECASE)
_SUBORDINATES = late(
    r"\b(?:who|whom|which|what|where|when|how|why|if|because|while|although|since|unless|whether"
    r"|that(?! \w+ (?:is|was)))\b",
    re.IGNORECASE,
)
_CUES = ("stance", "position", "judgement", "cause", "comparison", "advice", "number", "general")
_AGAINST = ("asks", "announces", "hedges", "narrates", "points", "leans")
FEATURES = (
    "bias", *_CUES, *_AGAINST, "short", "long", "content", "pointing", "myself", "anyone", "past", "broken",
    "open", "generic", "plan", "terms",
)  # fmt: skip
"""In the order of the vector."""
_SUBJECT = late(
    r"\b(?:we|you|they|i|people|it|he|she) (?!who|which|that|are|were|have|had|do|did|can|could|will)\w+",
    re.IGNORECASE,
)
_UNFIT = {
    "points_back": _POINTS_BACK,
    "breaks": _BROKEN,
    "opens": _OPEN,
    "example": _EXAMPLE,
    "relates": _RELATIVE,
    "personal": _PERSONAL,
    "continues": _CONTINUES,
    "housekeeping": _HOUSEKEEPING,
    "vague": _VAGUE,
}
FLAGS = (*_UNFIT, "alone", "no_main_clause", "quotes", "of_myself")
"""What speaks against an English sentence standing alone (``alone``: nothing does), in order."""
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
    if not _FINITE.search(text) or '"' in text or "“" in text or _lacks_main_clause(text):
        return False
    if _OF_MYSELF.search(_STANCES.sub(" ", text)):  # what the speaker did or is, not what he holds
        return False
    return not any(pattern.search(text) for pattern in _UNFIT.values())


def flags(text: str) -> NDArray[np.float64]:
    """A vector of ``FLAGS`` for an English sentence, each 0 or 1."""
    return np.array(
        [
            *(float(pattern.search(text) is not None) for pattern in _UNFIT.values()),
            float(stands_alone(text, chinese=False)),
            float(_lacks_main_clause(text)),
            float('"' in text),
            float(_OF_MYSELF.search(_STANCES.sub(" ", text)) is not None),
        ]
    )


def _lacks_main_clause(text: str) -> bool:
    """Whether all its verbs belong to subordinate clauses: "Because …", "All of those who …"."""
    found = (match.start() for pattern in (_FINITE, _SUBJECT) for match in pattern.finditer(text))
    verbs = sorted(at for at in found if not text[:at].endswith("to "))
    subordinates = [match.start() for match in _SUBORDINATES.finditer(text)]
    if not subordinates or not verbs or subordinates[0] > verbs[0]:
        return False
    return len(verbs) <= len(subordinates)


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
