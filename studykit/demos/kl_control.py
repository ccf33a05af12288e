"""KL control: a price for moving away from where you started.

Reward pulls a model towards the answers that score best. A price on the distance from the model as it was
pulls back. Where the two balance, every answer is as likely as before, times e to the power of its reward
divided by the price: a low price lets the reward rule, a high one the start. There is another way to go
only part of the way: stop early. On this model it is the very same thing.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="kl_control",
    title="KL control: reward against drift",
    layer="reinforcement learning",
    terms=("kl-divergence", "kl-penalty"),
    claim="A price on drift keeps a trained model near its start: the lower the price, the more reward and "
    "the more drift, down to a single kind of answer without one; stopping early is a price, too.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:48:26",
            claim="Against a learned reward one trains a few hundred updates and then stops; so RLHF is a "
            "little fine-tuning rather than reinforcement learning that may go on for ever.",
        ),
    ),
    cannot_show="A table of answers moves as its rewards say. In a network answers share weights, drift is "
    "estimated from samples word by word, and stopping early is only like a price.",
    mechanism=Mechanism(
        keyword="priced",
        off=False,
        without="The price: whatever it is said to be, drift costs nothing.",
    ),
    knobs=(
        Knob(name="updates", low=1, high=2000, help="updates of the model"),
        Knob(name="flaw", low=0, high=10, help="reward too much for an answer that it never gave before"),
    ),
    tries=(
        Try(
            set={"flaw": 8},
            then="Let the reward be wrong about one answer, which the model gave once in a million times: "
            "without a price it ends with that alone; with a price of 1 it stays rarer than 1 %.",
            shows=lambda as_it_is, turned: (
                turned["rows"][-1]["flawed"] > 0.9
                and turned["rows"][2]["flawed"] < 0.01
                and as_it_is["rows"][-1]["flawed"] < 0.01
            ),
        ),
        Try(
            set={"updates": 30},
            then="Stop after 30 updates: the row without a price now has kinds of answers left, since "
            "stopping is a price too.",
            shows=lambda as_it_is, turned: turned["rows"][-1]["kinds"] > 1.8 * as_it_is["rows"][-1]["kinds"],
        ),
        Try(
            set={"updates": 2000},
            then="Train twice as long: no row that has a price moves any further. They have arrived.",
            shows=lambda as_it_is, turned: (
                turned["updates"] == 2 * as_it_is["updates"]
                and all(
                    abs(a["drift"] - b["drift"]) < 0.02
                    for a, b in zip(as_it_is["rows"][:-1], turned["rows"][:-1], strict=True)
                )
            ),
        ),
    ),
    equation=r"\max_\pi\; \mathbb{E}_\pi[r] - \beta\, \mathrm{KL}(\pi \,\|\, \pi_0) \;\Rightarrow\; "
    r"\pi(y) \propto \pi_0(y)\, e^{r(y)/\beta}",
    letters="π: the model now; π₀: where it started; r: reward; β: the price of moving away.",
    seconds=0.1,
)

ANSWERS, RATE = 40, 0.1
PRICES = (10.0, 3.0, 1.0, 0.3, 0.1, 0.0)
STOP = 10  # updates without a price: as a price of 1 / (RATE * STOP)

Array = NDArray[np.float64]


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def drift(policy: Array, start: Array) -> float:
    """The KL divergence from ``start`` to ``policy``, in nats."""
    given = policy > 0
    return float((policy[given] * np.log(policy[given] / start[given])).sum())


def train(start: Array, rewards: Array, price: float, updates: int) -> Array:
    """Answers with more than average to them become likelier: reward, less the price of having moved."""
    scores = np.log(start)
    for _ in range(updates):
        policy = softmax(scores)
        worth = rewards - price * np.log(np.maximum(policy, 1e-300) / start)
        scores = scores + RATE * (worth - policy @ worth)
    return softmax(scores)


def mixed(start: Array, rewards: Array, wanted: float) -> float:
    """The reward of the plain way to drift so far: sometimes as before, sometimes the best answer."""
    best, low, high = np.eye(len(start))[rewards.argmax()], 0.0, 1.0
    for _ in range(40):
        share = (low + high) / 2
        low, high = (
            (share, high) if drift((1 - share) * start + share * best, start) < wanted else (low, share)
        )
    return float(((1 - low) * start + low * best) @ rewards)


def run(seed: int = 0, *, updates: int = 1000, flaw: float = 0.0, priced: bool = True) -> Numbers:
    """Train a table of answers at six prices, and without one for ten updates only."""
    chance = np.random.default_rng(seed)
    start = 1 / np.arange(1, ANSWERS + 1) ** 1.2  # some answers are common at first, most are rare
    rewards = chance.permutation(np.linspace(-3, 3, ANSWERS))
    rewards[-1] = flaw
    start[-1] = 1e-6 * start.sum()
    start /= start.sum()

    def row(policy: Array) -> Numbers:
        return {
            "reward": float(policy @ rewards),
            "drift": drift(policy, start),
            "kinds": float(np.exp(-(policy * np.log(np.maximum(policy, 1e-300))).sum())),
            "flawed": float(policy[-1]),
        }

    trained = [train(start, rewards, price if priced else 0.0, updates) for price in PRICES]
    optimum = [softmax(np.log(start) + rewards / price) for price in PRICES[:-1]]
    rows = [row(policy) for policy in trained]
    return {
        "updates": updates,
        "start": row(start),
        "rows": rows,
        "stopped": row(train(start, rewards, 0.0, STOP)),
        "mixed": mixed(start, rewards, rows[2]["drift"]),
        "off": max(float(np.abs(a - b).sum()) for a, b in zip(trained, optimum, strict=False)),
    }


def check(numbers: Numbers) -> None:
    rows, stopped = numbers["rows"], numbers["stopped"]
    expect(numbers["off"] < 0.01, "training ends where the formula says")
    for dear, cheap in pairwise(rows):
        expect(cheap["drift"] > dear["drift"] + 0.001, "the lower the price, the more drift")
        expect(cheap["reward"] > dear["reward"], "and the more reward")
    expect(rows[-1]["kinds"] < 1.1 and rows[2]["kinds"] > 2, "without a price one kind of answer is left")
    expect(rows[1]["drift"] < 0.3 and rows[-1]["drift"] > 1, "a high price keeps it near its start")
    expect(abs(stopped["drift"] - rows[2]["drift"]) < 0.01, "ten updates without are as a price of 1")
    expect(numbers["mixed"] < rows[2]["reward"] - 0.1, "no mix of old and best gets as much for that drift")


def lines(numbers: Numbers) -> list[str]:
    def row(name: str, one: Numbers) -> str:
        return f"{name:<32}{one['reward']:>8.2f}{one['drift']:>8.2f}{one['kinds']:>10.1f}"

    return [
        f"A model that gives {ANSWERS} answers, trained on their rewards by {numbers['updates']:,} updates:",
        f"{'':<32}{'reward':>8}{'drift':>8}{'kinds of':>10}",
        f"{'':<32}{'':>8}{'(nats)':>8}{'answers':>10}",
        row("before", numbers["start"]),
        *(row(f"price of drift {price:g}", one) for price, one in zip(PRICES, numbers["rows"], strict=True)),
        row(f"price 0, stopped after {STOP}", numbers["stopped"]),
        "The last bit of reward costs most of the drift, and leaves one kind of answer.",
        f"Price 1 and stopping after {STOP} steps of {RATE} give the same model: {STOP} x {RATE} = 1.",
        f"As far from the start, but by mixing in the best answer, the reward is {numbers['mixed']:.2f}:",
        "no way of moving gets more for its drift than a price does.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(one["drift"], one["reward"]) for one in (numbers["start"], *numbers["rows"])]
    return svg.lines("What reward costs in drift", {"prices from high to 0": points}, x="drift", y="reward")
