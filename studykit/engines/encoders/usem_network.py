"""The forward pass of the default encoder: convolutions over tokens, averaged, then a deep averaging network.

Yang et al. (2020), "Multilingual Universal Sentence Encoder for Semantic Retrieval". All that depends on a
token alone, its embedding and what each place of the first convolutions makes of it, is computed once for
each token that occurs: a talk says the same tokens again and again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

if TYPE_CHECKING:
    from studykit.align.encoder import Vectors

__all__ = ["Network"]

Ids = NDArray[np.intp]
Floats = NDArray[np.float32]

_BLOCKS = 17
"""The embedding table is quantised in so many blocks: token t belongs to block t mod 17."""
_FILTERS = 256
"""Of each convolution."""
_WINDOWS = ((2, 0), (3, 1), (5, 2))
"""Tokens that a convolution sees, and how many of them stand before its own."""
_GAP = 2
"""Empty places between texts: no convolution reaches across them."""
_BATCH = 192
"""Tokens computed at once: what they need stays in the processor's cache."""


class _Tokens(Struct, frozen=True):
    """What is known of each token that occurs; row -1 of ``places`` is that of an empty place."""

    embedded: Floats
    """``(tokens, 512)``."""
    projected: Floats
    """``(tokens, 768)``: the input of the three convolutions."""
    places: tuple[Floats, ...]
    """Of each convolution, ``(tokens + 1, window, 256)``."""


class Network:
    """Vectors of texts that are given as ids of tokens.

    ``weights`` are the package's arrays by name; ``threads`` batches are computed at once.
    """

    def __init__(self, weights: Mapping[str, NDArray[Any]], threads: int = 1) -> None:
        self._weights = weights
        self._tables = [weights[f"q{block + 1}"] for block in range(_BLOCKS)]
        self._projection, self._bias, self._scale, self._shift = (
            np.concatenate([weights[f"{part}{window}"] for window, _ in _WINDOWS], axis=-1)
            for part in ("proj", "proj_b", "ln_g", "ln_b")
        )
        self._threads = threads
        self._eps = float(weights["eps"])
        shape = (_FILTERS, _FILTERS)
        self._first = [
            np.concatenate(weights[f"w1_{window}"].reshape(window, *shape), axis=1) for window, _ in _WINDOWS
        ]

    @property
    def pieces(self) -> int:
        """How many tokens there are."""
        return sum(map(len, self._tables))

    def embedded(self, ids: Ids) -> Floats:
        """``(n, 512)``: the embedding of each token."""
        rows = np.empty((len(ids), self._tables[0].shape[1]), dtype=np.float32)
        for block, table in enumerate(self._tables):
            inside = ids % _BLOCKS == block
            rows[inside] = table[ids[inside] // _BLOCKS]
        rows *= self._weights["scale"][ids % _BLOCKS, None]
        rows += self._weights["lo"][ids % _BLOCKS, None]
        return rows

    def encode(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """``(n, 512)``, rows of length 1; every text has a token."""
        lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
        flat = np.fromiter(chain.from_iterable(texts), dtype=np.intp, count=int(lengths.sum()))
        occurring, flat = np.unique(flat, return_inverse=True)
        tokens = self._tokens(occurring)
        batches = list(_batches(flat.reshape(-1), lengths))
        if self._threads == 1 or len(batches) == 1:
            summed = np.concatenate([self._summed(tokens, *batch) for batch in batches])
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                summed = np.concatenate(list(pool.map(lambda batch: self._summed(tokens, *batch), batches)))
        return self._averaged(summed, lengths.astype(np.float32)[:, None])

    def _tokens(self, ids: Ids) -> _Tokens:
        embedded = self.embedded(ids)
        projected = embedded @ self._projection
        projected += self._bias
        self._normalise(projected)
        projected *= self._scale
        projected += self._shift
        places = []
        for i, (window, _) in enumerate(_WINDOWS):
            rows = np.zeros((len(ids) + 1, window * _FILTERS), dtype=np.float32)
            np.matmul(_part(projected, i), self._first[i], out=rows[:-1])
            places.append(rows.reshape(-1, window, _FILTERS))
        return _Tokens(embedded, projected, tuple(places))

    def _summed(self, tokens: _Tokens, flat: Ids, lengths: Ids) -> Floats:
        """``(texts, 1280)``: normalised tokens of each text of a batch, added up.

        ``flat``: rows of ``tokens``.
        """
        known = self._weights
        starts = np.cumsum(lengths) - lengths
        at = np.arange(len(flat)) + _GAP * (1 + np.repeat(np.arange(len(lengths)), lengths))
        spread = np.full(len(flat) + _GAP * (len(lengths) + 1), -1)
        spread[at] = flat
        width = tokens.embedded.shape[1]
        features = np.empty((len(flat), width + len(_WINDOWS) * _FILTERS), dtype=np.float32)
        features[:, :width] = tokens.embedded[flat]
        hidden = np.zeros((len(spread), _FILTERS), dtype=np.float32)
        for i, (window, before) in enumerate(_WINDOWS):
            seen = at[:, None] + np.arange(-before, window - before)
            first = tokens.places[i][spread[seen[:, 0]], 0]
            for place in range(1, window):
                first += tokens.places[i][spread[seen[:, place]], place]
            first += known[f"b1_{window}"]
            np.maximum(first, 0, out=first)
            first += _part(tokens.projected, i)[flat]
            hidden[at] = first
            second = hidden[seen].reshape(len(flat), window * _FILTERS) @ known[f"w2_{window}"]
            second += known[f"b2_{window}"]
            np.maximum(second, 0, out=second)
            np.add(second, first, out=_part(features[:, width:], i))
        self._normalise(features)
        summed: Floats = np.add.reduceat(features, starts, axis=0)
        return summed

    def _averaged(self, summed: Floats, lengths: Floats) -> Vectors:
        """The deep averaging network over sums of normalised tokens."""
        known = self._weights
        mean = (summed * known["ln_g"] + lengths * known["ln_b"]) @ known["cnn_W"] + lengths * known["cnn_b"]
        mean /= np.sqrt(lengths)
        one = np.maximum(mean @ known["d0"], 0)
        two = np.maximum(mean @ known["p1"] + one @ known["d1"], 0)
        three = np.maximum(two @ known["d2"], 0)
        vectors: Vectors = np.tanh(two @ known["p3"] + three @ known["d3"])
        squares = np.einsum("ij,ij->i", vectors, vectors)
        vectors /= np.sqrt(np.maximum(squares, self._eps))[:, None]
        return vectors

    def _normalise(self, rows: Floats) -> None:
        """To mean 0 and variance 1, in place."""
        rows -= rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
        rows *= (1 / np.sqrt(variance + np.float32(self._eps)))[:, None]


def _part(rows: Floats, i: int) -> Floats:
    """A view of the columns of the i-th convolution."""
    return rows[:, i * _FILTERS : (i + 1) * _FILTERS]


def _batches(flat: Ids, lengths: Ids) -> Iterator[tuple[Ids, Ids]]:
    """Whole texts of at most ``_BATCH`` tokens together, or one that is longer."""
    ends = np.cumsum(lengths)
    first = 0
    while first < len(lengths):
        start = int(ends[first] - lengths[first])
        last = max(first + 1, int(np.searchsorted(ends, start + _BATCH, side="right")))
        yield flat[start : ends[last - 1]], lengths[first:last]
        first = last
