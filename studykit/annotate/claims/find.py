"""Key claims: the sentences that say what a talk holds to be so.

A sentence is worth as much as it is likely a claim (``score``), and as it is central (how near its vector is
to the others': degree centrality of Erkan & Radev 2004, LexRank, section 3). What is not likely enough is
never taken, so that a talk may have fewer claims than were asked for.
Claims are taken best first, each worth only as far as it is new: after the
idea of maximal marginal relevance (Carbonell & Goldstein 1998), but with what all claims before it
cover together, and with what was said around the same time counting as covered too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np
from msgspec import Struct

from studykit.annotate.claims.chinese import stands_alone_zh
from studykit.annotate.claims.score import Floats, Vectors, centrality, likelihood
from studykit.annotate.claims.statement import gist, statement_of
from studykit.annotate.tagger import Tagger
from studykit.languages import is_chinese, join_sentences, spoken_length_s
from studykit.types import Alignment, Claim, Document, Quote, Sentence, Span, TermMatch

__all__ = ["ClaimOptions", "find_claims", "gists", "is_conversation", "notable_claims", "quote"]

_CENTRAL = 0.3
"""Share of a sentence's worth that is its rank in centrality: what a talk spends its time on."""
_LIKELY, _LIKELY_OF_ONE_VOICE = 0.7, 0.4
"""Sentences less likely claims than this are not taken: of likelier ones a reader took four of five. Most
labels are of conversations; in a lecture as many of the less likely ones are claims."""
_TURNS = 1 / 8
"""With more turns than this for each paragraph a talk is a conversation."""
_ANSWER = re.compile(
    r"(?:yeah|yes|yep|exactly|absolutely|definitely|sure|wow|cool|oh|thanks|thank you|no|right)\b",
    re.IGNORECASE,
)
_ANSWERS = 0.06
"""So is a transcript without times or speakers of whose paragraphs more than this share begin as an answer
does: all of 573 conversations (.07 and more), and 2 of 37 lessons."""
_BEST, _PERHAPS = 2, 0.4
"""So many of a talk by one voice need only be that likely: small talks have few sentences like those learnt
from."""
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


class ClaimOptions(Struct, frozen=True, kw_only=True):
    """How many claims notes show: one for so much speech, ``most`` in a part."""

    every_s: float = 90.0
    most: int = 10


_USUAL = ClaimOptions()


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
    tagger: Tagger | None = None,
    other: Document | None = None,
    alignment: Alignment | None = None,
) -> tuple[Claim, ...]:
    """Up to ``count`` claims of a talk, best first; fewer where fewer are likely enough.

    ``vectors``: ``(n, d)``, rows of length 1, of the ``gists``. ``other`` is the translation, and
    ``alignment`` has English as its source side. Each claim rests on one sentence, and its score,
    which never rises down the list, is what it is worth beside those above it.
    """
    scores = _scores(doc, vectors, terms, tagger)
    return tuple(
        _claim(doc, i, score, other, alignment) for i, score in _spread(scores, vectors, _at_s(doc), count)
    )


def notable_claims(
    doc: Document,
    vectors: Vectors,
    *,
    terms: Sequence[TermMatch] = (),
    tagger: Tagger | None = None,
    other: Document | None = None,
    alignment: Alignment | None = None,
    options: ClaimOptions = _USUAL,
) -> tuple[Claim, ...]:
    """The claims that notes show, chapter by chapter and in the order of the talk."""
    scores, at_s = _scores(doc, vectors, terms, tagger), _at_s(doc)
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


def _scores(doc: Document, vectors: Vectors, terms: Sequence[TermMatch], tagger: Tagger | None) -> Floats:
    """What each sentence is worth by itself, 0-1; 0 for one that is not likely enough to be a claim."""
    likely = likelihood(doc, vectors, terms, tagger)
    chinese = is_chinese(doc.language)
    if chinese:
        likely = np.where(_stand_alone_zh(doc, terms), likely, 0.0)
    words = np.array([len(sent.text) // 2 if chinese else len(sent.text.split()) for sent in doc.sentences])
    brief = np.minimum(1.0, _LONGEST / np.maximum(1, words))
    worth = likely * brief * (1 - _CENTRAL + _CENTRAL * centrality(vectors))
    if is_conversation(doc):
        return np.where(likely >= _LIKELY, worth, 0.0)
    best = np.sort(likely)[-_BEST:][0] if len(likely) else 0.0
    return np.where(likely >= min(_LIKELY_OF_ONE_VOICE, max(_PERHAPS, best)), worth, 0.0)


def is_conversation(doc: Document) -> bool:
    """Whether speakers take turns: by their names, by turns that were guessed, or, where a transcript has
    neither, by paragraphs that answer."""
    voices = [sent.speaker for sent in doc.sentences if sent.speaker]
    turns = sum(a != b for a, b in pairwise(voices)) + sum(para.guessed_turn for para in doc.paragraphs)
    if turns or voices or any(sent.start_s is not None for sent in doc.sentences):
        return turns > _TURNS * len(doc.paragraphs)
    firsts = [doc.sentences[para.sentences.start].text for para in doc.paragraphs if len(para.sentences)]
    return sum(_ANSWER.match(text) is not None for text in firsts) > _ANSWERS * len(firsts)


def _stand_alone_zh(doc: Document, terms: Sequence[TermMatch]) -> list[bool]:
    """Where the glossary knows the talk's terms, a Chinese claim is about one of them."""
    used = {at.sentence for match in terms for at in match.occurrences if at.language == doc.language}
    return [stands_alone_zh(sent) and (not terms or sent.index in used) for sent in doc.sentences]


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
