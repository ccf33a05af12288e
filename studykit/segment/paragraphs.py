"""Sentences into paragraphs: the cheapest set of boundaries, by dynamic programming.

A paragraph costs by how far its length of speech lies from the target, on a logarithmic scale; a
boundary earns by what its two sides say and by the silence between them: by a model that has learnt where
people end paragraphs, or by what the sentence opens with. Boundaries that are given (a speaker's turn, a
chapter) are kept: the search runs between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf, log

from msgspec import Struct

from studykit.languages import is_chinese
from studykit.segment.markers import Opening, is_back_channel, is_question, opening
from studykit.types import Sentence

__all__ = ["LEARNT", "RULED", "Lengths", "boundary_scores", "group", "learnt_scores"]

_MOST_SENTENCES = 40
"""A paragraph of more sentences than this is hard to read, however short they are."""


class Lengths(Struct, frozen=True, kw_only=True):
    """What a paragraph costs that is e times too short or too long."""

    short: float
    long: float


RULED = Lengths(short=1.0, long=1.0)
LEARNT = Lengths(short=0.1, long=0.25)
"""A model knows that an answer may be one word, and where a long paragraph has a seam."""


class Weights(Struct, frozen=True, kw_only=True):
    """What a boundary earns; 1 is what a paragraph costs that is e times too long or too short."""

    topic: float = 1.0
    marker: float = 0.6
    continuing: float = -0.5
    """The sentence after the boundary leans on the one before."""
    back_channel: float = -1.0
    """Between a short reaction and what follows from it."""
    question: float = -0.3
    """Between a question and what is said next, unless that opens as if it were new."""
    pause: float = 0.8
    """For each second of silence, up to two."""


_WEIGHTS = Weights()

_MODEL_SHARE = 1.3
_MODEL_SHIFT = 0.5
"""What a model's log odds are multiplied by, and what is added."""
_MODEL_TARGET_S = 18.0
"""The target that this holds for: with another, paragraphs become likelier or less likely by the ratio."""


def boundary_scores(
    sentences: Sequence[Sentence],
    pauses_s: Sequence[float],
    *,
    language: str,
    weights: Weights = _WEIGHTS,
) -> list[float]:
    """For each sentence, what a paragraph boundary before it earns (or costs, below 0).

    ``pauses_s`` holds the silence before each sentence.
    """
    worth = {
        Opening.TOPIC: weights.topic,
        Opening.MARKER: weights.marker,
        Opening.CONTINUING: weights.continuing,
    }
    openings = [opening(sent.text, chinese=is_chinese(language)) for sent in sentences]
    scores = [0.0] * len(sentences)
    for k in range(1, len(sentences)):
        before = sentences[k - 1]
        score = worth.get(openings[k], 0.0)
        if is_back_channel(before.text):
            score += weights.back_channel
        if is_question(before.text) and openings[k] not in (Opening.TOPIC, Opening.MARKER):
            score += weights.question
        score += weights.pause * min(2.0, pauses_s[k])
        scores[k] = score
    return scores


def learnt_scores(
    log_odds: Sequence[float],
    pauses_s: Sequence[float],
    *,
    target_s: float,
    weights: Weights = _WEIGHTS,
) -> list[float]:
    """The same by a model's ``log_odds`` that a paragraph starts with each sentence."""
    shift = _MODEL_SHIFT - 2 * log(target_s / _MODEL_TARGET_S)
    return [
        _MODEL_SHARE * odds + shift + weights.pause * min(2.0, pause_s)
        for odds, pause_s in zip(log_odds, pauses_s, strict=True)
    ]


def group(
    lengths_s: Sequence[float],
    scores: Sequence[float],
    given: Sequence[int],
    *,
    target_s: float,
    max_s: float,
    whole_up_to_s: float = 0.0,
    costs: Lengths = RULED,
) -> list[int]:
    """Indices of the sentences that start paragraphs, in order.

    The ``given`` starts, of which the first sentence is one, are among them. What lies between two
    of them stays whole up to ``whole_up_to_s`` seconds of speech; otherwise no paragraph has more
    than ``max_s`` unless it is a single sentence. Takes time in proportion to the sentences.
    """
    starts: list[int] = []
    for start, end in pairwise([*given, len(lengths_s)]):
        if sum(lengths_s[start:end]) <= whole_up_to_s:
            starts.append(start)
        else:
            cheapest = _cheapest(lengths_s[start:end], scores[start:end], target_s, max_s, costs)
            starts += [start + at for at in cheapest]
    return starts


def _cheapest(
    lengths_s: Sequence[float],
    scores: Sequence[float],
    target_s: float,
    max_s: float,
    costs: Lengths,
) -> list[int]:
    """Paragraph starts within one stretch."""
    count = len(lengths_s)
    best = [0.0] + [-inf] * count
    previous = [0] * (count + 1)
    for end in range(1, count + 1):
        gain = scores[end] if end < count else 0.0
        length_s = 0.0
        for start in range(end - 1, max(-1, end - 1 - _MOST_SENTENCES), -1):
            length_s += lengths_s[start]
            if length_s > max_s and start < end - 1:
                break
            off = log(length_s / target_s)
            value = best[start] + gain - (costs.short if off < 0 else costs.long) * off * off
            if value > best[end]:
                best[end], previous[end] = value, start
    starts: list[int] = []
    at = count
    while at > 0:
        at = previous[at]
        starts.append(at)
    return starts[::-1]
