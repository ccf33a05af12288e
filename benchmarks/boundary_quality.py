"""Sentence ends, commas, questions and capitals of boundary models on talk that people punctuated.

    python benchmarks/boundary_quality.py --corpus talks.jsonl.gz --boundaries fast rules
    python benchmarks/boundary_quality.py --lines benchmarks/data/lecture.en.txt
    python benchmarks/boundary_quality.py --captions DIR/*.en.srt

``--corpus`` takes the episodes that ``train_boundaries.py`` leaves out (``--most`` words of each show);
``--lines`` takes files with one sentence a line. Words are given without case and marks, a talk in one
run. Sentence ends are counted twice: where an ellipsis is no end, and leaving out the gaps that have
one. The end of a talk is not counted. ``--captions`` takes captions with marks, which are taken away with
their case; their times stay. "Segmented" is what ``segment()`` makes of the words, which is more than what
the model says. Speed is in words for a second of CPU time, after loading. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from talk_corpus import COMMA, QUESTION, STOP, Talk, held_out, read_corpus, read_lines

from studykit import engines
from studykit.formats import read
from studykit.ingest import ingest_file
from studykit.options import IngestOptions
from studykit.segment import segment
from studykit.segment.boundaries import BoundaryModel
from studykit.types import Segment, Transcript


def prf(found: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    right = int((found & gold).sum())
    p, r = right / max(1, int(found.sum())), right / max(1, int(gold.sum()))
    return {"p": round(p, 3), "r": round(r, 3), "f1": round(2 * p * r / (p + r), 3) if right else 0.0}


def segmented(model: BoundaryModel, transcript: Transcript, marks: Sequence[int]) -> np.ndarray:
    """``(n, 2)``: where ``segment()`` ends sentences, and where a person did, the last end left out."""
    ends = np.zeros(len(marks), dtype=bool)
    at = 0
    for sent in segment(transcript, boundaries=model).sentences:
        at += len(sent.raw.split())
        ends[at - 1] = True
    return np.stack([ends, np.array(marks) >= STOP], axis=1)[:-1]


def without_marks(talk: Talk) -> Transcript:
    words = Segment(text=" ".join(talk.words))
    return Transcript(source_id="", language="en", segments=(words,), engine="benchmark", timing="none")


def captioned(path: Path) -> tuple[Transcript, list[int]]:
    """Captions in lower case without marks, and what followed each word."""
    transcript = ingest_file(path, read(path)[0], IngestOptions()).transcript
    segments: list[Segment] = []
    marks: list[int] = []
    for seg in transcript.segments:
        line = Talk("", "")
        line.add(seg.text, opens_turn=False)
        if line.words:
            segments.append(replace(seg, text=" ".join(line.words), words=()))
            marks += line.marks
    return replace(transcript, segments=tuple(segments)), marks


def judged(talks: Sequence[Talk], name: str) -> dict[str, object]:
    model = engines.boundary_model(name)
    model.scores(["so", "it", "loads"])
    columns = defaultdict(list)
    start_s = time.process_time()
    for talk in talks:
        marks = model.marks(talk.words) if hasattr(model, "marks") else None
        scores = np.array(model.scores(talk.words) if marks is None else marks.scores)
        ends = np.append(scores[1:] > 0, True)
        columns["inner"].append(np.arange(len(ends)) < len(ends) - 1)
        columns["ends"].append(ends)
        if marks is not None:
            columns["comma"].append(np.array(marks.commas) & ~ends)
            columns["question"].append((np.array(marks.questions) > 0) & ends)
            columns["capital"].append(
                np.array([f != w for f, w in zip(marks.forms, talk.words, strict=True)])
            )
            columns["form"].append(np.array([f == w for f, w in zip(marks.forms, talk.forms, strict=True)]))
    spent_s = time.process_time() - start_s
    found = {key: np.concatenate(values) for key, values in columns.items()}
    gold = np.concatenate([talk.marks for talk in talks])
    capitals = np.concatenate([talk.capitals for talk in talks])
    certain = np.concatenate([~np.isin(np.arange(len(talk.words)), list(talk.ellipses)) for talk in talks])
    inner = found["inner"]
    whole = np.concatenate([segmented(model, without_marks(talk), talk.marks) for talk in talks])
    report: dict[str, object] = {
        "words": len(gold),
        "segmented": prf(*whole.T),
        "sentences": prf(found["ends"][inner], gold[inner] >= STOP),
        "ellipses left out": prf(found["ends"][inner & certain], gold[inner & certain] >= STOP),
        "words_per_cpu_s": round(len(gold) / spent_s),
    }
    if "comma" in found:
        known = capitals >= 0
        report |= {
            "commas": prf(found["comma"], gold == COMMA),
            "questions": prf(found["question"], gold == QUESTION),
            "capitals": prf(found["capital"][known], capitals[known] == 1),
            "written as in print": round(float(found["form"][known & (capitals == 1)].mean()), 3),
        }
    return report


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--lines", type=Path, nargs="+", default=[])
    parser.add_argument("--captions", type=Path, nargs="+", default=[])
    parser.add_argument("--boundaries", nargs="+", default=["fast"])
    parser.add_argument("--most", type=int, default=80_000, help="words of each show")
    args = parser.parse_args()
    sets: dict[str, list[Talk]] = {path.name: list(read_lines(path, path.stem)) for path in args.lines}
    for talk in read_corpus(args.corpus) if args.corpus else ():
        chosen = sets.setdefault(talk.show, [])
        if held_out(talk) and sum(len(other.words) for other in chosen) < args.most:
            chosen.append(talk)
    found = {title: {name: judged(talks, name) for name in args.boundaries} for title, talks in sets.items()}
    if args.captions:
        read_captions = [captioned(path) for path in args.captions]
        for name in args.boundaries:
            model = engines.boundary_model(name)
            whole = np.concatenate([segmented(model, *of) for of in read_captions])
            found.setdefault("captions", {})[name] = {"segmented": prf(*whole.T)}
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
