"""Statements about talks, good and subtly wrong, through the proof of what a language model writes.

    python benchmarks/assist_proof.py FOLDER

FOLDER holds the talks' captions, ``NAME.en.srt`` and ``NAME.zh.srt``; the statements, with the numbers of the
sentences that each rests on, are in ``benchmarks/data/assist.*.json``. Whole sentences are quoted. It also
prints how many good statements would pass for near their own sentences, neighbours of these, and sentences
from elsewhere; and how near each sentence's translation is to it by vectors, and to its neighbours.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from studykit import engines
from studykit.assist import Judged, Judges
from studykit.assist.answer import Statement, entry
from studykit.assist.proof import UnprovenError, proven_statement
from studykit.assist.proof.nearness import is_near
from studykit.check.statements import StatementChecker
from studykit.glossary import load_glossary
from studykit.lexicon.glossed import may_say
from studykit.options import Options
from studykit.store import IN_MEMORY, Store
from studykit.talk import open_talk
from studykit.types import Notes, Quote, Span

DATA = Path(__file__).parent / "data"


def main() -> None:
    """Print what passes, set by set, and the likeness of sentences and their translations."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    notes: dict[str, Notes] = {}
    total: Counter[str] = Counter()
    near: dict[str, list[bool]] = {"own sentences": [], "a neighbour": [], "another sentence": []}
    for file in sorted(DATA.glob("assist.*.json")):
        stated = json.loads(file.read_text(encoding="utf-8"))
        talk = stated["talk"]
        notes[talk] = notes.get(talk) or notes_of(folder, talk)
        said = judged(notes[talk])
        counted: Counter[str] = Counter()
        for one in stated["statements"]:
            why = reason(one, said)
            kind = "wrong" if "wrong" in one else "good"
            counted[kind] += 1
            counted[f"{kind} right"] += (why is None) == (kind == "good")
            if kind == "good":
                nearness_of(one, said, near)
            if (why is None) != (kind == "good"):
                print(f"  {kind} {one.get('wrong', '')}: {why or 'passes'}: {one['en']}")
        total += counted
        print(f"{file.stem.partition('.')[2]}: {shares(counted)}")
    print(f"together: {shares(total)}")
    for name, passing in near.items():
        print(f"good statements near {name}: {sum(passing)} of {len(passing)}")
    likeness(notes.values())


def shares(counted: Mapping[str, int]) -> str:
    """In words."""
    return (
        f"{counted['good right']} of {counted['good']} good statements pass, "
        f"{counted['wrong right']} of {counted['wrong']} wrong ones are stopped"
    )


def notes_of(folder: Path, talk: str) -> Notes:
    """The notes of a talk from its captions."""
    with Store(IN_MEMORY) as store:
        return open_talk(
            str(folder / f"{talk}.en.srt"),
            store=store,
            options=Options(),
            translation=folder / f"{talk}.zh.srt",
        ).notes


def judged(notes: Notes) -> Judged:
    """The talk as the proof asks for it."""
    encoder, tagger = engines.encoder(), engines.tagger()
    english = " ".join(sent.text for sent in notes.english)
    checker = StatementChecker(load_glossary(), english, tagger.tag)
    return Judged(notes, Judges(checker=checker, encode=encoder.encode, tag=tagger.tag, may_mean=may_say))


def reason(one: Mapping[str, Any], said: Judged) -> str | None:
    """Which test stops a statement; None if it passes."""
    evidence = []
    for number in one["sentences"]:
        sentence = said.sentence(number)
        if sentence is None:
            raise SystemExit(f"{said.notes.source.title}: no sentence {number}; is this the same file?")
        evidence.append({"sentence": number, "quote": sentence.raw})
    read = entry({"en": one["en"], "zh": one["zh"], "evidence": evidence}, Statement)
    assert read, one
    try:
        proven_statement(read, said)
    except UnprovenError as error:
        return error.reason
    return None


def nearness_of(one: Mapping[str, Any], said: Judged, near: dict[str, list[bool]]) -> None:
    """Whether a statement is near its own sentences, those beside them, and twelve from elsewhere."""
    own, count = one["sentences"], len(said.notes.english)
    beside = {own[0] - 1, own[-1] + 1} & set(range(1, count + 1)) - set(own)
    others = sorted(set(range(1, count + 1)) - set(own) - beside)
    elsewhere = random.Random(one["en"]).sample(others, min(12, len(others)))

    def is_so(numbers: Sequence[int]) -> bool:
        sentences = [said.sentence(number) for number in numbers]
        quotes = [
            Quote(sentence=sent.index, span=Span(start=0, end=len(sent.raw)), quote=sent.raw)
            for sent in sentences
            if sent
        ]
        return is_near(one["en"], quotes, said)

    near["own sentences"].append(is_so(own))
    near["a neighbour"] += [is_so([number]) for number in sorted(beside)]
    near["another sentence"] += [is_so([number]) for number in elsewhere]


def likeness(talks: Iterable[Notes]) -> None:
    """How near translations are to their own sentence, and to those up to three before and after."""
    encoder = engines.encoder()
    own: list[float] = []
    near: list[float] = []
    for notes in talks:
        english = encoder.encode([sent.text for sent in notes.english])
        for i, row in enumerate(english):
            chinese = "".join(notes.chinese[j].text for j in notes.counterparts("en", i))
            if not chinese or not notes.alignment:
                continue
            alike = english @ encoder.encode([chinese])[0]
            own.append(float(row @ encoder.encode([chinese])[0]))
            around = [j for j in range(max(0, i - 3), min(len(english), i + 4)) if j != i]
            near.append(max(float(alike[j]) for j in around))
    for name, values in (("own sentence", own), ("nearest of six neighbours", near)):
        cuts = ", ".join(f"{np.quantile(values, cut):.2f}" for cut in (0.05, 0.25, 0.5, 0.75, 0.95))
        print(f"likeness of {len(values)} translations to their {name}: {cuts} (5, 25, 50, 75, 95 %)")


if __name__ == "__main__":
    main()
