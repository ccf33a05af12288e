"""Data order: the same pages, read in another order, make another model.

A model that learns page by page moves with every page, and later pages move it away again. So what it read
last weighs most. Keep the best pages for the end, as mid-training does, and the model ends up closest to
them; read them first, and little is left. With one catch: if the steps get smaller and smaller, the
best pages come when hardly anything moves any more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="data_order",
    title="Data order: the best pages last",
    layer="data and tokens",
    terms=("mid-training", "curriculum-learning"),
    claim="Of the same pages, each read once, those read last weigh most: with the textbooks at the end the "
    "model is best at text like them, with the textbooks at the start it is worst.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 38 % in",
            claim="Mid-training is the same algorithm as pre-training on more focused data, in a stage of "
            "its own, since a model forgets.",
        ),
    ),
    cannot_show="The two kinds of text contradict each other here in every word, so what one gains the other "
    "loses. In a large model much of what they teach is common to both.",
    mechanism=Mechanism(
        keyword="in_turn",
        off=False,
        without="Taking turns: every step is on pages from the whole row at once, so that there is no order.",
    ),
    knobs=(
        Knob(name="rate", low=0.003, high=3, help="size of the steps"),
        Knob(
            name="falling", low=0, high=1, help="by how much the steps get smaller to the end; 1 is to nought"
        ),
        Knob(name="share", low=0.05, high=0.5, help="share of the pages that are textbooks"),
    ),
    tries=(
        Try(
            set={"falling": 1.0},
            then="Let the steps shrink to nought: now it is better to mix the textbooks in than to keep them "
            "for the end. The best pages come when hardly anything moves.",
            shows=lambda as_it_is, turned: (
                turned["loss"]["last"]["textbooks"] > turned["loss"]["mixed"]["textbooks"]
                and as_it_is["loss"]["last"]["textbooks"] < as_it_is["loss"]["mixed"]["textbooks"] - 0.3
            ),
        ),
        Try(
            set={"rate": 0.003},
            then="Take tiny steps: the order makes hardly a difference, and nothing is learned well. "
            "A model that forgets little is one that learns little.",
            shows=lambda as_it_is, turned: (
                abs(turned["loss"]["last"]["textbooks"] - turned["loss"]["first"]["textbooks"]) < 0.25
                and turned["loss"]["last"]["textbooks"] > as_it_is["loss"]["last"]["textbooks"] + 0.5
            ),
        ),
        Try(
            set={"share": 0.5},
            then="Make half of the pages textbooks: read first they are forgotten all the same, though there "
            "are five times as many.",
            shows=lambda as_it_is, turned: (
                turned["share"] == 0.5
                and turned["loss"]["first"]["textbooks"] > as_it_is["loss"]["mixed"]["textbooks"]
            ),
        ),
    ),
    equation=r"\theta_{t+1} = \theta_t - \eta_t \nabla L_t(\theta_t)",
    letters="θ: the weights; η: size of a step; L: the loss on page t.",
    seconds=0.2,
)

WORDS, NEXT = 30, 3  # each kind of text has three words that may follow a word
STEPS, BATCH, TEST = 800, 64, 4000
ORDERS = ("first", "mixed", "last")
KINDS = ("textbooks", "the rest")

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def step(scores: Array, pages: Ints, rate: float) -> None:
    """One step downhill on pairs of words: (pairs, 2). ``scores`` (words, words) say what follows what."""
    before, after = pages.T
    wanted = np.eye(WORDS)[after] - softmax(scores[before])
    np.add.at(scores, before, rate * WORDS * wanted / len(pages))


def loss(scores: Array, pages: Ints) -> float:
    """Bits a word."""
    return float(-np.log2(softmax(scores)[pages[:, 0], pages[:, 1]]).mean())


def write(follows: Ints, pairs: int, chance: np.random.Generator) -> Ints:
    """(pairs, 2): a word, and one of those that may follow it in this kind of text."""
    before = chance.integers(WORDS, size=pairs)
    return np.stack([before, follows[before, chance.integers(NEXT, size=pairs)]], 1)


def arrange(good: Ints, rest: Ints, order: str, chance: np.random.Generator) -> Ints:
    """All pages in a row, the good ones first, last, or among the others."""
    row = np.concatenate([rest, good] if order == "last" else [good, rest])
    return row[chance.permutation(len(row))] if order == "mixed" else row


def run(
    seed: int = 0, *, rate: float = 0.3, falling: float = 0.0, share: float = 0.1, in_turn: bool = True
) -> Numbers:
    """Read the same pages in three orders, and test on new ones of both kinds."""
    chance = np.random.default_rng(seed)
    kinds = [np.argsort(chance.random((WORDS, WORDS)), axis=1)[:, :NEXT] for _ in KINDS]
    counts = [round(share * STEPS) * BATCH, (STEPS - round(share * STEPS)) * BATCH]
    good, rest = (write(kind, count, chance) for kind, count in zip(kinds, counts, strict=True))
    tests = [write(kind, TEST, chance) for kind in kinds]
    results, history = {}, {}
    for order in ORDERS:
        pages, scores, curve = arrange(good, rest, order, chance), np.zeros((WORDS, WORDS)), []
        for i, batch in enumerate(np.split(pages, STEPS)):
            if i % 40 == 0:
                curve.append([i, loss(scores, tests[0])])
            now = batch if in_turn else pages[i :: STEPS // 4]
            step(scores, now, rate * (1 - falling * i / STEPS))
        results[order] = {kind: loss(scores, test) for kind, test in zip(KINDS, tests, strict=True)}
        history[order] = [*curve, [STEPS, results[order][KINDS[0]]]]
    return {"rate": rate, "falling": falling, "share": share, "loss": results, "history": history}


def check(numbers: Numbers) -> None:
    first, mixed, last = (numbers["loss"][order] for order in ORDERS)
    expect(last["textbooks"] < mixed["textbooks"] - 0.3, "last is better than mixed in")
    expect(mixed["textbooks"] < first["textbooks"] - 0.3, "and first is worst")
    expect(first["the rest"] < last["the rest"] - 0.3, "what is gained on one is lost on the other")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"{STEPS} steps, each on new pages; {numbers['share']:.0%} of the pages are from textbooks.",
        f"Size of the steps: {numbers['rate']:g} at first, "
        f"{numbers['rate'] * (1 - numbers['falling']):g} at the end.",
        "The same pages, each read once:",
        f"{'textbooks':<14}" + "".join(f"{'loss on ' + kind:>20}" for kind in KINDS),
        *(
            f"   {order:<11}" + "".join(f"{bits:>20.2f}" for bits in row.values())
            for order, row in numbers["loss"].items()
        ),
        f"A guess among all words costs {np.log2(WORDS):.1f} bits, a perfect model of one kind "
        f"{np.log2(NEXT):.1f}.",
        "Every page moves the model towards itself and away from those before it: what came last,",
        "it knows best.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        f"textbooks {order}": [(i, bits) for i, bits in row] for order, row in numbers["history"].items()
    }
    return svg.lines("Loss on textbooks while reading", series, x="steps", y="bits a word")
