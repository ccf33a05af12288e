"""How many claims that a person wrote do the first N of ours cover? Beside plain peers, in one run.

    python benchmarks/claims_quality.py talk.en.vtt gold.txt --translation talk.zh.txt --top 10

GOLD holds one claim a line, in either language. A claim counts as covered when the sentence vector of
some chosen sentence, or of its Chinese, has a cosine of at least ``--alike`` with it. Vectors are no
reader: every pair is printed, to be judged by one. Peers: the first N sentences; N at even distances;
TextRank (Mihalcea & Tarau 2004), LexRank; most cue words, ties by place. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from time import perf_counter

import numpy as np

from studykit import engines, formats
from studykit.align import align
from studykit.annotate import find_claims, find_terms, gists
from studykit.annotate.claims.cues import wording
from studykit.edit import edit
from studykit.glossary import load
from studykit.ingest import ingest_file
from studykit.languages import is_chinese, join_sentences
from studykit.options import IngestOptions
from studykit.resources import data_dir
from studykit.segment import segment
from studykit.types import Document

LINKED = 0.3


def read(path: Path) -> Document:
    ingested = ingest_file(path, formats.read_bytes(path), IngestOptions())
    doc = segment(ingested.transcript, chapters=ingested.source.chapters, boundaries=engines.boundary_model())
    return edit(doc, simplified=engines.simplified)


def textrank(vectors: np.ndarray, top: int) -> list[int]:
    """PageRank with damping .85 over cosines above 0."""
    weights = np.clip(vectors @ vectors.T, 0, None)
    np.fill_diagonal(weights, 0)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    rank = np.full(len(vectors), 1 / len(vectors))
    for _ in range(100):
        rank = 0.15 / len(vectors) + 0.85 * rank @ weights
    return np.argsort(-rank, kind="stable")[:top].tolist()


def lexrank(vectors: np.ndarray, top: int) -> list[int]:
    """PageRank over a graph of cosines of .3 and more, unweighted (Erkan & Radev 2004, with vectors)."""
    links = ((vectors @ vectors.T) >= LINKED).astype(float)
    links /= np.maximum(links.sum(axis=1, keepdims=True), 1e-9)
    rank = np.full(len(vectors), 1 / len(vectors))
    for _ in range(100):
        rank = 0.15 / len(vectors) + 0.85 * rank @ links
    return np.argsort(-rank, kind="stable")[:top].tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("talk", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--translation", type=Path)
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--alike", type=float, default=0.4)
    args = parser.parse_args()
    doc, encoder = read(args.talk), engines.encoder()
    gold = [line.strip() for line in args.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    other = read(args.translation) if args.translation else None
    pairs = {doc.language: doc} | ({other.language: other} if other else {})
    aligned = align(pairs["en"], pairs["zh"], encoder=encoder) if other else None
    vectors = encoder.encode(gists(doc))
    terms = find_terms({doc.language: doc.sentences}, load([data_dir("glossaries")]))
    start = perf_counter()
    claims = find_claims(
        doc,
        vectors,
        count=args.top,
        terms=terms,
        tagger=engines.tagger(),
        other=other,
        alignment=aligned,
    )
    seconds = perf_counter() - start
    cues = [len(wording(sent.text, chinese=is_chinese(doc.language)).cues) for sent in doc.sentences]
    chosen = {
        "studykit": [claim.evidence[0].sentence for claim in claims],
        "textrank": textrank(vectors, args.top),
        "lexrank": lexrank(vectors, args.top),
        "cues": sorted(range(len(cues)), key=lambda i: -cues[i])[: args.top],
        "lead": list(range(min(args.top, len(cues)))),
        "even": np.linspace(0, len(cues) - 1, args.top).astype(int).tolist(),
    }
    said = encoder.encode([sent.text for sent in doc.sentences])
    chinese = [_translated(i, doc, other, aligned) for i in range(len(doc.sentences))]
    cosine = np.maximum(encoder.encode(gold) @ said.T, encoder.encode(gold) @ encoder.encode(chinese).T)
    result: dict[str, object] = {"sentences": len(cues), "gold": len(gold), "seconds": round(seconds, 3)}
    for name, picked in chosen.items():
        best = cosine[:, picked]
        result[name] = {
            "covered": round(float((best.max(axis=1) >= args.alike).mean()), 3),
            "mean_cosine": round(float(best.max(axis=1).mean()), 3),
            "pairs": [
                {"gold": line, "cosine": round(float(row.max()), 2), "chosen": doc.sentences[picked[j]].text}
                for line, row in zip(gold, best, strict=True)
                for j in [int(row.argmax())]
            ],
        }
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _translated(i: int, doc: Document, other: Document | None, aligned: object) -> str:
    if other is None:
        return doc.sentences[i].text
    for bead in aligned.beads:  # type: ignore[attr-defined]
        mine, theirs = (bead.target, bead.source) if is_chinese(doc.language) else (bead.source, bead.target)
        if i in mine:
            return join_sentences((other.sentences[j].text for j in theirs), other.language) or "-"
    return "-"


if __name__ == "__main__":
    main()
