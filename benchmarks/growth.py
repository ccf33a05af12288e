"""How the stages of `studykit notes` grow with the length of a talk, beside another checkout if wanted.

    python benchmarks/growth.py
    python benchmarks/growth.py --before ../old --minutes 10,40,160
    python benchmarks/growth.py --talk talk.en.txt talk.zh.txt      # lines of one's own, in pairs

Prints CPU seconds of each stage by minutes of talk, the exponent of its growth between the two longest
talks (1 is in proportion, n log n is about 1.1 here) and, with ``--before``, the ratio for the longest. The
talks are the example and the stories of ``benchmarks/data``, repeated; from the second time on a number makes
each sentence one that was not said before, so that every text is read, tagged and encoded. Nothing is cached,
but the encoder is unpacked. Stages of less than a hundredth of a second are left out.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from studykit.timecode import to_vtt

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchmarks" / "data"
SENTENCE_S = 4.6
"""Of the example: 142 sentences in 10:58."""
LEAST_S = 0.01

# Runs in the checkout that is measured, so it uses nothing that one of them may lack.
RUNNER = """
import json, resource, sys, time
from studykit.cli.main import main
from studykit.talk.cache import Cache
spent, run = {"start": time.process_time()}, Cache.run
def timed(self, stage, function, *args, **kwargs):
    begin = time.process_time()
    found = run(self, stage, function, *args, **kwargs)
    spent[stage] = spent.get(stage, 0.0) + time.process_time() - begin
    return found
Cache.run = timed
try:
    main(sys.argv[2:])
except SystemExit as end:
    assert not end.code, end.code
spent["whole"] = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
spent["peak MB"] = peak / (1 << (20 if sys.platform == "darwin" else 10))
open(sys.argv[1], "w").write(json.dumps(spent))
"""

Pair = tuple[str, str]


def shipped_pairs() -> list[Pair]:
    """Sentences of the example and the stories that translate each other one to one."""
    pairs: list[Pair] = []
    for beads in sorted(DATA.glob("*.beads.txt")):
        english, chinese = (
            beads.with_name(beads.name.replace("beads", language)).read_text(encoding="utf-8").splitlines()
            for language in ("en", "zh")
        )
        for line in beads.read_text(encoding="utf-8").splitlines():
            sides = [json.loads(side) for side in line.split(":")[:2]]
            if all(len(side) == 1 for side in sides):
                pairs.append((english[sides[0][0]], chinese[sides[1][0]]))
    return pairs


def endless(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """The pairs again and again, with a number from the second time on."""
    yield from pairs
    for number in count(2):
        yield from (
            (f"In part {number}, {english}", f"第 {number} 部分，{chinese}") for english, chinese in pairs
        )


def write_talk(folder: Path, pairs: Sequence[Pair]) -> None:
    """Captions, and a translation line by line."""
    cues = (
        f"{to_vtt(i * SENTENCE_S)} --> {to_vtt((i + 1) * SENTENCE_S)}\n{english}\n"
        for i, (english, _) in enumerate(pairs)
    )
    (folder / "talk.en.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    (folder / "talk.zh.txt").write_text("\n".join(chinese for _, chinese in pairs), encoding="utf-8")


def spent(root: Path, pairs: Sequence[Pair], cache: Path) -> dict[str, float]:
    """CPU seconds of every stage in one process; also ``whole`` and ``peak MB``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_talk(folder, pairs)
        env = {**os.environ, "PYTHONPATH": str(root), "STUDYKIT_CACHE": str(cache)}
        command = [sys.executable, "-c", RUNNER, "spent.json", "notes", "talk.en.vtt"]
        subprocess.run(
            [*command, "--translation", "talk.zh.txt", "-q"],
            cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        found: dict[str, float] = json.loads((folder / "spent.json").read_text(encoding="utf-8"))
        return found


def main() -> None:
    """Measure every length in every checkout, and print the curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--before", type=Path, metavar="PATH", help="another checkout to compare with")
    parser.add_argument("--minutes", default="10,60,240,600", metavar="LIST")
    parser.add_argument(
        "--talk", nargs=2, type=Path, metavar="FILE", help="English and Chinese lines, in pairs"
    )
    options = parser.parse_args()
    minutes = [int(text) for text in options.minutes.split(",")]
    pairs = shipped_pairs()
    if options.talk:
        english, chinese = (path.read_text(encoding="utf-8").splitlines() for path in options.talk)
        pairs = list(zip(english, chinese, strict=True))
    roots = {"now": ROOT, **({"before": options.before.resolve()} if options.before else {})}
    with tempfile.TemporaryDirectory() as name:
        made: dict[str, list[dict[str, float]]] = {side: [] for side in roots}
        for side, root in roots.items():  # unpacks the encoder, compiles bytecode
            spent(root, pairs[:20], Path(name) / side)
        for length in minutes:
            talk = list(islice(endless(pairs), round(length * 60 / SENTENCE_S)))
            for side, root in roots.items():
                made[side].append(spent(root, talk, Path(name) / side))
    report(made, minutes)


def report(made: dict[str, list[dict[str, float]]], minutes: Sequence[int]) -> None:
    """A row for each stage: seconds by length, the exponent, the ratio to before."""
    print(f"{'CPU s of minutes:':24}" + "".join(f"{length:9}" for length in minutes) + "   growth  ratio")
    now, before = made["now"], made.get("before")
    for stage in now[-1]:
        row = [one.get(stage, 0.0) for one in now]
        if row[-1] < LEAST_S:
            continue
        growth = ""
        if len(row) > 1 and row[-2] > 0:
            growth = f"{math.log(row[-1] / row[-2]) / math.log(minutes[-1] / minutes[-2]):.2f}"
        ratio = f"{row[-1] / before[-1][stage]:.2f}" if before and before[-1].get(stage) else ""
        print(f"{stage:24}" + "".join(f"{value:9.2f}" for value in row) + f"{growth:>9}{ratio:>7}")


if __name__ == "__main__":
    main()
