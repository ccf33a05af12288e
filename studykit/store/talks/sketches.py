"""Sketches of texts, for estimating how much two texts have in common.

A sketch holds the ``k`` smallest hashes of all runs of three words; the share of runs that two texts have
in common can be estimated from two sketches (Broder 1997, *On the resemblance and containment of documents*).
"""

from __future__ import annotations

import heapq
import re
from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from studykit.faces import late

__all__ = ["resemblance", "sketch"]

_RUN = 3
_KEPT = 512
_WORD = re.compile(r"[^\W_]+(?:['’]\w+)?")
_ONE_BY_ONE = late(r"([\u3400-\u9fff])")


def sketch(texts: Iterable[str]) -> bytes:
    """The sketch of a text, given in pieces of any length: 64-bit hashes, ascending, big-endian."""
    hashes = heapq.nsmallest(_KEPT, set(_hashes(texts)))
    return array("Q", hashes).tobytes()


def _hashes(texts: Iterable[str]) -> Iterator[int]:
    words = [word for text in texts for word in _WORD.findall(_ONE_BY_ONE.sub(r" \1 ", text.casefold()))]
    for i in range(max(1, len(words) - _RUN + 1)):
        run = " ".join(words[i : i + _RUN])
        yield int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "little")


def resemblance(one: bytes, other: bytes) -> float:
    """How much two texts have in common, 0-1, estimated from their sketches (Jaccard)."""
    mine, others = set(array("Q", one)), array("Q", other)
    common = mine.intersection(others)
    if not common:  # as with most of a thousand talks
        return 0.0
    smallest = sorted(mine.union(others))[:_KEPT]
    return sum(value in common for value in smallest) / len(smallest)
