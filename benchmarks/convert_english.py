"""Make `weights/english.npz` from spaCy's en_core_web_sm, and compare what both say.

    pip install '.[spacy]'
    python benchmarks/convert_english.py                          # writes the file
    python benchmarks/convert_english.py --compare talks.jsonl.gz  # prints every token that differs
    python benchmarks/convert_english.py --golden                 # what spaCy says of the tests' texts

Weights stay float32 as they are. What cutting words, norms, rules and lemmas need is beside them as JSON. The
model is by Explosion, under the MIT licence; weights/README.md says more.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from studykit.engines.english.data import WEIGHTS, pack_words
from studykit.engines.english.engine import EnglishTagger
from studykit.engines.english.words import Words, phrases_of
from studykit.engines.spacy import SpacyTagger, pipeline
from studykit.resources import data_dir

ROOT = Path(__file__).resolve().parent.parent
AWKWARD = (
    "", " ", "  two  spaces ", "a\nb \n c", "\t tab\tbed", "\u00a0no break\u00a0here", "Hello :) world",
    ": ) no", "8-) :-( ^_^ xD", "see https://example.com/a?b=c, ok", "mail a.b@c.co.uk now",
    "I'm gonna can't won't y'all'd've", "'tis 'cause ol' nothin' doin' 'em", "don’t it’s we’re let's",
    "$5.50 (approx.) 10am-5pm", "$US$5 C$3 £4 100km/h 5kg", "9:30pm 1,000,000 50% 3.5x f(x)=y^2",
    "1st 2nd 3rd node.js and C++",
    "word-with-hyphens e.g. i.e. U.S.A. A/B and/or", "mr. smith vs. jones, inc.", "what?!?! no...... ok",
    "naïve café – “quotes” ‘single’…", "“Nested ‘quotes’”", "e\u0301 Ça Straße İstanbul", "中文 with RAG 。",
    "<b>tag</b> @user #hash `code`", "---- === ***", "emoji 😀👍🏽 end", "hi,there.now x.y.z a_b_c",
    "a" * 120, "det nsubj DATE PERSON event prep dobj",
    "On Monday Angela Merkel met three people from Google in New York about $5 billion.",
    "There ain't anything that I haven't seen. Are you? Gotta go! The one who did it had had enough.",
    "What kind of thing is that that you said you'd look up, and who did she hand it over to?",
)  # fmt: skip
"""Texts that are cut by special cases, affixes and infixes, or whose trees have arcs that cross."""

POS = ("noun", "verb", "adj", "adv", "propn", "pron", "det", "num", "punct", "aux", "adp", "part", "sconj")


def arrays(nlp: Any) -> dict[str, Any]:
    """The layers by the names that ``studykit.engines.english`` gives them."""
    found: dict[str, Any] = {}
    for name, model in (("shared", nlp.get_pipe("tok2vec").model), ("names", nlp.get_pipe("ner").model)):
        own = next(node for node in model.walk() if node.name.startswith("extract_features>>list2ragged"))
        tables = [node for node in own.walk() if node.name == "hashembed"]
        found |= {f"{name}.table{i}": table.get_param("E") for i, table in enumerate(tables)}
        mixers = [node for node in own.walk() if node.name == "maxout"]
        norms = [node for node in own.walk() if node.name == "layernorm"]
        for i, (mixer, norm) in enumerate(zip(mixers, norms, strict=True)):
            layer = f"{name}.mix" if not i else f"{name}.layer{i - 1}"
            found |= {f"{layer}.W": _pieces_first(mixer, "W", 1), f"{layer}.b": _pieces_first(mixer, "b", 1)}
            found |= {f"{layer}.G": norm.get_param("G"), f"{layer}.c": norm.get_param("b")}
    for name in ("parser", "ner"):
        model = nlp.get_pipe(name).model
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        reduce = [node for node in model.get_ref("tok2vec").walk() if node.name == "linear"][-1]
        found |= {f"{name}.reduce.{key}": reduce.get_param(key) for key in "Wb"}
        for key, axis in (("W", 2), ("b", 1), ("pad", 3)):
            found[f"{name}.lower.{key}"] = _pieces_first(lower, key, axis)
        found |= {f"{name}.upper.{key}": upper.get_param(key) for key in "Wb"}
    softmax = next(node for node in nlp.get_pipe("tagger").model.walk() if node.name == "softmax")
    return found | {f"tagger.{key}": softmax.get_param(key) for key in "Wb"}


def _pieces_first(node: Any, name: str, axis: int) -> Any:
    """With maxout's pieces before its width, so that each piece is one block of a row."""
    return np.ascontiguousarray(np.swapaxes(node.get_param(name), axis - 1, axis))


def tables(nlp: Any) -> dict[str, Any]:
    """Labels, special cases, patterns, norms, rules and lists of words."""
    from spacy.lang.norm_exceptions import BASE_NORMS  # noqa: PLC0415
    from spacy.symbols import IDS  # noqa: PLC0415

    rules = nlp.tokenizer.rules
    special = {
        chunk: [[piece[65], piece[67]] if 67 in piece else [piece[65]] for piece in pieces]
        for chunk, pieces in rules.items()
    }
    words: dict[str, Any] = {
        "special": special,
        "prefix": nlp.tokenizer.prefix_search.__self__.pattern,
        "suffix": nlp.tokenizer.suffix_search.__self__.pattern,
        "infix": nlp.tokenizer.infix_finditer.__self__.pattern,
        "url": nlp.tokenizer.url_match.__self__.pattern,
        "phrases": [],
    }
    words["phrases"] = phrases_of(Words(words), list(special))
    lexical = nlp.vocab.lookups.get_table("lexeme_norm")
    lemmatizer = nlp.get_pipe("lemmatizer").lookups
    index, exceptions, endings = (lemmatizer.get_table(f"lemma_{name}") for name in ("index", "exc", "rules"))
    return {
        "tags": list(nlp.get_pipe("tagger").labels),
        **{
            name: [
                nlp.get_pipe(name).moves.get_class_name(i) for i in range(nlp.get_pipe(name).moves.n_moves)
            ]
            for name in ("parser", "ner")
        },
        "words": words,
        "norms": {nlp.vocab.strings.add(word): norm for word, norm in BASE_NORMS.items()} | dict(lexical),
        "symbols": IDS,
        "ruler": nlp.get_pipe("attribute_ruler").patterns,
        "lemmas": {
            "endings": {pos: endings[pos] for pos in POS if pos in endings},
            "exceptions": {pos: exceptions[pos] for pos in POS if pos in exceptions},
            "known": {pos: pack_words(index[pos]) for pos in POS if pos in index},
        },
    }


def write(path: Path) -> None:
    """Convert, and write one file without compression: it is read as it is."""
    nlp = pipeline()
    text = json.dumps(tables(nlp), ensure_ascii=False, separators=(",", ":"))
    np.savez(path, tables=np.frombuffer(text.encode(), dtype=np.uint8), **arrays(nlp))
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def spoken(path: Path, words: int, seed: int) -> Iterator[str]:
    """Paragraphs, sentences and sentences without marks of talks drawn at random."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        talks = [json.loads(line)["turns"] for line in file]
    chance = random.Random(seed)
    paragraphs = [text for turns in chance.sample(talks, 60) for turn in turns for text in turn["paragraphs"]]
    chance.shuffle(paragraphs)
    count = 0
    for i, text in enumerate(paragraphs):
        if count >= words:
            return
        count += len(text.split())
        if i % 3 == 0:
            yield text
        elif i % 3 == 1:
            yield from re.split(r"(?<=[.?!]) ", text)
        else:
            yield re.sub(r"[^\w' ]", "", text).lower()


def compare(path: Path, words: int, seed: int) -> None:
    """Tag the same texts with both and print every field in which a token differs."""
    texts = list(spoken(path, words, seed))
    differing = total = 0
    for text, ours, theirs in zip(texts, EnglishTagger().tag(texts), SpacyTagger().tag(texts), strict=True):
        total += len(theirs)
        if ours != theirs:
            pairs = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b]
            differing += max(len(pairs), abs(len(ours) - len(theirs)))
            print(text[:200], *pairs[:3], sep="\n  ")
    print(f"{sum(len(text.split()) for text in texts)} words, {total} tokens, {differing} of them differ")


def golden() -> None:
    """Write what spaCy says of our own example and of texts that are hard to cut, for a test."""
    lines = (ROOT / "benchmarks" / "data" / "lecture.en.txt").read_text(encoding="utf-8").splitlines()
    texts = [*(line for line in lines if line)][:40] + list(AWKWARD)
    with (ROOT / "tests" / "data" / "english_tokens.jsonl").open("w", encoding="utf-8") as file:
        for text, tokens in zip(texts, SpacyTagger().tag(texts), strict=True):
            rows = [[t.text, t.start, t.lemma, t.upos, t.tag, t.dep, t.head, t.entity or ""] for t in tokens]
            file.write(json.dumps([text, rows], ensure_ascii=False) + "\n")


def main() -> None:
    """Write the weights or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--output", type=Path, default=data_dir("weights") / WEIGHTS)
    parser.add_argument("--compare", type=Path, metavar="CORPUS")
    parser.add_argument("--golden", action="store_true")
    parser.add_argument("--words", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.compare:
        compare(options.compare, options.words, options.seed)
    elif options.golden:
        golden()
    else:
        write(options.output)


if __name__ == "__main__":
    main()
