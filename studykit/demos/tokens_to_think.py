"""Models need tokens to think: for every token there is only so much computation.

A network does the same small amount of work for each word it writes. A question that takes more must not be
answered in one word; the work has to be spread over many. Here a ball lies under one of five cups, and cups
are swapped, two at a time. One small network learns to say where the ball is: at once, from the list of all
swaps, or swap by swap, where it writes down the place so far and reads it again.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="tokens_to_think",
    title="Models need tokens to think",
    layer="post-training",
    terms=("tokens-to-think", "chain-of-thought"),
    claim="A network that must follow many swaps in one step guesses; the same network follows them without "
    "a mistake when it may write down the place after every swap.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:46:56",
            claim="There is a finite amount of computation for each token, some 100 layers; so training "
            "answers that come first and reason later are bad labels. Spread the work over many tokens.",
        ),
    ),
    cannot_show="That a fixed number of layers cannot follow five cups through any number of swaps is "
    "believed, not proven (Barrington 1989; arXiv:2207.00729); here it is only seen not to be learned. And "
    "the network is told what a good step is; large models learn that from texts, or by reinforcement "
    "learning.",
    mechanism=Mechanism(
        keyword="may_write",
        off=False,
        without="Writing down: it goes swap by swap, but what it wrote is wiped out before the next step.",
    ),
    knobs=(
        Knob(name="taught", low=10, high=2000, help="single swaps from which it learns to go step by step"),
        Knob(name="kinds", low=2, high=10, help="swaps that occur: of the ten there are, the first few"),
    ),
    tries=(
        Try(
            set={"taught": 200},
            then=(
                "Teach it each step from 200 swaps instead of 2,000: a single one is right nearly always, "
                "a row of 16 often not. Small mistakes add up along a chain of thought."
            ),
            shows=lambda _, now: now["rows"][0][2] > 0.96 and now["rows"][-1][2] < 0.9,
        ),
        Try(
            set={"taught": 50},
            then=(
                "Teach it from 50: of 16 swaps step by step it knows no more than at one go, that is, "
                "nothing. Thinking in steps helps only one who can take a step."
            ),
            shows=lambda was, now: now["rows"][-1][2] < 0.35 and was["rows"][-1][2] == 1,
        ),
        Try(
            set={"kinds": 2},
            then=(
                "Let only 2 of the ten swaps occur: in one step 8 of them are now mostly right, since all "
                "256 rows were in the lessons; 16 are not. What looks like thinking may be known by "
                "heart."
            ),
            shows=lambda was, now: (
                now["rows"][3][1] > 0.8 > was["rows"][3][1] + 0.3 and now["rows"][4][1] < 0.45
            ),
        ),
    ),
    seconds=1.0,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Network = Callable[[Floats], Ints]  # (rows, inputs) -> (rows,) cups

CUPS = 5
SWAPS = np.array(list(combinations(range(CUPS), 2)))  # (10, 2): which two cups change places
LENGTHS = (1, 2, 4, 8, 16)
HIDDEN, LESSONS, STEPS, EXAM = 32, 2000, 400, 1000
WIDE, MANY, LONGER = 8 * HIDDEN, 10 * LESSONS, 2 * STEPS  # a larger network, more lessons, longer training
BATCH, RATE = 128, 0.02


def slopes(weights: list[Floats], seen: Floats, answers: Ints) -> list[Floats]:
    """Gradients of the mean surprise at the answers; one hidden layer, ``seen`` is (rows, inputs)."""
    into, bias, out, shift = weights
    hidden = np.maximum(seen @ into + bias, 0)  # (rows, hidden)
    scores = hidden @ out + shift  # (rows, CUPS)
    error = np.exp(scores - scores.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(answers)), answers] -= 1
    error /= len(answers)
    back = (error @ out.T) * (hidden > 0)
    return [seen.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]


def train(
    chance: np.random.Generator, seen: Floats, answers: Ints, hidden: int = HIDDEN, steps: int = STEPS
) -> Network:
    """The same training (Adam) for whatever it is shown."""
    inputs = seen.shape[1]
    weights = [
        chance.normal(size=(inputs, hidden)) * np.sqrt(8 / inputs),
        np.zeros(hidden),
        chance.normal(size=(hidden, CUPS)) / np.sqrt(hidden),
        np.zeros(CUPS),
    ]
    mean, square = ([np.zeros_like(w) for w in weights] for _ in range(2))
    for step in range(1, steps + 1):
        rows = chance.integers(0, len(seen), BATCH)
        for i, slope in enumerate(slopes(weights, seen[rows], answers[rows])):
            mean[i] += 0.1 * (slope - mean[i])
            square[i] += 0.01 * (slope**2 - square[i])
            size = np.sqrt(square[i] / (1 - 0.99**step)) + 1e-8
            weights[i] = weights[i] - RATE * mean[i] / (1 - 0.9**step) / size
    into, bias, out, shift = weights
    return lambda asked: np.asarray((np.maximum(asked @ into + bias, 0) @ out + shift).argmax(axis=1))


def listed(swaps: Ints) -> Floats:
    """The whole list as input: (rows, length) numbers of swaps -> (rows, length x 10) zeros and ones."""
    return np.eye(len(SWAPS))[swaps].reshape(len(swaps), -1)


def one_step(written: Ints, swap: Ints) -> Floats:
    """What is read in one step: the place written last, and one swap."""
    return np.concatenate([np.eye(CUPS)[written], np.eye(len(SWAPS))[swap]], axis=1)


def step_by_step(network: Network, swaps: Ints, *, may_write: bool = True) -> list[Ints]:
    """What is written after every swap, by a network that reads what it wrote last; at first, cup 0."""
    written = [np.zeros(len(swaps), int)]
    for swap in swaps.T:
        written.append(network(one_step(written[-1] if may_write else written[0], swap)))
    return written[1:]


def truth(swaps: Ints, start: Ints) -> Ints:
    """Where the ball is in the end: (rows, length) swaps, (rows,) cups at the start."""
    at = start.copy()
    for left, right in SWAPS[swaps].transpose(1, 2, 0):
        at = np.where(at == left, right, np.where(at == right, left, at))
    return at


def run(seed: int = 0, *, may_write: bool = True, taught: int = LESSONS, kinds: int = 10) -> Numbers:
    """Rows of 1 to 16 swaps; 2,000 examples to learn from and 1,000 new ones for each length."""
    chance = np.random.default_rng(seed)

    def rows(count: int, length: int) -> tuple[Ints, Ints]:
        swaps = chance.integers(0, kinds, (count, length))
        return swaps, truth(swaps, np.zeros(count, int))

    start, (swap, _) = chance.integers(0, CUPS, taught), rows(taught, 1)
    stepper = train(chance, one_step(start, swap[:, 0]), truth(swap, start))
    table = []
    for length in LENGTHS:
        (lessons, answers), (exam, right) = rows(LESSONS, length), rows(EXAM, length)
        direct = train(chance, listed(lessons), answers)
        spread = step_by_step(stepper, exam, may_write=may_write)[-1]
        table.append([length, *(float((said == right).mean()) for said in (direct(listed(exam)), spread))])
    (lessons, answers), (exam, right) = rows(MANY, 8), rows(EXAM, 8)
    wide = train(chance, listed(lessons), answers, WIDE, LONGER)
    trace = step_by_step(stepper, exam[:1], may_write=may_write)
    return {
        "rows": table,
        "wide": float((wide(listed(exam)) == right).mean()),
        "guess": 1 / min(kinds + 1, CUPS),  # the first few swaps reach one cup each
        "swaps": SWAPS[exam[0]].tolist(),
        "trace": [int(at[0]) for at in trace],
    }


def check(numbers: Numbers) -> None:
    direct, spread = ({row[0]: row[way] for row in numbers["rows"]} for way in (1, 2))
    expect(direct[1] == 1 and direct[2] > 0.98, "one or two swaps are followed at once")
    expect(0.3 < direct[4] < 0.8, "four only now and then")
    expect(max(direct[8], direct[16], numbers["wide"]) < 0.3, "eight are guessed, by a wide network too")
    expect(all(share == 1 for share in spread.values()), "swap by swap every row is followed")


def lines(numbers: Numbers) -> list[str]:
    swaps = " ".join(f"{a + 1}-{b + 1}" for a, b in numbers["swaps"])
    trace = " ".join(f"{at + 1:>3}" for at in numbers["trace"])
    return [
        "A ball lies under the first of five cups; cups are swapped. Where is it? One network, 32 units.",
        "It was shown 2,000 rows of swaps of each length, with the answers. On 1,000 new rows it is right:",
        f"{'swaps':>7}{'in one step':>14}{'one step for every swap':>27}",
        *(f"{length:>7}{direct:>14.0%}{spread:>27.0%}" for length, direct, spread in numbers["rows"]),
        f"With {WIDE} units and {MANY:,} rows, 8 swaps in one step: {numbers['wide']:.0%}. "
        f"A guess is {numbers['guess']:.0%}.",
        f"One row of swaps:            {swaps}",
        f"what it writes after each:   {trace}",
        "Following swaps is work that cannot be skipped: each starts where the one before left the ball.",
        "So let a model show its work before the answer: an answer that comes first is a guess.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(row[0]), float(row[way])) for row in numbers["rows"]]
        for way, name in ((1, "in one step"), (2, "one step for every swap"))
    }
    return svg.lines("Where is the ball?", series, x="swaps", y="share of right answers")
