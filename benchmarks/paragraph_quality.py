"""Paragraph ends against those that transcribers and editors set, on held-out episodes.

    python benchmarks/paragraph_quality.py talks.jsonl.gz                 marked text, speakers unknown
    python benchmarks/paragraph_quality.py talks.jsonl.gz --bare          the same without marks
    python benchmarks/paragraph_quality.py talks.jsonl.gz --speakers      turns given: editors' cuts alone

Each talk goes through ``segment()`` as running text without times. An end counts when it lies within 25
words of one, each used once; the end of a talk, and with ``--speakers`` the ends of turns, are not
counted. Pk (Beeferman et al. 1999) has a window of half the mean length. The peer is as many cuts as there
are paragraphs, at even distances, moved to the nearest sentence end. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from talk_corpus import Talk, dev, held_out, read_corpus

from studykit import engines
from studykit.options import SegmentOptions
from studykit.segment import segment
from studykit.types import Segment, Transcript

NEAR = 25
MARKS = ("", ",", ".", "?")
WORD = re.compile(r"\S+")


@dataclass(slots=True)
class Cuts:
    """Of one talk: words after which paragraphs end, and sentences."""

    gold: list[int]
    found: list[int]
    sentences: list[int]
    words: int


def cut(talk: Talk, options: SegmentOptions, boundaries: str, *, bare: bool, speakers: bool) -> Cuts:
    forms = talk.words if bare else [f + MARKS[m] for f, m in zip(talk.forms, talk.marks, strict=True)]
    starts = [*talk.turns, len(forms)] if speakers else [0, len(forms)]
    segments = tuple(
        Segment(text=" ".join(forms[a:b]), speaker=f"S{i % 2}") for i, (a, b) in enumerate(pairwise(starts))
    )
    transcript = Transcript(source_id="", language="en", segments=segments, engine="benchmark", timing="none")
    doc = segment(transcript, options=options, boundaries=engines.boundary_model(boundaries))
    ends = list(accumulate(len(WORD.findall(sent.raw)) for sent in doc.sentences))
    known = set(starts) if speakers else {0, len(forms)}
    found = [ends[para.sentences.end - 1] for para in doc.paragraphs]
    return Cuts(
        [at for at in talk.paragraphs if at not in known],
        [at for at in found if at not in known],
        [at for at in ends if at not in known],
        len(forms),
    )


def even(cuts: Cuts) -> list[int]:
    """As many ends as there are in gold, at even distances."""
    wanted = np.linspace(0, cuts.words, len(cuts.gold) + 2)[1:-1].tolist()
    places = (bisect_left(cuts.sentences, at) for at in wanted)
    near = (
        min(cuts.sentences[max(0, i - 1) : i + 1], key=lambda end: abs(end - at))
        for i, at in zip(places, wanted, strict=True)
    )
    return sorted(set(near))


def matched(gold: Sequence[int], found: Sequence[int]) -> int:
    """How many pairs lie near each other, each end used once, nearest pairs first."""
    pairs = []
    for i, a in enumerate(gold):
        for j in range(bisect_left(found, a - NEAR), len(found)):
            if found[j] > a + NEAR:
                break
            pairs.append((abs(found[j] - a), i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in sorted(pairs):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
    return len(used[0])


def p_k(gold: Sequence[int], found: Sequence[int], words: int) -> float:
    reach = max(1, round(words / (len(gold) + 1) / 2))
    same = []
    for ends in (gold, found):
        part = np.zeros(words + 1, dtype=np.int64)
        part[list(ends)] = 1
        part = np.cumsum(part[:words])
        same.append(part[reach:] == part[:-reach])
    return float((same[0] != same[1]).mean())


def scores(talks: Sequence[Cuts], peer: bool) -> dict[str, float]:
    right = predicted = gold = 0
    errors: list[tuple[float, int]] = []
    for talk in talks:
        found = even(talk) if peer else talk.found
        right, predicted, gold = (
            right + matched(talk.gold, found),
            predicted + len(found),
            gold + len(talk.gold),
        )
        errors.append((p_k(talk.gold, found, talk.words), talk.words))
    p, r = right / max(1, predicted), right / max(1, gold)
    return {
        "gold": gold,
        "found": predicted,
        "p": round(p, 3),
        "r": round(r, 3),
        "f1": round(2 * p * r / max(1e-9, p + r), 3),
        "pk": round(float(np.average([e for e, _ in errors], weights=[w for _, w in errors])), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--speakers", action="store_true")
    parser.add_argument("--dev", action="store_true", help="the episodes for tuning instead")
    parser.add_argument("--boundaries", default="fast")
    parser.add_argument("--target", type=float, default=SegmentOptions().target_s, metavar="SECONDS")
    parser.add_argument("--most", type=int, default=80_000, help="words of each show")
    args = parser.parse_args()
    shows: dict[str, list[Talk]] = {}
    for talk in read_corpus(args.corpus):
        chosen = shows.setdefault(talk.show, [])
        if (dev if args.dev else held_out)(talk) and sum(len(other.words) for other in chosen) < args.most:
            chosen.append(talk)
    options = SegmentOptions(target_s=args.target)
    found = {}
    for show, talks in shows.items():
        cuts = [cut(t, options, args.boundaries, bare=args.bare, speakers=args.speakers) for t in talks]
        found[show] = {"ours": scores(cuts, peer=False), "equal lengths": scores(cuts, peer=True)}
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
