"""Attention: each token looks at the earlier ones and takes from those that matter to it.

A text breaks off after a letter. What followed that letter when it came before? Three matrices are
learned: what the last letter asks for (query), how each place can be found (key) and what it hands
over (value). Where the key fits the query the weight is large; the answer is the weighted mean of the
values. Nobody says where to look.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="attention_induction",
    title="Attention finds what matters",
    layer="objective and architecture",
    terms=("attention", "induction-head"),
    claim="Attention learns to look up what followed a letter before, wherever that was; the same network "
    "with equal weights for all places cannot.",
    equation=r"\operatorname{attention}(q) = \sum_j \frac{e^{q \cdot k_j}}{\sum_i e^{q \cdot k_i}} \, "
    r"v_j",
    letters="q: query of the last letter; k, v: keys and values of the places i and j.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 24 % in",
            claim="What marks a GPT is the attention inside its network; it all goes back to the paper "
            "'Attention is all you need'.",
        ),
    ),
    cannot_show="Here every place comes with the letter before it; in a real model an earlier layer of "
    "attention fetches that, and hundreds of heads look for other things.",
    mechanism=Mechanism(
        keyword="equal",
        off=True,
        without="Choosing where to look: all places get equal weight.",
    ),
    knobs=(
        Knob(name="width", low=1, high=32, help="numbers in a query and in a key"),
        Knob(name="rate", low=0.05, high=50, help="size of a step"),
    ),
    tries=(
        Try(
            set={"width": 1},
            then=(
                "Leave 1 number for query and key: it gets hardly any further. On a line there is no room "
                "to tell 27 letters apart."
            ),
            shows=lambda was, now: now["history"][-1][1] < 0.5 < was["history"][-1][1] - 0.3,
        ),
        Try(
            set={"width": 4},
            then=(
                "Leave 4 numbers: it finds the letter as reliably as with 16. Even in 4 dimensions there "
                "are 27 directions that can be told apart."
            ),
            shows=lambda was, now: (
                now["history"][-1][1] > 0.95 and now["history"][2][1] < 0.5 * was["history"][2][1]
            ),
        ),
        Try(
            set={"rate": 50},
            then=(
                "Take steps of 50 instead of 5: it learns faster at first, and then sticks at about half. "
                "Where it looks has become too certain to be corrected."
            ),
            shows=lambda was, now: (
                now["history"][1][1] > was["history"][1][1] + 0.1 and now["history"][-1][1] < 0.8
            ),
        ),
    ),
    seconds=0.8,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz "
TEXT = "the wizard met a wizar"
SHOWN = 24  # letters of it, at most
LENGTH, WIDTH = 12, 16
STEPS, BATCH, RATE = 300, 64, 5.0

Array = NDArray[np.float64]
Letters = NDArray[np.int64]
Weights = dict[str, Array]


def softmax(scores: Array) -> Array:
    exp = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(exp / exp.sum(-1, keepdims=True))


def attend(weights: Weights, last: Array, places: Array, equal: bool) -> tuple[Array, Array]:
    """Scores of all letters (batch, letters), and where it looked for them (batch, places).

    ``last``: (batch, letters). ``places``: (batch, places, 2 * letters), each its letter and the one before.
    """
    query = last @ weights["query"]  # (batch, width)
    key = places @ weights["key"]  # (batch, places, width)
    value = places @ weights["value"]  # (batch, places, letters)
    fit = np.einsum("bw,bpw->bp", query, key)
    looks = softmax(0 * fit if equal else fit)
    return np.einsum("bp,bpl->bl", looks, value), looks


def gradients(weights: Weights, last: Array, places: Array, right: Array, equal: bool) -> Weights:
    """Slopes of the mean -log(probability of the right letter): ``attend`` backwards."""
    scores, looks = attend(weights, last, places, equal)
    d_scores = (softmax(scores) - right) / len(last)
    d_looks = np.einsum("bl,bpl->bp", d_scores, places @ weights["value"])
    d_fit = looks * (d_looks - (d_looks * looks).sum(-1, keepdims=True)) * (not equal)
    return {
        "query": last.T @ np.einsum("bp,bpw->bw", d_fit, places @ weights["key"]),
        "key": np.einsum("bpi,bpw->iw", places, np.einsum("bp,bw->bpw", d_fit, last @ weights["query"])),
        "value": np.einsum("bpi,bpl->il", places, np.einsum("bp,bl->bpl", looks, d_scores)),
    }


def vectors(read: Letters, last: Letters) -> tuple[Array, Array]:
    """What ``attend`` takes, for texts (batch, places) and their last letters (batch,)."""
    one = np.eye(len(LETTERS))
    before = np.pad(one[read[:, :-1]], ((0, 0), (1, 0), (0, 0)))  # nothing comes before the first
    return one[last], np.concatenate([one[read], before], 2)


def task(chance: np.random.Generator, count: int) -> tuple[Array, Array, Letters]:
    """Random texts; each goes on with a letter that it holds, and the letter after that is to be found."""
    read = chance.permuted(np.tile(np.arange(len(LETTERS)), (count, 1)), axis=1)[:, :LENGTH]
    at = chance.integers(1, LENGTH, size=count)
    rows = np.arange(count)
    return *vectors(read, read[rows, at - 1]), read[rows, at]


def begin(chance: np.random.Generator, width: int = WIDTH) -> Weights:
    """Random weights, which know nothing."""
    n = len(LETTERS)
    shapes = {"query": (n, width), "key": (2 * n, width), "value": (2 * n, n)}
    return {name: chance.normal(0, 0.3, shape) for name, shape in shapes.items()}


def train(
    chance: np.random.Generator, equal: bool, width: int = WIDTH, rate: float = RATE
) -> tuple[Weights, list[list[float]]]:
    """The weights learned, and [step, share of new texts gone on with rightly] now and then."""
    weights, history = begin(chance, width), []
    for step in range(STEPS + 1):
        if step in (0, 50, 100, STEPS):
            last, places, right = task(chance, 1000)
            found = attend(weights, last, places, equal)[0].argmax(-1)
            history.append([step, float((found == right).mean())])
        last, places, right = task(chance, BATCH)
        for name, slope in gradients(weights, last, places, np.eye(len(LETTERS))[right], equal).items():
            weights[name] -= rate * slope
    return weights, history


def run(
    seed: int = 0, *, text: str = TEXT, equal: bool = False, width: int = WIDTH, rate: float = RATE
) -> Numbers:
    """Train on random texts, then go on with ``text``."""
    weights, history = train(np.random.default_rng(seed), equal, width, rate)
    first = begin(np.random.default_rng(seed), width)
    without = history if equal else train(np.random.default_rng(seed), True, width, rate)[1]
    read = np.array([[LETTERS.find(letter) for letter in text.lower() or " "]]) % len(LETTERS)  # else " "
    scores, looks = attend(weights, *vectors(read, read[:, -1]), equal)
    shown = range(max(0, read.shape[1] - SHOWN), read.shape[1])
    rows = [attend(weights, *vectors(read[:, : i + 1], read[:, i]), equal)[1][0] for i in shown]
    return {
        "history": history,
        "moved": {name: float(np.abs(weights[name] - first[name]).mean()) for name in first},
        "without": without,
        "read": "".join(LETTERS[i] for i in read[0]),
        "looks": looks[0].tolist(),
        "map": [np.pad(row, (0, read.shape[1] - len(row)))[-SHOWN:].tolist() for row in rows],
        "goes_on": LETTERS[scores[0].argmax()],
    }


def check(numbers: Numbers) -> None:
    expect(numbers["history"][-1][1] > 0.95, "attention finds the right letter")
    expect(numbers["without"][-1][1] < 0.25, "equal weights for all places do not")
    expect(min(numbers["moved"].values()) > 0.1, "queries, keys and values have all been learned")
    expect(abs(sum(numbers["looks"]) - 1) < 1e-9, "the weights of all places sum to one")


def lines(numbers: Numbers) -> list[str]:
    shown = numbers["read"][-SHOWN:].replace(" ", "_")
    looks = numbers["looks"][-SHOWN:]
    last, most = shown[-1], int(np.argmax(looks))
    found = f"stands before '{shown[most]}'" if last in shown[:-1] else "is new, so it can only guess"
    return [
        f"A text breaks off: {numbers['read'][-60:]}…  Which letter is next?",
        "Practice: random texts. Find the last letter earlier on; say what followed it there.",
        "   step   right with attention   right with equal weights",
        *(
            f"{step:>7} {good:>22.0%} {poor:>26.0%}"
            for (step, good), (_, poor) in zip(numbers["history"], numbers["without"], strict=True)
        ),
        "Equal weights know which letters are there, not which followed which: 1 guess in 11.",
        f"Back to the text. Where attention looks, in %, with '{last}' as the last letter:",
        "  " + "".join(f"{letter:>3}" for letter in shown),
        "  " + "".join(f"{100 * look:>3.0f}" for look in looks),
        f"'{last}' {found}. So it goes on with '{numbers['goes_on']}'.",
    ]


def plot(numbers: Numbers) -> str:
    shown = numbers["read"][-SHOWN:].replace(" ", "_")
    return svg.grid("Where each letter (left) looks", numbers["map"], row_names=shown, column_names=shown)
