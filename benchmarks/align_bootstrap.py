"""How far a difference between two aligners is chance: a paired bootstrap over stretches of text.

A text is cut wherever gold and both alignments break, so that each bead lies in one piece; pieces are drawn
with replacement (Efron 1979; Koehn 2004 for translation), a thousand times, and scores counted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from align_peers import BERTALIGN_PRICES, bertalign
from align_quality import alone, area_under_curve
from align_sets import GoldSet, Sides

from studykit.align import Encoder

__all__ = ["area_interval", "compare_with_bertalign", "interval", "pieces", "with_gaps"]

Counts = np.ndarray
_DRAWS = 1000
_FEWEST = 2  # wrong beads; of fewer there is no area


def with_gaps(beads: Sequence[Sides], gold_set: GoldSet) -> list[Sides]:
    """The beads with every other sentence left alone in its place."""
    whole: list[Sides] = []
    row = column = 0
    for source, target in [*beads, ((len(gold_set.source),), (len(gold_set.target),))]:
        whole += [((i,), ()) for i in range(row, source[0])]
        whole += [((), (j,)) for j in range(column, target[0])]
        whole.append((source, target))
        row, column = source[-1] + 1, target[-1] + 1
    return whole[:-1]


def pieces(*alignments: Sequence[Sides]) -> Counts:
    """``(pieces, alignments, 6)``: the first alignment is gold.

    Columns: right beads, beads made, beads wanted, and the same of sentences left alone.
    """
    cuts = sorted(set.intersection(*(_corners(beads) for beads in alignments)))
    where = {}
    for k, (row, column) in enumerate(cuts[1:]):
        where |= {("source", i): k for i in range(cuts[k][0], row)}
        where |= {("target", j): k for j in range(cuts[k][1], column)}
    counts = np.zeros((len(cuts) - 1, len(alignments), 6), dtype=np.int64)
    gold = {bead for bead in alignments[0] if all(bead)}
    lonely = alone(alignments[0])
    for a, beads in enumerate(alignments):
        linked = {bead for bead in beads if all(bead)}
        for column, found in ((0, linked & gold), (1, linked), (2, gold)):
            for source, _ in found:
                counts[where["source", source[0]], a, column] += 1
        for column, left in ((3, alone(beads) & lonely), (4, alone(beads)), (5, lonely)):
            for sentence in left:
                counts[where[sentence], a, column] += 1
    return counts


def _corners(beads: Sequence[Sides]) -> set[tuple[int, int]]:
    """Where an alignment breaks: all sentences before are in beads before, whichever gap comes first."""
    rows = columns = 0
    corners = {(0, 0)}
    gap: list[Sides] = []
    for bead in [*beads, ((), ())]:
        if all(bead) or not any(bead):
            a, b = sum(len(one[0]) for one in gap), sum(len(one[1]) for one in gap)
            corners |= {(rows + a, columns + b)}
            rows, columns, gap = rows + a + len(bead[0]), columns + b + len(bead[1]), []
            corners |= {(rows, columns)}
        else:
            gap.append(bead)
    return corners


def strict_f1(counts: Counts) -> np.ndarray:
    """Of sums ``(…, 6)``."""
    return 2 * counts[..., 0] / np.maximum(counts[..., 1] + counts[..., 2], 1)


def null_f1(counts: Counts) -> np.ndarray:
    """Of sums ``(…, 6)``."""
    return 2 * counts[..., 3] / np.maximum(counts[..., 4] + counts[..., 5], 1)


def interval(
    counts: Counts, score: Callable[[Counts], np.ndarray], *, seed: int = 0
) -> tuple[float, float, float, float]:
    """Of the second alignment less the third: difference, 2.5 and 97.5 per cent of draws, share above 0."""
    draw = np.random.default_rng(seed)
    times = draw.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=_DRAWS)
    drawn = score(np.tensordot(times, counts, axes=(1, 0)))
    apart = drawn[:, 1] - drawn[:, 2]
    whole = score(counts.sum(axis=0))
    low, high = np.quantile(apart, (0.025, 0.975))
    above = float(np.mean(apart > 0) + np.mean(apart == 0) / 2)
    return float(whole[1] - whole[2]), float(low), float(high), above


def area_interval(scores: np.ndarray, right: np.ndarray) -> str:
    """The area under the curve with the middle 95 per cent of draws, or a dash where too little is wrong."""
    if min(right.sum(), (~right).sum()) < _FEWEST:
        return "–"
    draw = np.random.default_rng(0)
    areas = []
    for _ in range(_DRAWS):
        some = draw.integers(0, len(scores), len(scores))
        if 0 < right[some].sum() < len(some):
            areas.append(area_under_curve(scores[some], right[some]))
    low, high = np.quantile(areas, (0.025, 0.975))
    return f"{area_under_curve(scores, right):.3f} ({low:.2f} to {high:.2f})"


def compare_with_bertalign(texts: dict[str, list[tuple[GoldSet, list[Sides], Encoder]]]) -> None:
    """Prints, for each set of texts aligned by studykit, the difference to Bertalign at its best price."""
    print("\n| set | price | strict F1: ours, its | less, 95 % | null F1: ours, its | less, 95 % |")
    print("|---" * 6 + "|")
    for label, group in texts.items():
        tried = []
        for price in BERTALIGN_PRICES:
            counts = np.concatenate(
                [
                    pieces(one.gold, found, bertalign(one.source, one.target, encoder, price))
                    for one, found, encoder in group
                ]
            )
            tried.append((strict_f1(counts.sum(axis=0))[2], price, counts))
        _, price, counts = max(tried, key=lambda one: one[0])
        row = f"| {label} | {price} "
        for score in (strict_f1, null_f1):
            ours, its = score(counts.sum(axis=0))[1:]
            less, low, high, _ = interval(counts, score)
            row += f"| {ours:.3f}, {its:.3f} | {less:+.3f} ({low:+.3f} to {high:+.3f}) "
        print(f"{row}|", flush=True)
