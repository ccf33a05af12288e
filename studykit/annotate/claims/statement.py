"""A spoken sentence as a statement that reads alone; what was said stays as it was said.

Only what carries no meaning goes: hesitation, words said twice in a row, and the markers that tie a
sentence to the one before. Hedges ("I think") stay: they are part of the position.
"""

from __future__ import annotations

import re

from studykit.faces import late

__all__ = ["gist", "statement_of"]

_HESITATION = re.compile(r"(?:,\s*)?\b(?:um+|uh+|erm?|hmm+|mhm)\b,?", re.IGNORECASE)
_TWICE = late(r"\b((?:[\w'’]{1,40} ){0,3}[\w'’]{1,40})(?:,? \1\b)+", re.IGNORECASE)
_MEANT_TWICE = frozenset({"that", "had", "very", "really", "so", "bye", "no", "much", "many", "long"})
_LINK = late(
    r"\W*\b(?:and|but|so|now|then|well|yeah|yes|okay|ok|right|like|also|anyway|you know|i mean|actually|"
    r"basically)\b(?!['’-])[,.]?\s+(?=\S)",
    re.IGNORECASE,
)
# "Now that …", "so many", "like a", "right now", "well known": the word belongs to what follows.
_BELONGS = late(
    r"\W*(?:now that|so (?:that|much|many|few|far|long|called)|"
    r"like (?:a|an|the|this|that|most|any|all|with|in)|"
    r"right (?:now|after|before|away)|well[- ]known|then again|yes and)\b",
    re.IGNORECASE,
)
_HESITATION_ZH = re.compile(r"(?:[，、]\s*)?(?:嗯+|呃+|唔+)[，、]?")
_LINK_ZH = late(
    r"\W*(?:那么|那麼|然后|然後|而且|并且|所以说|所以說|所以|但是|不过|不過|好的|好吧|好了|好|对|對|就是说|就是說|其实|其實)"
    r"[，、,\s]+"
)
_SPEECH = late(
    r"\b(?:um+|uh+|like|you know|kind of|sort of|actually|really|just|basically|i mean|i guess|i think|"
    r"and|but|so|well|yeah|okay|right|maybe|probably|also)\b,?",
    re.IGNORECASE,
)
_SPEECH_ZH = re.compile("嗯|呃|就是说|就是|然后|其实|我觉得|我认为|那个|这个|的话|所以|但是|可能")
_ENDS = tuple(".!?…。！？”\"'’)）")


def statement_of(text: str, *, chinese: bool) -> str:
    """The statement; ``text`` itself, with a full stop, when nothing can go."""
    if chinese:
        plain = _trimmed(_HESITATION_ZH.sub("", text), _LINK_ZH)
        return plain if plain.endswith(_ENDS) else plain.rstrip("，、,") + "。"
    plain = _TWICE.sub(_once, " ".join(_HESITATION.sub(" ", text).split()))
    plain = _trimmed(plain, _LINK).lstrip(" ,.;-–—")
    plain = plain[:1].upper() + plain[1:]
    return plain if plain.endswith(_ENDS) else plain.rstrip(" ,;:") + "."


def gist(text: str, *, chinese: bool) -> str:
    """The words that carry the content, to compare sentences by; ``text`` when nothing else is left."""
    speech = _SPEECH_ZH if chinese else _SPEECH
    return " ".join(speech.sub("" if chinese else " ", text).split()) or text


def _once(match: re.Match[str]) -> str:
    return match[0] if match[1].lower() in _MEANT_TWICE else match[1]


def _trimmed(text: str, link: re.Pattern[str]) -> str:
    while (found := link.match(text)) and not _BELONGS.match(text):
        text = text[found.end() :]
    return text
