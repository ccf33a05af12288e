"""Fit the regression of ``engines/boundaries/lm.py``; needs ``studykit[lm]``.

    python benchmarks/fit_boundary_lm.py talks.jsonl.gz                  prints the coefficients; P, R and F1
    python benchmarks/fit_boundary_lm.py talks.jsonl.gz --model FILE.gguf --lines TALK.txt

Fits on ``--words`` of each episode on which ``train_boundaries.py`` sets its threshold: the fast model has
not learnt them. The threshold is set as there, where precision is no lower than recall on any show,
by cross-validation by talk. Reports on 500 words of each of some held-out episodes, ``--most`` of each show,
and on files with one sentence a line: the fast model, this one, and the mean of both.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from talk_corpus import STOP, Talk, dev, held_out, read_corpus, read_lines
from train_boundaries import balanced, prf

from studykit.engines.boundaries.causal_lm import DEFAULT_MODEL, CausalLM
from studykit.engines.boundaries.fast import BoundaryNet
from studykit.engines.boundaries.features import bare_words
from studykit.engines.boundaries.lm import FLOOR, evidence, regressors

FOLDS = 4
PENALTY = 1.0
REPORTED = 500
"""Words of each episode that is reported on."""


@dataclass(slots=True)
class Reading:
    """A stretch of a talk, its gaps that are asked about, and the marks that the fast model sets."""

    show: str
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
        return cls(talk.show, bare_words(talk.words[first:end]), starts, fast, asked, marks)

    @property
    def answers(self) -> np.ndarray:
        return np.array([self.starts[i] for i in self.asked], dtype=float)

    def scored(self, values: np.ndarray) -> np.ndarray:
        """The scores of all gaps, given those that the language model was asked about."""
        scores = np.array(self.fast)
        scores[self.asked] = values
        return scores[1:]


def regression(readings: Sequence[Reading]) -> np.ndarray:
    """Newton's method for a logistic regression with an L2 penalty on standardised columns."""
    rows, gold = np.concatenate([r.seen for r in readings]), np.concatenate([r.answers for r in readings])
    scale = rows.std(axis=0)
    scale[scale == 0] = 1.0  # the constant
    rows = rows / scale
    penalty = PENALTY * np.eye(rows.shape[1])
    penalty[-1, -1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-rows @ weights))
        curve = rows.T @ (rows * (probability * (1 - probability))[:, None]) + penalty
        weights -= np.linalg.solve(curve, rows.T @ (probability - gold) + penalty @ weights)
    return weights / scale


def middle(talk: Talk, words: int) -> Reading:
    first = len(talk.words) // 2
    return Reading.of(talk, first, min(len(talk.words), first + words))


def gold(readings: Sequence[Reading]) -> np.ndarray:
    return np.concatenate([np.array(r.starts[1:]) for r in readings])


def fitted(readings: Sequence[Reading]) -> np.ndarray:
    """The coefficients, less the threshold, which is found on scores by coefficients of other talks."""
    scores = []
    for i, r in enumerate(readings):
        assert r.seen is not None
        scores.append(r.seen @ regression([o for j, o in enumerate(readings) if j % FOLDS != i % FOLDS]))
    of = {show: [i for i, r in enumerate(readings) if r.show == show] for show in {r.show for r in readings}}
    threshold = max(
        balanced(
            np.concatenate([readings[i].scored(scores[i]) for i in chosen]),
            np.where(gold([readings[i] for i in chosen]), STOP, 0),
        )
        for chosen in of.values()
    )
    weights = regression(readings)
    weights[-1] -= threshold
    return weights


def report(readings: Sequence[Reading], weights: np.ndarray) -> None:
    for show in sorted({r.show for r in readings}):
        chosen = [r for r in readings if r.show == show]
        truth = gold(chosen)
        fast = np.concatenate([np.array(r.fast[1:]) for r in chosen])
        ours = np.concatenate([r.scored(r.seen @ weights) for r in chosen if r.seen is not None])
        found = {"fast": fast, "lm": ours, "mean": fast + ours}
        scores = {name: prf(values > 0, truth) for name, values in found.items()}
        print(json.dumps({"show": show, "words": len(truth)} | scores), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--words", type=int, default=300, help="of each episode, from its middle")
    parser.add_argument("--most", type=int, default=4000, help="words of each show to report on")
    parser.add_argument("--lines", type=Path, nargs="+", default=[])
    parser.add_argument("--model", default=DEFAULT_MODEL)
    args = parser.parse_args()
    model = CausalLM(args.model)
    talks = list(read_corpus(args.corpus))
    tuned = [middle(talk, args.words) for talk in talks if dev(talk)]
    readings = list(tuned)
    for show in sorted({talk.show for talk in talks}):
        kept = [talk for talk in talks if held_out(talk) and talk.show == show]
        count = max(1, args.most // REPORTED)
        readings += [middle(talk, REPORTED) for talk in kept[:: max(1, len(kept) // count)][:count]]
    for path in args.lines:
        readings += [Reading.of(talk, 0, len(talk.words)) for talk in read_lines(path, path.stem)]
    for r in readings:
        heard = evidence(model, r.words, r.marks, r.asked)
        r.seen = regressors(heard, [r.fast[i] for i in r.asked], r.words, r.asked)
    weights = fitted(tuned)
    print(tuple(weights.round(3).tolist()))
    report(readings[len(tuned) :], weights)


if __name__ == "__main__":
    main()
