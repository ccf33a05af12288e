"""Learn the weights that rank claims from a reader's labels; cross-validated by talk.

    python -m benchmarks.claims_labels TALKS.jsonl.gz [-o weights/claims.tsv]

``data/claim_labels.tsv``: 320 sentences of 32 talks (turn, paragraph, code points of it) and whether a
reader takes each for a whole claim that stands alone; ten of each talk, seven of them from what the cue
lists rank first. Prints the area under the ROC curve and the share of claims among the first fifth.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studykit.annotate.claims.features import FEATURES, features, stands_alone
from studykit.glossary import Matcher, load
from studykit.resources import data_dir

LABELS = Path(__file__).parent / "data" / "claim_labels.tsv"
RIDGE = 2.0
FOLDS = 8
STEPS = 60
LEANING = 0.15
Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", type=Path, metavar="TALKS.jsonl.gz")
    parser.add_argument("-o", "--output", type=Path)
    args = parser.parse_args()
    with gzip.open(args.talks, "rt", encoding="utf-8") as file:
        talks = {talk["id"]: talk for talk in map(json.loads, file)}
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    texts = [
        talks[row["talk"]]["turns"][int(row["turn"])]["paragraphs"][int(row["paragraph"])][
            int(row["start"]) : int(row["end"])
        ]
        for row in rows
    ]
    matcher = Matcher(load([data_dir("glossaries")]), "en")
    seen = np.array(
        [features(text, chinese=False, terms=len({m.entry_id for m in matcher.find(text)})) for text in texts]
    )
    taken = np.array([float(row["claim"]) for row in rows])
    ids = {talk: i for i, talk in enumerate(dict.fromkeys(row["talk"] for row in rows))}
    fold = np.array([ids[row["talk"]] % FOLDS for row in rows])
    scores = np.zeros(len(rows))
    for held in range(FOLDS):
        weights = fitted(seen[fold != held], taken[fold != held])
        scores[fold == held] = 1 / (1 + np.exp(-seen[fold == held] @ weights))
    alone = np.array([1.0 if stands_alone(text, chinese=False) else LEANING for text in texts])
    report = {"sentences": len(rows), "claims": int(taken.sum())}
    for name, ranking in (("wording", scores), ("wording, standing alone", scores * alone)):
        first = np.argsort(-ranking)[: len(rows) // 5]
        report[name] = {"area": round(area(ranking, taken), 3), "first fifth": round(taken[first].mean(), 3)}
    print(json.dumps(report, indent=1))
    if args.output:
        weights = fitted(seen, taken)
        lines = (f"{name}\t{value:.4f}\n" for name, value in zip(FEATURES, weights, strict=True))
        args.output.write_text("".join(lines), encoding="utf-8")


def fitted(seen: Floats, taken: Floats) -> Floats:
    """Logistic regression with a ridge, by Newton's method."""
    weights = np.zeros(seen.shape[1])
    ridge = np.full(seen.shape[1], RIDGE)
    ridge[0] = 1e-6
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (chance - taken) + ridge * weights
        bend = (seen.T * (chance * (1 - chance))) @ seen + np.diag(ridge)
        weights -= np.linalg.solve(bend, slope)
    return weights


def area(scores: Floats, taken: Floats) -> float:
    one, other = scores[taken > 0], scores[taken < 1]
    return float((one[:, None] > other).mean() + (one[:, None] == other).mean() / 2)


if __name__ == "__main__":
    main()
