"""Test-time training: go on learning from the very text that is being read.

A model is trained, then frozen; what it reads afterwards changes nothing in it. Test-time training lifts
that: as it reads a page it takes small steps on what it has just seen, so that the rest of the page
comes easier. For the next page it starts from the frozen weights again.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="test_time_training",
    title="Test-time training: learn while reading",
    layer="knowledge in weights",
    terms=("test-time-training",),
    claim="On a page unlike those it was trained on, a model that takes small steps as it reads predicts the "
    "rest of the page better than the frozen one.",
    equation=r"W_t = W_{t-1} + \eta \, \nabla_W \log p(x_t \mid x_{t-1})",
    letters="W: the weights; η: size of a step; x: the letters of the page.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="03:09:39",
            claim="After training the parameters are fixed, and all that happens at test time is learning "
            "in context; humans do update theirs, in their sleep at least.",
        ),
    ),
    cannot_show="This model sees one letter back and has no context to learn in. A transformer adapts in "
    "context for nothing, and test-time training must beat that to be worth its steps.",
    mechanism=Mechanism(
        keyword="stepping",
        off=False,
        without="The steps: the model reads, and stays as it is.",
    ),
    knobs=(
        Knob(name="step", low=0.01, high=5, help="size of the step after each letter"),
        Knob(name="read_before", low=30, high=100000, help="letters that the model was pre-trained on"),
    ),
    tries=(
        Try(
            set={"step": 5},
            then=(
                "Take steps of 5 instead of 1: on plain words it does far worse than the frozen model. "
                "Each letter is taken for a rule, and the next one breaks it."
            ),
            shows=lambda was, now: (
                now["known"][1] > 1.5 * now["known"][0] and was["known"][1] < 1.3 * was["known"][0]
            ),
        ),
        Try(
            set={"read_before": 30},
            then=(
                "Let it have read 30 letters before: now learning as it reads pays on plain words too. It "
                "costs something only to those who know already."
            ),
            shows=lambda was, now: (
                now["known"][1] < now["known"][0] - 0.5 and was["known"][1] > was["known"][0]
            ),
        ),
        Try(
            set={"read_before": 100000},
            then=(
                "Let it have read 100,000 letters instead of 20,000: frozen, it does worse on the strange "
                "page. The more it has read of one kind, the less it expects of any other; who learns in "
                "reading ends as well as before."
            ),
            shows=lambda was, now: (
                all(b[0] > a[0] + 0.15 for a, b in zip(was["strange"], now["strange"], strict=True))
                and now["strange"][-1][1] < was["strange"][-1][1] + 0.4
            ),
        ),
    ),
    seconds=0.2,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz "
KNOWN = "the cat sat on the mat and the hen hid in the barn with ten red ants as the rain ran on".split()
STRANGE = "zyx vuq qwu jux kyz xuq wyk qyv zuj vyx".split()  # letters in an order never seen
STEP = 1.0
PAGE, PARTS = 600, 6

Array = NDArray[np.float64]
Letters = NDArray[np.int64]


def letters(text: str) -> Letters:
    """Letters as numbers; anything else counts as a space."""
    return np.array([LETTERS.find(letter) % len(LETTERS) for letter in text.lower()])


def losses(weights: Array, text: Letters) -> Array:
    """(letters - 1,): -log2 of the chance of each letter after the one before; bits."""
    scores = weights[text[:-1]]
    log_sum = np.log(np.exp(scores).sum(axis=1))
    return np.asarray((log_sum - scores[np.arange(len(text) - 1), text[1:]]) / np.log(2))


def learn(weights: Array, before: int, letter: int, step: float = STEP) -> None:
    """One step on one letter: the right one up, all others down, after ``before``."""
    powers = np.exp(weights[before] - weights[before].max())
    weights[before] -= step * powers / powers.sum()
    weights[before, letter] += step


def adapt(frozen: Array, text: Letters, stepping: bool = True, step: float = STEP) -> Array:
    """(letters - 1,): bits for each letter, told before it is learned from."""
    weights, found = frozen.copy(), []
    for before, letter in zip(text[:-1].tolist(), text[1:].tolist(), strict=True):
        found.append(losses(weights, np.array([before, letter]))[0])
        if stepping:
            learn(weights, before, letter, step)
    return np.array(found)


def pretrain(text: Letters) -> Array:
    """(letters, letters): log of how often each followed each; 1 is added, so that nothing is impossible."""
    counts = np.ones((len(LETTERS), len(LETTERS)))
    np.add.at(counts, (text[:-1], text[1:]), 1)
    return np.asarray(np.log(counts / counts.sum(axis=1, keepdims=True)))


def run(
    seed: int = 0,
    *,
    text: str | None = None,
    stepping: bool = True,
    step: float = STEP,
    read_before: int = 20_000,
) -> Numbers:
    """Pre-train on plain words, then read a page of strange ones, or ``text``."""
    chance = random.Random(seed)

    def page(words: list[str], size: int) -> str:
        return " ".join(chance.choice(words) for _ in range(size // 3))[:size]

    model = pretrain(letters(page(KNOWN, read_before)))
    before = model.copy()
    noise = letters("".join(chance.choice(LETTERS) for _ in range(PAGE)))  # nothing in it can be expected
    strange = page(STRANGE, PAGE) if text is None else text[: 10 * PAGE].ljust(2 * PARTS)
    read, known = letters(strange), letters(page(KNOWN, PAGE))
    parts = zip(
        np.array_split(losses(model, read), PARTS),
        np.array_split(adapt(model, read, stepping, step), PARTS),
        strict=True,
    )
    return {
        "begins": strange[:40],
        "part": len(strange) // PARTS,
        "strange": [[float(frozen.mean()), float(stepped.mean())] for frozen, stepped in parts],
        "known": [float(losses(model, known).mean()), float(adapt(model, known, stepping, step).mean())],
        "noise": [float(losses(model, noise).mean()), float(adapt(model, noise, stepping, step).mean())],
        "unchanged": bool(np.array_equal(model, before)),
    }


def check(numbers: Numbers) -> None:
    strange, known = numbers["strange"], numbers["known"]
    expect(strange[-1][1] < 0.7 * strange[-1][0], "who learns from a strange page finds its end easier")
    expect(strange[-1][1] < strange[0][1], "and the longer the page the easier")
    expect(known[1] < 1.3 * known[0], "a page of the known kind suffers little")
    expect(numbers["noise"][1] > float(np.log2(len(LETTERS))), "of pure noise nobody can expect anything")
    expect(numbers["unchanged"], "the model itself has not changed")


def lines(numbers: Numbers) -> list[str]:
    part, known, noise = numbers["part"], numbers["known"], numbers["noise"]
    return [
        f"A model that knows plain words reads a strange page: {numbers['begins']} …",
        "   letters      bits for each letter (fewer: expected more)",
        "                frozen   learning as it reads",
        *(
            f"{i * part + 1:>6} to {(i + 1) * part:<5}{a:>7.1f}{b:>12.1f}   {'#' * round(4 * b)}"
            for i, (a, b) in enumerate(numbers["strange"])
        ),
        f"A page of plain words takes {known[0]:.1f} bits frozen, {known[1]:.1f} learning: "
        "where nothing is new, steps cost",
        f"a little. A page of letters drawn by lot takes {noise[1]:.1f}, "
        f"more than the {np.log2(len(LETTERS)):.1f} of an even guess:",
        "each letter is foretold before it is learned from, and luck cannot be foretold.",
        "The steps were taken on a copy. For the next page the model is what it was.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(i * numbers["part"]), row[column]) for i, row in enumerate(numbers["strange"])]
        for column, name in enumerate(("frozen", "learning"))
    }
    return svg.lines("Bits for each letter of a strange page", series, x="letters read", y="bits")
