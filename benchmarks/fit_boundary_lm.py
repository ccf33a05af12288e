"""Fit the regression of ``engines/boundaries/lm.py``; needs ``studykit[lm]``.

    python benchmarks/fit_boundary_lm.py talks.jsonl.gz                 prints F1 and the coefficients
    python benchmarks/fit_boundary_lm.py talks.jsonl.gz --words 800     so many words of each episode

Reads the episodes on which ``train_boundaries.py`` sets its threshold: the fast model has not learnt them.
Each reading of the text starts from the marks that the last one found, by coefficients fitted on other
talks; F1 is by cross-validation by talk.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from talk_corpus import STOP, Talk, dev, read_corpus

from studykit.engines.boundaries.causal_lm import DEFAULT_MODEL, CausalLM
from studykit.engines.boundaries.fast import BoundaryNet
from studykit.engines.boundaries.features import bare_words
from studykit.engines.boundaries.lm import FLOOR, evidence, regressors

READINGS = 2
FOLDS = 4
PENALTY = 1.0


@dataclass(slots=True)
class Reading:
    """A stretch of a talk, its gaps that are asked about, and the marks that stand in it now."""

    words: list[str]
    starts: list[bool]
    fast: list[float]
    asked: list[int]
    marks: list[str]
    seen: np.ndarray | None = None

    @classmethod
    def of(cls, talk: Talk, first: int, end: int) -> Reading:
        fast = BoundaryNet().scores(talk.words)[first:end]
        asked = [at for at in range(1, len(fast)) if fast[at] > FLOOR]
        starts = [at > 0 and talk.marks[at - 1] >= STOP for at in range(first, end)]
        marks = ["." if at and score > 0 else "" for at, score in enumerate(fast)]
        return cls(bare_words(talk.words[first:end]), starts, fast, asked, marks)

    @property
    def gold(self) -> np.ndarray:
        return np.array([self.starts[i] for i in self.asked], dtype=float)


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
        gold += sum(reading.starts[1:])
    return float(2 * right / (found + gold))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--words", type=int, default=500, help="of each episode, from its middle")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    args = parser.parse_args()
    model = CausalLM(args.model)
    readings = []
    for talk in filter(dev, read_corpus(args.corpus)):
        middle = len(talk.words) // 2
        readings.append(Reading.of(talk, middle, min(len(talk.words), middle + args.words)))
    for number in range(READINGS):
        heard = [evidence(model, r.words, r.marks, r.asked) for r in readings]
        for r, h in zip(readings, heard, strict=True):
            r.seen = regressors(h, [r.fast[i] for i in r.asked], r.words, r.asked)
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
