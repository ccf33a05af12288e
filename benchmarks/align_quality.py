"""How well sentences are aligned, beside another aligner with the same vectors in the same run.

    python benchmarks/align_quality.py                 # our own example talk and sets made from it
    python benchmarks/align_quality.py --eval FOLDER   # gold sets: FOLDER/*/src.txt, tgt.txt, gold.txt
    python benchmarks/align_quality.py --calibration   # do the scores mean what they say?

The other aligner is sentalign 0.3.0, Vecalign (Thompson & Koehn 2019) repackaged; it takes part when
it can be imported (``pip install --no-deps --target PEER sentalign==0.3.0``, then
``PYTHONPATH=PEER``) and is given the deletion price that is best for it on each set. studykit has
one setting for all. "s": aligning alone, all vectors being known; "in all s": embedding as well.

strict: a bead counts when both sides equal a gold bead's; beads with an empty side are left out and
counted as null, by sentence.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from studykit.align import CachedEncoder, Encoder, Vectors, align_sentences
from studykit.engines import encoder as encoder_named
from studykit.resources import data_dir
from studykit.types import Bead

HERE = Path(__file__).parent
Sides = tuple[tuple[int, ...], tuple[int, ...]]
Pair = tuple[list[str], list[str]]
PEER_PRICES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True)
class GoldSet:
    name: str
    source: list[str]
    target: list[str]
    gold: list[Sides]


def read_set(name: str, source: Path, target: Path, gold: Path) -> GoldSet:
    beads = []
    for number, line in enumerate(gold.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        match = re.fullmatch(r"\[([\d, ]*)\]\s*:\s*\[([\d, ]*)\]", line.strip())
        if not match:
            raise SystemExit(f"{gold}:{number}: not a bead: {line!r}")
        sides = [tuple(int(i) for i in side.split(",") if i.strip()) for side in match.groups()]
        beads.append((sides[0], sides[1]))
    texts = [path.read_text(encoding="utf-8").splitlines() for path in (source, target)]
    return GoldSet(name, texts[0], texts[1], beads)


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


# Sets made from a gold set: the beads as pairs of texts, changed, then numbered again.


def pairs_of(base: GoldSet) -> list[Pair]:
    return [([base.source[i] for i in a], [base.target[j] for j in b]) for a, b in base.gold]


def numbered(name: str, pairs: Sequence[Pair]) -> GoldSet:
    source: list[str] = []
    target: list[str] = []
    gold: list[Sides] = []
    for a, b in pairs:
        rows, columns = range(len(source), len(source) + len(a)), range(len(target), len(target) + len(b))
        if a and b:
            gold.append((tuple(rows), tuple(columns)))
        else:
            gold += [((i,), ()) for i in rows] + [((), (j,)) for j in columns]
        source += a
        target += b
    return GoldSet(name, source, target, gold)


def without(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """``share`` of the beads lose one side or the other."""
    out = []
    for a, b in pairs:
        chance = draw.random()
        out.append(([], b) if chance < share / 2 else (a, []) if chance < share else (a, b))
    return out


def with_insertion(pairs: Sequence[Pair], texts: list[str], draw: random.Random) -> list[Pair]:
    at = draw.randrange(len(pairs))
    return [*pairs[:at], (texts, []), *pairs[at:]]


def merged(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """Neighbouring beads become one, in one sentence on one side: 2-1, 1-2, 3-1 …"""
    out: list[Pair] = []
    for pair in pairs:
        if out and all(pair) and all(out[-1]) and len(out[-1][0] + out[-1][1]) < 5 and draw.random() < share:
            a, b = out[-1][0] + pair[0], out[-1][1] + pair[1]
            out[-1] = ([" ".join(a)], b) if draw.random() < 0.5 else (a, ["".join(b)])
        else:
            out.append(pair)
    return out


def split(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """Chinese sentences fall apart at a comma: 1-2, 2-2 …"""
    out: list[Pair] = []
    for a, b in pairs:
        clauses = [re.split(r"(?<=[，；：])", text) for text in b]
        if a and b and draw.random() < share:
            out.append((a, [part for parts in clauses for part in parts if part]))
        else:
            out.append((a, b))
    return [(a, b) if len(a) + len(b) <= 8 else pair for (a, b), pair in zip(out, pairs, strict=True)]


def swapped(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """Neighbouring Chinese sentences change places, which makes 2-2 beads."""
    out: list[Pair] = []
    for a, b in pairs:
        if out and len(a) == len(b) == len(out[-1][0]) == len(out[-1][1]) == 1 and draw.random() < share:
            out[-1] = (out[-1][0] + a, b + out[-1][1])
        else:
            out.append((a, b))
    return out


def definitions(count: int) -> list[str]:
    """English sentences on the talk's own subject, which makes them hard to tell from it."""
    found = []
    for path in sorted(data_dir("glossaries").glob("*.toml")):
        found += [term["definition_en"] for term in tomllib.loads(path.read_text("utf-8"))["term"]]
    return found[:count]


def made_from(base: GoldSet, advertisement: list[str], repeats: int) -> dict[str, list[GoldSet]]:
    pairs = pairs_of(base)
    makers: dict[str, Callable[[random.Random], list[Pair]]] = {
        **{f"{p} % missing": lambda draw, p=p: without(pairs, p / 100, draw) for p in (10, 20, 30)},
        "200 inserted": lambda draw: with_insertion(pairs, advertisement, draw),
        "200 inserted, 10 % missing": lambda draw: with_insertion(
            without(pairs, 0.1, draw), advertisement, draw
        ),
        "merged": lambda draw: merged(pairs, 0.4, draw),
        "split": lambda draw: split(pairs, 0.4, draw),
        "merged and split": lambda draw: split(merged(pairs, 0.3, draw), 0.3, draw),
        "merged, split, 10 % missing": lambda draw: without(
            split(merged(pairs, 0.3, draw), 0.3, draw), 0.1, draw
        ),
        "neighbours swapped": lambda draw: swapped(pairs, 0.08, draw),
    }
    return {
        f"{base.name}: {what}": [
            numbered(f"{base.name}: {what}", make(random.Random(seed))) for seed in range(repeats)
        ]
        for what, make in makers.items()
    }


# The two aligners.


class Timed:
    """Keeps count of the time spent encoding, so that it can be taken off."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.seconds = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        began = time.perf_counter()
        vectors = self._encoder.encode(list(texts))
        self.seconds += time.perf_counter() - began
        return vectors


def ours(gold_set: GoldSet, encoder: Encoder) -> tuple[list[Sides], float, tuple[Bead, ...]]:
    timed = Timed(encoder)
    began = time.perf_counter()
    beads = align_sentences(gold_set.source, gold_set.target, encoder=timed)
    seconds = time.perf_counter() - began - timed.seconds
    return [(tuple(bead.source), tuple(bead.target)) for bead in beads], seconds, beads


def theirs(gold_set: GoldSet, encoder: Encoder, price: float) -> tuple[list[Sides], float]:
    from sentalign import sentalign  # noqa: PLC0415  (optional peer)

    timed = Timed(encoder)
    began = time.perf_counter()
    done = sentalign(gold_set.source, gold_set.target, timed, alignment_max_size=8, del_percentile_frac=price)
    seconds = time.perf_counter() - began - timed.seconds
    return [(tuple(a.src_indices), tuple(a.tgt_indices)) for a in done.alignments], seconds


def have_peer() -> bool:
    try:
        import sentalign  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


# Reports.


def compare(sets: dict[str, list[GoldSet]], plain: Encoder) -> None:
    encoder = CachedEncoder(plain, {})
    ours(next(iter(sets.values()))[0], plain)  # the first call loads weights and libraries
    peer = have_peer()
    print(
        "| set | beads | strict F1 | null F1 | s | in all s |"
        + (" peer F1 | peer null | peer s | in all s | price |" if peer else "")
    )
    print("|---" * (11 if peer else 6) + "|")
    for name, group in sets.items():
        mine = [(gold_set, *ours(gold_set, encoder)[:2]) for gold_set in group]
        row = [
            name,
            str(round(np.mean([len(gold_set.gold) for gold_set in group]))),
            f"{np.mean([strict_f1(s.gold, found) for s, found, _ in mine]):.3f}",
            f"{np.mean([null_f1(s.gold, found) for s, found, _ in mine]):.3f}",
            f"{np.mean([seconds for *_, seconds in mine]):.2f}",
            f"{in_all(ours, group[0], plain):.2f}",
        ]
        if peer:
            best: tuple[float, ...] = (-1.0,)
            for price in PEER_PRICES:
                other = [(gold_set, *theirs(gold_set, encoder, price)) for gold_set in group]
                score = float(np.mean([strict_f1(s.gold, found) for s, found, _ in other]))
                null = float(np.mean([null_f1(s.gold, found) for s, found, _ in other]))
                best = max(best, (score, null, float(np.mean([t for *_, t in other])), price))
            row += [f"{best[0]:.3f}", f"{best[1]:.3f}", f"{best[2]:.2f}"]
            whole = in_all(lambda first, made: theirs(first, made, best[3]), group[0], plain)  # noqa: B023
            row += [f"{whole:.2f}", f"{best[3]}"]
        print("| " + " | ".join(row) + " |", flush=True)


def in_all(align: Callable[[GoldSet, Encoder], object], gold_set: GoldSet, encoder: Encoder) -> float:
    """Seconds with the time to embed all that the aligner asks for, weights being loaded."""
    began = time.perf_counter()
    align(gold_set, encoder)
    return time.perf_counter() - began


def judged(sets: dict[str, list[GoldSet]], encoder: Encoder) -> list[tuple[bool, float, bool]]:
    """Every bead made: whether it has both sides, its score, whether it is right."""
    out = []
    for gold_set in (gold_set for group in sets.values() for gold_set in group):
        right = {bead for bead in gold_set.gold if all(bead)}
        lonely = alone(gold_set.gold)
        for bead in ours(gold_set, encoder)[2]:
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
    parser.add_argument("--encoder", default="usem", help="as for studykit align")
    parser.add_argument("--repeats", type=int, default=3, help="how often each set is made, by chance")
    parser.add_argument("--made", action="store_true", help="with --eval: sets made from those as well")
    parser.add_argument("--calibration", action="store_true", help="scores against right and wrong")
    args = parser.parse_args()
    example = read_set("example", *(HERE / "data" / f"lecture.{x}.txt" for x in ("en", "zh", "beads")))
    bases = [example]
    if args.eval:
        bases = [
            read_set(folder.name, *(folder / f"{x}.txt" for x in ("src", "tgt", "gold")))
            for folder in sorted(args.eval.iterdir())
            if (folder / "gold.txt").is_file()
        ]
    sets: dict[str, list[GoldSet]] = {}
    for base in bases:
        sets[base.name] = [base]
        if args.made or not args.eval:
            sets |= made_from(base, definitions(200), args.repeats)
    encoder = encoder_named(args.encoder)
    print(f"encoder {encoder.name}\n")
    if args.calibration:
        calibration(sets, CachedEncoder(encoder, {}))
    else:
        compare(sets, encoder)


if __name__ == "__main__":
    main()
