"""DPO: learn from pairs of a better and a worse answer, with no reward model and no RL.

RLHF first fits a reward to the pairs and then looks for the model that earns most of it without moving
far from where it was. That model has a formula: the old one times exp(reward / beta). Read backwards,
a model's own change is its reward, beta × log(new / old). Put that into the loss, and one step does it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="dpo",
    title="DPO: from preferences straight to the model",
    layer="reinforcement learning",
    terms=("dpo", "human-preference"),
    claim="From the same pairs, DPO in one step arrives at the model to which RLHF comes by a reward model "
    "and a KL penalty.",
    equation=r"L = -\log \sigma \left( \beta \log \frac{\pi(y_w)}{\pi_0(y_w)} - \beta \log "
    r"\frac{\pi(y_l)}{\pi_0(y_l)} \right)",
    letters="π: the model now; π₀: the model before; w, l: the better and the worse answer; β: the "
    "leash; σ: turns any number into a chance.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 75 % in",
            claim="It is a simpler way to solve the problem of preferences, by a trick of logarithms.",
        ),
    ),
    cannot_show="Five answers to one question, and both searches run to the end. Networks stop earlier, and "
    "RLHF judges new answers that the model writes while DPO has the pairs only: there they differ.",
    mechanism=Mechanism(
        keyword="leash",
        off=False,
        without="The old model: DPO leaves its probabilities out of the reward.",
    ),
    knobs=(
        Knob(name="beta", low=0.25, high=5, help="how closely the new model is held to the old one"),
        Knob(name="pairs", low=50, high=5000, help="pairs that people have compared"),
    ),
    tries=(
        Try(
            set={"pairs": 50},
            then=(
                "Let people compare 50 pairs: both ways still come to the very same model, and it is "
                "another one than before. That two methods agree does not mean that they are right."
            ),
            shows=lambda was, now: (
                apart(now["rlhf"], now["dpo"]) < 0.02 and apart(now["dpo"], was["dpo"]) > 0.1
            ),
        ),
        Try(
            set={"beta": 5},
            then=(
                "Hold the new model 10 times as closely: people's taste is known as well as before, and "
                "the vague answer still comes most often. Beta decides how much of what was learned is "
                "used."
            ),
            shows=lambda was, now: now["dpo"][2] == max(now["dpo"]) and now["reward"] == was["reward"],
        ),
        Try(
            set={"beta": 0.25},
            then=(
                "Hold it half as closely: the answer with sources, which the old model gave in 5 % of "
                "cases, becomes the commonest. Given enough room, taste wins over habit."
            ),
            shows=lambda was, now: now["dpo"][4] == max(now["dpo"]) and was["dpo"][3] == max(was["dpo"]),
        ),
    ),
    seconds=0.1,
)

ANSWERS = ("refuses", "rude", "vague", "clear", "sourced")
OLD = np.array([0.10, 0.25, 0.40, 0.20, 0.05])  # how likely each answer is before
TASTE = np.array([-1.0, -1.5, 0.0, 1.0, 1.5])  # what people like
BETA, PAIRS, STEPS = 0.5, 2000, 1500

Array = NDArray[np.float64]


def dpo(wins: Array, old: Array, beta: float = BETA) -> Array:
    """Straight from the pairs to the model. ``wins[a, b]``: how often people liked a better than b.

    The reward is beta × log(new / old). Any constant in it cancels, since only differences count.
    """
    new = np.log(old)
    for _ in range(STEPS):
        implied = beta * (log_softmax(new) - np.log(old))
        new = new + surprise(wins, implied) / beta
    return np.exp(log_softmax(new))


def rlhf(wins: Array, old: Array, beta: float = BETA) -> tuple[Array, Array]:
    """First a reward for each answer, then the model that earns most, with a KL penalty."""
    reward = np.zeros(len(old))
    for _ in range(STEPS):
        reward = reward + surprise(wins, reward)
    new = np.log(old)
    for _ in range(STEPS):
        share = np.exp(log_softmax(new))
        worth = reward - beta * np.log(share / old)
        new = new + share * (worth - share @ worth)  # up the gradient of the mean worth
    return reward, np.exp(log_softmax(new))


def surprise(wins: Array, reward: Array) -> Array:
    """How much oftener each answer won than Bradley and Terry expect: sigmoid(reward - other's reward)."""
    expected = (wins + wins.T) / (1 + np.exp(reward - reward[:, None]))
    return np.asarray(5 * (wins - expected).sum(1) / wins.sum())


def log_softmax(scores: Array) -> Array:
    return np.asarray(scores - np.log(np.exp(scores).sum()))


def run(seed: int = 0, *, leash: bool = True, beta: float = BETA, pairs: int = PAIRS) -> Numbers:
    """People compare answers that the old model gives; both methods learn from that."""
    chance = np.random.default_rng(seed)
    wins = np.zeros((len(OLD), len(OLD)))
    for _ in range(pairs):
        a, b = chance.choice(len(OLD), size=2, replace=False)
        better, worse = (a, b) if chance.random() < 1 / (1 + np.exp(TASTE[b] - TASTE[a])) else (b, a)
        wins[better, worse] += 1
    reward, by_rlhf = rlhf(wins, OLD, beta)
    by_formula = OLD * np.exp(reward / beta)
    by_dpo = dpo(wins, OLD if leash else np.full(len(OLD), 1 / len(OLD)), beta)
    return {
        "pairs": pairs,
        "won": [float(share) for share in wins.sum(1) / (wins + wins.T).sum(1)],
        "reward": [float(one) for one in reward - reward.mean()],
        "rlhf": [float(share) for share in by_rlhf],
        "formula": [float(share) for share in by_formula / by_formula.sum()],
        "dpo": [float(share) for share in by_dpo],
    }


def apart(a: list[float], b: list[float]) -> float:
    """The share of answers that would have to change to make one model the other."""
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / 2


def check(numbers: Numbers) -> None:
    expect(apart(numbers["dpo"], numbers["rlhf"]) < 0.02, "DPO comes to the same model as RLHF")
    expect(apart(numbers["formula"], numbers["rlhf"]) < 0.02, "which is the old one times exp(reward / beta)")
    expect(apart(numbers["dpo"], OLD.tolist()) > 0.3, "and far from the old model")
    expect(sum(numbers["dpo"][3:]) > 0.7 and sum(OLD[3:]) < 0.3, "it gives the answers that people like")


def lines(numbers: Numbers) -> list[str]:
    def row(name: str, values: list[float], form: str) -> str:
        return f"{name:<40}" + "".join(f"{format(value, form):>12}" for value in values)

    return [
        f"{'Five answers to one question':<40}" + "".join(f"{answer:>12}" for answer in ANSWERS),
        row("the model gives them in", OLD.tolist(), ".0%"),
        row(f"people like it better ({numbers['pairs']:,} pairs)", numbers["won"], ".0%"),
        "RLHF, in two steps:",
        row("  1. a reward model", numbers["reward"], "+.1f"),
        row("  2. RL with a KL penalty", numbers["rlhf"], ".0%"),
        row("     formula: old × exp(reward / beta)", numbers["formula"], ".0%"),
        "DPO, in one:",
        row("  the pairs, straight", numbers["dpo"], ".0%"),
        "The same model. For under that formula the reward is beta × log(new / old), up to a constant,",
        "which cancels where two answers are compared: the model is its own reward model.",
    ]
