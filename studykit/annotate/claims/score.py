"""How likely each sentence of a talk is a claim: a logistic regression over a reader's labels.

``benchmarks/claims_labels.py`` learns two sets of weights (``weights/claims.tsv``) from the same labels. The
one for English sees wording, grammar, the sentence's place in the talk, and its vector; the other, for
Chinese and for encoders other than the default one, wording and place alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from studykit.annotate.claims.features import FEATURES, FLAGS, features, flags, stands_alone
from studykit.annotate.claims.grammar import GRAMMAR, grammar
from studykit.annotate.tagger import Tagger
from studykit.languages import is_chinese
from studykit.resources import data_dir
from studykit.types import Document, TermMatch

__all__ = [
    "DIMENSIONS",
    "PLACE",
    "Floats",
    "Vectors",
    "centrality",
    "fits",
    "likelihood",
    "place",
    "plain",
    "seen",
]

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

PLACE = (
    *("central", "central_squared", "how_far", "nearby", "repeated", "words", "too_many_words"),
    *("ends", "begins"),
)
"""Figures of a sentence within its talk, in the order of the vector."""
DIMENSIONS = 512
"""Of the default encoder, whose vectors the weights were learnt with."""
_TAGGED = 0.5
"""Share of the sentences that are parsed, the likeliest by wording and place; others are no claims."""
_FEWEST = 40
"""So many are parsed at least."""
_NEARBY, _REPEATED = 3, 5
_BLOCK = 64
"""Sentences whose cosines with all are computed at once."""
_LONG = 28
_LEANING = 0.05
"""What is left of a Chinese sentence that does not stand alone, and of an English one that breaks off or has
one of these:"""
_UNFIT = ("no_subject", "no_finite", "opens_with_cause", "question_mark", "about_person")


def likelihood(doc: Document, vectors: Vectors, terms: Sequence[TermMatch], tagger: Tagger | None) -> Floats:
    """For each sentence how likely a reader takes it for a whole claim that stands alone, 0-1.

    ``vectors``: ``(n, d)``, rows of length 1. Without a ``tagger``, or with vectors of another encoder than
    the default one, English is judged as Chinese is, by wording and place.
    """
    if not len(doc.sentences):
        return np.zeros(0)
    texts = [sent.text for sent in doc.sentences]
    chinese = is_chinese(doc.language)
    figures = plain(texts, _used(doc, terms), vectors, chinese=chinese)
    first = _logistic(figures @ _weights("plain"))
    if chinese:
        alone = np.array([stands_alone(text, chinese=True) for text in texts])
        return np.where(alone, first, _LEANING * first)
    if tagger is None or vectors.shape[1] != DIMENSIONS:
        return first
    count = min(len(texts), max(_FEWEST, round(_TAGGED * len(texts))))
    likely = np.sort(np.argsort(-first, kind="stable")[:count])
    found = np.zeros(len(texts))
    whole = seen([texts[i] for i in likely], figures[likely], vectors[likely], tagger)
    found[likely] = _logistic(whole @ _weights("full"))
    found[likely[~fits(whole, figures.shape[1])]] *= _LEANING
    return found


def fits(whole: Floats, count: int) -> NDArray[np.bool_]:
    """Whether sentences can be claims at all. ``whole``: what is ``seen`` of them, ``count`` plain figures
    first."""
    clauses = whole[:, count + len(FLAGS) :][:, : len(GRAMMAR)]
    unfit = clauses[:, [GRAMMAR.index(name) for name in _UNFIT]].any(axis=1)
    unfit |= whole[:, count + FLAGS.index("breaks")] > 0
    return ~unfit


def plain(texts: Sequence[str], used: Sequence[int], vectors: Vectors, *, chinese: bool) -> Floats:
    """``(n, len(FEATURES) + len(PLACE))``: wording and place. ``used``: glossary terms in each sentence."""
    wording = np.array(
        [features(text, chinese=chinese, terms=n) for text, n in zip(texts, used, strict=True)]
    )
    return np.hstack([wording, place(texts, vectors, chinese=chinese)])


def seen(texts: Sequence[str], figures: Floats, vectors: Vectors, tagger: Tagger) -> Floats:
    """All that the weights for English see: ``plain`` figures, flags, grammar, vector."""
    clauses = np.array([grammar(tokens) for tokens in tagger.tag(texts)])
    return np.hstack([figures, np.array([flags(text) for text in texts]), clauses, vectors])


def place(texts: Sequence[str], vectors: Vectors, *, chinese: bool) -> Floats:
    """``(n, len(PLACE))``: how central, where, how much like its neighbours and like any, how long."""
    count = len(texts)
    central = centrality(vectors)
    made = np.zeros((count, len(PLACE)))
    for i, (text, (nearby, repeated)) in enumerate(zip(texts, _likeness(vectors), strict=True)):
        words = len(text) / 2 if chinese else len(text.split())
        made[i] = (
            *(central[i], central[i] ** 2, i / count, nearby, repeated, words / 30),
            *(max(0.0, words - _LONG) / _LONG, text.rstrip().endswith((".", "。")), text[:1].isupper()),
        )
    return made


def _likeness(vectors: Vectors) -> Iterator[tuple[float, float]]:
    """For each sentence, mean cosines with its neighbours and with those that are most like it."""
    near = min(len(vectors), _REPEATED + 1)
    for start in range(0, len(vectors), _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ vectors.T
        most = np.sort(np.partition(cosines, -near, axis=1)[:, -near:], axis=1)[:, :-1]
        repeated = most.mean(axis=1) if near > 1 else np.zeros(len(cosines))
        for row, (mine, like) in enumerate(zip(cosines, repeated.tolist(), strict=True)):
            i = start + row
            around = mine[max(0, i - _NEARBY) : i + _NEARBY + 1]
            yield float(around.sum() - 1) / (2 * _NEARBY), like


def centrality(vectors: Vectors) -> Floats:
    """Mean cosine with all, as a rank from 0 to 1 (degree centrality, Erkan & Radev 2004, section 3)."""
    degree = vectors @ vectors.mean(axis=0) if len(vectors) else np.zeros(0)
    rank = np.argsort(np.argsort(degree, kind="stable"), kind="stable")
    return rank / max(1, len(vectors) - 1)


def _used(doc: Document, terms: Sequence[TermMatch]) -> list[int]:
    used = [0] * len(doc.sentences)
    for match in terms:
        for i in {at.sentence for at in match.occurrences if at.language == doc.language}:
            used[i] += 1
    return used


def _logistic(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-values))


@cache
def _weights(which: str) -> Floats:
    stated = _stated()[which]
    names = [*FEATURES, *PLACE]
    if which == "full":
        names += [*FLAGS, *GRAMMAR, *(f"vector.{i}" for i in range(DIMENSIONS))]
    return np.array([stated[name] for name in names])


@cache
def _stated() -> Mapping[str, Mapping[str, float]]:
    """Both sets of weights by name."""
    lines = (data_dir("weights") / "claims.tsv").read_text(encoding="utf-8").splitlines()
    made: dict[str, dict[str, float]] = {"full": {}, "plain": {}}
    for line in lines:
        which, name, value = line.split("\t")
        made[which][name] = float(value)
    return made
