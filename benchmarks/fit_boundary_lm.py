"""Fit the regression of ``engines/boundary_lm.py``; needs ``studykit[lm]``.

    python benchmarks/fit_boundary_lm.py             prints F1 by cross-validation, and the coefficients
    python benchmarks/fit_boundary_lm.py --every 3   on every third talk

Reads ``benchmarks/data/talks.en.txt``. The fast model has learnt these talks by heart, so that its scores
come from networks trained without the talk at hand. Each reading of the text starts from the marks that
the last one found, by coefficients fitted on other talks.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from train_boundaries import (
    DATA,
    FOLDS,
    Talk,
    hesitant,
    indices_of,
    logits,
    read_talks,
    trained,
    with_features,
)

from studykit.engines.boundaries.causal_lm import DEFAULT_MODEL, CausalLM
from studykit.engines.boundaries.lm import FLOOR, evidence, regressors

READINGS = 2
PENALTY = 1.0
SHIFT = 0.4
"""Logits above -SHIFT are boundaries of one network's, as ``train_boundaries.py --check --seeds 1`` finds."""


@dataclass(slots=True)
class Reading:
    """A talk, its gaps that are asked about, and the marks that stand in it now."""

    talk: Talk
    fast: list[float]
    asked: list[int]
    marks: list[str]
    seen: np.ndarray | None = None

    @property
    def gold(self) -> np.ndarray:
        return np.array([self.talk.starts[i] for i in self.asked], dtype=float)


def left_out(own: Sequence[Talk]) -> list[Reading]:
    """Every talk as one network sees it that was trained on the others."""
    readings: dict[int, Reading] = {}
    for fold in range(FOLDS):
        kept = [hesitant(talk, i) for i, talk in enumerate(own) if i % FOLDS != fold]
        indices = indices_of(kept)
        net = trained(with_features(kept, indices), indices, 0)
        for i in range(fold, len(own), FOLDS):
            (talk,) = with_features([own[i]], indices)
            fast = (logits([net], talk) + SHIFT).tolist()
            asked = [at for at in range(1, len(fast)) if fast[at] > FLOOR]
            marks = ["." if at and score > 0 else "" for at, score in enumerate(fast)]
            readings[i] = Reading(talk, fast, asked, marks)
    return [readings[i] for i in range(len(own))]


def regression(readings: Sequence[Reading]) -> np.ndarray:
    """Newton's method for a logistic regression with an L2 penalty on standardised columns."""
    rows, gold = np.concatenate([r.seen for r in readings]), np.concatenate([r.gold for r in readings])
    scale = rows.std(axis=0)
    scale[-1] = 1.0  # the constant
    rows = rows / scale
    penalty = PENALTY * np.eye(rows.shape[1])
    penalty[-1, -1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-rows @ weights))
        curve = rows.T @ (rows * (probability * (1 - probability))[:, None]) + penalty
        weights -= np.linalg.solve(curve, rows.T @ (probability - gold) + penalty @ weights)
    return weights / scale


def f1(readings: Sequence[Reading], scores: Sequence[np.ndarray], threshold: float) -> float:
    right = found = gold = 0.0
    for reading, values in zip(readings, scores, strict=True):
        predicted = values > threshold
        right += (predicted * reading.gold).sum()
        found += predicted.sum()
        gold += sum(reading.talk.starts[1:])
    return float(2 * right / (found + gold))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, help="take each n-th talk")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = CausalLM(args.model)
    readings = left_out(list(read_talks(DATA / "talks.en.txt", 1.0)))[1 % args.every :: args.every]
    for number in range(READINGS):
        heard = [evidence(model, r.talk.words, r.marks, r.asked) for r in readings]
        for r, h in zip(readings, heard, strict=True):
            r.seen = regressors(h, [r.fast[i] for i in r.asked], r.talk.words, r.asked)
        scores: list[np.ndarray] = []
        for i, r in enumerate(readings):
            weights = regression([o for j, o in enumerate(readings) if j % FOLDS != i % FOLDS])
            scores.append(r.seen @ weights)
        threshold = max(np.arange(-1.5, 1.0, 0.1), key=lambda t: f1(readings, scores, t))
        weights = regression(readings)
        weights[-1] -= threshold
        print(f"reading {number + 1}: F1 {f1(readings, scores, threshold):.3f} at {threshold:.1f}")
        print(tuple(weights.round(3).tolist()), flush=True)
        for r, values, h in zip(readings, scores, heard, strict=True):
            for i, value, (none, comma, _) in zip(r.asked, values.tolist(), h, strict=True):
                r.marks[i] = "." if value > threshold else "," if comma > none else ""


if __name__ == "__main__":
    main()
