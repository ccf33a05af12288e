"""How many characters come back right when Chinese is damaged on purpose.

    python benchmarks/repair_quality.py FILE…        (default: the example's translation)
    python benchmarks/repair_quality.py --asked FOLDER

Every file is written as UTF-8, read as Windows-1254 and robbed of the bytes that have no visible
character there; then it is repaired. Beside it, the most frequent candidate at each place by itself.

``--asked`` reads the bilingual subtitles of FOLDER (``NAME.zh-en.srt``, a row of each language in a cue),
damages the Chinese of all of them together and asks the English, paragraphs of ten cues at a time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import wordfreq

from studykit.engines import encoder
from studykit.formats import Restored, read, repair
from studykit.glossary import load_glossary
from studykit.resources import data_dir
from studykit.talk.read.asked import Asker
from studykit.types import DOUBTFUL

CUES_OF_A_PARAGRAPH = 10
LOST = frozenset(b"\x81\x8d\x8e\x8f\x90\x9d\x9e\xad")


def damaged(text: str) -> str:
    return "".join(bytes([byte]).decode("cp1254") for byte in text.encode() if byte not in LOST)


def own_chinese(without: Path) -> Iterator[str]:
    for folder in ("glossaries", "examples"):
        for path in data_dir(folder).iterdir():
            if path.resolve() != without.resolve():
                yield path.read_text(encoding="utf-8")


def most_frequent(char: str) -> str:
    """The commonest character that the same bytes are left of."""
    rest = bytes(byte for byte in char.encode() if byte not in LOST)
    length = len(char.encode())
    same = CANDIDATES.get((rest, length), [char])
    return max(same, key=lambda c: wordfreq.word_frequency(c, "zh"))


CANDIDATES: dict[tuple[bytes, int], list[str]] = {}
for code in range(0x3000, 0xA000):
    data = chr(code).encode()
    CANDIDATES.setdefault((bytes(b for b in data if b not in LOST), len(data)), []).append(chr(code))


class Paragraph(NamedTuple):
    english: str
    chinese: str


def paragraphs(path: Path) -> Iterator[Paragraph]:
    parsed = read(path)[1]
    said = {seg.start_s: seg.text for seg in parsed.segments}
    pairs = [(said[seg.start_s], seg.text) for seg in parsed.chinese if seg.start_s in said]
    for first in range(0, len(pairs), CUES_OF_A_PARAGRAPH):
        english, chinese = zip(*pairs[first : first + CUES_OF_A_PARAGRAPH], strict=True)
        yield Paragraph(" ".join(english), "，".join(chinese))


def asked(folder: Path) -> None:
    """Print how many restored characters are right before and after the English is asked."""
    found = [para for path in sorted(folder.glob("*.zh-en.srt")) for para in paragraphs(path)]
    text = "".join(f"{para.chinese}\n" for para in found)
    repaired = repair(damaged(text), known=own_chinese(Path()))
    if repaired is None or len(repaired.text) != len(text):
        raise SystemExit(f"{folder}: not repaired")
    asker = Asker(encoder(), load_glossary())
    outcomes: list[tuple[bool, bool, Restored]] = []
    start = 0
    for para in found:
        end = start + len(para.chinese)
        places = {char.at - start: char for char in repaired.restored if start <= char.at < end}
        _, answered = asker.ask(para.english, repaired.text[start:end], places)
        outcomes += [
            (char.char == para.chinese[at], answered[at].char == para.chinese[at], answered[at])
            for at, char in places.items()
        ]
        start = end + 1
    turning = [outcome for outcome in outcomes if outcome[2].turns]
    left = [char for _, right, char in outcomes if not right]
    print(f"{len(outcomes)} characters had lost bytes")
    for name, of in (("all", outcomes), ("that may turn a statement", turning)):
        before, after = (sum(outcome[which] for outcome in of) / max(1, len(of)) for which in (0, 1))
        print(f"{name}: {len(of)}, right {before:.3f}, English asked {after:.3f}")
    mended = sum(after and not before for before, after, _ in outcomes)
    spoilt = sum(before and not after for before, after, _ in outcomes)
    doubtful = sum(char.confidence < DOUBTFUL for char in left)
    print(f"put right {mended}, spoilt {spoilt}; wrong ones left {len(left)}, marked as doubtful {doubtful}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--asked", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    if arguments.asked:
        asked(arguments.asked)
        return
    files = arguments.files or [data_dir("examples") / "lecture.zh.txt"]
    print(f"{'file':24} {'chars':>7} {'lost':>6} {'right':>6} {'commonest':>9} {'intact wrong':>12} {'s':>5}")
    for path in files:
        text = path.read_text(encoding="utf-8")
        start = time.perf_counter()
        repaired = repair(damaged(text), known=own_chinese(path))
        seconds = time.perf_counter() - start
        if repaired is None or len(repaired.text) != len(text):
            print(f"{path.name[:24]:24} not repaired")
            continue
        lost = [char.at for char in repaired.restored]
        right = sum(repaired.text[at] == text[at] for at in lost) / max(1, len(lost))
        plain = sum(most_frequent(text[at]) == text[at] for at in lost) / max(1, len(lost))
        wrong = sum(a != b for a, b in zip(text, repaired.text, strict=True)) - round(len(lost) * (1 - right))
        counts = f"{len(text):7} {len(lost):6} {right:6.3f} {plain:9.3f} {wrong:12}"
        print(f"{path.name[:24]:24} {counts} {seconds:5.1f}")


if __name__ == "__main__":
    main()
