"""PPO: reuse a batch of tries for several steps, but let no probability move too far on it.

Tries are dear, so each batch is used for many steps. But it says what was good for the model that made
the tries, not for what the model has since become; pressed on, a lucky try becomes a fixed habit. PPO
stops pushing a choice once it is a fifth likelier, or less likely, than when the batch was made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="ppo_clip",
    title="PPO: no step too far",
    layer="reinforcement learning",
    terms=("ppo", "policy-gradient"),
    claim="With many steps on each small batch, plain policy gradient often gets stuck on a wrong choice; "
    "with the change of each probability clipped, it hardly ever does.",
    equation=r"\max \; \operatorname{E}\left[ \min\left( \rho A, \; \operatorname{clip}(\rho, 1 - "
    r"\varepsilon, 1 + \varepsilon) \, A \right) \right], \qquad \rho = "
    r"\frac{\pi}{\pi_\text{old}}",
    letters="ρ: how much likelier a try has become; A: how much better than the batch's mean it was; "
    "ε: the clip.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 35 % in",
            claim="Policy gradient is the traditional way; PPO and GRPO are the two popular algorithms.",
        ),
    ),
    cannot_show="One choice among five, over and over. A language model makes thousands in a row, and PPO "
    "adds a value function to tell which of them mattered.",
    mechanism=Mechanism(
        keyword="clip",
        off=None,
        without="The clip: both take steps of any size.",
    ),
    knobs=(
        Knob(
            name="clip",
            low=0.01,
            high=10,
            help="how far the probability of an answer may move in one update, as a share",
        ),
        Knob(name="epochs", low=1, high=30, help="updates from each batch"),
    ),
    tries=(
        Try(
            set={"epochs": 1},
            then=(
                "Take 1 step on each batch instead of 10: no run gets stuck, with the clip or without. It "
                "mends the harm that is done by using the same tries again and again."
            ),
            shows=lambda was, now: (
                max(now["plain"]["lost"][-1], now["clipped"]["lost"][-1]) < 0.05 < was["plain"]["lost"][-1]
            ),
        ),
        Try(
            set={"clip": 0.01},
            then=(
                "Clip at a hundredth: it learns more slowly, and in no run loses the best choice. Caution "
                "costs time, and luck gets no hold."
            ),
            shows=lambda was, now: (
                now["clipped"]["lost"][-1] <= 0.01
                and now["clipped"]["best"][20] < was["clipped"]["best"][20] - 0.15
            ),
        ),
        Try(
            set={"clip": 10},
            then=(
                "Clip only what has become more than 11 times as likely: that hardly ever happens, and "
                "yet few runs get stuck now. It is the rare wild jump that ruins a run."
            ),
            shows=lambda _, now: (
                now["clipped"]["lost"][-1] < 0.5 * now["plain"]["lost"][-1]
                and now["clipped"]["moved"][1] > 0.9 * now["plain"]["moved"][1]
            ),
        ),
    ),
    seconds=0.3,
)

CHOICES, RUNS = 5, 100
BATCH, EPOCHS, BATCHES, RATE, CLIP = 16, 10, 60, 1.0, 0.2

Array = NDArray[np.float64]


def slope(scores: Array, old: Array, tried: Array, advantage: Array, clip: float | None) -> Array:
    """Gradient of the mean of min(ratio × advantage, clipped ratio × advantage), by score.

    ``scores`` and ``old`` (runs, choices): now, and when the batch was made. ``tried`` (runs, batch,
    choices): 1 where it was chosen. ``advantage`` (runs, batch): how much better than the batch's mean.
    """
    now = softmax(scores)
    ratio = (tried * (now / softmax(old))[:, None]).sum(2)  # (runs, batch)
    push = ratio * advantage
    if clip is not None:  # too far already in the direction in which it is pushed
        far = np.where(advantage > 0, ratio > 1 + clip, ratio < 1 - clip)
        push = np.where(far, 0.0, push)
    return np.asarray((push[:, :, None] * (tried - now[:, None])).mean(1))


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def train(seed: int, clip: float | None, epochs: int = EPOCHS) -> dict[str, list[float]]:
    """After each batch, over all runs: how likely the best choice is, in how many it is all but lost, and
    how many times as likely a batch made a choice at most."""
    chance = np.random.default_rng(seed)
    worth, scores = np.linspace(0, 1, CHOICES), np.zeros((RUNS, CHOICES))  # the last choice is the best
    best, lost, moved = [1 / CHOICES], [0.0], [1.0]
    for _ in range(BATCHES):
        luck = chance.random((RUNS, BATCH, 1))
        picked = (luck > softmax(scores).cumsum(1)[:, None, :-1]).sum(2)  # (runs, batch)
        reward = worth[picked] + chance.normal(size=picked.shape)  # much of it is luck
        advantage = (reward - reward.mean(1, keepdims=True)) / reward.std(1, keepdims=True)
        old, tried = scores, np.eye(CHOICES)[picked]
        for _ in range(epochs):
            scores = scores + RATE * slope(scores, old, tried, advantage, clip)
        share = softmax(scores)
        best.append(float(share[:, -1].mean()))
        lost.append(float((share[:, -1] < 0.01).mean()))
        moved.append(float((share / softmax(old)).max(1).mean()))
    return {"best": best, "lost": lost, "moved": moved}


def run(seed: int = 0, *, clip: float | None = CLIP, epochs: int = EPOCHS) -> Numbers:
    """A hundred runs of each kind."""
    return {
        "plain": train(seed, None, epochs),
        "clipped": train(seed, clip, epochs),
        "clip": clip,
        "epochs": epochs,
    }


def check(numbers: Numbers) -> None:
    plain, clipped = numbers["plain"], numbers["clipped"]
    expect(plain["lost"][-1] > 0.15, "plain, many runs get stuck: the best choice is hardly tried any more")
    expect(clipped["lost"][-1] < 0.06, "clipped, hardly any")
    expect(clipped["best"][-1] > plain["best"][-1] + 0.15, "clipped, the best choice is taken more often")
    expect(plain["moved"][1] > 1.5 * clipped["moved"][1], "one batch moves the probabilities less far")


def lines(numbers: Numbers) -> list[str]:
    clip, steps = numbers["clip"], "Ten" if numbers["epochs"] == 10 else numbers["epochs"]
    bounds = "not clipped either" if clip is None else f"clipped at {max(0, 1 - clip):g} and {1 + clip:g}"
    plain, clipped = numbers["plain"], numbers["clipped"]
    return [
        f"{CHOICES} choices, the last is best, but rewards are mostly luck. "
        f"{BATCH} tries a batch, {numbers['epochs']} steps on each.",
        f"The first batch makes some choice up to {plain['moved'][1]:.1f} times as likely; clipped, "
        f"{clipped['moved'][1]:.1f} times.",
        f"{'':<10}{'plain policy gradient':>28}{bounds:>30}",
        f"{'batches':<10}" + f"{'best taken':>16}{'stuck':>12}" * 2,
        *(
            f"{at:<10}"
            + "".join(f"{one['best'][at]:>16.0%}{one['lost'][at]:>12.0%}" for one in (plain, clipped))
            for at in (0, 1, 5, 10, 20, BATCHES)
        ),
        f"Stuck: the best choice is tried less than once in 100 times, in so many of {RUNS} runs.",
        f"{steps} steps on sixteen lucky tries make a habit of luck, and what is never tried again "
        "cannot prove",
        "itself. The clip ends a batch's say when a probability has changed by a fifth.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(i), share) for i, share in enumerate(numbers[name]["best"])]
        for name in ("plain", "clipped")
    }
    return svg.lines("The best choice", series, x="batches", y="how often it is taken")
