"""How long alignment takes, without the time to embed sentences, and how that grows.

    python benchmarks/align_speed.py                     # the growth curve up to 50,000 sentences
    python benchmarks/align_speed.py --size 4000x3000
    python benchmarks/align_speed.py --encoder usem       # sentences per second of a real encoder
    OPENBLAS_NUM_THREADS=1 python benchmarks/align_speed.py --captions CAPTIONS --eval FOLDER …   # real text

Real text: English caption lines (CAPTIONS/*.en.srt) against Chinese ones, each joined with the next where it
ends without a mark (CAPTIONS/*.zh.srt), then the gold sets of each FOLDER and our own lecture and stories,
all as one text, all but the FOLDERs called captions…, and each kind alone; and the English lines of 34 talks
against their Chinese ones in groups of four to six, cut where talks end. All vectors are known. The least of
five runs counts.

Otherwise the sentences are made up: each is a random direction, its translation the same with noise (cosine
about .55, as real encoders give). A fifth of the source has no translation of its own but is joined
to the sentence before, or is missing. Every size runs in a process of its own, so that peak memory
means something.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from align_sets import GoldSet, own, read_folder

from studykit.align import Cut, Encoder, align, align_sentences
from studykit.align.encoder import Vectors
from studykit.engines import encoder as encoder_named
from studykit.formats import read
from studykit.types import Document, Paragraph, Sentence, Span

WIDTH = 512
Sides = tuple[tuple[int, ...], tuple[int, ...]]
Text = tuple[list[str], list[str], list[Cut]]
_TALKS_IN_GROUPS = 34
GROWTH = ["1000x800", "2000x1600", "5000x4000", "10000x8000", "20000x20000", "50000x40000"]


class MadeUp:
    """Sentences are numbers in letters, ``e12`` or ``n7 n8``; both sides share the numbers."""

    name = "made-up"

    def __init__(self, count: int) -> None:
        draw = np.random.default_rng(7)
        common = draw.standard_normal(WIDTH, dtype=np.float32) * 0.3
        self._meaning = draw.standard_normal((count, WIDTH), dtype=np.float32) + common
        self._wording = {side: draw.standard_normal((count, WIDTH), dtype=np.float32) for side in "en"}
        self.seconds = self.cpu_seconds = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        began, began_cpu = time.perf_counter(), time.process_time()
        rows = np.empty((len(texts), WIDTH), dtype=np.float32)
        for k, text in enumerate(texts):
            rows[k] = 0
            for word in text.split():
                if word == "PAD":  # what the peer writes before the first sentence
                    continue
                rows[k] += self._meaning[int(word[1:])] + 0.9 * self._wording[word[0]][int(word[1:])]
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        self.seconds += time.perf_counter() - began
        self.cpu_seconds += time.process_time() - began_cpu
        return rows


def texts(n: int, m: int) -> tuple[list[str], list[str], set[Sides]]:
    """``n`` source and ``m`` target sentences (m at most n) and the beads they were made from."""
    draw = np.random.default_rng(n)
    joined = set(draw.choice(np.arange(1, n), n - m, replace=False).tolist()) if n > m else set()
    source = [f"e{i}" for i in range(n)]
    target: list[str] = []
    gold: list[Sides] = []
    for i in range(n):
        if i in joined and i % 3:
            target[-1] += f" n{i}"
            gold[-1] = ((*gold[-1][0], i), gold[-1][1])
        elif i not in joined:
            gold.append(((i,), (len(target),)))
            target.append(f"n{i}")
    return source, target, set(gold)


def aligned_by_peer(source: list[str], target: list[str], encoder: MadeUp) -> set[Sides]:
    from sentalign import sentalign  # noqa: PLC0415  (optional peer, as in align_quality.py)

    done = sentalign(source, target, encoder)
    return {(tuple(bead.src_indices), tuple(bead.tgt_indices)) for bead in done.alignments}


def measure(size: str, *, peer: bool = False) -> dict[str, float | str]:
    n, m = (int(x) for x in size.split("x"))
    source, target, gold = texts(n, m)
    encoder = MadeUp(n)
    began, began_cpu = time.perf_counter(), time.process_time()
    if peer:
        found = aligned_by_peer(source, target, encoder)
    else:
        beads = align_sentences(source, target, encoder=encoder)
        found = {(tuple(bead.source), tuple(bead.target)) for bead in beads}
    wall, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    found = {bead for bead in found if all(bead)}
    return {
        "size": size,
        "wall_s": round(wall - encoder.seconds, 2),
        "cpu_s": round(cpu - encoder.cpu_seconds, 2),
        "encoder_s": round(encoder.seconds, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "strict_f1": round(2 * len(found & gold) / (len(found) + len(gold)), 4),
    }


def encode(name: str) -> None:
    """The first call in a fresh process, and sentences per second after that."""
    folder = Path(__file__).parent / "data"
    lines = [
        line for x in ("en", "zh") for line in (folder / f"lecture.{x}.txt").read_text("utf-8").splitlines()
    ]
    began = time.perf_counter()
    encoder = encoder_named(name)
    encoder.encode(lines[:1])
    first = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(10):
        encoder.encode(lines)
    rate = 10 * len(lines) / (time.perf_counter() - began)
    print(f"{encoder.name}: first call {first:.2f} s, then {rate:.0f} sentences/s")


# Real text.


class Known:
    """Vectors kept by text; the time to look them up is counted apart."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._kept: dict[str, Vectors] = {}
        self.cpu_seconds = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        began = time.process_time()
        fresh = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if fresh:
            self._kept.update(zip(fresh, self._encoder.encode(fresh), strict=True))
        rows = np.stack([self._kept[text] for text in texts])
        self.cpu_seconds += time.process_time() - began
        return rows


def lines_of(path: Path) -> list[str]:
    return [segment.text for segment in read(path)[1].segments]


def of_captions(folder: Path) -> tuple[list[str], list[str]]:
    """All talks' lines one after the other; Chinese ones in pairs where the first has no mark at its end."""
    source: list[str] = []
    target: list[str] = []
    for path in sorted(folder.glob("*.en.srt")):
        source += lines_of(path)
        waiting = ""
        for line in lines_of(path.with_name(path.name.replace(".en.srt", ".zh.srt"))):
            if waiting or re.search("[。！？.!?]$", line):
                target.append(f"{waiting}{line}")
                waiting = ""
            else:
                waiting = line
        target += [waiting] if waiting else []
    return source, target


def in_groups(folder: Path) -> Text:
    """Lines of 34 talks against groups of four Chinese lines up to one with a mark at its end, or of six."""
    source: list[str] = []
    target: list[str] = []
    cuts: list[tuple[int, int]] = []
    for path in sorted(folder.glob("*.en.srt"))[:_TALKS_IN_GROUPS]:
        cuts.append((len(source), len(target)))
        source += lines_of(path)
        group: list[str] = []
        for line in lines_of(path.with_name(path.name.replace(".en.srt", ".zh.srt"))):
            group.append(line)
            if len(group) >= 6 or (len(group) >= 4 and re.search("[。！？.!?]$", line)):
                target.append("".join(group))
                group = []
        target += ["".join(group)] if group else []
    return source, target, cuts[1:]


def real_texts(captions: Path | None, folders: Sequence[Path]) -> dict[str, Text]:
    kinds: dict[str, tuple[list[str], list[str]]] = {}
    if captions:
        kinds["captions, line by line"] = of_captions(captions)
    for folder in folders:
        single = (folder / "gold.txt").is_file()
        found = [folder] if single else [one for one in sorted(folder.iterdir()) if one.is_dir()]
        kinds[folder.name] = joined([read_folder(one) for one in found])
    kinds["lecture"] = joined([own("lecture")])
    kinds["stories"] = joined([own(f"story{k}") for k in range(1, 7)])
    found: dict[str, Text] = {name: (*lines, []) for name, lines in kinds.items()}
    for name, some in (
        ("all of these", list(kinds)),
        ("all but captions against sentences", [one for one in kinds if not one.startswith("captions_")]),
    ):
        found[name] = *([line for one in some for line in kinds[one][side]] for side in (0, 1)), []
    return {**found, **({"lines against groups": in_groups(captions)} if captions else {})}


def joined(sets: Sequence[GoldSet]) -> tuple[list[str], list[str]]:
    return [line for one in sets for line in one.source], [line for one in sets for line in one.target]


def document(language: str, lines: Sequence[str]) -> Document:
    sentences = tuple(Sentence(index=i, text=line, raw=line) for i, line in enumerate(lines))
    paragraph = Paragraph(index=0, sentences=Span(start=0, end=len(lines)))
    return Document(id=language, language=language, sentences=sentences, paragraphs=(paragraph,))


def measure_real(captions: Path | None, folders: Sequence[Path]) -> None:
    encoder = Known(encoder_named("usem"))
    print("| text | source x target | CPU s | peak MB |\n|---|---|---|---|")
    for name, (source, target, cuts) in real_texts(captions, folders).items():
        documents = document("en", source), document("zh", target)
        align(*documents, encoder=encoder, cuts=cuts)
        seconds = []
        for _ in range(5):
            encoder.cpu_seconds, began = 0.0, time.process_time()
            align(*documents, encoder=encoder, cuts=cuts)
            seconds.append(time.process_time() - began - encoder.cpu_seconds)
        peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(f"| {name} | {len(source)} x {len(target)} | {min(seconds):.2f} | {peak} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", help="such as 4000x3000, for one size in this process")
    parser.add_argument("--peer", action="store_true", help="with --size: sentalign in our place")
    parser.add_argument("--encoder", help="sentences per second of this encoder, on the example talk")
    parser.add_argument("--captions", type=Path, help="real text: a folder of NAME.en.srt and NAME.zh.srt")
    parser.add_argument("--eval", type=Path, action="append", default=[], help="real text: gold sets")
    args = parser.parse_args()
    if args.captions or args.eval:
        measure_real(args.captions, args.eval)
        return
    if args.encoder:
        encode(args.encoder)
        return
    if args.size:
        print(json.dumps(measure(args.size, peer=args.peer)))
        return
    print("| source x target | wall s | CPU s | peak MB | strict F1 |\n|---|---|---|---|---|")
    for size in GROWTH:
        done = subprocess.run(
            [sys.executable, __file__, "--size", size], capture_output=True, text=True, check=True
        )
        row = json.loads(done.stdout)
        print(
            f"| {size} | {row['wall_s']} | {row['cpu_s']} | {row['peak_mb']} | {row['strict_f1']} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
