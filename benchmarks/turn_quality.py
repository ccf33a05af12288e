"""Guessed speakers' turns against those of transcripts, with the speakers hidden.

    python benchmarks/turn_quality.py talks.jsonl.gz [--bare] [--dev]
    python benchmarks/turn_quality.py --monologues CAPTIONS...

Each held-out talk goes through ``segment()`` as running text. A guess is right at a turn's first word, or
within three words of it without marks (``--bare``). Files given as monologues have no turns: what is guessed
there is printed. Prints precision, recall and how many talks had any.
"""

from __future__ import annotations

import argparse
from itertools import accumulate
from pathlib import Path

from paragraph_quality import MARKS, WORD
from talk_corpus import Talk, dev, held_out, read_corpus

from studykit import engines
from studykit.formats import read_bytes
from studykit.ingest import ingest_file
from studykit.options import IngestOptions
from studykit.segment import segment
from studykit.types import Document, Segment, Transcript


def guessed(doc: Document) -> list[int]:
    """Sentences that begin guessed turns."""
    return [para.sentences.start for para in doc.paragraphs if para.guessed_turn]


def of_talk(talk: Talk, *, bare: bool) -> tuple[int, int, int]:
    """Right guesses, guesses, turns."""
    forms = talk.words if bare else [f + MARKS[m] for f, m in zip(talk.forms, talk.marks, strict=True)]
    running = (Segment(text=" ".join(forms)),)
    transcript = Transcript(source_id="", language="en", segments=running, engine="benchmark", timing="none")
    doc = segment(transcript, boundaries=engines.boundary_model("fast"))
    starts = [0, *accumulate(len(WORD.findall(sent.raw)) for sent in doc.sentences)]
    found = [starts[at] for at in guessed(doc)]
    near = 3 if bare else 0
    right = sum(min(abs(turn - at) for turn in talk.turns) <= near for at in found)
    return right, len(found), len(talk.turns) - 1


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--dev", action="store_true", help="the episodes for tuning instead")
    parser.add_argument("--most", type=int, default=80_000, help="words of each show")
    parser.add_argument("--monologues", type=Path, nargs="*", default=[])
    chosen = parser.parse_args()
    shows: dict[str, list[Talk]] = {}
    for talk in read_corpus(chosen.corpus) if chosen.corpus else ():
        talks = shows.setdefault(talk.show, [])
        if (dev if chosen.dev else held_out)(talk) and sum(len(t.words) for t in talks) < chosen.most:
            talks.append(talk)
    for show, talks in shows.items():
        counts = [of_talk(talk, bare=chosen.bare) for talk in talks]
        right, found, turns = (sum(column) for column in zip(*counts, strict=True))
        on = sum(count > 0 for _, count, _ in counts)
        precision, recall = right / max(1, found), right / max(1, turns)
        print(f"{show}: P {precision:.2f} R {recall:.2f}, {found} of {turns}, in {on} of {len(talks)} talks")
    for path in chosen.monologues:
        read = ingest_file(path, read_bytes(path), IngestOptions())
        doc = segment(read.transcript, boundaries=engines.boundary_model("fast"))
        if places := guessed(doc):
            print(f"{path.name}: {len(places)}")
            for at in places:
                print(f"    {doc.sentences[at - 1].text[-50:]} | {doc.sentences[at].text[:50]}")


if __name__ == "__main__":
    main()
