"""What vocabulary finds against what people chose, in one process and with everything slow kept.

Tags, sentence vectors and alignments of the talks are computed once and kept under ``--cache``, so that
a change to the finders, the ranking or the glosses is measured in seconds.

    python -m benchmarks.items_quality gloss GOLD.tsv CAPTIONS --cache DIR [--blind] [--half 0|1] [--show]
    python -m benchmarks.items_quality markers GOLD.tsv|TALKS.jsonl.gz --cache DIR [--show]

GOLD of ``gloss``: columns talk, sentence, head, kind, as_said, gloss_zh, also_zh, in_zh; CAPTIONS holds
TALK.en.srt and TALK.zh.srt. GOLD of ``markers``: form, start, end, label (M, O, U), note, sentence; of
TALKS the occurrences count that `train_markers.py` keeps for reporting.
``--half`` keeps the talks (or the marker rows) whose name has that parity of its CRC-32: tune on one
half, report the other.
"""

from __future__ import annotations

import argparse
import csv
import pickle
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_markers import labelled, reported
from studykit import engines
from studykit.annotate import find_terms, find_vocabulary
from studykit.glossary import load
from studykit.options import VocabularyOptions
from studykit.resources import data_dir
from studykit.talk import open_talk
from studykit.types import Document, Paragraph, Sentence, Span, StudyItem, Token

SHARE = 0.6
ASIDE = re.compile(r"[的地了得着\s（）()「」“”\"'，、。…·—-]|\bsth\b|某事|某物")
MARKING = {"expression", "idiom", "phrasal_verb", "grammar"}


class Kept:
    """A dictionary on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, Any] = pickle.loads(path.read_bytes()) if path.exists() else {}
        self.grown = False

    def many(self, keys: Sequence[str], make: Callable[[list[str]], Iterable[Any]]) -> list[Any]:
        new = [key for key in dict.fromkeys(keys) if key not in self.values]
        if new:
            self.values.update(zip(new, make(new), strict=True))
            self.grown = True
        return [self.values[key] for key in keys]

    def save(self) -> None:
        if self.grown:
            self.path.write_bytes(pickle.dumps(self.values))


class KeptTagger:
    """The shipped tagger, each text tagged once."""

    def __init__(self, folder: Path) -> None:
        self.kept = Kept(folder / "tags.pickle")

    @property
    def name(self) -> str:
        return engines.tagger().name

    def tag(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        return self.kept.many(texts, engines.tagger().tag)


class KeptEncoder:
    """The default encoder, each text encoded once."""

    def __init__(self, folder: Path) -> None:
        self.kept = Kept(folder / "vectors.pickle")
        self.engine = engines.encoder("usem")

    @property
    def name(self) -> str:
        return self.engine.name

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = self.kept.many(texts, self.engine.encode)
        return np.stack(rows) if rows else np.zeros((0, 512), dtype=np.float32)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def in_half(name: str, half: int | None) -> bool:
    return half is None or zlib.crc32(name.encode()) % 2 == half


def forms(head: str) -> list[frozenset[str]]:
    """The words of a head, once for each alternative; remarks in brackets and endings do not count."""
    plain = re.sub(r"\(.*?\)|（.*?）", " ", head.lower()).replace("...", " ")
    made = []
    for part in re.split(r"\s+/\s+|\s+vs\.?\s+", plain):
        words = re.findall(r"[a-z0-9]+(?:['’.-][a-z0-9]+)*", part)
        made.append(
            frozenset(
                re.sub(r"ies$", "y", w) if w.endswith("ies") else re.sub(r"(ing|ed|es|s)$", "", w) or w
                for w in words
            )
        )
    return [words for words in made if words]


def same(a: frozenset[str], b: frozenset[str]) -> bool:
    return a == b or len(a & b) / len(a | b) >= SHARE


def agrees(ours: str, gold: Iterable[str]) -> bool:
    """Whether one of our Chinese words is one of theirs, or holds it or is held by it."""
    parts = re.split(r"[；;，,、/|]", re.sub(r"[（(][^）)]*[）)]", "", ours))
    mine = [plain for part in parts if (plain := ASIDE.sub("", part))]
    return any(a == b or (min(len(a), len(b)) >= 2 and (a in b or b in a)) for a in mine for b in gold)


class Bench:
    """The talks with what is slow about them kept."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.tagger, self.encoder = KeptTagger(folder), KeptEncoder(folder)
        self.glossary = load([data_dir("glossaries")])

    def items(self, english: Path, chinese: Path | None, *, blind: bool) -> tuple[tuple[StudyItem, ...], Any]:
        at = self.folder / f"{english.name}.pickle"
        if not at.exists():
            read = open_talk(english, translation=chinese)
            at.write_bytes(pickle.dumps((read.texts.english, read.texts.chinese, read.alignment)))
        en, zh, alignment = pickle.loads(at.read_bytes())
        if blind:
            zh = alignment = None
        texts = {"en": en.sentences, **({"zh": zh.sentences} if zh else {})}
        found = find_vocabulary(
            en, zh, alignment, terms=find_terms(texts, self.glossary, alignment), glossary=self.glossary,
            tagger=self.tagger, embedder=self.encoder,
        )  # fmt: skip
        return found, (en, zh, alignment)

    def close(self) -> None:
        self.tagger.kept.save()
        self.encoder.kept.save()


def gloss(
    bench: Bench, gold_path: Path, captions: Path, *, blind: bool, half: int | None, show: bool, times: int
) -> None:
    """Print recall, precision and agreement at so many ``times`` the gold's length."""
    gold = defaultdict(list)
    for row in rows_of(gold_path):
        if in_half(row["talk"], half):
            gold[row["talk"]].append(row)
    n = found = agreed = none = listed = used = 0
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    ours: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for talk, rows in gold.items():
        items, _ = bench.items(captions / f"{talk}.en.srt", captions / f"{talk}.zh.srt", blind=blind)
        mine = [(forms(study.item.head), study.item) for study in items[: times * len(rows)]]
        rest = [(forms(study.item.head), k) for k, study in enumerate(items)]
        listed += len(mine)
        hits: set[int] = set()
        for row in rows:
            want = forms(row["head"].replace(" sth", "").replace(" sb", "")) + forms(row["as_said"])
            n += 1
            kinds[row["kind"]][0] += 1
            match = [k for k, (heads, _) in enumerate(mine) if any(same(a, b) for a in heads for b in want)]
            if not match:
                if show:
                    later = [k for heads, k in rest if any(same(a, b) for a in heads for b in want)]
                    print(
                        "missed",
                        talk[:12],
                        row["kind"],
                        row["head"],
                        later[:1] or "",
                        f"of {times * len(rows)}",
                        sep="\t",
                    )
                continue
            found += 1
            kinds[row["kind"]][1] += 1
            hits |= set(match)
            accepted = [
                p
                for x in (row["gloss_zh"], row["in_zh"], *row["also_zh"].split("|"))
                if (p := ASIDE.sub("", x))
            ]
            texts = [g.text for k in match for g in mine[k][1].glosses[:1]]
            none += not texts
            if any(agrees(text, accepted) for text in texts):
                agreed += 1
                kinds[row["kind"]][2] += 1
            elif show:
                sources = [g.source for k in match for g in mine[k][1].glosses[:1]]
                print(
                    "differs",
                    talk[:12],
                    row["kind"],
                    row["head"],
                    "|".join(texts),
                    "|".join(sources),
                    "gold: " + "|".join(accepted),
                    sep="\t",
                )
        used += len(hits)
        for k, (_, item) in enumerate(mine):
            ours[item.kind][0] += 1
            ours[item.kind][1] += k in hits
            if show and k not in hits:
                print(
                    "unwanted",
                    talk[:12],
                    item.kind,
                    item.head,
                    *(f"{g.text} [{g.source}]" for g in item.glosses[:1]),
                    sep="\t",
                )
    print(
        f"gold {n}, recall {found / n:.3f}, precision {used / listed:.3f}, "
        f"gloss agrees {agreed / max(1, found):.3f}, none {none / max(1, found):.3f}"
    )
    print("gold by kind (all, found, agree):", dict(kinds))
    print("ours by kind (listed, wanted):", dict(ours))


def occurrences(path: Path) -> list[dict[str, str]]:
    """The judged occurrences: form, start, end, label, sentence."""
    if path.suffix != ".gz":
        return [row for row in rows_of(path) if row["label"] != "U"]
    return [
        {**row, "start": str(start), "end": str(start + len(row["form"])), "sentence": text}
        for row, text, start in labelled(path)
        if reported(row["talk"])
    ]


def markers(bench: Bench, gold_path: Path, *, half: int | None, show: bool) -> None:
    """Print precision and recall of flagged occurrences, form by form."""
    gold = occurrences(gold_path)
    texts = list(dict.fromkeys(row["sentence"] for row in gold))
    sentences = tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(texts))
    whole = Span(start=0, end=len(sentences))
    doc = Document(
        id="m", language="en", sentences=sentences, paragraphs=(Paragraph(index=0, sentences=whole),)
    )
    found = find_vocabulary(
        doc, None, None, terms=find_terms({"en": sentences}, bench.glossary), glossary=bench.glossary,
        tagger=bench.tagger, embedder=bench.encoder, options=VocabularyOptions(level="A1"),
    )  # fmt: skip
    marks = defaultdict(list)
    for study in found:
        if study.item.kind in MARKING and study.item.glosses:
            for at in study.item.occurrences:
                if at.language == "en":
                    marks[at.sentence].append((at.span.start, at.span.end, study.item.head.lower()))
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    longer = 0
    for row in gold:
        if not in_half(row["sentence"], half):
            continue
        start, end = int(row["start"]), int(row["end"])
        first = re.findall(r"[a-z']+", row["form"].lower())[0]
        stems = {first} | ({"have", "get"} if row["form"] == "have sth done" else set())
        here = marks[texts.index(row["sentence"])]
        over = [
            head for a, b, head in here if a < end and b > start and stems & set(re.findall(r"[a-z']+", head))
        ]
        hit = bool(over)
        wanted = row["label"] == "M"
        kind = (0 if hit else 2) if wanted else (1 if hit else 3)
        tally[row["form"]][kind] += 1
        longer += kind == 1 and row["form"].lower() not in over
        if show and kind in {1, 2}:
            said = row["sentence"]
            print(
                ("false alarm", "missed")[kind - 1],
                row["form"],
                f"{said[max(0, start - 60) : start]}[{said[start:end]}]{said[end : end + 60]}",
                "|".join(over),
                sep="\t",
            )
    right, false, missed, _ = (sum(counts[k] for counts in tally.values()) for k in range(4))
    print(
        f"precision {right / (right + false):.3f}, recall {right / (right + missed):.3f}, "
        f"false alarms {false}, of them {longer} by items of another head, that hold the form"
    )
    print("by form (right, false alarm, missed, rightly left):", dict(tally))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["gloss", "markers"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--half", type=int, choices=[0, 1])
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--times", type=int, default=2, help="items that count, as times the gold's")
    args = parser.parse_args()
    bench = Bench(args.cache)
    if args.what == "gloss":
        gloss(bench, *args.paths, blind=args.blind, half=args.half, show=args.show, times=args.times)
    else:
        markers(bench, *args.paths, half=args.half, show=args.show)
    bench.close()


if __name__ == "__main__":
    main()
