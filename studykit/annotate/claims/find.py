"""Key claims: the sentences that say what a talk holds to be so.

A sentence is worth as much as its wording promises, by a logistic regression over a reader's labels
(``features``), and as it is central (how near its vector is to the others': degree centrality of Erkan
& Radev 2004, LexRank, section 3); little is left of one that does not stand without its neighbours.
Claims are taken best first, each worth only as far as it is new: after the
idea of maximal marginal relevance (Carbonell & Goldstein 1998), but with what all claims before it
cover together, and with what was said around the same time counting as covered too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from studykit.annotate.claims.features import FEATURES, features, stands_alone
from studykit.annotate.claims.statement import gist, statement_of
from studykit.languages import is_chinese, join_sentences, spoken_length_s
from studykit.resources import data_dir
from studykit.types import Alignment, Claim, Document, Quote, Sentence, Span, TermMatch

__all__ = ["ClaimOptions", "find_claims", "gists", "notable_claims", "quote"]

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

_CENTRAL = 0.3
"""Share of a sentence's worth that is its rank in centrality: what a talk spends its time on."""
_LEANING = 0.15
"""What is left of the worth of a sentence that does not stand alone."""
_LONGEST = 28
"""Words; of a longer sentence a reader keeps as much less."""
_ELIGIBLE, _CHOICE = 0.08, 4
"""Claims are chosen among this share of a talk's sentences, its best, and among so many for each claim."""
_UNLIKE, _DUPLICATE = 0.4, 0.75
"""Cosines: below the first, sentences have nothing in common; above the other they say the same."""
_NEARBY = 0.5
"""What a claim takes at most from the worth of what is said around it: a talk has its dense minutes."""
_REACH = 0.5
"""How far in time a claim covers what is around it; 1: all of the talk, were the claims spread evenly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOptions:
    """How many claims notes show: one for so much speech, ``most`` in a part."""

    every_s: float = 90.0
    most: int = 10


def quote(sentence: Sentence, span: Span | None = None) -> Quote:
    """The words of a sentence as read; quotes are made here alone, so that none can be made up."""
    span = span or Span(start=0, end=len(sentence.raw))
    return Quote(sentence=sentence.index, span=span, quote=sentence.raw[span.start : span.end])


def gists(doc: Document) -> list[str]:
    """What to encode for ``find_claims``: each sentence without its words of speech."""
    return [gist(sent.text, chinese=is_chinese(doc.language)) for sent in doc.sentences]


def find_claims(
    doc: Document,
    vectors: Vectors,
    *,
    count: int,
    terms: Sequence[TermMatch] = (),
    other: Document | None = None,
    alignment: Alignment | None = None,
) -> tuple[Claim, ...]:
    """The ``count`` best claims of a talk, best first.

    ``vectors``: ``(n, d)``, rows of length 1, of the ``gists``. ``other`` is the translation, and
    ``alignment`` has English as its source side. Each claim rests on one sentence, and its score,
    which never rises down the list, is what it is worth beside those above it.
    """
    scores = _scores(doc, vectors, terms)
    return tuple(
        _claim(doc, i, score, other, alignment) for i, score in _spread(scores, vectors, _at_s(doc), count)
    )


def notable_claims(
    doc: Document,
    vectors: Vectors,
    *,
    terms: Sequence[TermMatch] = (),
    other: Document | None = None,
    alignment: Alignment | None = None,
    options: ClaimOptions = ClaimOptions(),
) -> tuple[Claim, ...]:
    """The claims that notes show, chapter by chapter and in the order of the talk."""
    scores, at_s = _scores(doc, vectors, terms), _at_s(doc)
    found: list[Claim] = []
    for span in _chapters(doc):
        part = slice(span.start, span.end)
        length_s = at_s[span.end - 1] - (at_s[span.start - 1] if span.start else 0.0)
        count = min(options.most, max(1, round(length_s / options.every_s)))
        picked = sorted(_spread(scores[part], vectors[part], at_s[part], count))
        found += [_claim(doc, span.start + i, score, other, alignment) for i, score in picked]
    return tuple(found)


def _chapters(doc: Document) -> Iterator[Span]:
    for _, paragraphs in groupby(doc.paragraphs, key=lambda para: para.chapter):
        run = list(paragraphs)
        yield Span(start=run[0].sentences.start, end=run[-1].sentences.end)


def _at_s(doc: Document) -> Floats:
    """When each sentence ends, if all is said without a pause."""
    return np.cumsum([spoken_length_s(sent.text) for sent in doc.sentences], dtype=np.float64)


def _scores(doc: Document, vectors: Vectors, terms: Sequence[TermMatch]) -> Floats:
    """What each sentence is worth by itself, 0-1."""
    used = [0] * len(doc.sentences)
    for match in terms:
        for i in {at.sentence for at in match.occurrences if at.language == doc.language}:
            used[i] += 1
    central = _centrality(vectors)
    scores = np.zeros(len(doc.sentences))
    weights = _weights()
    for i, sent in enumerate(doc.sentences):
        chinese = is_chinese(doc.language)
        value = features(sent.text, chinese=chinese, terms=used[i]) @ weights
        scores[i] = (1 - _CENTRAL + _CENTRAL * central[i]) / (1 + np.exp(-value))
        words = len(sent.text.split()) if not chinese else len(sent.text) // 2
        scores[i] *= min(1.0, _LONGEST / max(1, words)) ** 2
        if not stands_alone(sent.text, chinese=chinese):
            scores[i] *= _LEANING
    return scores


@cache
def _weights() -> Floats:
    """Learnt by ``benchmarks/claims_labels.py`` from sentences that a reader took or left."""
    lines = (data_dir("weights") / "claims.tsv").read_text(encoding="utf-8").splitlines()
    stated = {name: float(value) for name, value in (line.split("\t") for line in lines)}
    return np.array([stated[name] for name in FEATURES])


def _centrality(vectors: Vectors) -> Floats:
    """Mean cosine with all, as a rank from 0 to 1."""
    degree = vectors @ vectors.mean(axis=0) if len(vectors) else np.zeros(0)
    rank = np.argsort(np.argsort(degree, kind="stable"), kind="stable")
    return rank / max(1, len(vectors) - 1)


def _spread(scores: Floats, vectors: Vectors, at_s: Floats, count: int) -> Iterator[tuple[int, float]]:
    """Up to ``count`` indices, best first, each with its score as far as it is new."""
    if not len(scores):
        return
    reach_s = max(_REACH * float(at_s[-1] - at_s[0]) / count, 1e-9)
    eligible = max(round(_ELIGIBLE * len(scores)), _CHOICE * count)
    worth = np.where(scores >= np.sort(scores)[-min(eligible, len(scores))], scores, 0.0)
    for _ in range(min(count, len(scores))):
        best = int(worth.argmax())
        if worth[best] <= 0:
            return
        yield best, float(worth[best])
        near = np.clip(1 - np.abs(at_s - at_s[best]) / reach_s, 0, 1)
        cosine = (vectors @ vectors[best]).astype(np.float64)
        similar = np.clip((cosine - _UNLIKE) / (_DUPLICATE - _UNLIKE), 0, 1)
        worth *= 1 - np.maximum(near * _NEARBY, similar)
        worth[best] = 0


def _claim(doc: Document, i: int, score: float, other: Document | None, alignment: Alignment | None) -> Claim:
    sent = doc.sentences[i]
    chinese = is_chinese(doc.language)
    own = statement_of(sent.text, chinese=chinese)
    translated = _translation(sent.index, chinese, other, alignment)
    return Claim(
        statement=(translated or "") if chinese else own,
        statement_zh=own if chinese else translated,
        evidence=(quote(sent),),
        score=round(score, 4),
    )


def _translation(
    index: int, chinese: bool, other: Document | None, alignment: Alignment | None
) -> str | None:
    """The sentences of the bead that holds the claim, or None where nobody translated it."""
    if other is None or alignment is None:
        return None
    beside = alignment.counterparts("zh" if chinese else "en", index)
    return join_sentences((other.sentences[i].text for i in beside), other.language) or None
