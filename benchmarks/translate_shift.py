"""How well the aligner notices translations that stand with the wrong sentence.

Takes the sentence pairs of the example's gold alignment in paragraphs of 3, 5 and 8, damages each
paragraph as a model does, and counts what is noticed. Then the same for sentences asked for alone, of the
example and of the stories, five sentences at a time: their own translation, a neighbour's, and their own with
a neighbour's. Run ``python benchmarks/translate_shift.py``.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from studykit import engines
from studykit.align import CachedEncoder
from studykit.options import AlignOptions
from studykit.talk.stages.translation import shifted, strays

DATA = Path(__file__).parent / "data"


def pairs(name: str = "lecture") -> list[tuple[str, str]]:
    """Sentences that were translated one to one."""
    english, chinese = (
        (DATA / f"{name}.{language}.txt").read_text(encoding="utf-8").splitlines()
        for language in ("en", "zh")
    )
    beads = re.findall(r"^\[(\d+)\]:\[(\d+)\]$", (DATA / f"{name}.beads.txt").read_text(), re.MULTILINE)
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
    alone(CachedEncoder(engines.encoder(), {}))


def alone(encoder: CachedEncoder) -> None:
    """Print one line for the example, and one for the stories."""
    wrong = strays(encoder)
    print("asked alone  good but refused  neighbour's found  with neighbour's found")
    sets = {"lecture": ["lecture"], "stories": [f"story{number}" for number in range(1, 7)]}
    for title, names in sets.items():
        good = refused = others = found = both = found_both = 0
        for name in names:
            known = pairs(name)
            for start in range(0, len(known) - 4, 5):
                source, target = (list(side) for side in zip(*known[start : start + 5], strict=True))
                for i in range(5):
                    good += 1
                    refused += wrong(source, i, target[i], True)
                    for j in {i - 1, i + 1} & set(range(5)):
                        others += 1
                        found += wrong(source, i, target[j], True)
                        both += 1
                        found_both += wrong(source, i, "".join(target[min(i, j) : max(i, j) + 1]), True)
        print(f"{title:11}  {refused:10}/{good:<5}  {found:11}/{others:<5}  {found_both:15}/{both:<5}")


if __name__ == "__main__":
    main()
