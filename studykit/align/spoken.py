"""Evidence from groups encoded as they stand, for the few beads that are worth it.

The vector of a passage says more than the sum of its sentences' vectors, but costs an encoding.
Bertalign (Liu & Zhu 2022) and Vecalign (Thompson & Koehn 2019) encode every passage of up to five
or more sentences; here only those are encoded that occur in a bead which the pooled vectors find
possible, less than one a sentence on usual text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from studykit.align.encoder import Encoder, Vectors
from studykit.align.evidence import Evidence, Groups
from studykit.align.lattice import Likely
from studykit.align.side import Side
from studykit.languages import join_pieces

__all__ = ["encoded_evidence"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_POOLED_SHARE = 0.3  # of the sum of sentences in a passage's vector: two views err less than one
_CHUNK = 4096
_FEWEST, _SAMPLE = 8, 64


def encoded_evidence(
    beads: Likely,
    sizes: tuple[Indices, Indices],
    *,
    texts: tuple[Sequence[str], Sequence[str]],
    sides: tuple[Side, Side],
    groups: tuple[Groups, Groups],
    evidence: Evidence,
    encoder: Encoder,
) -> Floats:
    """Nats for each bead; ``sizes`` are the numbers of sentences on its sides."""
    starts = beads.source, beads.target
    passages, which = [], []
    for text, side, start, size in zip(texts, sides, starts, sizes, strict=True):
        pairs, index = np.unique(np.stack([start, size], axis=1), axis=0, return_inverse=True)
        passages.append((_encoded(text, side, pairs, encoder), pairs))
        which.append(index.reshape(-1))
    cosine = np.empty(len(beads.source))
    for at in range(0, len(cosine), _CHUNK):
        part = slice(at, at + _CHUNK)
        cosine[part] = np.einsum("kd,kd->k", passages[0][0][which[0][part]], passages[1][0][which[1][part]])
    first, second = groups
    margin = cosine - (first.hub[sizes[0], starts[0]] + second.hub[sizes[1], starts[1]]) / 2
    evidence = replace(evidence, joint=_joint(passages, groups, evidence.chance))
    nats = evidence.of_margin(margin, (sizes[0].astype(float), sizes[1].astype(float)))
    nats += evidence.of_lengths(first.letters[sizes[0], starts[0]], second.letters[sizes[1], starts[1]])
    nats += evidence.of_times(
        (first.start_s[sizes[0], starts[0]], first.end_s[sizes[0], starts[0]]),
        (second.start_s[sizes[1], starts[1]], second.end_s[sizes[1], starts[1]]),
    )
    return nats


def _encoded(texts: Sequence[str], side: Side, pairs: Indices, encoder: Encoder) -> Vectors:
    """Vectors ``(k, d)`` of groups given as (start, size)."""
    vectors = side.pooled(pairs[:, 0], pairs[:, 1])
    long = np.flatnonzero(pairs[:, 1] > 1)
    if len(long):
        # Without spaces between Chinese characters; in other scripts "zh" changes nothing.
        passages = [join_pieces(texts[i : i + a], "zh") for i, a in pairs[long].tolist()]
        spoken = side.place(np.asarray(encoder.encode(passages), dtype=np.float32))
        mixed = (1 - _POOLED_SHARE) * spoken + _POOLED_SHARE * vectors[long]
        vectors[long] = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    return vectors


def _joint(
    passages: Sequence[tuple[Vectors, Indices]], groups: tuple[Groups, Groups], chance: float
) -> float:
    """How much nearer long passages are to each other by chance, see ``Evidence.joint``.

    From every long passage of one side beside every one of the other (a sample of them on a long
    text); few of these pairs belong together, and the median does not see them.
    """
    vectors, hubs, logs = [], [], []
    for (rows, pairs), group in zip(passages, groups, strict=True):
        long = np.flatnonzero(pairs[:, 1] > 1)
        if len(long) < _FEWEST:
            return 0.0
        long = long[np.linspace(0, len(long) - 1, min(len(long), _SAMPLE)).astype(np.intp)]
        vectors.append(rows[long])
        hubs.append(group.hub[pairs[long, 1], pairs[long, 0]])
        logs.append(np.log2(pairs[long, 1]))
    margin = vectors[0] @ vectors[1].T - (hubs[0][:, None] + hubs[1]) / 2
    return max(float(np.median((margin - chance) / (logs[0][:, None] * logs[1]))), 0.0)
