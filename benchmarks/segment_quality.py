"""Sentence and paragraph boundaries against hand-made ones, beside plain peers, in one run.

    python benchmarks/segment_quality.py --sentences benchmarks/data/lecture.en.txt
    python benchmarks/segment_quality.py --captions talk.en.vtt --ends ends.txt

``--sentences``: one sentence a line; they are joined, cut again, and the cuts compared, as written
and without case and punctuation: by the models that ``--boundaries`` names, by spaCy's parser and by
nupunkt. ``--ends``: the times (``mm:ss``) at which a person ended paragraphs, one a line; a paragraph's
end counts when it lies within ``--within`` seconds of one, each used once, the end of the talk left out.
Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import accumulate
from pathlib import Path

import nupunkt

from studykit import engines
from studykit.engines.spacy import pipeline
from studykit.formats import read
from studykit.ingest import ingest_file
from studykit.languages import detect_language
from studykit.options import IngestOptions
from studykit.segment import segment
from studykit.timecode import parse_clock
from studykit.types import Document, Segment, Transcript

UNIT = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")
"""What is counted: English words and Chinese characters."""


def f1(right: int, predicted: int, gold: int) -> dict[str, float]:
    precision, recall = right / max(1, predicted), right / max(1, gold)
    score = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"p": round(precision, 3), "r": round(recall, 3), "f1": round(score, 3)}


def cuts(sentences: Sequence[str]) -> set[int]:
    """After how many units each sentence but the last ends."""
    sizes = [len(UNIT.findall(sentence.lower())) for sentence in sentences]
    return set(list(accumulate(size for size in sizes if size))[:-1])


model = cache(engines.boundary_model)
"""Each is loaded once."""


def resegmented(text: str, language: str, boundaries: str = "fast") -> list[str]:
    transcript = Transcript(
        source_id="", language=language, segments=(Segment(text=text),), engine="benchmark", timing="none"
    )
    return [sent.raw for sent in segment(transcript, boundaries=model(boundaries)).sentences]


def parsed(text: str) -> list[str]:
    """The peer: sentences as spaCy's parser sees them."""
    return [sent.text for sent in pipeline()(text).sents]


def sentence_scores(path: Path, models: Sequence[str]) -> dict[str, object]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    language = detect_language(" ".join(lines))
    text = " ".join(lines) if language == "en" else "".join(lines)
    bare = " ".join(re.findall(r"[\w'’.-]*\w", text.lower())) if language == "en" else text
    gold = cuts(lines)

    def score(predict: Callable[[str], Sequence[str]], text: str) -> dict[str, float]:
        found = cuts(list(predict(text)))
        return f1(len(found & gold), len(found), len(gold))

    scores: dict[str, object] = {
        "sentences": len(lines),
        "ours": score(lambda t: resegmented(t, language), text),
    }
    if language == "en":
        for name in models:
            model(name).scores("so it loads what it needs".split())  # not counted below
        scores["nupunkt alone"] = score(nupunkt.sent_tokenize, text)
        peers: dict[str, Callable[[str], Sequence[str]]] = {
            **{name: partial(resegmented, language=language, boundaries=name) for name in models},
            "parser alone": parsed,
            "nupunkt alone": nupunkt.sent_tokenize,
        }
        for name, predict in peers.items():
            start = time.perf_counter()
            found = score(predict, bare)
            seconds = time.perf_counter() - start
            scores[f"{name}, no case or punctuation"] = {
                **found,
                "words_per_s": round(len(bare.split()) / seconds),
            }
    return scores


def paragraph_ends_s(doc: Document) -> list[float]:
    ends = [doc.sentences[para.sentences.end - 1].end_s for para in doc.paragraphs[:-1]]
    return [end for end in ends if end is not None]


def every(doc: Document, target_s: float) -> list[float]:
    """The peer: the sentence end nearest to every ``target_s`` seconds."""
    ends = [sent.end_s for sent in doc.sentences[:-1] if sent.end_s is not None]
    chosen: list[float] = []
    last = doc.sentences[0].start_s or 0.0
    while later := [end for end in ends if end > last]:
        last = min(later, key=lambda end: abs(end - last - target_s))
        chosen.append(last)
    return chosen


def matched(gold: Sequence[float], found: Sequence[float], within_s: float) -> int:
    """How many pairs there are, each end used once, nearest pairs first."""
    pairs = sorted((abs(a - b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found))
    used: tuple[set[int], set[int]] = (set(), set())
    for off_s, i, j in pairs:
        if off_s <= within_s and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
    return len(used[0])


def paragraph_scores(captions: Path, ends: Path, within_s: float) -> dict[str, object]:
    data, _ = read(captions)
    doc = segment(ingest_file(captions, data, IngestOptions()).transcript)
    gold = [parse_clock(line) for line in ends.read_text(encoding="utf-8").split()]
    spoken_s = (doc.sentences[-1].end_s or 0.0) - (doc.sentences[0].start_s or 0.0)
    found = {"ours": paragraph_ends_s(doc), "equal lengths": every(doc, spoken_s / (len(gold) + 1))}
    return {
        "gold": len(gold),
        "paragraphs": len(doc.paragraphs),
        **{
            name: f1(matched(gold, ends_s, within_s), len(ends_s), len(gold))
            for name, ends_s in found.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sentences", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--boundaries", nargs="+", default=["fast", "rules"], metavar="NAME[:MODEL]")
    parser.add_argument("--captions", type=Path, metavar="FILE")
    parser.add_argument("--ends", type=Path, metavar="FILE", nargs="+", default=[])
    parser.add_argument("--within", type=float, default=7.0, metavar="SECONDS")
    args = parser.parse_args()
    scores: dict[str, object] = {path.name: sentence_scores(path, args.boundaries) for path in args.sentences}
    scores |= {path.name: paragraph_scores(args.captions, path, args.within) for path in args.ends}
    print(json.dumps(scores, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
