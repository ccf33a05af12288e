"""Mis-hearings planted in talks that people transcribed: what is put right, and what else is changed.

    python benchmarks/correct_planted.py TALKS.jsonl.gz --half test --talks 40 [--show]

TALKS.jsonl.gz has one talk a line, ``{"id", "show", "turns": [{"paragraphs": [text]}]}``. Half of the
terms and names that stand in a talk are mis-heard by sound, and one everyday word in 60 as well; of the
latter no change is right. ``--half`` keeps whole talks apart (by a digest of their id): rules and weights
were made on ``tune``. ``--clean`` plants nothing. Every change can be read with ``--show``. Prints JSON.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jellyfish

from studykit.correct import find
from studykit.correct.latin.windows import windows
from studykit.correct.lexicon import Lexicon, is_everyday
from studykit.correct.sound import squashed
from studykit.glossary import Glossary, load
from studykit.resources import data_dir
from studykit.tables.frequencies import top_words
from studykit.types import Correction, Sentence

RHYMES = ("BCDEGPTVZ", "AJK", "FSX", "MN", "IY", "QU")
SWAPS = (
    ("b", "p"), ("p", "b"), ("d", "t"), ("t", "d"), ("g", "k"), ("c", "g"), ("k", "g"), ("v", "f"),
    ("f", "v"), ("z", "s"), ("s", "z"), ("m", "n"), ("n", "m"), ("th", "f"), ("sh", "ch"), ("j", "ch"),
    ("ph", "f"), ("ck", "k"), ("gg", "g"), ("ll", "l"), ("tion", "shun"), ("er", "a"), ("ing", "in"),
    ("h", ""), ("l", "r"), ("ee", "ie"), ("ea", "ee"),
)  # fmt: skip
VOWELS = "aeiou"
TERM_SHARE, WORD_SHARE = 0.5, 1 / 60
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Planted:
    """One mis-hearing: where it stands in its sentence, and what was said."""

    place: Place
    said: str
    is_term: bool


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", type=Path, metavar="TALKS.jsonl.gz")
    parser.add_argument("--half", choices=["tune", "test"], default="tune")
    parser.add_argument("--show-name", metavar="SHOW", help="only talks of this show")
    parser.add_argument("--count", type=int, default=20, metavar="N")
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--seed", type=int, default=20261128)
    args = parser.parse_args()
    glossary = load([data_dir("glossaries")])
    lexicon = Lexicon(glossary)
    rng = random.Random(args.seed)
    totals: Counter[str] = Counter()
    seen: list[str] = []
    for talk in chosen(args.talks, args.half, args.show_name, args.count, rng):
        sentences, planted = [], []
        for number, text in enumerate(sentences_of(talk)):
            here = [] if args.clean else list(plant(text, lexicon, rng))
            raw, marks = spoiled(text, here)
            sentences.append(Sentence(index=number, text=raw, raw=raw))
            planted.append(marks)
        judge(sentences, planted, glossary, totals, seen)
    print(json.dumps(summary(totals), indent=1))
    if args.show:
        print("\n".join(sorted(seen)))


def half_of(talk_id: str) -> str:
    return "test" if int(hashlib.sha256(talk_id.encode()).hexdigest(), 16) % 2 else "tune"


def chosen(path: Path, half: str, show: str | None, count: int, rng: random.Random) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        talks = [json.loads(line) for line in file]
    talks = [t for t in talks if half_of(t["id"]) == half and (show is None or t["show"] == show)]
    return rng.sample(talks, min(count, len(talks)))


def sentences_of(talk: dict[str, Any]) -> Iterator[str]:
    for turn in talk["turns"]:
        for paragraph in turn["paragraphs"]:
            yield from filter(None, re.split(r"(?<=[.?!])\s+", paragraph))


def plant(text: str, lexicon: Lexicon, rng: random.Random) -> Iterator[tuple[Place, str, bool]]:
    """Places in a sentence, what is heard there, and whether a term or name stands there."""
    taken = 0
    for window in sorted(windows(text), key=lambda w: (w.start, -w.end)):
        target = lexicon.spelt(squashed(window.text))
        if window.start < taken:
            continue
        if target and (target.is_cased or " " in target.text) and len(squashed(window.text)) > 2:
            taken = window.end
            if rng.random() < TERM_SHARE:
                yield (window.start, window.end), misheard(window.text, rng), True
            continue
        is_word = len(window.tokens) == 1 and len(window.text) > 3 and window.text.islower()
        if is_word and not target and is_everyday(window.text) and rng.random() < WORD_SHARE:
            taken = window.end
            yield (window.start, window.end), misheard(window.text, rng), False


def misheard(text: str, rng: random.Random) -> str:
    """What a recogniser that does not know these words may write for them."""
    for _ in range(20):
        parts = re.split(r"([ -])", text)
        number = rng.choice([i for i, part in enumerate(parts) if re.search(r"[A-Za-z]", part)])
        parts[number] = _one_word(parts[number], rng)
        heard = "".join(parts)
        if rng.random() < 0.4:
            heard = heard.lower()
        if squashed(heard) != squashed(text):
            return heard
    return text


def _one_word(word: str, rng: random.Random) -> str:
    if word.isupper() and len(word) < 6:
        at = rng.randrange(len(word))
        group = next((g for g in RHYMES if word[at] in g), word[at])
        return word[:at] + rng.choice(group) + word[at + 1 :]
    if rng.random() < 0.4 and (words := _sounding().get(jellyfish.metaphone(word))):
        return rng.choice(words)
    plain = word.lower()
    for _ in range(rng.choice((1, 1, 2))):
        swaps = [(a, b) for a, b in SWAPS if a in plain]
        if swaps and rng.random() < 0.65:
            a, b = rng.choice(swaps)
            at = rng.choice([m.start() for m in re.finditer(a, plain)])
            plain = plain[:at] + b + plain[at + len(a) :]
        elif places := [i for i, char in enumerate(plain) if char in VOWELS]:
            at = rng.choice(places)
            plain = plain[:at] + rng.choice((*VOWELS, "")) + plain[at + 1 :]
    return plain.capitalize() if word[0].isupper() else plain


@cache
def _sounding() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in top_words(30_000):
        found.setdefault(jellyfish.metaphone(word), []).append(word)
    return found


def spoiled(text: str, plants: Sequence[tuple[Place, str, bool]]) -> tuple[str, list[Planted]]:
    made, marks, at = "", [], 0
    for (start, end), heard, is_term in plants:
        made += text[at:start]
        if heard != text[start:end]:
            marks.append(Planted((len(made), len(made) + len(heard)), text[start:end], is_term))
        made += heard
        at = end
    return made + text[at:], marks


def judge(
    sentences: Sequence[Sentence],
    planted: Sequence[Sequence[Planted]],
    glossary: Glossary,
    totals: Counter[str],
    seen: list[str],
) -> None:
    made, proposed = find(sentences, "en", glossary)
    totals["words"] += sum(len(sent.raw.split()) for sent in sentences)
    totals["terms misheard"] += sum(mark.is_term for marks in planted for mark in marks)
    totals["words misheard"] += sum(not mark.is_term for marks in planted for mark in marks)
    totals["proposed"] += len(proposed)
    for kind, changes in (("made", made), ("proposed", proposed)):
        for change in changes:
            raw = sentences[change.sentence].raw
            verdict = _verdict(change, raw, planted[change.sentence], glossary)
            totals[f"{kind}: {verdict}"] += 1
            totals[f"{kind} by {change.rule}: {verdict}"] += 1
            around = f"{raw[max(0, change.span.start - 40) : change.span.start]}[{change.wrong}]"
            around += raw[change.span.end : change.span.end + 30]
            if kind == "made":
                seen.append(f"{verdict:9} {change.rule:8} {change.wrong} → {change.right} | {around}")


def _verdict(change: Correction, raw: str, marks: Sequence[Planted], glossary: Glossary) -> str:
    """Whether a change gives back what was said, word for word where it reaches, or another form of it."""
    inside = [m for m in marks if change.span.start < m.place[1] and m.place[0] < change.span.end]
    if not inside:
        return "unplanted"
    start = min(change.span.start, inside[0].place[0])
    end = max(change.span.end, inside[-1].place[1])
    said, at = "", start
    for mark in inside:
        said += raw[at : mark.place[0]] + mark.said
        at = mark.place[1]
    said += raw[at:end]
    now = raw[start : change.span.start] + change.right + raw[change.span.end : end]
    one, other = glossary.look_up(said), glossary.look_up(now)
    if squashed(said) == squashed(now) or (one and other and one.id == other.id):
        return "right"
    return "wrong" if any(mark.is_term for mark in inside) else "invented"


def summary(totals: Counter[str]) -> dict[str, object]:
    right, bad = totals["made: right"], totals["made: invented"] + totals["made: wrong"]
    return {
        **dict(sorted(totals.items())),
        "precision where planted": round(right / max(1, right + bad), 4),
        "recall of terms": round(right / max(1, totals["terms misheard"]), 3),
        "unplanted per 10,000 words": round(1e4 * totals["made: unplanted"] / max(1, totals["words"]), 2),
    }


if __name__ == "__main__":
    main()
