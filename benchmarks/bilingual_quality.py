"""How well subtitles in two languages are taken apart and aligned.

    PYTHONPATH=. python benchmarks/bilingual_quality.py FOLDER [--align]

FOLDER holds ``NAME.zh-en.srt``, each cue with a row of Chinese and a row of English. Every talk is
written in each layout of ``tests/formats/bilingual_files.py``; a caption counts if both of its texts
come back. Then come files in one language: each text alone, and the Chinese with English names put
into two of five captions, as a row of their own, at the end of the row, or both. ``--align`` compares
the pairs of the notes with the groups of sentences that touch the same cues (strict F1), and counts the talks
that give the same sentences, times and pairs if the last row of each cue is put into a file of its own.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from studykit import Talk, formats, open_talk
from studykit.types import Document
from tests.formats.bilingual_files import LAYOUTS, Cue, Shown, srt

NAMES = (
    *("Hugging Face", "Transformers library", "the Trainer API", "GPT-4", "out of the box", "fine-tuning"),
    *("Reinforcement Learning from Human Feedback", "Attention Is All You Need", "PyTorch", "data collator"),
)
TOUCH_S = 0.02

Group = tuple[tuple[int, ...], tuple[int, ...]]


def cues_of(path: Path) -> list[Cue]:
    parsed = formats.read(path)[1]
    chinese = {seg.start_s: seg.text for seg in parsed.chinese}
    return [
        Cue(seg.start_s or 0.0, seg.end_s or 0.0, seg.text, chinese[seg.start_s])
        for seg in parsed.segments
        if seg.start_s in chinese
    ]


def layouts(talks: list[list[Cue]]) -> None:
    for layout, (name, write) in LAYOUTS.items():
        right = missed = 0
        for cues in talks:
            parsed = formats.parse(write(cues), Path(name))
            missed += not parsed.chinese
            english, chinese = ({seg.text for seg in side} for side in (parsed.segments, parsed.chinese))
            right += sum(cue.english in english and cue.chinese in chinese for cue in cues)
        total = sum(map(len, talks))
        print(f"{layout:32} {right} of {total} captions ({right / total:.4f}), {missed} talks not recognised")


def alone(cues: list[Cue]) -> Iterator[str]:
    chance = random.Random(1)
    yield srt([Shown(cue.start_s, cue.end_s, (cue.english,)) for cue in cues])
    for row, end in ((0.0, 0.0), (0.4, 0.0), (0.0, 0.4), (0.4, 0.4)):
        shown = []
        for cue in cues:
            text = cue.chinese + (f" {chance.choice(NAMES)}" if chance.random() < end else "")
            rows = (text, chance.choice(NAMES)) if chance.random() < row else (text,)
            shown.append(Shown(cue.start_s, cue.end_s, rows))
        yield srt(shown)


def touched(doc: Document, cues: list[Cue]) -> list[set[int]]:
    return [
        {
            k
            for k, cue in enumerate(cues)
            if min(sent.end_s or 0.0, cue.end_s) - max(sent.start_s or 0.0, cue.start_s) > TOUCH_S
        }
        for sent in doc.sentences
    ]


def groups(english: list[set[int]], chinese: list[set[int]]) -> set[Group]:
    """The smallest groups of sentences that share no cue with another group."""
    last = max(max(cues, default=0) for cues in (*english, *chinese))
    joined = {k for cues in (*english, *chinese) for k in cues if k + 1 in cues}
    breaks = [-1, *(k for k in range(last) if k not in joined), last]
    found = set()
    for low, high in pairwise(breaks):
        inside = [
            tuple(i for i, cues in enumerate(side) if cues and low < min(cues) <= high)
            for side in (english, chinese)
        ]
        if all(inside):
            found.add((inside[0], inside[1]))
    return found


def aligned(paths: list[Path]) -> None:
    gold = made = right = 0
    for path in paths:
        talk, cues = open_talk(path), cues_of(path)
        english, chinese, alignment = talk.texts.english, talk.texts.chinese, talk.alignment
        assert english
        assert chinese
        assert alignment
        wanted = groups(touched(english, cues), touched(chinese, cues))
        found = {(tuple(bead.source), tuple(bead.target)) for bead in alignment.beads}
        found = {pair for pair in found if all(pair)}
        gold, made, right = gold + len(wanted), made + len(found), right + len(wanted & found)
    print(f"strict F1 {2 * right / (gold + made):.4f} ({right} right, {gold} wanted, {made} made)")


def in_two(path: Path, folder: Path) -> tuple[Path, Path]:
    """The English and the Chinese of a file as files: of each cue the last row, and the others."""
    english, chinese = [], []
    for block in re.split(r"\n\s*(?=\d+\n\d+:\d\d:)", path.read_text(encoding="utf-8-sig").strip()):
        number, times, *rows = block.split("\n")
        english.append("\n".join([number, times, *rows[-1:]]))
        chinese.append("\n".join([number, times, *rows[:-1]]))
    made = folder / "talk.en.srt", folder / "talk.zh.srt"
    for file, blocks in zip(made, (english, chinese), strict=True):
        file.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return made


def what_stands(talk: Talk) -> list[object]:
    """Sentences with their times, and pairs."""
    texts = [doc.sentences if doc else () for doc in (talk.texts.english, talk.texts.chinese)]
    said = [(sent.text, sent.start_s, sent.end_s) for sentences in texts for sent in sentences]
    beads = talk.alignment.beads if talk.alignment else ()
    return [said, [(tuple(bead.source), tuple(bead.target)) for bead in beads]]


def same(paths: list[Path]) -> None:
    found = 0
    for path in paths:
        with TemporaryDirectory() as folder:
            english, chinese = in_two(path, Path(folder))
            alike = what_stands(open_talk(path)) == what_stands(open_talk(english, translation=chinese))
        found += alike
        if not alike:
            print(f"not the same: {path.name}")
    print(f"{found} of {len(paths)} talks give the same sentences, times and pairs as two files")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--align", action="store_true")
    args = parser.parse_args()
    paths = sorted(args.folder.glob("*.zh-en.srt"))
    talks = [cues_of(path) for path in paths]
    print(f"{sum(map(bool, talks))} of {len(paths)} recognised")
    layouts(talks)
    single = [text for cues in talks for text in alone(cues)]
    wrong = sum(bool(formats.parse(text, Path("t.srt")).chinese) for text in single)
    print(f"{wrong} of {len(single)} files in one language taken for two")
    if args.align:
        aligned(paths)
        same(paths)


if __name__ == "__main__":
    main()
