"""Make `lexicon/frequencies` from wordfreq's lists, and compare what both say of words and phrases.

pip install wordfreq==3.1.1
python benchmarks/convert_frequencies.py                          # writes the lists
python benchmarks/convert_frequencies.py --compare FILE [FILE …]  # of every word and pair of words
"""

from __future__ import annotations

import argparse
import gzip
import sys
from itertools import pairwise
from pathlib import Path

import wordfreq

from studykit.resources import data_dir
from studykit.tables.frequencies import frequencies, top_words, zipf_frequency

LISTS = {"english": ("en", "large"), "chinese": ("zh", "large"), "chinese-common": ("zh", "small")}


def write() -> None:
    """The lists as gzipped text without a date, so that a second run writes the same bytes."""
    folder = data_dir("lexicon") / "frequencies"
    folder.mkdir(exist_ok=True)
    for name, (language, wordlist) in LISTS.items():
        bins = wordfreq.get_frequency_list(language, wordlist)
        if any(" " in word or "\n" in word for words in bins for word in words):
            sys.exit(f"{name} has a word with a space")
        text = "\n".join(" ".join(words) for words in bins)
        (folder / f"{name}.txt.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def compare(files: list[Path]) -> None:
    """Print what differs: lists whole, and the Zipf values of words and pairs in files."""
    for name, (language, wordlist) in LISTS.items():
        theirs = wordfreq.get_frequency_dict(language, wordlist)
        same = dict(frequencies(name)) == theirs  # type: ignore[arg-type]
        print(f"{name}: {len(theirs)} words, {'equal' if same else 'DIFFERENT'}")
    print("first 30,000:", list(top_words(30_000)) == wordfreq.top_n_list("en", 30_000))
    asked: set[str] = set()
    for path in files:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as file:
            for line in file:
                words = line.split()
                asked.update(words)
                asked.update(" ".join(pair) for pair in pairwise(words))
    asked |= {text.lower() for text in asked} | {text.strip(".,;:!?\"'()") for text in asked}
    differing = [text for text in asked if zipf_frequency(text) != wordfreq.zipf_frequency(text, "en")]
    print(f"{len(asked)} words and pairs, {len(differing)} differ")
    for text in differing[:40]:
        print(repr(text), zipf_frequency(text), wordfreq.zipf_frequency(text, "en"))


def main() -> None:
    """Write the lists or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--compare", type=Path, nargs="+", metavar="FILE")
    options = parser.parse_args()
    if options.compare:
        compare(options.compare)
    else:
        write()


if __name__ == "__main__":
    main()
