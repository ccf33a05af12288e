"""Evidence from groups encoded as they stand, for the few beads that are worth it.

The vector of a passage says more than the sum of its sentences' vectors, but costs an encoding.
Bertalign (Liu & Zhu 2022) and Vecalign (Thompson & Koehn 2019) encode every passage of up to five
or more sentences; here only those are encoded that occur in a bead which the pooled vectors find
possible.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.align.encoder import Encoder, Vectors
from studykit.align.evidence import Groups, Seen
from studykit.align.lattice import Likely
from studykit.align.sentences.clauses import edge_belonging
from studykit.align.sentences.side import Side
from studykit.languages import join_pieces

__all__ = ["encoded_beads"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_POOLED_SHARE = 0.3  # of the sum of sentences in a passage's vector: two views err less than one
_CHUNK = 4096  # beads
_BLOCK = 256  # few enough for the processor's cache


def encoded_beads(
    beads: Likely,
    sizes: tuple[Indices, Indices],
    *,
    texts: tuple[Sequence[str], Sequence[str]],
    sides: tuple[Side, Side],
    groups: tuple[Groups, Groups],
    chance: float,
    encoder: Encoder | None,
    doubtful: NDArray[np.bool_],
) -> Seen:
    """What is seen of each bead; ``sizes`` are the numbers of sentences on its sides.

    Without an encoder passages are sums of their sentences, as in the first round.
    """
    starts = beads.source, beads.target
    passages, which = [], []
    for text, side, start, size in zip(texts, sides, starts, sizes, strict=True):
        most = int(size.max(initial=0)) + 1
        numbers, index = np.unique(start * most + size, return_inverse=True)
        worth = np.zeros(len(numbers), dtype=bool)
        worth[index[doubtful]] = True
        passages.append(_encoded(text, side, divmod(numbers, most), worth, encoder))
        which.append(index)
    cosine, belonging, edges = (np.zeros(len(beads.source)) for _ in range(3))
    for at in range(0, len(cosine), _BLOCK):
        part = slice(at, at + _BLOCK)
        vectors = passages[0][which[0][part]], passages[1][which[1][part]]
        cosine[part] = np.einsum("kd,kd->k", *vectors)
        places = [(start[part], size[part]) for start, size in zip(starts, sizes, strict=True)]
        belonging[part] = np.minimum(
            _belonging(sides, (places[0], places[1]), vectors[1], chance),
            _belonging(sides[::-1], (places[1], places[0]), vectors[0], chance),
        )
    if encoder:
        looked_at = np.flatnonzero(doubtful)
        for at in range(0, len(looked_at), _CHUNK):
            some = looked_at[at : at + _CHUNK]
            edges[some] = edge_belonging(
                ((starts[0][some], sizes[0][some]), (starts[1][some], sizes[1][some])),
                (passages[0][which[0][some]], passages[1][which[1][some]]),
                texts=texts,
                sides=sides,
                chance=chance,
                encoder=encoder,
            )
    first, second = groups
    return Seen(
        sizes=sizes,
        cosine=cosine,
        belonging=belonging,
        letters=(first.letters[sizes[0], starts[0]], second.letters[sizes[1], starts[1]]),
        marks=first.marks[sizes[0], starts[0]] + second.marks[sizes[1], starts[1]],
        replies=(first.replies[sizes[0], starts[0]], second.replies[sizes[1], starts[1]]),
        edges=edges,
        times=(
            (first.start_s[sizes[0], starts[0]], first.end_s[sizes[0], starts[0]]),
            (second.start_s[sizes[1], starts[1]], second.end_s[sizes[1], starts[1]]),
        ),
    )


def _encoded(
    texts: Sequence[str],
    side: Side,
    groups: tuple[Indices, Indices],
    worth: NDArray[np.bool_],
    encoder: Encoder | None,
) -> Vectors:
    """Vectors ``(k, d)`` of groups given as starts and sizes."""
    start, size = groups
    vectors = side.pooled(start, size)
    long = np.flatnonzero((size > 1) & worth)
    if len(long) and encoder:
        # Without spaces between Chinese characters; in other scripts "zh" changes nothing.
        passages = [
            join_pieces(texts[i : i + a], "zh")
            for i, a in zip(start[long].tolist(), size[long].tolist(), strict=True)
        ]
        spoken = side.place(np.asarray(encoder.encode(passages), dtype=np.float32))
        mixed = (1 - _POOLED_SHARE) * spoken + _POOLED_SHARE * vectors[long]
        vectors[long] = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    return vectors


def _belonging(
    sides: tuple[Side, ...],
    places: tuple[tuple[Indices, Indices], tuple[Indices, Indices]],
    group: Vectors,
    chance: float,
) -> Floats:
    """Least over the sentences on the first side of each bead: see ``Seen``.

    Places are (start, size); ``group`` holds the vectors of the second side's groups.
    """
    side, other = sides
    (start, size), other_place = places
    least = np.full(len(start), np.inf)
    around = []
    for at in (other_place[0] - 1, other_place[0] + other_place[1]):
        there = (at >= 0) & (at < len(other))
        around.append((other.vectors[np.clip(at, 0, len(other) - 1)], there))
    for step in range(int(size.max(initial=0))):
        inside = np.flatnonzero(size > step)
        sentence = side.vectors[start[inside] + step]
        beyond = np.full(len(inside), chance)
        for vectors, there in around:
            cosine = np.einsum("kd,kd->k", sentence, vectors[inside])
            beyond = np.where(there[inside], np.maximum(beyond, cosine), beyond)
        own = np.einsum("kd,kd->k", sentence, group[inside])
        least[inside] = np.minimum(least[inside], own - beyond)
    return least
