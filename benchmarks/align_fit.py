"""Fits the weights of the evidence for beads to gold alignments.

    python benchmarks/align_fit.py --eval FOLDER [--eval FOLDER …] --check     # likelihood as it is
    python benchmarks/align_fit.py --eval FOLDER [--eval FOLDER …]             # prints new weights

Texts: our own lecture, stories 1, 3 and 5, and the tuning half of each FOLDER (see ``halves``);
from each, sets are made by leaving out, merging, splitting, inserting and moving. The weights make the
gold alignments as likely as they can be among all alignments through the beads that the first round
finds possible (conditional likelihood), less a penalty on large weights; ``studykit/align/weights.py``
holds what was found. Every group of sets counts the same, made ones a quarter, stories twice. scipy is
needed: ``pip install scipy``.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from align_sets import GoldSet, halves, made_from, own, read_folder

from studykit.align import AlignOptions, CachedEncoder, Encoder
from studykit.align.beads import Task, weigh_beads
from studykit.align.evidence import named
from studykit.align.lattice import Likely, Ways
from studykit.align.weights import ENCODED, Weights
from studykit.engines import encoder as encoder_named

NAMES = [field.name for field in fields(Weights)]
GAP = {"gap", "gap_goes_on", "habit_of_gaps"}
LONELY = {"has_counterpart", "log_letters_alone", "hundred_letters_alone", "repeated_alone"}
LEAST = 1e-7  # probability below which a bead adds nothing to an expectation
PENALTY = 0.5
INSERTED = 60


@dataclass(frozen=True)
class Example:
    """One gold set: the beads that are possible, what is seen of them, and which are gold."""

    task: Task
    beads: Likely
    seen: np.ndarray
    """``(beads, weights)``."""
    lonely: tuple[np.ndarray, np.ndarray]
    """``(sentences, weights)`` of either side."""
    gold: np.ndarray
    """``(weights,)``: sums over the gold beads and gaps."""
    share: float


def only(name: str) -> Weights:
    return replace(ENCODED, **{other: float(other == name) for other in NAMES})


def example(gold_set: GoldSet, encoder: Encoder, share: float) -> Example | None:
    """None when the first round finds one of the gold beads impossible."""
    n, m = len(gold_set.source), len(gold_set.target)
    unknown = np.full((n, 2), np.nan), np.full((m, 2), np.nan)
    weighed = weigh_beads(
        (gold_set.source, gold_set.target), unknown, [(0, n, 0, m)], encoder, AlignOptions()
    )
    # In one box: where the gold alignment crosses a cut it has no probability.
    task, beads = replace(weighed.task, boxes=[(0, n, 0, m)]), weighed.possible
    sizes = task.sizes(beads)
    at = {
        bead: k
        for k, bead in enumerate(
            zip(beads.source.tolist(), beads.target.tolist(), *(size.tolist() for size in sizes), strict=True)
        )
    }
    wanted = [(a[0], b[0], len(a), len(b)) for a, b in gold_set.gold if a and b]
    if not all(bead in at for bead in wanted):
        return None
    seen = np.zeros((len(beads.source), len(NAMES)))
    lonely = np.zeros((n, len(NAMES))), np.zeros((m, len(NAMES)))
    for f, name in enumerate(NAMES):
        weights = only(name)
        if name in LONELY:
            lonely[0][:, f], lonely[1][:, f] = task.alone_extra(weights)
        elif name not in GAP:
            seen[:, f] = task.evidence.nats(task.seen(beads, weights), weights)
            seen[:, f] += named(beads, sizes, task.sides, weights)
    gold = seen[[at[bead] for bead in wanted]].sum(axis=0)
    runs, alone = 0, 0
    before = "bead"
    for kind, sentence in in_order(gold_set):
        if kind != "bead":
            gold += lonely[kind == "target"][sentence]
            runs, alone = runs + (kind != before), alone + 1
        before = kind
    return Example(task, beads, seen, lonely, gold + gap_counts(task, runs, alone), share)


def in_order(gold_set: GoldSet) -> Iterator[tuple[str, int]]:
    """Beads and lonely sentences; between two beads those of the source come first."""
    waiting: dict[str, list[int]] = {"source": [], "target": []}
    for source, target in [*gold_set.gold, ((0,), (0,))]:
        if source and target:
            for side, sentences in waiting.items():
                yield from ((side, sentence) for sentence in sentences)
                sentences.clear()
            yield "bead", 0
        else:
            waiting["source" if source else "target"] += [*source, *target]


def gap_counts(task: Task, runs: float, alone: float) -> np.ndarray:
    counts = dict.fromkeys(NAMES, 0.0)
    counts |= {"gap": runs, "gap_goes_on": alone - runs, "habit_of_gaps": runs * task.evidence.habits.gaps}
    return np.array(list(counts.values()))


def loss(vector: np.ndarray, examples: list[Example]) -> tuple[float, np.ndarray]:
    """Less the log probability of the gold alignments, and its gradient."""
    total, gradient = 0.0, np.zeros_like(vector)
    weights = Weights(**dict(zip(NAMES, vector.tolist(), strict=True)))
    for one in examples:
        ways: Ways = one.task.ways(one.beads, one.seen @ vector, weights)
        found = ways.likely(LEAST)
        at = {
            bead: k
            for k, bead in enumerate(
                zip(
                    *(part.tolist() for part in (one.beads.source, one.beads.target, one.beads.kind)),
                    strict=True,
                )
            )
        }
        rows = [
            at[bead]
            for bead in zip(*(p.tolist() for p in (found.source, found.target, found.kind)), strict=True)
        ]
        alone = np.zeros(len(one.lonely[0])), np.zeros(len(one.lonely[1]))
        ways.add_alone(*alone)
        expected = found.probability @ one.seen[rows] + alone[0] @ one.lonely[0] + alone[1] @ one.lonely[1]
        expected += gap_counts(one.task, ways.gaps(), float(alone[0].sum() + alone[1].sum()))
        total += one.share * (float(ways.log_sum()[0]) - float(one.gold @ vector))
        gradient += one.share * (expected - one.gold)
    return total, gradient


def main() -> None:
    from scipy.optimize import minimize  # noqa: PLC0415  (only here)

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, action="append", default=[], help="folder of gold sets")
    parser.add_argument("--encoder", default="usem", help="as for studykit align")
    parser.add_argument("--rounds", type=int, default=45)
    parser.add_argument("--check", action="store_true", help="the likelihood with the present weights")
    args = parser.parse_args()
    groups = {"talk": [own("lecture")], "stories": [own(f"story{k}") for k in (1, 3, 5)]}
    for folder in args.eval:
        found = [one for one in sorted(folder.iterdir()) if (one / "gold.txt").is_file()]
        groups[folder.name] = halves([read_folder(one) for one in found])[0]
    encoder = CachedEncoder(encoder_named(args.encoder), {})
    examples: list[Example] = []
    for name, group in groups.items():
        sets = {name: group}
        for base in group[:6]:
            for what, made in made_from(base, random_lines(groups, base), 1).items():
                sets.setdefault(f"{name}: {what}", []).extend(made)
        for what, members in sets.items():
            beads = sum(len(one.gold) for one in members)
            share = 100 / beads * (0.25 if ":" in what else 1) * (2 if name == "stories" else 1)
            examples += [one for member in members if (one := example(member, encoder, share))]
    start = np.array([getattr(ENCODED, name) for name in NAMES])
    if args.check:
        print(f"{len(examples)} sets, loss {loss(start, examples)[0]:.2f}")
        return
    scale = np.maximum(np.concatenate([one.seen for one in examples]).std(axis=0), 0.05)

    def scaled(vector: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = loss(vector / scale, examples)
        return value + PENALTY / 2 * float(vector @ vector), gradient / scale + PENALTY * vector

    done = minimize(scaled, start * scale, jac=True, method="L-BFGS-B", options={"maxiter": args.rounds})
    print(f"{len(examples)} sets, loss {done.fun:.2f}")
    for name, weight in zip(NAMES, (done.x / scale).tolist(), strict=True):
        print(f"    {name}={weight:.2f},")


def random_lines(groups: dict[str, list[GoldSet]], base: GoldSet) -> list[str]:
    """Sentences of other texts, to insert."""
    others = [text for group in groups.values() for one in group if one is not base for text in one.source]
    return random.Random(base.name).sample(others, min(INSERTED, len(others)))


if __name__ == "__main__":
    main()
