"""Train the weights by which ambiguous markers are decided (`weights/markers.json`).

    train_markers.py TALKS.jsonl.gz [--write]

TALKS: one conversation a line, {"id", "show", "turns": [{"paragraphs": [text, …]}]}, as in the Changelog
transcripts (github.com/thechangelog/transcripts, CC BY-SA 4.0). `data/marker_labels.tsv` says where in
them an occurrence stands and whether it is a marker (M) or ordinary words (O), read one by one; it holds
no text. Printed is what ten folds by conversation say of occurrences that the model has not seen.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import zlib
from collections import defaultdict
from pathlib import Path

import numpy as np

from studykit import engines
from studykit.annotate.vocabulary.marker_use import WEIGHTS, MarkerUse, traits

HERE = Path(__file__).parent
LABELS = HERE / "data" / "marker_labels.tsv"
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[A-Z\"“])")
FOLDS = 10
PENALTIES = (0.3, 1.0, 3.0)
TARGET_PRECISION = 0.97
LEAST_SEEN = 2
LEAST_LABELLED, LEAST_ORDINARY = 23, 3
"""Forms with fewer labels, or hardly ever ordinary words, are left to the rules of the expression list."""

Sample = tuple[str, str, list[str], bool]
"""Conversation, form, traits, whether it is a marker."""


def samples(talks: Path) -> list[Sample]:
    """The labelled occurrences, tagged in their sentences."""
    wanted = defaultdict(list)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            wanted[row["talk"]].append(row)
    found, texts = [], []
    with gzip.open(talks, "rt", encoding="utf-8") as file:
        for line in file:
            talk = json.loads(line)
            for row in wanted.get(talk["id"], ()):
                text = talk["turns"][int(row["turn"])]["paragraphs"][int(row["paragraph"])]
                at = int(row["start"])
                begins = max((m.end() for m in SENTENCE_END.finditer(text) if m.end() <= at), default=0)
                ends = min(
                    (m.start() for m in SENTENCE_END.finditer(text) if m.start() > at), default=len(text)
                )
                texts.append(text[begins:ends])
                found.append((row, at - begins))
    made = []
    for (row, at), tokens in zip(found, engines.tagger().tag(texts), strict=True):
        seen = [token for token in tokens if token.upos != "SPACE"]
        inside = [i for i, t in enumerate(seen) if t.start < at + len(row["form"]) and t.end > at]
        made.append(
            (
                row["talk"],
                row["form"],
                traits(row["form"], seen, inside[0], inside[-1] + 1),
                row["label"] == "M",
            )
        )
    by_form: dict[str, list[bool]] = defaultdict(list)
    for _, form, _, marker in made:
        by_form[form].append(marker)
    judged = {
        form
        for form, marks in by_form.items()
        if len(marks) >= LEAST_LABELLED and marks.count(False) >= LEAST_ORDINARY and any(marks)
    }
    return [sample for sample in made if sample[1] in judged]


def fit(data: list[Sample], penalty: float) -> dict[str, float]:
    """Weights by Newton's method on the penalised likelihood."""
    counts: dict[str, int] = defaultdict(int)
    for _, _, names, _ in data:
        for name in names:
            counts[name] += 1
    columns = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= LEAST_SEEN))}
    x = np.zeros((len(data), len(columns)))
    for i, (_, _, names, _) in enumerate(data):
        for name in names:
            if name in columns:
                x[i, columns[name]] = 1
    y = np.array([marker for *_, marker in data], dtype=float)
    # With more traits than occurrences the dual is smaller: w = xᵀa.
    gram = x @ x.T / penalty
    scores = np.zeros(len(data))
    for _ in range(25):
        p = 1 / (1 + np.exp(-scores))
        weight = np.maximum(p * (1 - p), 1e-6)
        target = scores + (y - p) / weight
        dual = np.linalg.solve(gram + np.diag(1 / weight), target)
        scores = gram @ dual
    w = x.T @ dual / penalty
    return {name: round(float(w[i]), 3) for name, i in columns.items() if abs(w[i]) >= 0.02}


def held_out(data: list[Sample], penalty: float) -> list[tuple[str, float, bool]]:
    """Form, probability and truth of every occurrence, by a model that has not seen its conversation."""
    made = []
    fold = [zlib.crc32(talk.encode()) % FOLDS for talk, *_ in data]
    for k in range(FOLDS):
        weights = fit([s for s, f in zip(data, fold, strict=True) if f != k], penalty)
        for (_, form, names, marker), f in zip(data, fold, strict=True):
            if f == k:
                score = sum(weights.get(name, 0.0) for name in names)
                made.append((form, 1 / (1 + float(np.exp(-score))), marker))
    return made


def at_threshold(rows: list[tuple[str, float, bool]], threshold: float) -> tuple[float, float]:
    """Precision and recall."""
    right = sum(marker and p >= threshold for _, p, marker in rows)
    return right / max(1, sum(p >= threshold for _, p, _ in rows)), right / sum(marker for *_, marker in rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    data = samples(args.talks)
    print(f"{len(data)} occurrences, {sum(s[3] for s in data)} of them markers")
    best = None
    for penalty in PENALTIES:
        rows = held_out(data, penalty)
        loss = -np.mean([np.log(max(1e-9, p if marker else 1 - p)) for _, p, marker in rows])
        steps = [t / 100 for t in range(30, 96)]
        threshold = next((t for t in steps if at_threshold(rows, t)[0] >= TARGET_PRECISION), 0.9)
        precision, recall = at_threshold(rows, threshold)
        print(
            f"penalty {penalty:g}: log loss {loss:.3f}; from {threshold:.2f} on "
            f"precision {precision:.3f}, recall {recall:.3f}"
        )
        if best is None or loss < best[0]:
            best = (loss, penalty, threshold, rows)
    assert best
    _, penalty, threshold, rows = best
    for form in dict.fromkeys(form for form, *_ in rows):
        mine = [row for row in rows if row[0] == form]
        precision, recall = at_threshold([*mine], threshold) if any(m for *_, m in mine) else (0.0, 0.0)
        print(f"  {form}: {len(mine)}, precision {precision:.2f}, recall {recall:.2f}")
    if args.write:
        model = MarkerUse(frozenset(s[1] for s in data), fit(data, penalty), threshold)
        stated = {
            "source": "github.com/thechangelog/transcripts (CC BY-SA 4.0), labels our own",
            "forms": sorted(model.forms),
            "threshold": model.threshold,
            "weights": dict(sorted(model.weights.items())),
        }
        at = HERE.parent / "weights" / WEIGHTS
        at.write_text(json.dumps(stated, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
