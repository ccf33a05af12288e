"""How well the aligner notices translations that stand with the wrong sentence.

Takes the sentence pairs of the example's gold alignment in paragraphs of 3, 5 and 8, damages each
paragraph as a model does, and counts what is noticed. Run ``python benchmarks/translate_shift.py``.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from studykit import engines
from studykit.align import CachedEncoder
from studykit.options import AlignOptions
from studykit.talk.stages.translation import shifted

DATA = Path(__file__).parent / "data"


def pairs() -> list[tuple[str, str]]:
    """Sentences that were translated one to one."""
    english, chinese = (
        (DATA / f"lecture.{language}.txt").read_text(encoding="utf-8").splitlines()
        for language in ("en", "zh")
    )
    beads = re.findall(r"^\[(\d+)\]:\[(\d+)\]$", (DATA / "lecture.beads.txt").read_text(), re.MULTILINE)
    return [(english[int(i)], chinese[int(j)]) for i, j in beads]


def main() -> None:
    """Print one line for each length of paragraph."""
    known, draw = pairs(), random.Random(1)
    wrong = shifted(CachedEncoder(engines.encoder(), {}), AlignOptions())
    print(f"{len(known)} pairs")
    print("sentences  paragraphs  good but doubted  swapped found  merged found  slipped found")
    for size in (3, 5, 8):
        starts = range(0, len(known) - size + 1, size)
        doubted = swapped = merged = slipped = 0
        for start in starts:
            source, target = (list(side) for side in zip(*known[start : start + size], strict=True))
            i = draw.randrange(size - 1)
            doubted += len(wrong(source, target))
            swap = [*target[:i], target[i + 1], target[i], *target[i + 2 :]]
            swapped += {i, i + 1} <= set(wrong(source, swap))
            merge = [*target[:i], target[i] + target[i + 1], *target[i + 2 :], "谢谢大家。"]
            merged += {i, i + 1} <= set(wrong(source, merge))
            slip = [*target[:i], *target[i + 1 :], "谢谢大家。"]
            slipped += set(range(i, size)) <= set(wrong(source, slip))
        n = len(starts)
        print(f"{size:9}  {n:10}  {doubted:10}/{n * size:<5}  {swapped:13}  {merged:12}  {slipped:13}")


if __name__ == "__main__":
    main()
