"""Why two sentences were matched, or why not: what spoke for and against, in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from studykit.align.beads import Weighed, best_beads, weigh_beads
from studykit.align.confidence import reasons_for_score
from studykit.align.encoder import CachedEncoder, Encoder
from studykit.align.evidence import named
from studykit.align.lattice import Likely
from studykit.align.weights import ENCODED
from studykit.options import AlignOptions
from studykit.types import Bead

__all__ = ["explain"]

_RIVALS = 3  # beads shown next to the one that was chosen
_WORDS = {
    "size": "how usual beads of this size are",
    "similarity": "cosine of the groups {cosine:.2f}; here unrelated sentences have {chance:.2f}, "
    "matching ones {match:.2f}",
    "unlikeness": "less alike than nearly all matches here",
    "belonging": "its worst sentence is nearer to the other group than to what stands next to it "
    "by {belonging:.2f}",
    "edges": "its outer clauses are nearer to what stands next to the other group by {edges:.2f}",
    "replies": 'short replies ("Okay.", 好的) on both sides, or on one alone',
    "length": "{source_letters:.0f} and {target_letters:.0f} letters, a Chinese character counting as 3",
    "marks": "lines that end, or do not end, in a mark",
    "times": "start and end against the other side's",
    "names": "names and numbers on both sides",
}
_WORDS_FOR_SCORE = {
    "probability": "for its probability",
    "boundary": "for clauses at its boundaries that are nearer to what stands beyond",
}
Place = tuple[int, int, int, int]
"""Starts and ends of a bead on either side."""


def explain(
    source: Sequence[str],
    target: Sequence[str],
    *,
    encoder: Encoder,
    pair: tuple[int, int],
    options: AlignOptions | None = None,
) -> list[str]:
    """Lines that say what spoke for and against matching source and target sentence ``pair``.

    Shows the likeliest bead that holds both, then the likeliest others that hold one of them. The
    numbers are nats: a bead with one nat more than another is 2.7 times as likely, other things
    being equal. Raises ``IndexError`` when there is no such sentence.
    """
    i, j = pair
    if not (0 <= i < len(source) and 0 <= j < len(target)):
        raise IndexError(f"no pair {i}, {j}: the texts have {len(source)} and {len(target)} sentences")
    unknown = np.full((len(source), 2), np.nan), np.full((len(target), 2), np.nan)
    whole = [(0, len(source), 0, len(target))]
    texts, options = (source, target), options or AlignOptions()
    kept = CachedEncoder(encoder, {})
    weighed = weigh_beads(texts, unknown, whole, kept, options)
    chosen = _scores(weighed, best_beads(weighed.task, weighed.likely, weighed.alone))
    beads = _about(weighed, i, j)
    lines = [f"source {i}: {source[i]}", f"target {j}: {target[j]}", ""]
    if not any(_holds(weighed, beads, k, i, j) == 2 for k in range(len(beads.source))):
        lines += [f"No bead with both is possible: {_far(weighed, i, j)}.", ""]
    for k in range(len(beads.source)):
        lines += [*_shown(weighed, beads, k, chosen), ""]
    for side, number, alone in (("source", i, weighed.alone[0][i]), ("target", j, weighed.alone[1][j])):
        lines.append(f"{side} {number} alone: probability {alone:.3f}")
    return lines


def _scores(weighed: Weighed, beads: list[Bead]) -> dict[Place, tuple[float, list[str]]]:
    """Of the chosen beads: their scores, and what these are made of."""
    places = [(bead.source.start, bead.source.end, bead.target.start, bead.target.end) for bead in beads]
    if not places:
        return {}
    likely, sizes = weighed.likely, weighed.task.sizes(weighed.likely)
    top, left = likely.source, likely.target
    found = np.stack([top, top + sizes[0], left, left + sizes[1]], axis=1).tolist()
    share = dict(zip(map(tuple, found), likely.probability.tolist(), strict=True))
    scores = {}
    for bead, place, boundary in zip(beads, places, weighed.task.boundaries(np.array(places)), strict=True):
        reasons = [
            f"{part:+.2f} {_WORDS_FOR_SCORE[reason]}"
            for reason, part in reasons_for_score(share[place], boundary)
            if abs(part) >= 0.005
        ]
        scores[place] = bead.score, reasons
    return scores


def _holds(weighed: Weighed, beads: Likely, k: int, i: int, j: int) -> int:
    """How many of the two sentences bead k holds."""
    a, b = weighed.task.kinds[int(beads.kind[k])]
    top, left = int(beads.source[k]), int(beads.target[k])
    return (top <= i < top + a) + (left <= j < left + b)


def _about(weighed: Weighed, i: int, j: int) -> Likely:
    """The likeliest beads that hold one of the sentences: first the best that holds both."""
    possible, likely = weighed.possible, weighed.likely
    probability = {
        bead: float(share)
        for *bead_, share in zip(likely.source, likely.target, likely.kind, likely.probability, strict=True)
        for bead in [tuple(map(int, bead_))]
    }
    ranked = []
    for k in range(len(possible.source)):
        holds = _holds(weighed, possible, k, i, j)
        if holds:
            bead = int(possible.source[k]), int(possible.target[k]), int(possible.kind[k])
            ranked.append((holds, probability.get(bead, 0.0), -k))
    ranked.sort(reverse=True)
    both = [row for row in ranked if row[0] == 2]
    others = sorted((row for row in ranked if row not in both[:1]), key=lambda row: -row[1])
    rows = both[:1] + others[:_RIVALS]
    at = np.array([-k for _, _, k in rows], dtype=np.intp)
    return Likely(
        source=possible.source[at],
        target=possible.target[at],
        kind=possible.kind[at],
        probability=np.array([share for _, share, _ in rows]),
    )


def _far(weighed: Weighed, i: int, j: int) -> str:
    sides, evidence = weighed.task.sides, weighed.task.evidence
    cosine = float(sides[0].vectors[i] @ sides[1].vectors[j])
    match = evidence.chance + evidence.scale
    return (
        f"their cosine is {cosine:.2f}, here unrelated sentences have {evidence.chance:.2f}, "
        f"matching ones {match:.2f}, or what stands around them matches elsewhere"
    )


def _shown(
    weighed: Weighed, beads: Likely, k: int, chosen: dict[Place, tuple[float, list[str]]]
) -> Iterator[str]:
    """One bead and its evidence."""
    task = weighed.task
    one = Likely(
        source=beads.source[k : k + 1],
        target=beads.target[k : k + 1],
        kind=beads.kind[k : k + 1],
        probability=beads.probability[k : k + 1],
    )
    top, left = int(one.source[0]), int(one.target[0])
    a, b = task.kinds[int(one.kind[0])]
    seen = task.seen(one, ENCODED)
    parts = [(reason, float(np.ravel(nats)[0])) for reason, nats in task.evidence.parts(seen, ENCODED)]
    parts.append(("names", float(named(one, task.sizes(one), task.sides, ENCODED)[0])))
    facts = {
        "cosine": float(np.ravel(seen.cosine)[0]),
        "belonging": float(np.ravel(seen.belonging)[0]),
        "edges": -float(np.ravel(seen.edges)[0]),
        "source_letters": float(seen.letters[0][0]),
        "target_letters": float(seen.letters[1][0]),
        "chance": task.evidence.chance,
        "match": task.evidence.chance + task.evidence.scale,
    }
    share = float(one.probability[0])
    score, score_reasons = chosen.get((top, top + a, left, left + b), (None, []))
    state = "not chosen" if score is None else "chosen"
    numbers = ",".join(map(str, range(top, top + a))), ",".join(map(str, range(left, left + b)))
    scored = "" if score is None else f", score {score:.2f}"
    yield f"[{numbers[0]}]:[{numbers[1]}]  {state}, probability {share:.3f}{scored}"
    for reason, nats in parts:
        if abs(nats) >= 0.005:
            yield f"  {reason:<11}{nats:>+7.2f}  {_WORDS[reason].format(**facts)}"
    yield f"  {'sum':<11}{sum(nats for _, nats in parts):>+7.2f}"
    if score_reasons:
        yield f"  {'score':<11}         {', '.join(score_reasons)}"
