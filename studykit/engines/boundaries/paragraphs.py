"""Where a paragraph of talk begins: a small convolutional network over sentences, in numpy.

A sentence is seen as the mean of its words, its first and last words, its length, whether it asks, and how
much the words of the sentences before and after it have in common (Hearst 1997, *TextTiling*). Trained by
``benchmarks/train_paragraphs.py`` on the speakers' turns and the editors' paragraphs of transcripts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.engines.boundaries.fast import PARAGRAPH_WEIGHTS
from studykit.engines.boundaries.features import word_rows
from studykit.engines.boundaries.layers import Floats, layered
from studykit.engines.boundaries.weights import unpacked
from studykit.faces import late
from studykit.resources import data_dir

__all__ = [
    "FIRST",
    "LAST",
    "SCALARS",
    "TABLE",
    "SentenceFeatures",
    "network",
    "paragraph_scores",
    "turn_scores",
    "weights_path",
]

TABLE = 8192
"""Rows of the table of words; the row after the last is for what is not there."""
FIRST, LAST = 4, 2
"""How many words at a sentence's start and end are seen by themselves."""
SCALARS = 6

_REACHES = (2, 6)
"""Sentences on either side whose words are compared."""
_BUCKETS = 1024
"""Words are compared by hash."""
_SHORT = 4
"""Words of a short sentence, and one more."""

Ints = NDArray[np.int64]

_ASKS = late(r"\?[\"'”’)]*$")
_WORD = late(r"\w[\w'’-]*")


class SentenceFeatures(Struct, frozen=True, kw_only=True):
    """Of ``n`` sentences."""

    words: Ints
    """``(w, 2)``: rows of all words, one sentence after another; a sentence has one at least."""
    starts: Ints
    """``(n,)``: where each sentence's words start."""
    edges: Ints
    """``(n, FIRST + LAST, 2)``: rows of its first and last words."""
    scalars: Floats
    """``(n, SCALARS)``."""

    @classmethod
    def of(cls, sentences: Sequence[str]) -> SentenceFeatures:
        """The sentences, in order, with their marks."""
        texts = [_WORD.findall(text.lower()) or [""] for text in sentences]
        sizes = np.array([len(words) for words in texts], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        rows = word_rows(word for words in texts for word in words)[:, :2] % TABLE
        edges = np.full((len(texts), FIRST + LAST, 2), TABLE, dtype=np.int64)
        for place in range(FIRST):
            has = sizes > place
            edges[has, place] = rows[starts[has] + place]
        for place in range(LAST):
            has = sizes > place
            edges[has, FIRST + place] = rows[starts[has] + sizes[has] - 1 - place]
        asks = [float(_ASKS.search(text) is not None) for text in sentences]
        scalars = np.column_stack(
            [
                np.log(sizes) / 3,
                asks,
                [0.0, *asks[:-1]],
                sizes < _SHORT,
                *_cohesion(rows[:, 0], np.repeat(np.arange(len(texts)), sizes), len(texts)),
            ]
        ).astype(np.float32)
        return cls(words=rows, starts=starts, edges=edges, scalars=scalars)


def _cohesion(rows: Ints, sentence_of: Ints, count: int) -> list[Floats]:
    """For each reach, the cosine of what stands before and after each sentence's start, rare words first."""
    bags = np.zeros((count, _BUCKETS), dtype=np.float32)
    np.add.at(bags, (sentence_of, rows % _BUCKETS), 1.0)
    bags *= np.log(count / np.maximum(1, (bags > 0).sum(axis=0)))
    sums = np.concatenate([np.zeros((1, _BUCKETS), dtype=np.float32), np.cumsum(bags, axis=0)])
    at = np.arange(count)
    columns = []
    for reach in _REACHES:
        before = sums[at] - sums[np.maximum(0, at - reach)]
        after = sums[np.minimum(count, at + reach)] - sums[at]
        norms = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
        columns.append((before * after).sum(axis=1) / np.maximum(norms, 1e-6))
    return columns


def network(weights: Mapping[str, Floats], seen: SentenceFeatures) -> Floats:
    """``(n, 2)`` logits: a paragraph, and a speaker's turn, starts with the sentence."""
    table = weights["word"]
    sizes = np.diff(np.append(seen.starts, len(seen.words)))[:, None]
    bags = np.add.reduceat(table[seen.words].sum(axis=1), seen.starts, axis=0) / sizes
    edges = table[seen.edges].sum(axis=2).reshape(len(seen.starts), -1)
    h = np.concatenate([bags, edges, seen.scalars], axis=1)
    return layered(weights, h)


def paragraph_scores(sentences: Sequence[str]) -> list[float]:
    """For each sentence, the log odds that a paragraph starts with it."""
    return _scores(sentences, 0)


def turn_scores(sentences: Sequence[str]) -> list[float]:
    """For each sentence, the log odds that a speaker's turn starts with it."""
    return _scores(sentences, 1)


def _scores(sentences: Sequence[str], output: int) -> list[float]:
    if not sentences:
        return []
    found: list[float] = network(_load(), SentenceFeatures.of(sentences))[:, output].tolist()
    return found


def weights_path() -> Path:
    """The file of weights."""
    return data_dir("weights") / PARAGRAPH_WEIGHTS


@cache
def _load() -> dict[str, Floats]:
    with np.load(weights_path(), allow_pickle=False) as stored:
        return unpacked(dict(stored))
