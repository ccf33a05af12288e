"""Vocabulary lists beside the plain one: recall of items that people chose, and speed.

``--gold FILE`` is a CSV file with a column ``headword``: what a teacher explained of the talk. Ours is
what `studykit vocab` lists; the other list is what most tools offer, the talk's words by rarity
(wordfreq's Zipf), lemmatised by the same tagger. Of each the first ``--budget`` times as many items as
there are gold ones count. Two items are the same when at least 60 % of their words, endings aside, are.

Without --gold only speed is measured, on the example talk repeated to 10,000 words.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from pathlib import Path

from msgspec.structs import replace

from studykit import engines
from studykit.align import align
from studykit.annotate import find_terms, find_vocabulary
from studykit.fingerprint import digest_texts
from studykit.lexicon.levels import base_form, zipf
from studykit.talk import open_talk
from studykit.types import Document, Paragraph, Sentence, Span

EXAMPLES = Path(__file__).parent.parent / "examples"
SHARE = 0.6
ENDING = re.compile(r"(?:ing|ed|es|s)$")


def forms(head: str) -> list[frozenset[str]]:
    """The words of a head, once for each alternative; remarks in brackets do not count."""
    plain = re.sub(r"\(.*?\)|（.*?）", " ", head.lower()).replace("...", " ")
    alternatives = (
        frozenset(ENDING.sub("", word) or word for word in re.findall(r"[a-z0-9]+(?:['’.-][a-z0-9]+)*", part))
        for part in plain.split(" / ")
    )
    return [words for words in alternatives if words]


def same(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two heads share enough words."""
    return len(a & b) >= SHARE * len(a | b)


def score(gold: list[list[frozenset[str]]], heads: list[str], budget: float) -> tuple[int, float, float]:
    """Items counted, recall and precision."""
    counted = [forms(head) for head in heads[: int(budget * len(gold))]]
    hit = [any(same(a, b) for a in item for other in counted for b in other) for item in gold]
    used = [any(same(a, b) for item in gold for a in item for b in other) for other in counted]
    return len(counted), sum(hit) / len(gold), sum(used) / max(1, len(counted))


def by_rarity(sentences: tuple[Sentence, ...]) -> list[str]:
    """The content words of a text, rarest first."""
    words = {
        base_form(token.text.lower(), token.lemma.lower())
        for tokens in engines.tagger().tag([sent.text for sent in sentences])
        for token in tokens
        if token.upos in {"NOUN", "VERB", "ADJ", "ADV"} and token.text.isalpha()
    }
    return sorted((word for word in words if zipf(word)), key=zipf)


def gold_items(path: Path) -> list[list[frozenset[str]]]:
    """The distinct items of a gold file."""
    items: list[list[frozenset[str]]] = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            item = forms(row["headword"])
            if item and not any(set(item) & set(other) for other in items):
                items.append(item)
    return items


def quality(gold_path: Path, talk: Path, translation: Path | None, budget: float) -> None:
    """Print recall and precision of both lists."""
    gold = gold_items(gold_path)
    opened = open_talk(talk, translation=translation)
    assert opened.texts.english
    lists = {
        "studykit": [study.item.head for study in opened.study_items],
        "words by rarity": by_rarity(opened.texts.english.sentences),
    }
    print(f"{len(gold)} items chosen by people, budget x{budget:g}\n")
    print("| list | items | counted | recall | precision |\n|---|---|---|---|---|")
    for name, heads in lists.items():
        counted, recall, precision = score(gold, heads, budget)
        print(f"| {name} | {len(heads)} | {counted} | {recall:.3f} | {precision:.3f} |")


def speed(words: int) -> None:
    """Print how long the example talk, repeated to so many words, takes."""
    example = open_talk(EXAMPLES / "lecture.en.vtt", translation=EXAMPLES / "lecture.zh.txt")
    texts, glossary = example.texts, example.glossary
    assert texts.english
    assert texts.chinese
    size = sum(len(sent.text.split()) for sent in texts.english.sentences)
    times = -(-words // size)
    english, chinese = repeated(texts.english, times), repeated(texts.chinese, times)
    encoder, tagger = engines.encoder(), engines.tagger()
    aligned = align(english, chinese, encoder=encoder)
    terms = find_terms({"en": english.sentences, "zh": chinese.sentences}, glossary)
    wall, processor = time.perf_counter(), time.process_time()
    items = find_vocabulary(
        english, chinese, aligned, terms=terms, glossary=glossary, tagger=tagger, embedder=encoder
    )
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{size * times} words, {len(items)} items: {wall:.1f} s, {processor:.1f} s of processor time")


def repeated(doc: Document, times: int) -> Document:
    """A document so many times over."""
    size, paragraphs = len(doc.sentences), len(doc.paragraphs)
    sentences = tuple(
        replace(sent, index=sent.index + i * size, start_s=None, end_s=None)
        for i in range(times)
        for sent in doc.sentences
    )
    return Document(
        id=digest_texts(doc.language, (sent.text for sent in sentences)),
        language=doc.language,
        sentences=sentences,
        paragraphs=tuple(
            Paragraph(
                index=para.index + i * paragraphs,
                sentences=Span(start=para.sentences.start + i * size, end=para.sentences.end + i * size),
            )
            for i in range(times)
            for para in doc.paragraphs
        ),
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--talk", type=Path)
    parser.add_argument("--translation", type=Path)
    parser.add_argument("--budget", type=float, default=2.0)
    parser.add_argument("--words", type=int, default=10_000)
    args = parser.parse_args()
    if args.gold and args.talk:
        quality(args.gold, args.talk, args.translation, args.budget)
    else:
        speed(args.words)


if __name__ == "__main__":
    main()
