"""Learn the weights that rank claims from a reader's labels; cross-validated by whole talks.

    python -m benchmarks.claims_labels TALKS.jsonl.gz [CAPTIONS …] [-o weights/claims.tsv] [--cache FILE.npz]

``data/claim_labels.tsv``: sentences of conversations and captioned talks, and whether a reader takes each for
a whole claim that stands alone: talk, first and last place (counted in characters other than white space,
from the start of the talk), 1 or 0. A third were drawn at random, the others from what the ranking of the
day put first. CAPTIONS are files, or folders with ``NAME.en.srt``; labels of talks that are not given, and of
sentences that are now cut otherwise, are left out and counted. Prints the area under the ROC curve and the
share of claims among the first, for talks that the weights have not seen. ``printed``: what of it is likely
enough to be printed and no fragment, for conversations and talks by one voice, with the least likelihood at
which the *other* talks of the kind reach a goal. ``--cache`` keeps the figures, which take minutes to gather.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from studykit import engines
from studykit.annotate import find_terms, gists
from studykit.annotate.claims.features import FEATURES, FLAGS
from studykit.annotate.claims.find import is_conversation
from studykit.annotate.claims.grammar import GRAMMAR
from studykit.annotate.claims.score import DIMENSIONS, PLACE, fits, plain, seen
from studykit.talk import open_talk

LABELS = Path(__file__).parent / "data" / "claim_labels.tsv"
RIDGE = 5.0
COMPONENTS, STRETCH = 48, 4.0
"""Of the vectors' principal components; multiplied, so that the ridge weighs on them less."""
FOLDS = 8
STEPS = 30
GOALS, FEWEST = (0.75, 0.8, 0.85), 15
STEPS_OF_LIKELIHOOD = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Figures of labelled sentences (all but their vectors; vectors), labels, and whose they are."""

    plain: Floats
    full: Floats
    vectors: Floats
    taken: Floats
    talks: list[str]
    fit: Floats
    """0 for what is never printed: fragments, questions, what is told of people."""
    conversation: Floats


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", type=Path, metavar="TALKS.jsonl.gz")
    parser.add_argument("captions", type=Path, nargs="*", metavar="CAPTIONS")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--cache", type=Path, metavar="FILE.npz")
    args = parser.parse_args()
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    wanted: dict[str, dict[tuple[int, int], float]] = {}
    for row in rows:
        place = int(row["start"]), int(row["end"])
        wanted.setdefault(row["talk"], {})[place] = float(row["claim"])
    if args.cache and args.cache.exists():
        kept = np.load(args.cache)
        found = Labelled(
            **{name: kept[name] for name in kept if name != "talks"}, talks=kept["talks"].tolist()
        )
    else:
        with TemporaryDirectory() as folder:
            files = dict(talk_files(args.talks, args.captions, set(wanted), Path(folder)))
            found = gathered({talk: (path, wanted[talk]) for talk, path in files.items()})
        if args.cache:
            np.savez(args.cache, **asdict(found))
    report: dict[str, object] = {
        "labels": len(rows),
        "found": len(found.taken),
        "claims": int(found.taken.sum()),
        "talks": len(set(found.talks)),
    }
    for name, figures, vectors in (
        ("wording and place", found.plain, None),
        ("and grammar", found.full, None),
        ("and vectors", found.full, found.vectors),
    ):
        scores = cross_validated(figures, vectors, found)
        report[name] = judged(scores, found.taken)
    report["printed"] = printed(scores, found)
    print(json.dumps(report, indent=1))
    if args.output:
        args.output.write_text("".join(weights_of(found)), encoding="utf-8")


def talk_files(
    talks: Path, captions: list[Path], wanted: set[str], folder: Path
) -> Iterator[tuple[str, Path]]:
    """The labelled talks as files, by name."""
    with gzip.open(talks, "rt", encoding="utf-8") as lines:
        for talk in map(json.loads, lines):
            if talk["id"] in wanted:
                path = folder / f"{talk['id']}.txt"
                texts = [text for turn in talk["turns"] for text in turn["paragraphs"]]
                path.write_text("\n\n".join(texts), encoding="utf-8")
                yield talk["id"], path
    for given in captions:
        for path in sorted(given.glob("*.en.srt")) if given.is_dir() else [given]:
            name = path.name.split(".en")[0].removesuffix(".first-half")
            if name in wanted:
                yield name, path


def gathered(talks: dict[str, tuple[Path, dict[tuple[int, int], float]]]) -> Labelled:
    """What the ranking sees of every labelled sentence."""
    encoder, tagger = engines.encoder(), engines.tagger()
    parts: list[tuple[Floats, Floats, Floats]] = []
    taken: list[float] = []
    owners: list[str] = []
    talking: list[float] = []
    for name, (path, labels) in talks.items():
        talk = open_talk(path)
        doc = talk.texts.lead
        vectors = encoder.encode(gists(doc))
        used = [0] * len(doc.sentences)
        for match in find_terms({"en": doc.sentences}, talk.glossary):
            for i in {at.sentence for at in match.occurrences}:
                used[i] += 1
        at = 0
        chosen: list[int] = []
        for sent in doc.sentences:
            start, at = at, at + len("".join(sent.raw.split()))
            if (start, at) in labels:
                chosen.append(sent.index)
                taken.append(labels[start, at])
                owners.append(name)
        if chosen:
            texts = [sent.text for sent in doc.sentences]
            figures = plain(texts, used, vectors, chinese=False)[chosen]
            whole = seen([texts[i] for i in chosen], figures, vectors[chosen], tagger)
            talking += [float(is_conversation(doc))] * len(chosen)
            parts.append((figures, whole[:, :-DIMENSIONS], whole[:, -DIMENSIONS:]))
    columns = [np.vstack(column) for column in zip(*parts, strict=True)]
    fit = fits(np.hstack(columns[1:]), columns[0].shape[1])
    return Labelled(*columns, np.array(taken), owners, fit.astype(np.float64), np.array(talking))


def cross_validated(figures: Floats, vectors: Floats | None, found: Labelled) -> Floats:
    fold = np.array([crc32(talk.encode()) % FOLDS for talk in found.talks])
    scores = np.zeros(len(found.taken))
    for held in range(FOLDS):
        rest = fold != held
        weights, direction, bias = learnt(
            figures[rest], None if vectors is None else vectors[rest], found.taken[rest]
        )
        scores[~rest] = figures[~rest] @ weights + bias
        if vectors is not None:
            scores[~rest] += vectors[~rest] @ direction
    return scores


def learnt(figures: Floats, vectors: Floats | None, taken: Floats) -> tuple[Floats, Floats, float]:
    """Weights of the figures and of the vectors' dimensions, and what is left over for the bias."""
    if vectors is None:
        return fitted(figures, taken), np.zeros(0), 0.0
    middle = vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(vectors - middle, full_matrices=False)
    projection = STRETCH * axes[:COMPONENTS].T
    weights = fitted(np.hstack([figures, (vectors - middle) @ projection]), taken)
    direction = projection @ weights[figures.shape[1] :]
    return weights[: figures.shape[1]], direction, -float(middle @ direction)


def fitted(figures: Floats, taken: Floats) -> Floats:
    """Logistic regression with a ridge on all but the first weight, by Newton's method."""
    weights = np.zeros(figures.shape[1])
    ridge = np.full(figures.shape[1], RIDGE)
    ridge[0] = 1e-6
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-figures @ weights))
        slope = figures.T @ (chance - taken) + ridge * weights
        bend = (figures.T * (chance * (1 - chance))) @ figures + np.diag(ridge)
        weights -= np.linalg.solve(bend, slope)
    return weights


def judged(scores: Floats, taken: Floats) -> dict[str, object]:
    one, other = scores[taken > 0], scores[taken < 1]
    order = np.argsort(-scores)
    likely = 1 / (1 + np.exp(-scores))
    return {
        "area": round(float((one[:, None] > other).mean() + (one[:, None] == other).mean() / 2), 3),
        "of the first": {str(n): round(float(taken[order[:n]].mean()), 3) for n in (50, 100, 200, 400)},
        "at least as likely as": {
            str(t): f"{int(taken[likely >= t].sum())} of {int((likely >= t).sum())}"
            for t in (0.4, 0.5, 0.6, 0.7, 0.8)
        },
    }


def printed(scores: Floats, found: Labelled) -> dict[str, object]:
    """Claims of the sentences that would be printed, by kind of talk and by the goal of their threshold.

    The threshold of each fold is chosen on the others, as the lowest at which they reach the goal.
    """
    likely = np.where(found.fit > 0, 1 / (1 + np.exp(-scores)), 0.0)
    fold = np.array([crc32(talk.encode()) % FOLDS for talk in found.talks])
    made: dict[str, object] = {}
    for name, kind in (("conversations", found.conversation > 0), ("one voice", found.conversation < 1)):
        talks = len({talk for talk, of_kind in zip(found.talks, kind, strict=True) if of_kind})
        made[name] = {"talks": talks, "labels": int(kind.sum()), "claims": int(found.taken[kind].sum())}
        for goal in GOALS:
            shown = np.zeros(len(likely), dtype=bool)
            least = []
            for held in range(FOLDS):
                rest = kind & (fold != held)
                least.append(_threshold(likely[rest], found.taken[rest], goal))
                shown |= kind & (fold == held) & (likely >= least[-1])
            every = _threshold(likely[kind], found.taken[kind], goal)
            made[f"{name}, goal {goal}"] = {
                "least": f"{min(least):.2f} to {max(least):.2f}; on all {every:.2f}",
                "claims": f"{int(found.taken[shown].sum())} of {int(shown.sum())}",
            }
        above = {t: kind & (likely >= t) for t in STEPS_OF_LIKELIHOOD}
        made[f"{name}, by likelihood"] = {
            f"{t:.2f}": f"{int(found.taken[shown].sum())} of {int(shown.sum())}" for t, shown in above.items()
        }
    return made


def _threshold(likely: Floats, taken: Floats, goal: float) -> float:
    """The lowest likelihood from which on at least ``goal`` of the sentences are claims, and no fewer than
    ``FEWEST`` are left; 1 if there is none."""
    for least in np.arange(0.3, 0.96, 0.01):
        above = likely >= least
        if above.sum() >= FEWEST and taken[above].mean() >= goal:
            return float(least)
    return 1.0


def weights_of(found: Labelled) -> Iterator[str]:
    """The lines of ``weights/claims.tsv``."""
    names = [*FEATURES, *PLACE]
    for name, value in zip(names, learnt(found.plain, None, found.taken)[0], strict=True):
        yield f"plain\t{name}\t{value:.4f}\n"
    names += [*FLAGS, *GRAMMAR, *(f"vector.{i}" for i in range(DIMENSIONS))]
    weights, direction, bias = learnt(found.full, found.vectors, found.taken)
    weights[0] += bias
    for name, value in zip(names, [*weights, *direction], strict=True):
        yield f"full\t{name}\t{value:.4f}\n"


if __name__ == "__main__":
    main()
