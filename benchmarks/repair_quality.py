"""How many characters come back right when Chinese is damaged on purpose.

    python benchmarks/repair_quality.py FILE…        (default: the example's translation)

Every file is written as UTF-8, read as Windows-1254 and robbed of the bytes that have no visible
character there; then it is repaired. Beside it, the most frequent candidate at each place by itself.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import wordfreq

from studykit.formats import repair
from studykit.resources import data_dir

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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or [data_dir("examples") / "lecture.zh.txt"]
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
