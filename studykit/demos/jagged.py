"""Jagged intelligence: 9.11 or 9.9? A model can be perfect nearly everywhere and fail in one simple place.

A model learns to compare pairs like "3.7" and "5.2" from texts. In some texts such numbers are decimals, in
others verses, sections and versions, where 9.11 comes after 9.9. Nearly always both readings agree, so
nearly always the model is right. Where they disagree, the more frequent texts win. That hole is not where
the question is hard, but where the texts say something else.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="jagged",
    title="Jagged intelligence: 9.11 or 9.9?",
    layer="post-training",
    terms=("jagged-intelligence", "swiss-cheese-model"),
    claim="A model that read more verses and versions than decimals compares decimals without a mistake, "
    "except where a longer one is smaller, and there it is almost always wrong.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="02:04:53",
            claim="A model that solves problems of the Olympiad says that 9.11 is larger than 9.9; inside, "
            "neurons that go with Bible verses are active.",
        ),
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="03:21:46",
            claim="Capabilities are like Swiss cheese: excellent nearly everywhere, with holes in it.",
        ),
    ),
    cannot_show="This model is given three clues to compare by; which clues a large model uses, and why it "
    "fails in a given place, is mostly not known.",
    mechanism=Mechanism(
        keyword="verses",
        off=0.0,
        without="Verses and versions: the same model has read texts in which all such numbers are decimals.",
    ),
    knobs=(
        Knob(name="verses", low=0, high=1, help="share of the texts in which 9.11 comes after 9.9"),
        Knob(name="read", low=10, high=10000, help="texts that it has read"),
    ),
    tries=(
        Try(
            set={"verses": 0.4},
            then=(
                "Make verses the smaller part, 40 %: from nearly all wrong it turns to all right. There "
                "is nothing in between: it sides with the majority, and then always."
            ),
            shows=lambda was, now: (
                now["right"]["the longer is smaller"] > 0.9 and was["right"]["the longer is smaller"] < 0.1
            ),
        ),
        Try(
            set={"verses": 1},
            then=(
                "Let it read verses only: three of the four families are still right, though it has never "
                "met a decimal. Being right there was no proof that it understood."
            ),
            shows=lambda was, now: (
                sum(share == 1 for share in now["right"].values()) == 3 and now["verses"] > was["verses"]
            ),
        ),
        Try(
            set={"read": 10000},
            then=(
                "Let it read five times as much of the same: the mistake stays as it was. More of what is "
                "one-sided does not fill a hole."
            ),
            shows=lambda was, now: now["read"] > was["read"] and now["right"]["the longer is smaller"] < 0.1,
        ),
    ),
    seconds=0.1,
)

Floats = npt.NDArray[np.float64]
Pair = tuple[str, str]

STEPS, RATE, READ = 400, 1.0, 2000
VERSES = 0.85  # share of texts in which 9.11 comes after 9.9
CLUES = ("whole part", "first digit after the point", "all after the point, as a number")


def larger_decimal(pair: Pair) -> bool:
    """Whether the first is larger, as decimals."""
    return float(pair[0]) > float(pair[1])


def later_verse(pair: Pair) -> bool:
    """Whether the first comes later, as chapter and verse, or as a version."""
    first, second = ([int(part) for part in text.split(".")] for text in pair)
    return first > second


def clues(pairs: list[Pair]) -> Floats:
    """What the model sees of a pair: by each clue, whether the first is larger (1) or smaller (-1)."""
    rows = []
    for pair in pairs:
        (whole, after), (whole2, after2) = (text.split(".") for text in pair)
        rows.append([int(whole) - int(whole2), int(after[0]) - int(after2[0]), int(after) - int(after2)])
    return np.asarray(np.sign(np.array(rows, float)))  # (pairs, 3)


def train(seen: Floats, answers: Floats) -> Floats:
    """Logistic regression: how much each clue counts, (3,)."""
    counts = np.zeros(seen.shape[1])
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(seen @ counts))) - answers
        counts -= RATE * seen.T @ error / len(seen)
    return counts


def make(family: str, chance: np.random.Generator) -> Pair:
    """A pair of numbers of one family, in random order."""
    whole, other_whole = chance.choice(range(1, 30), 2, replace=False)
    low, high = sorted(chance.choice(range(1, 10), 2, replace=False))
    last = chance.integers(0, 10)
    pair = {
        "other whole part": (f"{whole}.{low}", f"{other_whole}.{high}"),
        "same length": (f"{whole}.{low}", f"{whole}.{high}"),
        "the longer is larger": (f"{whole}.{low}", f"{whole}.{high}{last}"),
        "the longer is smaller": (f"{whole}.{low}{last}", f"{whole}.{high}"),
    }[family]
    return pair if chance.random() < 0.5 else (pair[1], pair[0])


FAMILIES = {
    "other whole part": "3.7 or 5.2",
    "same length": "9.4 or 9.6",
    "the longer is larger": "9.4 or 9.85",
    "the longer is smaller": "9.11 or 9.9",
}


def run(seed: int = 0, *, text: str = "9.11 9.9", verses: float = VERSES, read: int = READ) -> Numbers:
    """Learn from 2,000 texts, mostly verses and versions; then compare 400 pairs, and those in ``text``."""
    chance = np.random.default_rng(seed)
    lessons = [make(str(chance.choice([*FAMILIES])), chance) for _ in range(read)]
    rules = [later_verse if chance.random() < verses else larger_decimal for _ in lessons]
    answers = np.array([rule(pair) for rule, pair in zip(rules, lessons, strict=True)])
    counts = train(clues(lessons), answers)

    right, agree = {}, {}
    for family in FAMILIES:
        exam = [make(family, chance) for _ in range(100)]
        truth = np.array([larger_decimal(pair) for pair in exam])
        right[family] = float(((clues(exam) @ counts > 0) == truth).mean())
        agree[family] = float(np.mean([larger_decimal(pair) == later_verse(pair) for pair in exam]))
    found = re.findall(r"\d+\.\d+", text)
    if len(found) < 2:
        raise ValueError("the text needs two numbers with a point, as in: 9.11 or 9.9?")
    one, two = found[:2]
    if float(one) == float(two):
        raise ValueError(f"{one} and {two} are equal as decimals: neither is larger")
    return {
        "verses": verses,
        "read": read,
        "right": right,
        "agree": agree,
        "counts": dict(zip(CLUES, counts.tolist(), strict=True)),
        "pair": [one, two],
        "first_larger": float(1 / (1 + np.exp(-(clues([(one, two)])[0] @ counts)))),
        "truth": one if larger_decimal((one, two)) else two,
    }


def check(numbers: Numbers) -> None:
    right, agree = numbers["right"], numbers["agree"]
    for family in FAMILIES:
        if agree[family] == 1:
            expect(right[family] == 1, "where verses and decimals agree, there is no mistake")
    expect(agree["the longer is smaller"] == 0, "they disagree in one family")
    expect(right["the longer is smaller"] < 0.1, "and there nearly all is wrong")


def lines(numbers: Numbers) -> list[str]:
    (one, two), sure = numbers["pair"], numbers["first_larger"]
    verses, read = numbers["verses"], numbers["read"]
    said = one if sure >= 0.5 else two
    return [
        f"A model has read {read:,} texts that compare numbers: {verses:.0%} of them verses and versions,",
        "where 9.11 comes after 9.9; the rest decimals. Which is larger, as decimals? 100 pairs of each:",
        f"{'':<26}{'e.g.':<16}{'right':>6}   verses and decimals",
        *(
            f"{family:<26}{FAMILIES[family]:<16}{right:>6.0%}   "
            f"{'agree' if numbers['agree'][family] == 1 else 'disagree'}"
            for family, right in numbers["right"].items()
        ),
        f"{one} or {two}? The model: {said}, with a chance of {max(sure, 1 - sure):.0%}. "
        f"In truth it is {numbers['truth']}.",
        "What it goes by (how much each clue counts):",
        *(f"   {clue:<48}{count:>6.1f}" for clue, count in numbers["counts"].items()),
        "The hole is not where the question is hard, but where its texts mostly say something else.",
    ]


def plot(numbers: Numbers) -> str:
    right = {family: 100 * share for family, share in numbers["right"].items()}
    return svg.bars("Comparing decimals: right answers", right, unit=" %")
