"""Opposites planted in pairs of sentences that people aligned: how many are found, and how many false.

    python -m benchmarks.opposites_planted FOLDER [--half tune|test] [--show]

FOLDER holds one folder a talk with ``src.txt``, ``tgt.txt`` (English, Chinese, a sentence a line) and
``gold.txt`` (beads, ``[0]:[0, 1]``). Nothing is aligned and only this check runs. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.planting import reverse
from studykit.check.opposites import check_opposites
from studykit.check.passage import Passage
from studykit.types import Span

TRIES = 6


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=["tune", "test"])
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    talks = sorted(path for path in args.folder.iterdir() if (path / "gold.txt").exists())
    talks = talks[args.half == "tune" :: 2] if args.half else talks
    rng = random.Random(args.seed)
    report = {"pairs": 0, "found on clean text": 0, "planted": 0, "found": 0}
    for english, chinese in (pair for talk in talks for pair in pairs(talk)):
        clean = told(english, chinese)
        report["pairs"] += 1
        report["found on clean text"] += bool(clean)
        if clean and args.show:
            print(f"CLEAN {clean} | {english} | {chinese}")
        tries = [reverse(english, chinese, rng) for _ in range(TRIES)]
        for turned in sorted({text for text in tries if text and text != chinese}):
            report["planted"] += 1
            found = told(english, turned) not in ("", clean)
            report["found"] += found
            if not found and args.show:
                print(f"MISSED {chinese} → {turned} | {english}")
    print(json.dumps(report, indent=1))


def pairs(talk: Path) -> Iterator[tuple[str, str]]:
    english, chinese = (
        (talk / name).read_text(encoding="utf-8").splitlines() for name in ("src.txt", "tgt.txt")
    )
    for bead in (talk / "gold.txt").read_text(encoding="utf-8").splitlines():
        sides = [[int(i) for i in re.findall(r"\d+", side)] for side in bead.split(":")]
        if all(sides):
            yield " ".join(english[i] for i in sides[0]), "".join(chinese[i] for i in sides[1])


def told(english: str, chinese: str) -> str:
    """What the check says of a pair; nothing if it is silent."""
    whole = Span(start=0, end=1)
    passage = Passage(
        paragraph=0,
        english=english,
        chinese=chinese,
        near_english=english,
        near_chinese=chinese,
        source=whole,
        target=whole,
        score=1.0,
    )
    return "; ".join(finding.message for finding in check_opposites(passage))


if __name__ == "__main__":
    main()
