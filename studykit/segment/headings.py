"""A heading for a part of a talk, from what is said in it.

People say what comes next ("let's look at the tokenizer"), ask it ("so what is a reward model?"), or make
their point in a sentence that others lean on. Each sentence offers at most one phrase, shortened by rule;
the best one stands for the part. Nothing is put in that was not said: a phrase is a run of the sentence's
words, with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Candidate", "best_heading", "candidate", "part_headings"]

_FEWEST, _MOST = 2, 9
"""Words of a heading."""
_FEWEST_HAN, _MOST_HAN = 4, 18
"""Chinese characters of one."""
_USUAL = 5

_ANNOUNCED, _ASKED, _CLAIMED = 1.0, 0.8, 0.4
_CENTRAL = 2.0
"""For a sentence that is as close to its part's mean as can be, against one that is not at all."""
_NAME = 0.25
"""For each term, two at most."""
_EARLY = 0.4
"""For the part's first sentence, against its last."""
_OFF = 0.04
"""For each word more or less than usual."""

_LEAD_IN = re.compile(
    r"(?:(?:so|and|but|or|okay|ok|um+|uh+|well|now|right|like|yeah|yes|then|alright|all right|again|first|"
    r"finally|next|actually|basically|essentially|obviously|because|also|i mean|you know|i think|i guess|"
    r"i believe|i would say|i'd say|it turns out|turns out|the thing is|the point is|the idea is|"
    r"what that means is|what this means is|that means|as you can see|you can see|remember|notice|"
    r"in other words|for example|of course|kind of|sort of|a bit of)\b(?!['’])[,\s]*)+",
    re.IGNORECASE,
)
_ANNOUNCEMENT = re.compile(
    r"(?:.*\b)?(?:let['’]?s|let us|let me|we(?:['’]re| are) going to|we(?:['’]ll| will)|"
    r"i(?:['’]m| am) going to|i(?:['’]ll| will)|i want(?:ed)? to|i(?:['’]d| would) like to|"
    r"we(?:['’]re| are) gonna|now we can)\s+(?:now |first |next |also |just |briefly |quickly )*"
    r"(?:talk(?: to you)?(?: a (?:little )?bit)?(?: more)? about|look at|take a look at|turn to|start with|"
    r"begin with|go (?:over|into|through)|cover|discuss|explain|get (?:in)?to|move on to|switch to|"
    r"come to|see|show you|introduce)\s+(?P<topic>.+)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"(?:what|why|how|when|where|which|who)\b.*\?$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\s*(?:[,;:.!?—–](?!\w)|\s-\s|\b(?:because|which|who|so that|such that|when|if|and then|but|where|while|"
    r"although|"
    r"and (?:i|we|you|they|it|he|she|that|this|so)|so (?:i|we|you|they|it))\b).*",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"(?:['’]|(?:it|its|that|this|these|those|they|he|she|there|here|i|my|you|your|one|some|such|same|him|"
    r"her|them|everybody|nobody|somebody|people|let|me|do|does|did|say|ask|to|for|at|in|on|if|as|with|from|"
    r"after|before|because|given|can|once|is|are|was|were|until|yes|no|thanks?|hello|hi|most of|the the)\b|"
    r"(?:it|that|there|here|he|she|they|you|i|what|who)['’]\w+\b)",
    re.IGNORECASE,
)
"""What a phrase must not begin with: it leans on what was said before, or is about the people who speak."""
_SPEAKERS = re.compile(r"\b(?:i|me|my|mine|myself)\b|\blike\b (?!to\b|a\b|the\b)", re.IGNORECASE)
_VERB = re.compile(
    r"\S+ .*\b(?:is|are|was|were|can|could|will|would|should|must|does|did|has|have|had|needs?|makes?|gets?|"
    r"takes?|gives?|uses?|wants?|learns?|knows?|works?|becomes?|means?|runs?|goes|fails?|sees?|costs?|"
    r"holds?|keeps?|shows?|turns|helps?|changes|comes?|lets|\w{3,}ed)\b",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:\s+(?:a|an|the|of|to|in|on|at|for|from|with|by|as|and|or|is|are|was|were|that|this|these|very|"
    r"really|just|kind|sort|like|um|uh|here|there|now|today|again|first|next|my|your|our|its|their))+$",
    re.IGNORECASE,
)

_HAN_LEAD_IN = re.compile(
    r"(?:那么|那|然后|所以|但是|好的?|嗯|呃|其实|就是说?|也就是说|接下来|首先|最后|现在|我们|我|来|，)+"
)
_HAN_ANNOUNCEMENT = re.compile(
    r".*?(?:看一?[下看]|讲一?[下讲]|聊一?[下聊]|谈一?[下谈]|说一?[下说]|介绍一?下?|讨论一?下?)(?P<topic>[^，。！？；]+)"
)
_HAN_CLAUSE = re.compile(r"[，。！？；：…].*")
_HAN_LEANING = re.compile(r"[它他她这那你我您]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A phrase and how much it is like a heading."""

    phrase: str
    score: float


def candidate(sentence: str, *, chinese: bool = False) -> Candidate | None:
    """The phrase that a sentence offers, or None."""
    return _han(sentence) if chinese else _english(sentence)


def best_heading(
    sentences: Sequence[str], central: Sequence[float], names: Collection[str], *, chinese: bool = False
) -> str | None:
    """The heading of a part that says ``sentences``; None when none of them offers a phrase.

    ``central`` holds for each how close it is to the part's mean, 1 at most. ``names`` are terms, as
    written.
    """
    best: tuple[float, str] | None = None
    for at, (sentence, close) in enumerate(zip(sentences, central, strict=True)):
        found = candidate(sentence, chinese=chinese)
        if found is None:
            continue
        said = found.phrase.lower()
        known = sum(name.lower() in said for name in names)
        early = 1 - at / len(sentences)
        score = found.score + _CENTRAL * close + _NAME * min(2, known) + _EARLY * early
        if best is None or score > best[0]:
            best = (score, found.phrase)
    return best[1] if best else None


def part_headings(
    sentences: Sequence[str],
    vectors: NDArray[np.floating],
    part_of: Sequence[int],
    names: Sequence[Collection[str]],
    *,
    chinese: bool = False,
) -> list[str | None]:
    """A heading for each part; ``vectors`` is ``(n, d)``, a row for each sentence, ``part_of`` its part.

    ``names`` are the terms of each part. No two parts have the same heading: a later one goes without.
    """
    rows = np.asarray(vectors, dtype=np.float64)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    home = np.asarray(part_of)
    headings: list[str | None] = []
    for part, known in enumerate(names):
        here = np.flatnonzero(home == part).tolist()
        mean = rows[here].sum(axis=0)
        central = rows[here] @ mean / max(float(np.linalg.norm(mean)), 1e-12)
        found = best_heading([sentences[i] for i in here], central.tolist(), known, chinese=chinese)
        headings.append(None if found in headings else found)
    return headings


def _english(sentence: str) -> Candidate | None:
    text = sentence.strip()
    lead = _LEAD_IN.match(text)
    text = text[lead.end() :] if lead else text
    announced = _ANNOUNCEMENT.match(text)
    if announced:
        topic = announced["topic"]
        lead = _LEAD_IN.match(topic)
        return _offer(topic[lead.end() :] if lead else topic, _ANNOUNCED)
    if _QUESTION.match(text):
        return _offer(text[:-1], _ASKED, mark="?", whole=True)
    phrase = _CLAUSE.sub("", text, count=1)
    return _offer(phrase, _CLAIMED) if _VERB.search(phrase) and len(phrase.split()) > _FEWEST + 1 else None


def _offer(phrase: str, score: float, *, mark: str = "", whole: bool = False) -> Candidate | None:
    """The phrase up to its first clause's end, if it can stand by itself."""
    if not whole:
        phrase = _CLAUSE.sub("", phrase, count=1)
        phrase = _DANGLING.sub("", phrase)
    words = phrase.split()
    if not _FEWEST <= len(words) <= _MOST or (whole and "," in phrase):
        return None
    if (not whole and _LEANING.match(phrase)) or _SPEAKERS.search(phrase):
        return None
    if len(words) == _FEWEST and all(word.islower() and len(word) < 5 for word in words):
        return None
    phrase = phrase if not phrase[0].islower() else phrase[0].upper() + phrase[1:]
    return Candidate(phrase=phrase + mark, score=score - _OFF * abs(len(words) - _USUAL))


def _han(sentence: str) -> Candidate | None:
    announced = _HAN_ANNOUNCEMENT.match(sentence)
    lead = _HAN_LEAD_IN.match(sentence)
    text = announced["topic"] if announced else _HAN_CLAUSE.sub("", sentence[lead.end() if lead else 0 :])
    text = text.strip().strip("的了吧呢啊")
    if not _FEWEST_HAN <= len(text) <= _MOST_HAN or _HAN_LEANING.match(text):
        return None
    score = _ANNOUNCED if announced else _CLAIMED
    return Candidate(phrase=text, score=score - _OFF * abs(len(text) - 2 * _USUAL) / 2)
