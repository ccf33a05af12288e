"""Models need tokens to think: for every token there is only so much computation.

A network does the same small amount of work for each word it writes. A question that takes more must not be
answered in one word; the work has to be spread over many. Here one small network learns to tell whether a
row of bits has an even or an odd number of ones: all at once, or bit by bit, where it writes down the
answer so far after each bit and reads it again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Mechanism, Numbers, Said, expect

DEMO = Demo(
    name="tokens_to_think",
    title="Models need tokens to think",
    layer="post-training",
    terms=("tokens-to-think", "chain-of-thought"),
    claim="A network that must answer a long question in one step fails; the same network answers it "
    "without a mistake when it may write down a partial answer after every bit.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:46:56",
            claim="There is a finite amount of computation for each token, some 100 layers; so training "
            "answers that come first and reason later are bad labels. Spread the work over many tokens.",
        ),
    ),
    cannot_show="A larger network with more examples would do a few more bits in one step. And here it is "
    "told what a good step is; large models learn that from texts, or by reinforcement learning.",
    mechanism=Mechanism(
        keyword="may_write",
        off=False,
        without="Writing down: it goes bit by bit, but what it wrote is wiped out before the next step.",
    ),
    seconds=0.8,
)

Floats = npt.NDArray[np.float64]
Network = Callable[[Floats], Floats]  # (rows, inputs) -> (rows,) 0.0 or 1.0

LENGTHS = (2, 4, 8, 12, 16)
HIDDEN, LESSONS, EXAM = 32, 2000, 1000
STEPS, BATCH, RATE = 1500, 128, 0.02


def slopes(weights: list[Floats], seen: Floats, answers: Floats) -> list[Floats]:
    """Gradients of the mean surprise at the answers; one hidden layer, ``seen`` is (rows, inputs)."""
    into, bias, out, shift = weights
    hidden = np.maximum(seen @ into + bias, 0)  # (rows, HIDDEN)
    error = (1 / (1 + np.exp(-(hidden @ out + shift))) - answers) / len(answers)  # (rows,)
    back = np.outer(error, out) * (hidden > 0)
    return [seen.T @ back, back.sum(0), hidden.T @ error, error.sum(keepdims=True)]


def train(chance: np.random.Generator, seen: Floats, answers: Floats) -> Network:
    """The same network and the same training (Adam) for whatever it is shown."""
    inputs = seen.shape[1]
    weights = [
        chance.normal(size=(inputs, HIDDEN)) * np.sqrt(2 / inputs),
        chance.normal(size=HIDDEN) / 2,
        chance.normal(size=HIDDEN) / np.sqrt(HIDDEN),
        np.zeros(1),
    ]
    mean, square = ([np.zeros_like(w) for w in weights] for _ in range(2))
    for step in range(1, STEPS + 1):
        rows = chance.integers(0, len(seen), BATCH)
        for i, slope in enumerate(slopes(weights, seen[rows], answers[rows])):
            mean[i] += 0.1 * (slope - mean[i])
            square[i] += 0.01 * (slope**2 - square[i])
            size = np.sqrt(square[i] / (1 - 0.99**step)) + 1e-8
            weights[i] = weights[i] - RATE * mean[i] / (1 - 0.9**step) / size
    into, bias, out, shift = weights
    return lambda asked: (np.maximum(asked @ into + bias, 0) @ out + shift > 0).astype(float)


def at_once(network: Network, bits: Floats) -> Floats:
    """One step for the whole row: (rows, length) bits -> (rows,) answers."""
    return network(2 * bits - 1)


def step_by_step(network: Network, bits: Floats, *, may_write: bool = True) -> Floats:
    """One step for every bit: the network sees that bit and what it wrote last; returns its last word."""
    written = np.zeros(len(bits))
    for bit in bits.T:
        before = written if may_write else np.zeros(len(bits))
        written = network(2 * np.column_stack([before, bit]) - 1)
    return written


def odd(bits: Floats) -> Floats:
    """The truth: 1 where the number of ones is odd."""
    return np.asarray(bits.sum(axis=1) % 2)


def run(seed: int = 0, *, may_write: bool = True) -> Numbers:
    """Rows of 2 to 16 bits; 2,000 examples to learn from and 1,000 new ones for each length."""
    chance = np.random.default_rng(seed)
    pairs = chance.integers(0, 2, (LESSONS, 2)).astype(float)  # written so far, next bit
    stepper = train(chance, 2 * pairs - 1, odd(pairs))
    rows = []
    for length in LENGTHS:
        lessons, exam = (chance.integers(0, 2, (n, length)).astype(float) for n in (LESSONS, EXAM))
        direct = train(chance, 2 * lessons - 1, odd(lessons))
        spread = step_by_step(stepper, exam, may_write=may_write)
        right = [float((said == odd(exam)).mean()) for said in (at_once(direct, exam), spread)]
        rows.append([length, *right])
    bits = exam[0]
    trace = [int(step_by_step(stepper, bits[None, : i + 1])[0]) for i in range(len(bits))]
    return {"rows": rows, "bits": [int(bit) for bit in bits], "trace": trace}


def check(numbers: Numbers) -> None:
    direct, spread = ({row[0]: row[way] for row in numbers["rows"]} for way in (1, 2))
    expect(direct[2] == 1 and direct[4] == 1, "a short row is answered at once")
    expect(direct[16] < 0.75, "a long row is not")
    expect(direct[8] > direct[12] + 0.05 > direct[16] + 0.1, "the longer, the worse")
    expect(all(share == 1 for share in spread.values()), "bit by bit every row is answered rightly")


def lines(numbers: Numbers) -> list[str]:
    bits, trace = ("".join(map(str, numbers[key])) for key in ("bits", "trace"))
    return [
        "Is the number of ones in a row of bits even (0) or odd (1)? One network, 32 hidden units.",
        "It was shown 2,000 rows of each length with their answers. On 1,000 new rows it is right:",
        f"{'bits':>6}{'in one step':>14}{'one step for every bit':>26}",
        *(f"{length:>6}{direct:>14.0%}{spread:>26.0%}" for length, direct, spread in numbers["rows"]),
        f"One row:                     {bits}   ones: {bits.count('1')}",
        f"what it writes bit by bit:   {trace}   so it is {'odd' if trace[-1] == '1' else 'even'}",
        "In one step, 16 bits are as good as a coin. Each single step is easy: the word before, and one bit.",
        "So let a model show its work before the answer: an answer that comes first is a guess.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(row[0]), float(row[way])) for row in numbers["rows"]]
        for way, name in ((1, "in one step"), (2, "one step for every bit"))
    }
    return svg.lines("Even or odd", series, x="bits", y="share of right answers")
