"""Errors planted in translations: how many are found, and what is found where there is none.

    python -m benchmarks.check_planted EN ZH [EN ZH …] [--most 6] [--seed 1] [--half tune|test] [--show]
    python -m benchmarks.check_planted --folder CAPTIONS --half test

CAPTIONS holds ``NAME.en.srt`` and ``NAME.zh.srt``; ``--half`` takes every second of these. Every kind of
error (``planting``) is planted up to ``--most`` times in a talk, as often as the talk has places for it, in
copies of the talk with one error in every third paragraph, at most; besides, sentences slip over the end of
their paragraph (both texts' paragraphs are then given). Texts are aligned anew after planting. An error is
found when its paragraph has a finding that the clean text does not have there.
``CLEAN`` and ``MISSED`` lines are printed with ``--show``. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from benchmarks.planting import edits
from studykit import engines
from studykit.align import align
from studykit.annotate import find_terms
from studykit.check import check, slipped
from studykit.compose import compose
from studykit.glossary import Glossary, load
from studykit.options import Options
from studykit.resources import data_dir
from studykit.talk import open_talk
from studykit.types import Annotations, Document, Finding, Notes, Paragraph, Span

SHORT = 5
APART = 3
"""From one error to the next, in paragraphs."""
VARIANTS = 3
"""Of one sentence and one kind of error."""


class Memory:
    """An encoder that remembers."""

    def __init__(self, name: str) -> None:
        self._encoder = engines.encoder(name)
        self.name = self._encoder.name
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Bench:
    """What checking needs."""

    glossary: Glossary
    encoder: Memory
    options: Options

    def notes(self, english: Document, chinese: Document, like: Notes) -> Notes:
        alignment = align(english, chinese, encoder=self.encoder, options=self.options.align)
        terms = find_terms({"en": english.sentences, "zh": chinese.sentences}, self.glossary)
        notes = compose(
            source=like.source,
            timing=like.timing,
            lead=english,
            other=chinese,
            alignment=alignment,
            annotations=Annotations(terms=terms),
            glossary=self.glossary,
        )
        return replace(notes, findings=check(notes, self.glossary))


@dataclass(frozen=True, slots=True)
class Plant:
    """``text`` becomes of sentence ``at`` of the Chinese; ``said``: the English that it translates."""

    paragraph: int
    at: int
    text: str
    kind: str
    said: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted, and lines to read."""

    counts: Counter[str]
    shown: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="*", type=Path, metavar="EN ZH")
    parser.add_argument("--folder", type=Path, metavar="CAPTIONS")
    parser.add_argument("--half", choices=["tune", "test"])
    parser.add_argument("--most", type=int, default=6, help="errors of a kind in a talk")
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    pairs = list(zip(args.texts[::2], args.texts[1::2], strict=True))
    if args.folder:
        found = [
            (path, path.with_name(path.name.replace(".en.", ".zh.")))
            for path in sorted(args.folder.glob("*.en.srt"))
            if ".zh-en." not in path.name
        ]
        pairs += found[args.half == "tune" :: 2] if args.half else found
    bench = Bench(load([data_dir("glossaries")]), Memory("usem"), Options())
    tally = Tally(Counter(), [])
    for number, pair in enumerate(pairs):
        run(pair, bench, random.Random(args.seed + number), args.most, tally)
    counts = tally.counts
    kinds = sorted({key.split(": ")[1] for key in counts if key.startswith("planted")})
    report = {
        "paragraphs": counts["paragraphs"],
        "findings on clean text": counts["clean"],
        "per 20 paragraphs": round(20 * counts["clean"] / max(1, counts["paragraphs"]), 2),
        **{
            kind: f"{counts[f'found: {kind}']}/{counts[f'planted: {kind}']}"
            f" = {counts[f'found: {kind}'] / counts[f'planted: {kind}']:.2f}"
            for kind in kinds
        },
    }
    print(json.dumps(report, indent=1))
    if args.show:
        print("\n".join(tally.shown))


def run(pair: tuple[Path, Path], bench: Bench, rng: random.Random, most: int, tally: Tally) -> None:
    (en, zh), counts, shown = pair, tally.counts, tally.shown
    talk = open_talk(en, translation=zh, glossary=bench.glossary)
    english, chinese = talk.texts.lead, talk.texts.other
    assert chinese
    clean = bench.notes(english, chinese, talk.bare_notes)
    counts["paragraphs"] += len(clean.paragraphs)
    counts["clean"] += len(clean.findings)
    shown += [f"CLEAN {_line(finding)}" for finding in clean.findings]
    before = Counter(_key(finding) for finding in clean.findings)
    for planted in rounds(plants(clean, bench.glossary, rng, most)):
        texts = {plant.at: plant.text for plant in planted}
        notes = bench.notes(english, _edited(chinese, texts), clean)
        new = Counter(_key(finding) for finding in notes.findings) - before
        hit = {
            sentence
            for finding in notes.findings
            if new[_key(finding)]
            for sentence in _english(finding, notes)
        }
        for plant in planted:
            counts[f"planted: {plant.kind}"] += 1
            found = not hit.isdisjoint(plant.said)
            counts[f"found: {plant.kind}"] += found
            if not found:
                was = clean.chinese[plant.at].text
                shown.append(f"MISSED {plant.kind}: {was} → {plant.text} | {_text(clean, plant.said)}")
    slips(clean, rng, counts, shown)


def plants(notes: Notes, glossary: Glossary, rng: random.Random, most: int) -> list[Plant]:
    """Up to ``most`` errors of each kind, anywhere in the talk."""
    assert notes.alignment
    made: list[Plant] = []
    for kind, edit in edits(notes.terms, glossary).items():
        found: dict[tuple[int, str], Plant] = {}
        for bead in notes.alignment.beads:
            if not len(bead.source):
                continue
            said = tuple(bead.source)
            for at in bead.target:
                for _ in range(VARIANTS):
                    text = edit(_text(notes, said), notes.chinese[at].text, rng)
                    if text is not None and text != notes.chinese[at].text:
                        plant = Plant(notes.paragraph_of("en", said[0]), at, text, kind, said)
                        found.setdefault((at, text), plant)
        made += rng.sample(list(found.values()), min(most, len(found)))
    rng.shuffle(made)
    return made


def rounds(planted: Sequence[Plant]) -> Iterator[list[Plant]]:
    """The errors in copies of the talk, so that no two of a copy stand near each other."""
    left = list(planted)
    while left:
        copy: list[Plant] = []
        for plant in left:
            if all(abs(plant.paragraph - other.paragraph) >= APART for other in copy):
                copy.append(plant)
        left = [plant for plant in left if plant not in copy]
        yield copy


def slips(notes: Notes, rng: random.Random, counts: Counter[str], shown: list[str]) -> None:
    """The last Chinese sentence of a paragraph, given to the next one."""
    assert notes.alignment
    whole = [p for p in notes.paragraphs if len(p.english) and len(p.chinese) > 1]
    paras = list(notes.paragraphs)
    for para in rng.sample(whole, min(3, len(whole))):
        if para.index + 1 >= len(paras):
            continue
        moved = [p.chinese for p in paras]
        here, there = moved[para.index], moved[para.index + 1]
        if len(notes.chinese[here.end - 1].text) < SHORT:
            continue
        moved[para.index] = Span(start=here.start, end=here.end - 1)
        moved[para.index + 1] = Span(start=here.end - 1, end=there.end)
        found = slipped(notes.alignment, [p.english for p in paras], moved)
        counts["planted: slip"] += 1
        right = [s.paragraph for s in found] == [para.index]
        counts["found: slip"] += right
        if not right:
            shown.append(f"MISSED slip: {notes.chinese[here.end - 1].text} {found}")
    counts["clean"] += len(slipped(notes.alignment, [p.english for p in paras], [p.chinese for p in paras]))


def _edited(doc: Document, texts: dict[int, str]) -> Document:
    """The document with some sentences changed; an empty text takes a sentence away."""
    kept = [sent for sent in doc.sentences if texts.get(sent.index) != ""]
    sentences = tuple(
        replace(sent, index=i, text=texts.get(sent.index, sent.text), raw=texts.get(sent.index, sent.raw))
        for i, sent in enumerate(kept)
    )
    whole = Paragraph(index=0, sentences=Span(start=0, end=len(sentences)))
    return replace(doc, id=doc.id[::-1], sentences=sentences, paragraphs=(whole,))


def _english(finding: Finding, notes: Notes) -> Sequence[int]:
    return notes.paragraphs[finding.paragraph].english


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.kind, finding.message, finding.english


def _text(notes: Notes, at: Sequence[int]) -> str:
    return " ".join(notes.english[i].text for i in at)


def _line(finding: Finding) -> str:
    return f"{finding.kind} {finding.severity} {finding.message} | {finding.english} | {finding.chinese}"


if __name__ == "__main__":
    main()
