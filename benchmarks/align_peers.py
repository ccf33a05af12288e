"""Other aligners with the same vectors: Vecalign, and the second pass of Bertalign.

Vecalign (Thompson & Koehn 2019) is sentalign 0.3.0, which repackages it; it takes part when it can
be imported (``pip install --no-deps --target PEER sentalign==0.3.0``, then ``PYTHONPATH=PEER``).

The second pass of Bertalign (Liu & Zhu 2022) is written anew from its description: every run of up to
six sentences is encoded as it stands; a bead of up to seven sentences scores the cosine of its two
runs, less their mean cosine with the sentences next to the other run, times log2(1 + the ratio of the
shorter to the longer); a sentence left alone scores a fixed price; the best sum wins. It searches the
whole matrix, so it is never worse off than behind its own first pass, and its time says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studykit.align import Encoder
from studykit.languages import join_pieces

Sides = tuple[tuple[int, ...], tuple[int, ...]]

VECALIGN_PRICES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
BERTALIGN_PRICES = (-0.3, -0.2, -0.1, -0.05, 0.0, 0.05)
_MOST = 7  # sentences in one bead


def have_vecalign() -> bool:
    try:
        import sentalign  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def vecalign(source: list[str], target: list[str], encoder: Encoder, price: float) -> list[Sides]:
    from sentalign import sentalign  # noqa: PLC0415  (optional peer)

    done = sentalign(source, target, encoder, alignment_max_size=8, del_percentile_frac=price)
    return [(tuple(a.src_indices), tuple(a.tgt_indices)) for a in done.alignments]


def bertalign(source: list[str], target: list[str], encoder: Encoder, price: float) -> list[Sides]:
    scores = _scores(source, target, encoder)
    n, m = len(source), len(target)
    best = np.full((n + 1, m + 1), -np.inf)
    came = np.zeros((n + 1, m + 1, 2), dtype=np.intp)
    columns = np.arange(m + 1)
    for r in range(n + 1):
        if r == 0:
            best[0, 0] = 0.0
        else:
            best[r], came[r] = best[r - 1] + price, (1, 0)
        for (a, b), score in scores.items():
            if a <= r and b <= m:
                reached = best[r - a, : m + 1 - b] + score[r - a]
                better = np.flatnonzero(reached > best[r, b:]) + b
                best[r, better], came[r, better] = reached[better - b], (a, b)
        for c in columns[1:]:
            if best[r, c - 1] + price > best[r, c]:
                best[r, c], came[r, c] = best[r, c - 1] + price, (0, 1)
    beads: list[Sides] = []
    r, c = n, m
    while r or c:
        a, b = came[r, c].tolist()
        beads.append((tuple(range(r - a, r)), tuple(range(c - b, c))))
        r, c = r - a, c - b
    return beads[::-1]


def _scores(source: list[str], target: list[str], encoder: Encoder) -> dict[tuple[int, int], np.ndarray]:
    """By sizes of a bead, ``(n + 1 - a, m + 1 - b)``."""
    runs = _runs(source, encoder), _runs(target, encoder)
    bytes_ = [np.concatenate([[0], np.cumsum([len(s.encode()) for s in side])]) for side in (source, target)]
    ratio = bytes_[0][-1] / max(bytes_[1][-1], 1)
    scores = {}
    for a in range(1, min(_MOST - 1, len(source)) + 1):
        to_single = runs[0][a] @ runs[1][1].T
        for b in range(1, min(_MOST - a, len(target)) + 1):
            from_single = runs[0][1] @ runs[1][b].T
            beside = (_beside(to_single, b) + _beside(from_single.T, a).T) / 2
            lengths = [(side[size:] - side[:-size]) for side, size in zip(bytes_, (a, b), strict=True)]
            first, second = lengths[0][:, None], lengths[1] * ratio
            penalty = np.log2(1 + np.minimum(first, second) / np.maximum(np.maximum(first, second), 1))
            scores[a, b] = (runs[0][a] @ runs[1][b].T - beside) * penalty
    return scores


def _beside(cosine: np.ndarray, size: int) -> np.ndarray:
    """Mean of each row over the sentences before and after each run of ``size``."""
    count = cosine.shape[1] + 1 - size
    total, there = np.zeros((len(cosine), count)), np.zeros(count)
    total[:, 1:] += cosine[:, : count - 1]
    total[:, : count - 1] += cosine[:, size:]
    there[1:] += 1
    there[: count - 1] += 1
    return total / np.maximum(there, 1)


def _runs(texts: Sequence[str], encoder: Encoder) -> dict[int, np.ndarray]:
    return {
        a: encoder.encode([join_pieces(texts[i : i + a], "zh") for i in range(len(texts) + 1 - a)])
        for a in range(1, min(_MOST - 1, len(texts)) + 1)
    }
