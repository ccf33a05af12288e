"""Sentence alignment: which sentences of a translation say what which sentences of the source say.

::

    from studykit.align import align_sentences
    from studykit.engines import encoder

    beads = align_sentences(english, chinese, encoder=encoder("usem"))
    for bead in beads:
        print(bead.kind, bead.score, english[bead.source.start : bead.source.end])

A two-pass monotone aligner in the line of Vecalign (Thompson & Koehn 2019), Bertalign (Liu & Zhu
2022) and SentAlign (Steingrímsson et al. 2023), with three differences. The first pass chains
nearest neighbours wherever they are, without a window along the diagonal. The second pass sums over
all ways through the text instead of looking for the cheapest, so that each bead gets a probability;
the beads chosen are those with the most right ones to be expected, and their scores mean something.
And no price is for the user to set: what each observation is worth is fitted on gold alignments of
four genres, and how often a translator leaves out and splits is learnt from the text. See
docs/alignment.md.

This package knows no encoder, no file and no database.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.align.anchors import Box
from studykit.align.beads import choose_beads
from studykit.align.confidence import score_alone
from studykit.align.encoder import CachedEncoder, Encoder, Vectors
from studykit.options import AlignOptions
from studykit.types import Alignment, Bead, Document, Span

__all__ = ["CachedEncoder", "Cut", "Encoder", "Vectors", "align", "align_sentences"]

Floats = NDArray[np.float64]
Cut = tuple[int, int]


def align(
    source: Document,
    target: Document,
    *,
    encoder: Encoder,
    options: AlignOptions | None = None,
    locked: Sequence[Bead] = (),
    cuts: Sequence[Cut] = (),
) -> Alignment:
    """Align two documents; times inform the result where both have them.

    Beads in ``locked`` are kept exactly as they are. ``cuts`` are places where both texts are known
    to break, as pairs of sentences that begin something; one that a locked bead crosses is ignored.
    Raises ``ValueError`` when beads overlap, cross or leave the documents.
    """
    options = options or AlignOptions()
    beads = _aligned(
        [sent.text for sent in source.sentences],
        [sent.text for sent in target.sentences],
        (_times_s(source), _times_s(target)),
        encoder=encoder,
        options=options,
        locked=locked,
        cuts=cuts,
    )
    return Alignment(
        source_id=source.id,
        target_id=target.id,
        beads=beads,
        encoder=encoder.name,
        options=(("max_bead", str(options.max_bead)),),
    )


def align_sentences(
    source: Sequence[str],
    target: Sequence[str],
    *,
    encoder: Encoder,
    options: AlignOptions | None = None,
    locked: Sequence[Bead] = (),
) -> tuple[Bead, ...]:
    """Align two lists of sentences, in any two languages that the encoder knows.

    Returns beads in order that cover every sentence exactly once; a sentence without counterpart
    stands alone in a bead with one empty side. Raises ``ValueError`` as ``align`` does.
    """
    unknown = (np.full((len(source), 2), np.nan), np.full((len(target), 2), np.nan))
    return _aligned(
        source, target, unknown, encoder=encoder, options=options or AlignOptions(), locked=locked
    )


def _aligned(
    source: Sequence[str],
    target: Sequence[str],
    times_s: tuple[Floats, Floats],
    *,
    encoder: Encoder,
    options: AlignOptions,
    locked: Sequence[Bead],
    cuts: Sequence[Cut] = (),
) -> tuple[Bead, ...]:
    free = _cut(_around(locked, len(source), len(target)), cuts)
    if source and target and any(box[0] < box[1] and box[2] < box[3] for box in free):
        chosen = choose_beads((source, target), times_s, free, encoder, options)
        found, alone = chosen.beads, (chosen.source_alone, chosen.target_alone)
    else:
        found, alone = [], (np.ones(len(source)), np.ones(len(target)))
    placed = sorted([*found, *locked], key=lambda bead: (bead.source.end, bead.target.end))
    beads: list[Bead] = []
    for box, following in zip(_around(placed, len(source), len(target)), [*placed, None], strict=True):
        for piece in _cut([box], cuts):
            beads += _left_alone(piece, (source, target), alone)
        if following:
            beads.append(following)
    return tuple(beads)


def _around(beads: Sequence[Bead], n: int, m: int) -> list[Box]:
    """The boxes before, between and after beads; raises ``ValueError`` when there is no such order."""
    boxes = []
    row = column = 0
    for bead in beads:
        if bead.source.start < row or bead.target.start < column:
            raise ValueError(f"bead {bead} overlaps or crosses the one before")
        boxes.append((row, bead.source.start, column, bead.target.start))
        row, column = bead.source.end, bead.target.end
    if row > n or column > m:
        raise ValueError(f"a bead reaches beyond the {n} and {m} sentences: {beads[-1]}")
    return [*boxes, (row, n, column, m)]


def _cut(boxes: Sequence[Box], cuts: Sequence[Cut]) -> list[Box]:
    """Boxes, each in pieces where a cut falls inside it or on its edge."""
    pieces: list[Box] = []
    for top, bottom, left, right in boxes:
        row, column = top, left
        for i, j in cuts:
            if row <= i <= bottom and column <= j <= right and (i, j) not in {(row, column), (bottom, right)}:
                pieces.append((row, i, column, j))
                row, column = i, j
        pieces.append((row, bottom, column, right))
    return pieces


def _left_alone(
    box: Box, texts: tuple[Sequence[str], Sequence[str]], alone: tuple[Floats, Floats]
) -> list[Bead]:
    """One bead for each sentence in a box without beads.

    The longer run comes first: an order that is the same from whichever side one looks.
    """
    top, bottom, left, right = box
    if top == bottom and left == right:
        return []
    rows, columns = texts[0][top:bottom], texts[1][left:right]
    rows_first = (len(rows), len("".join(rows)), *rows) >= (len(columns), len("".join(columns)), *columns)
    column = left if rows_first else right
    row = bottom if rows_first else top
    of_source = [
        Bead(
            source=Span(start=i, end=i + 1),
            target=Span(start=column, end=column),
            score=score_alone(float(alone[0][i])),
        )
        for i in range(top, bottom)
    ]
    of_target = [
        Bead(
            source=Span(start=row, end=row),
            target=Span(start=j, end=j + 1),
            score=score_alone(float(alone[1][j])),
        )
        for j in range(left, right)
    ]
    return of_source + of_target if rows_first else of_target + of_source


def _times_s(document: Document) -> Floats:
    """``(n, 2)``: start and end, not a number where unknown or uncertain."""
    times = [
        (np.nan, np.nan)
        if sent.slack_s > 0
        else (
            np.nan if sent.start_s is None else sent.start_s,
            np.nan if sent.end_s is None else sent.end_s,
        )
        for sent in document.sentences
    ]
    return np.array(times, dtype=np.float64).reshape(-1, 2)
