"""How well the parts of long talks fall on known chapters, and whether their headings name them.

Usage::

    python benchmarks/parts_quality.py [--part-s SECONDS] TALK.txt...

Each file is a talk: ``# title`` before each chapter, then its text. The titles are taken out, the rest is
cut as ``studykit notes`` cuts a talk without chapters. Reported: F1 of cuts within 30 and 60 s of a
chapter's start, each used once (collar F1), and Pk (Beeferman et al. 1999), both at the usual pace of
speech, beside as many cuts at even distances. Headings: those of the true chapters, so that they can be
compared with the titles; how many share a word with theirs.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from studykit import engines
from studykit.languages import detect_language, spoken_length_s
from studykit.options import Options
from studykit.segment import segment
from studykit.segment.parts import Side, headings
from studykit.talk.stages.topics import find_parts
from studykit.types import Document, Segment, Transcript

_TITLE = re.compile(r"^# (.*)\n", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{4,}")


def chapters(path: Path) -> list[tuple[str, str]]:
    pieces = _TITLE.split(path.read_text(encoding="utf-8"))
    return [(title, " ".join(text.split())) for title, text in zip(pieces[1::2], pieces[2::2], strict=True)]


def as_talk(texts: Sequence[str]) -> Document:
    joined = " ".join(texts)
    language = detect_language(joined)
    transcript = Transcript(
        source_id="", language=language, segments=(Segment(text=joined),), engine="text", timing="none"
    )
    return segment(transcript, boundaries=engines.boundary_model("fast"))


def collar_f1(gold: Sequence[float], found: Sequence[float], within_s: float) -> float:
    hits, left = 0, list(gold)
    for at in found:
        near = min(left, key=lambda true: abs(true - at), default=None)
        if near is not None and abs(near - at) <= within_s:
            left.remove(near)
            hits += 1
    return 2 * hits / max(1, len(gold) + len(found))


def pk(gold: Sequence[float], found: Sequence[float], total_s: float) -> float:
    seconds = np.arange(int(total_s))
    side = [np.searchsorted(np.array(ends), seconds, side="right") for ends in (gold, found)]
    k = max(1, round(total_s / (len(gold) + 1) / 2))
    same = [part[:-k] == part[k:] for part in side]
    return float(np.mean(same[0] != same[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--part-s", type=float, default=Options().segment.part_s)
    chosen = parser.parse_args()
    encoder, tagger = engines.encoder(Options().align.encoder), engines.tagger()
    rows: list[list[float]] = []
    named = of = 0
    for path in chosen.files:
        given = chapters(path)
        lengths_s = [spoken_length_s(text) for _, text in given]
        gold = np.cumsum(lengths_s)[:-1].tolist()
        doc = as_talk([text for _, text in given])
        ends_s = np.cumsum([spoken_length_s(sent.text) for sent in doc.sentences])
        ends_s *= sum(lengths_s) / ends_s[-1]
        parts = find_parts(doc, encoder, chosen.part_s)
        cuts = [
            float(ends_s[doc.paragraphs[i].sentences.end - 1])
            for i, (before, after) in enumerate(pairwise(parts.chapter_of))
            if before != after
        ]
        even = [sum(lengths_s) * (i + 1) / (len(cuts) + 1) for i in range(len(cuts))]
        rows.append([
            *(collar_f1(gold, at, within) for within in (30, 60) for at in (cuts, even)),
            *(pk(gold, at, sum(lengths_s)) for at in (cuts, even)),
        ])  # fmt: skip
        print(f"{path.name}: {len(gold)} chapter starts, {len(cuts)} cuts", *(f"{x:.2f}" for x in rows[-1]))
        home = np.searchsorted(np.array(gold), ends_s - 0.5).tolist()
        texts = [sent.text for sent in doc.sentences]
        english = doc.language == "en"
        side = Side(texts=texts, part_of=home, tagged=tagger.tag(texts) if english else ())
        for (title, _), heading in zip(given, headings({doc.language: side}, len(given)), strict=True):
            mine = (heading.english if english else heading.chinese) or ""
            shared = {w.lower().rstrip("s") for w in _WORD.findall(title)} & {
                w.lower().rstrip("s") for w in _WORD.findall(mine)
            }
            named, of = named + bool(shared), of + 1
            print(f"    {'*' if shared else ' '} {title} | {mine}")
    print("F1 30 s, even; F1 60 s, even; Pk, even:", *(f"{x:.2f}" for x in np.mean(rows, axis=0)))
    print(f"{named} of {of} headings share a word with the title")


if __name__ == "__main__":
    main()
