"""Write ``weights/spoken.tsv``: which rare words and which terms are said in talks on software and AI.

    python -m benchmarks.spoken_words TALKS.jsonl.gz -o weights/spoken.tsv

One ``form<TAB>episodes`` a line, forms without case, spaces and marks: words that are rare in English at
large (Zipf below 3) and were said in two episodes at least, and the glossary's terms and names. Only the
half of the talks that ``correct_planted.py`` calls ``tune`` is read. Source: Changelog Media,
github.com/thechangelog/transcripts, CC BY-SA 4.0; counts of single words and terms, no text.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path

from benchmarks.correct_planted import half_of, sentences_of
from studykit.correct.latin.windows import tokens_of, windows
from studykit.correct.lexicon import Lexicon
from studykit.correct.sound import squashed
from studykit.glossary import load
from studykit.resources import data_dir
from studykit.tables.frequencies import zipf_frequency

RARE_ZIPF = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", type=Path, metavar="TALKS.jsonl.gz")
    parser.add_argument("-o", "--output", type=Path, required=True)
    args = parser.parse_args()
    lexicon = Lexicon(load([data_dir("glossaries")]))
    episodes: Counter[str] = Counter()
    with gzip.open(args.talks, "rt", encoding="utf-8") as file:
        for talk in map(json.loads, file):
            if half_of(talk["id"]) == "tune":
                episodes.update({form for text in sentences_of(talk) for form in forms(text, lexicon)})
    kept = {
        form: count
        for form, count in episodes.items()
        if lexicon.spelt(form) or (count > 1 and zipf_frequency(form) < RARE_ZIPF)
    }
    lines = (f"{form}\t{count}\n" for form, count in sorted(kept.items()))
    args.output.write_text("".join(lines), encoding="utf-8")


def forms(text: str, lexicon: Lexicon) -> set[str]:
    words = {squashed(token) for token in tokens_of(text) if not token.isdigit()}
    return words | {key for window in windows(text) if lexicon.spelt(key := squashed(window.text))}


if __name__ == "__main__":
    main()
