"""Write how often words and the entries of our list are said in talks on software and AI.

    python -m benchmarks.talk_counts TALKS.jsonl.gz [--words N]

Makes ``weights/talk_words.tsv`` (``form<TAB>count`` over all talks, forms said five times at least) and
``weights/talk_expressions.tsv`` (``head<TAB>count in a million words``, from a sample, since entries and
points of grammar are found in tagged sentences). Source: Changelog Media,
github.com/thechangelog/transcripts, CC BY-SA 4.0; counts of single words and of our own entries, no text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from studykit import engines
from studykit.annotate.vocabulary.constructions import constructions
from studykit.annotate.vocabulary.expressions import shipped_expressions
from studykit.annotate.vocabulary.grammar import grammar_points
from studykit.lexicon.said import SAID
from studykit.resources import data_dir

WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[A-Z\"“])")
COINED = re.compile(r"\(-[a-z]+\)$")
LEAST = 5
SHORTEST_PARAGRAPH = 60
BATCH = 2000
SEED = 16


def paragraphs(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            for turn in json.loads(line)["turns"]:
                yield from turn["paragraphs"]


def sample(texts: list[str], most_words: int) -> Iterator[str]:
    """Sentences of paragraphs drawn by a fixed seed."""
    random.Random(SEED).shuffle(texts)
    words = 0
    for text in texts:
        if len(text) < SHORTEST_PARAGRAPH:
            continue
        for sentence in SENTENCE_END.split(text):
            words += len(sentence.split())
            yield sentence
        if words > most_words:
            return


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", type=Path, metavar="TALKS.jsonl.gz")
    parser.add_argument("--words", type=int, default=500_000, help="size of the tagged sample")
    args = parser.parse_args()
    texts = list(paragraphs(args.talks))
    said = Counter(word for text in texts for word in WORD.findall(text.lower()))
    write(SAID[0], {form: count for form, count in said.items() if count >= LEAST})
    expressions = shipped_expressions()
    sentences = [text for text in sample(texts, args.words) if text.strip()]
    words = sum(len(text.split()) for text in sentences)
    found: Counter[str] = Counter()
    for start in range(0, len(sentences), BATCH):
        for tokens in engines.tagger().tag(sentences[start : start + BATCH]):
            found.update(match.expression.head for match in expressions.find(tokens))
            points = (point for point, _ in (*grammar_points(tokens), *constructions(tokens)))
            found.update(point.head for point in points if not COINED.search(point.head))
    write(SAID[1], {head: round(count / words * 1e6) for head, count in found.items()})


def write(name: str, counts: dict[str, int]) -> None:
    rows = "".join(f"{form}\t{count}\n" for form, count in sorted(counts.items()))
    (data_dir("weights") / name).write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
