"""Train the weights by which study items are ranked (`weights/items.tsv`).

    python -m benchmarks.train_items GOLD.tsv CAPTIONS --cache DIR [--write]

GOLD and CAPTIONS as in ``items_quality.py gloss``; beside the gold's talks, ten others of the same folder
count, of which `data/item_choices.tsv` holds what a second reader would explain: talk and head. Printed is
how talks are ranked by weights that have not seen them, the gold's and the reader's apart.
"""

from __future__ import annotations

import argparse
import pickle
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.items_quality import Bench, forms, rows_of, same
from studykit.annotate import find_terms
from studykit.annotate.vocabulary.candidate import Found
from studykit.annotate.vocabulary.expressions import shipped_expressions
from studykit.annotate.vocabulary.finders import find_items
from studykit.annotate.vocabulary.ranking import ranked, worth_printing
from studykit.annotate.vocabulary.worth import WEIGHTS, traits
from studykit.resources import data_dir
from studykit.types import CEFR_LEVELS

CHOICES = Path(__file__).parent / "data" / "item_choices.tsv"
NEEDED = CEFR_LEVELS.index("B1") + 1
RIDGE = 1.0
STEPS = 30
LEAST_SEEN = 4
LENGTHS = (1.0, 1.25, 1.5, 2.0)

Wanted = list[list[frozenset[str]]]
"""What a reader chose in a talk: for each choice the forms of its head."""


def wanted(path: Path) -> dict[str, Wanted]:
    chosen: dict[str, Wanted] = defaultdict(list)
    for row in rows_of(path):
        said = forms(row["as_said"]) if row.get("as_said") else []
        chosen[row["talk"]].append(forms(row["head"].replace(" sth", "").replace(" sb", "")) + said)
    return chosen


def candidates(bench: Bench, captions: Path, talk: str) -> list[Found]:
    bench.items(captions / f"{talk}.en.srt", captions / f"{talk}.zh.srt", blind=False)
    en, zh, alignment = pickle.loads((bench.folder / f"{talk}.en.srt.pickle").read_bytes())
    terms = find_terms({"en": en.sentences, "zh": zh.sentences}, bench.glossary, alignment)
    found = find_items(
        en.sentences, bench.tagger.tag([sent.text for sent in en.sentences]), terms=terms,
        glossary=bench.glossary, expressions=shipped_expressions(),
    )  # fmt: skip
    return [
        item
        for item in found
        if item.level_value is None or round(item.level_value) >= NEEDED or item.source == "glossary"
    ]


def is_wanted(item: Found, chosen: Wanted) -> bool:
    return any(same(a, b) for a in forms(item.head) for want in chosen for b in want)


def fitted(seen: NDArray[np.float64], taken: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression with a ridge, by Newton's method."""
    weights = np.zeros(seen.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (chance - taken) + RIDGE * weights
        curve = (seen * (chance * (1 - chance))[:, None]).T @ seen + RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def learnt(
    talks: Iterable[str], items: Mapping[str, list[Found]], chosen: Mapping[str, Wanted]
) -> dict[str, float]:
    rows = [(item, dict(traits(item, NEEDED)), talk) for talk in talks for item in items[talk]]
    counts = Counter(name for _, row, _ in rows for name, value in row.items() if value)
    names = sorted(name for name, count in counts.items() if count >= LEAST_SEEN)
    seen = np.array([[row.get(name, 0.0) for name in names] for _, row, _ in rows])
    taken = np.array([float(is_wanted(item, chosen[talk])) for item, _, talk in rows])
    return dict(zip(names, fitted(seen, taken), strict=True))


def report(
    name: str, order: Mapping[str, Sequence[tuple[Found, float]]], chosen: Mapping[str, Wanted]
) -> None:
    for times in (*LENGTHS, 0.0):
        n = found = listed = used = 0
        for talk, scored in order.items():
            most = int((times or 2.0) * len(chosen[talk]))
            mine = [forms(item.head) for item, score in scored[:most] if times or worth_printing(score)]
            hits: set[int] = set()
            for want in chosen[talk]:
                match = {k for k, heads in enumerate(mine) if any(same(a, b) for a in heads for b in want)}
                n, found, hits = n + 1, found + bool(match), hits | match
            listed, used = listed + len(mine), used + len(hits)
        label = f"{times} times" if times else "printed"
        print(
            f"{name}, {label}: recall {found / n:.3f}, precision {used / max(1, listed):.3f}, listed {listed}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("captions", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    bench = Bench(args.cache)
    gold, second = wanted(args.gold), wanted(CHOICES)
    chosen = gold | second
    items = {talk: candidates(bench, args.captions, talk) for talk in chosen}
    bench.close()
    order = {}
    for talk in chosen:
        weights = learnt([other for other in chosen if other != talk], items, chosen)

        def score(item: Found, needed: int, weights: Mapping[str, float] = weights) -> float:
            return sum(weights.get(name, 0.0) * value for name, value in traits(item, needed))

        order[talk] = ranked(items[talk], level="B1", known=set(), score=score)
    for name, group in (("gold", gold), ("second reader", second)):
        report(name, {talk: order[talk] for talk in group}, chosen)
    if args.write:
        weights = learnt(chosen, items, chosen)
        rows = "".join(f"{name}\t{weight:.4f}\n" for name, weight in weights.items())
        (data_dir("weights") / WEIGHTS).write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
