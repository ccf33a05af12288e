"""Train the weights by which ambiguous markers are decided (`weights/markers.json`).

    train_markers.py TALKS.jsonl.gz [--write [--unseen]]

TALKS: one conversation a line, {"id", "show", "turns": [{"paragraphs": [text, …]}]}, as in the Changelog
transcripts (github.com/thechangelog/transcripts, CC BY-SA 4.0). `data/marker_labels.tsv` says where in
them an occurrence stands and whether it is a marker (M) or ordinary words (O), read one by one; it holds
no text. One conversation in five is kept for reporting; penalty and thresholds are chosen by ten folds over
the others. Printed is what the folds say, and what a model of the others says of the kept ones. ``--write``
writes a model of all labels, with ``--unseen`` one that has not seen the kept conversations.
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
from studykit.annotate.vocabulary.expressions import visible
from studykit.annotate.vocabulary.listed.marker_use import WEIGHTS, traits

HERE = Path(__file__).parent
LABELS = HERE / "data" / "marker_labels.tsv"
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[A-Z\"“])")
FOLDS = 10
REPORTED = 5
"""One conversation in so many is kept for reporting."""
PENALTIES = (0.5, 1.0)
TARGET_PRECISION = 0.98
LEAST_PRECISION = 0.9
LEAST_THRESHOLD, NEVER = 50, 1.0
"""Percent; and what no probability reaches, for forms that are never sure."""
LEAST_SEEN, LEAST_WEIGHT = 2, 0.02
MOST_STEPS, CLOSE = 25, 1e-3
LEAST_LABELLED, LEAST_EITHER = 23, 3
"""Forms with fewer labels, or of hardly more than one kind, are left to the rules of the expression list."""

Sample = tuple[str, str, list[str], bool]
"""Conversation, form, traits, whether it is a marker."""


def reported(talk: str) -> bool:
    """Whether a conversation is kept for reporting: nothing is learnt or chosen on it."""
    return zlib.crc32(talk.encode()) % REPORTED == 0


def labelled(talks: Path) -> list[tuple[dict[str, str], str, int]]:
    """The labels, each with its sentence and where in it the occurrence begins (code points)."""
    wanted = defaultdict(list)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            wanted[row["talk"]].append(row)
    found = []
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
                found.append((row, text[begins:ends], at - begins))
    return found


def samples(talks: Path) -> list[Sample]:
    """The labelled occurrences of forms that can be learnt, tagged in their sentences."""
    found = labelled(talks)
    made = []
    tagged = engines.tagger().tag([text for _, text, _ in found])
    for (row, _, at), tokens in zip(found, tagged, strict=True):
        indices = visible(tokens)
        seen = [tokens[i] for i in indices]
        inside = [i for i, t in enumerate(seen) if t.start < at + len(row["form"]) and t.end > at]
        made.append(
            (
                row["talk"],
                row["form"],
                traits(row["form"], seen, indices, inside[0], inside[-1] + 1),
                row["label"] == "M",
            )
        )
    by_form: dict[str, list[bool]] = defaultdict(list)
    for talk, form, _, marker in made:
        if not reported(talk):
            by_form[form].append(marker)
    judged = {
        form
        for form, marks in by_form.items()
        if len(marks) >= LEAST_LABELLED and min(marks.count(False), marks.count(True)) >= LEAST_EITHER
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
    for _ in range(MOST_STEPS):
        p = 1 / (1 + np.exp(-scores))
        weight = np.maximum(p * (1 - p), 1e-6)
        target = scores + (y - p) / weight
        dual = np.linalg.solve(gram + np.diag(1 / weight), target)
        before, scores = scores, gram @ dual
        if np.abs(scores - before).max() < CLOSE:
            break
    w = x.T @ dual / penalty
    return {name: round(float(w[i]), 3) for name, i in columns.items() if abs(w[i]) >= LEAST_WEIGHT}


def judge(weights: dict[str, float], data: list[Sample]) -> list[tuple[str, float, bool]]:
    """Form, probability and truth of every occurrence."""
    made = []
    for _, form, names, marker in data:
        score = sum(weights.get(name, 0.0) for name in names)
        made.append((form, 1 / (1 + float(np.exp(-score))), marker))
    return made


def held_out(data: list[Sample], penalty: float) -> list[tuple[str, float, bool]]:
    """Form, probability and truth of every occurrence, by a model that has not seen its conversation."""
    made = []
    fold = [zlib.crc32(talk.encode()) % FOLDS for talk, *_ in data]
    for k in sorted(set(fold)):
        weights = fit([s for s, f in zip(data, fold, strict=True) if f != k], penalty)
        made += judge(weights, [s for s, f in zip(data, fold, strict=True) if f == k])
    return made


def at_threshold(rows: list[tuple[str, float, bool]], threshold: float) -> tuple[float, float]:
    """Precision and recall."""
    right = sum(marker and p >= threshold for _, p, marker in rows)
    return right / max(1, sum(p >= threshold for _, p, _ in rows)), right / max(
        1, sum(marker for *_, marker in rows)
    )


def surest(rows: list[tuple[str, float, bool]]) -> dict[str, float]:
    """For each form the least threshold from which on it is right often enough for all to be so together."""
    thresholds: dict[str, float] = {}
    for asked in range(LEAST_THRESHOLD, 100):
        for form in sorted({form for form, *_ in rows}):
            mine = [row for row in rows if row[0] == form]
            steps = [t / 100 for t in range(LEAST_THRESHOLD, 96)]
            best = max(steps, key=lambda t: (min(at_threshold(mine, t)[0], asked / 100), -t))
            thresholds[form] = best if at_threshold(mine, best)[0] >= LEAST_PRECISION else NEVER
        if pooled(rows, thresholds)[0] >= TARGET_PRECISION:
            break
    return thresholds


def pooled(rows: list[tuple[str, float, bool]], thresholds: dict[str, float]) -> tuple[float, float]:
    """Precision and recall of all forms together."""
    right = sum(marker and p >= thresholds[form] for form, p, marker in rows)
    flagged = sum(p >= thresholds[form] for form, p, _ in rows)
    return right / max(1, flagged), right / max(1, sum(marker for *_, marker in rows))


def choose_penalty(data: list[Sample]) -> tuple[float, list[tuple[str, float, bool]]]:
    """The penalty with the least loss over the folds, and what they say with it."""
    best = None
    for penalty in PENALTIES:
        rows = held_out(data, penalty)
        loss = -np.mean([np.log(max(1e-9, p if marker else 1 - p)) for _, p, marker in rows])
        precision, recall = pooled(rows, surest(rows))
        print(f"penalty {penalty:g}: log loss {loss:.3f}, precision {precision:.3f}, recall {recall:.3f}")
        if best is None or loss < best[0]:
            best = (loss, penalty, rows)
    assert best
    return best[1:]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--unseen", action="store_true")
    args = parser.parse_args()
    everything = samples(args.talks)
    learnt = [sample for sample in everything if not reported(sample[0])]
    kept = [sample for sample in everything if reported(sample[0])]
    print(f"{len(everything)} occurrences, {sum(s[3] for s in everything)} of them markers; {len(kept)} kept")
    penalty, rows = choose_penalty(learnt)
    thresholds = surest(rows)
    weights = fit(learnt, penalty)
    unseen = judge(weights, kept)
    for form, least in thresholds.items():
        for name, judged in (("folds", rows), ("kept", unseen)):
            mine = [row for row in judged if row[0] == form]
            precision, recall = at_threshold(mine, least)
            print(f"  {form} from {least:.2f}, {name}: {len(mine)}, {precision:.2f}, {recall:.2f}")
    for name, judged in (("folds", rows), ("kept conversations", unseen)):
        precision, recall = pooled(judged, thresholds)
        print(f"{name}: precision {precision:.3f}, recall {recall:.3f}")
    if args.write:
        stated = {
            "source": "github.com/thechangelog/transcripts (CC BY-SA 4.0), labels our own",
            "thresholds": thresholds,
            "weights": dict(sorted((weights if args.unseen else fit(everything, penalty)).items())),
        }
        at = HERE.parent / "weights" / WEIGHTS
        at.write_text(json.dumps(stated, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
