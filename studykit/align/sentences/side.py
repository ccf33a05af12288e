"""One side of an alignment: what is known of its sentences, and of groups of neighbours."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.align.encoder import Vectors
from studykit.align.sentences.replies import reply_bits
from studykit.faces import late
from studykit.languages import HAN, detect_language

__all__ = ["Side", "make_sides"]

Floats = NDArray[np.float64]

_HAN_CHAR = late(f"[{HAN}]")
_LETTERS_PER_HAN = 3  # what one Chinese character says takes about three letters
_SHRINK = 8  # a mean over few sentences is drawn towards zero, as if by this many more
_RIDGE = 0.3  # of the largest variance; whitens the common directions, leaves the rare ones alone
_SAMPLE = 500  # lines from all over a text that show its language
_SMALL = 32  # rows of a matrix that are inverted at once
_MARK_SHARE = 0.1  # with fewer lines ended by a mark, marks say little
_LINES_SHARE = 0.5  # with more, a line without one is a heading, not a part of a sentence
_MARKED = late(r"""[.!?。！？…:：][\]"'”’」』）)]*$""")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9\-_.]*[A-Za-z0-9]|\d+")


class Side(Struct, frozen=True, kw_only=True):
    """The sentences of one document as numbers; every array has one row per sentence."""

    vectors: Vectors
    """``(n, d)``, centred, whitened, rows of length 1."""
    weight: Floats
    """How much a sentence counts in a group: the root of its length."""
    letters: Floats
    """Length in letters, at least 1."""
    wordless: Floats
    """1 where the line has neither letters nor digits, else 0."""
    repeated: Floats
    """0-1: how far the sentence before or after says the same in the same words."""
    marked: Floats
    """0-1: whether a mark ends the line, where most lines have none, as in captions; else 0."""
    unmarked: Floats
    """0-1: whether none ends it there."""
    names: list[dict[str, float]]
    """Numbers, and Latin words in Chinese, that both sides have, with a weight: the rarer the more."""
    replies: NDArray[np.uint8]
    """Bits of the replies that a sentence opens with."""
    same: NDArray[np.intp]
    """The number of the sentence's text, counted by first occurrence: equal for equal texts."""
    start_s: Floats
    """Not a number where unknown, as in ``end_s``."""
    end_s: Floats
    mean: Vectors
    whitening: Vectors

    def __len__(self) -> int:
        return len(self.vectors)

    def distinct(self) -> NDArray[np.intp]:
        """The first occurrence of each text."""
        return np.unique(self.same, return_index=True)[1]

    def place(self, raw: Vectors) -> Vectors:
        """Vectors straight from the encoder, in the space of ``vectors``."""
        return _unit(np.asarray((raw - self.mean) @ self.whitening))

    def pooled(self, starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> Vectors:
        """Unit vectors ``(k, d)`` of groups, summed from their sentences by weight."""
        total = np.zeros((len(starts), self.vectors.shape[1]), dtype=np.float32)
        for step in range(int(sizes.max(initial=0))):
            inside = np.flatnonzero(sizes > step)
            at = starts[inside] + step
            total[inside] += self.vectors[at] * self.weight[at, None].astype(np.float32)
        return _unit(total)


def make_sides(
    texts: tuple[Sequence[str], Sequence[str]],
    raw: tuple[Vectors, Vectors],
    times_s: tuple[Floats, Floats],
) -> tuple[Side, Side]:
    """Both sides, in one space; ``times_s`` have shape ``(n, 2)``, start and end.

    Each language's mean is taken off, since encoders set languages apart, and directions common to
    the whole text are damped (shrunk whitening), since they only say what the talk is about.
    """
    centred: list[Vectors] = []
    means: list[Vectors] = []
    for vectors in raw:
        mean = vectors.sum(axis=0) / (len(vectors) + _SHRINK)
        means.append(mean)
        centred.append(_unit(vectors - mean))
    covariance = sum(x.T @ x for x in centred) / sum(len(x) for x in centred)
    whitening = _whitening(np.asarray(covariance))
    names = _names(texts)
    first, second = (
        Side(
            vectors=_unit(x @ whitening),
            marked=marked,
            unmarked=unmarked,
            names=found,
            weight=np.sqrt(letters),
            letters=letters,
            wordless=np.array([not any(map(str.isalnum, line)) for line in text], dtype=np.float64),
            repeated=_repeated(vectors),
            replies=reply_bits(text),
            same=_same(text),
            start_s=time_s[:, 0],
            end_s=time_s[:, 1],
            mean=mean,
            whitening=whitening,
        )
        for text, x, vectors, mean, letters, time_s, found, (marked, unmarked) in zip(
            texts, centred, raw, means, map(_letters, texts), times_s, names, map(_marks, texts), strict=True
        )
    )
    return first, second


def _unit(vectors: Vectors) -> Vectors:
    norms = np.sqrt(np.maximum(np.einsum("nd,nd->n", vectors, vectors), 1e-18))
    return np.asarray(vectors / norms[:, None], dtype=np.float32)


def _whitening(covariance: Vectors) -> Vectors:
    """``W`` with ``W Wᵀ = (C + r I)⁻¹``: cosines depend on that product alone."""
    width = len(covariance)
    direction = np.full(width, width**-0.5, dtype=np.float32)
    for _ in range(20):  # power iteration; the ridge needs no more than two digits
        direction = covariance @ direction
        direction /= max(float(np.linalg.norm(direction)), 1e-12)
    largest = max(float(direction @ covariance @ direction), 1e-12)
    # The ridge keeps the condition number below 5: single precision is plenty.
    ridge = np.float32(_RIDGE * largest) * np.eye(width, dtype=np.float32)
    return _inverse_of_lower(np.asarray(np.linalg.cholesky(covariance + ridge), dtype=np.float32)).T


def _inverse_of_lower(matrix: Vectors) -> Vectors:
    """Of a lower triangular matrix, by halves: a third of the work of the general inverse."""
    half = len(matrix) // 2
    if half < _SMALL:
        return np.asarray(np.linalg.inv(matrix))
    first, last = _inverse_of_lower(matrix[:half, :half]), _inverse_of_lower(matrix[half:, half:])
    inverse = np.zeros_like(matrix)
    inverse[:half, :half], inverse[half:, half:] = first, last
    inverse[half:, :half] = -last @ (matrix[half:, :half] @ first)
    return inverse


def _letters(texts: Sequence[str]) -> Floats:
    whole = "".join(texts)
    worth = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for char in set(whole):
        worth[ord(char)] = char.isalnum() + (_LETTERS_PER_HAN - 1) * bool(_HAN_CHAR.match(char))
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    so_far = np.concatenate([[0], np.cumsum(worth[codes])])
    ends = np.cumsum([len(text) for text in texts])
    return np.asarray(np.maximum(np.diff(so_far[ends], prepend=0), 1.0))


def _same(texts: Sequence[str]) -> NDArray[np.intp]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.intp)


def _repeated(vectors: Vectors) -> Floats:
    close = np.zeros(len(vectors))
    if len(vectors) > 1:
        cosine = np.einsum("nd,nd->n", vectors[1:], vectors[:-1])
        close[1:] = cosine
        close[:-1] = np.maximum(close[:-1], cosine)
    return np.clip((close - 0.6) / 0.4, 0, 1)


def _marks(texts: Sequence[str]) -> tuple[Floats, Floats]:
    ended = np.array([bool(_MARKED.search(text)) for text in texts], dtype=np.float64)
    share = float(ended.mean()) if len(ended) else 0.0
    counts = min(1.0, share / _MARK_SHARE) if share < _LINES_SHARE else 0.0
    return ended * counts, (1 - ended) * counts


def _names(texts: tuple[Sequence[str], Sequence[str]]) -> list[list[dict[str, float]]]:
    """Numbers in both texts; where one of them is Chinese, also Latin words: names and terms."""
    script = [detect_language(" ".join(text[:: 1 + len(text) // _SAMPLE])) for text in texts]
    words = [[set(_NAME.findall(text.lower())) for text in side] for side in texts]
    if script[0] == script[1]:
        words = [[{word for word in found if word[0].isdigit()} for found in side] for side in words]
    often = [Counter(chain.from_iterable(side)) for side in words]
    weight = {word: (often[0][word] * often[1][word]) ** -0.25 for word in often[0].keys() & often[1].keys()}
    return [[{word: weight[word] for word in found if word in weight} for found in side] for side in words]
