"""What the boundary network sees of every word: itself, and what spaCy's tagger and parser say of it.

Unpunctuated text is far from what the parser was trained on, so its sentence ends are poor by themselves
(docs/quality.md), but its tags, its arcs over the gap before a word and the vectors it computes on the
way are good evidence. Words lose case and marks first: captions have capitals or do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_CROSSING", "SUFFIXES", "Features", "Indices", "bare_words", "features"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

MOST_CROSSING = 9
"""More arcs than this over one gap are counted as this many."""
SUFFIXES = 256
"""Words outside the vocabulary share a row with others of the same last three letters, by hash."""

_LONGEST_WORD = 40
_LONGEST_ARC = 60

_CORE = re.compile(r"[\w'.%$-]*[\w%]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indices:
    """Rows of the network's tables; the row after the last is for what has none."""

    words: dict[str, int]
    tags: dict[str, int]
    deps: dict[str, int]

    def word(self, word: str) -> int:
        """The row of a bare word."""
        shape = re.sub(r"\d", "0", word)
        found = self.words.get(shape)
        return len(self.words) + crc32(shape[-3:].encode()) % SUFFIXES if found is None else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Of ``n`` words; a word that spaCy cuts ("it's") has a first and a last token."""

    word: Ints
    tag: Ints
    """``(n, 2)``: first and last token."""
    dep: Ints
    """``(n, 3)``: first and last token, and the shortest arc over the gap before the word."""
    crossing: Ints
    """Arcs over that gap."""
    starts: NDArray[np.bool_]
    """Whether the parser starts a sentence here."""
    vectors: Floats
    """``(n, 192)``: spaCy's own, of the first and the last token."""


def bare_words(words: Sequence[str]) -> list[str]:
    """Small letters without marks, except for "I", which the tagger knows in no other form."""
    bare = []
    for word in words:
        low = word[:_LONGEST_WORD].lower().replace("’", "'")
        core = _CORE.search(low)
        low = core.group() if core else low
        bare.append("I" + low[1:] if low == "i" or low.startswith("i'") else low)
    return bare


def features(doc: Any, words: Sequence[str], indices: Indices) -> Features:
    """Features of the bare ``words``, of which the spaCy ``doc`` is the parse, joined by spaces."""
    count = len(doc)
    ends = np.cumsum([len(word) + 1 for word in words])
    word_of = np.searchsorted(ends, [token.idx for token in doc], side="right")
    first = np.searchsorted(word_of, np.arange(len(words)), side="left")
    last = np.searchsorted(word_of, np.arange(len(words)), side="right") - 1

    heads = np.array([token.head.i for token in doc])
    tags = np.array([indices.tags.get(token.tag_, len(indices.tags)) for token in doc])
    deps = np.array([indices.deps.get(token.dep_, len(indices.deps)) for token in doc])
    low, high = np.minimum(heads, np.arange(count)), np.maximum(heads, np.arange(count))
    opened = np.bincount(low + 1, minlength=count + 2) - np.bincount(high + 1, minlength=count + 2)
    shortest = np.full(count, len(indices.deps))
    for token in np.argsort(low - high, kind="stable"):  # longest first, so that shorter ones cover them
        if high[token] - low[token] < _LONGEST_ARC:
            shortest[low[token] + 1 : high[token] + 1] = deps[token]
    return Features(
        word=np.array([indices.word(word.lower()) for word in words]),
        tag=np.stack([tags[first], tags[last]], axis=1),
        dep=np.stack([deps[first], deps[last], shortest[first]], axis=1),
        crossing=np.minimum(np.cumsum(opened)[first], MOST_CROSSING),
        starts=np.array([bool(token.is_sent_start) for token in doc])[first],
        vectors=np.concatenate([doc.tensor[first], doc.tensor[last]], axis=1).astype(np.float32),
    )
