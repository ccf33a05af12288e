"""Sentences of a translation that stand in another paragraph than their English."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from studykit.align import Encoder, align
from studykit.check import given_pairs, slipped
from studykit.options import AlignOptions
from studykit.types import Bead, Document, Slip, Span

__all__ = ["slips_of"]


def slips_of(
    english: Document,
    chinese: Document,
    encoder: Encoder,
    options: AlignOptions,
    locked: Sequence[Bead],
    cuts: Sequence[tuple[int, int]],
) -> tuple[Slip, ...]:
    """The slips of texts whose paragraphs are pairs: by ``cuts`` (their ends in both), or as written.

    The texts are aligned as if they had no paragraphs. What a person has locked is as it should be.
    """
    if not cuts and len(english.paragraphs) != len(chinese.paragraphs):
        return ()
    alignment = align(english, chinese, encoder=encoder, options=options, locked=locked)
    if cuts:
        ends = [(0, 0), *cuts]
        pairs = [[Span(start=a[side], end=b[side]) for a, b in pairwise(ends)] for side in (0, 1)]
    elif written := given_pairs(english, chinese, alignment):
        pairs = list(written)
    else:
        return ()
    confirmed = {bead.source for bead in locked}
    return tuple(slip for slip in slipped(alignment, *pairs) if slip.source not in confirmed)
