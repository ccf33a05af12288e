"""Process reward: marks for every step, not for the last line only.

A solution of ten steps is right if all ten are. Rewarded at the end only, the model hardly ever gets a
reward at first, and cannot tell which steps earned it. A judge that marks each step says both. But such
a judge is learned too: where it likes something for the wrong reason, the model soon does that.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="process_reward",
    title="Marks for every step, or for the result",
    layer="reinforcement learning",
    terms=("process-reward-model", "outcome-reward", "reward-sparsity"),
    claim="With marks for each step a model learns long solutions from far fewer tries than with a reward "
    "for the result; but where the marks are wrong at one step, it gets full marks and nothing right.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 66 % in",
            claim="Process reward models score the steps in between; much has been tried, with much trouble, "
            "and neither they nor value functions are proven for language models yet.",
        ),
    ),
    cannot_show="Steps are given and have one right choice each. In real solutions it is hard to say what "
    "a step is, and harder to say whether it is a good one.",
    mechanism=Mechanism(
        keyword="stepwise",
        off=False,
        without="Marks for steps: every step gets the mark of the result.",
    ),
    knobs=(
        Knob(name="start", low=0.26, high=0.95, help="how likely each step is right before training"),
        Knob(name="rate", low=0.02, high=20, help="size of a step of training"),
    ),
    tries=(
        Try(
            set={"start": 0.9},
            then=(
                "Let each step be right in 90 % before training: a reward for the result is now nearly as "
                "quick as marks for steps. Marks pay where a whole solution hardly ever comes off."
            ),
            shows=lambda was, now: half(now["result"]) < 1500 and half(was["result"]) > 5000,
        ),
        Try(
            set={"start": 0.4},
            then=(
                "Let it be 40 %: the reward for the result never gets going, since no solution comes off "
                "by chance, while marks for steps do hardly worse than before."
            ),
            shows=lambda _, now: now["result"]["right"][-1] < 0.05 and now["steps"]["right"][-1] > 0.9,
        ),
        Try(
            set={"rate": 20},
            then=(
                "Take steps 40 times as large: both good judges lead to right answers within a fraction "
                "of the tries, and the faulty one to full marks for nothing just as fast."
            ),
            shows=lambda _, now: (
                now["result"]["right"][100] > 0.9
                and now["faulty"]["right"][100] < 0.05
                and now["faulty"]["marks"][100] > 0.95
            ),
        ),
    ),
    seconds=0.4,
)

STEPS, CHOICES = 10, 4
START = 0.6  # how likely the right choice (0) is at each step before training
FAULT, FANCY = 6, 3  # at the seventh step, the faulty judge likes choice 3: it looks thorough
BATCH, UPDATES, RATE = 32, 400, 0.5

Array = NDArray[np.float64]
Tried = NDArray[np.int64]
Judge = Callable[[Tried], Array]


def outcome(tried: Tried) -> Array:
    """One reward for all steps, 1 if every one was right: (batch, steps) choices to (batch, steps)."""
    return np.repeat((tried == 0).all(1, keepdims=True), STEPS, 1).astype(float)


def process(tried: Tried) -> Array:
    """A mark for each step."""
    return np.asarray(tried == 0, dtype=float)


def faulty(tried: Tried) -> Array:
    """Marks that are right at nine steps and wrong at one."""
    marks = process(tried)
    marks[:, FAULT] = tried[:, FAULT] == FANCY
    return marks


def update(scores: Array, tried: Tried, rewards: Array, rate: float = RATE) -> Array:
    """Policy gradient: (steps, choices) scores, (batch, steps) choices and the reward for each."""
    better = rewards - rewards.mean(0)
    slopes = np.eye(CHOICES)[tried] - softmax(scores)  # (batch, steps, choices)
    return np.asarray(scores + rate * (better[:, :, None] * slopes).mean(0))


def softmax(scores: Array) -> Array:
    raised = np.exp(scores)
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def train(
    judge: Judge, chance: np.random.Generator, start: float = START, rate: float = RATE
) -> dict[str, list[float]]:
    """After each update: the share of solutions that are right, and the judge's mean mark."""
    scores = np.zeros((STEPS, CHOICES))
    scores[:, 0] = np.log(start / ((1 - start) / (CHOICES - 1)))
    right, marks = [], []
    for _ in range(UPDATES + 1):
        share = softmax(scores)
        tried = (chance.random((BATCH, STEPS, 1)) > share.cumsum(1)[:, :-1]).sum(2)  # (batch, steps)
        rewards = judge(tried)
        right.append(float(share[:, 0].prod()))
        marks.append(float(rewards.mean()))
        scores = update(scores, tried, rewards, rate)
    return {"right": right, "marks": marks}


def run(seed: int = 0, *, stepwise: bool = True, start: float = START, rate: float = RATE) -> Numbers:
    """The same model trained under three judges."""
    chance = np.random.default_rng(seed)
    judges = {"result": outcome, "steps": process if stepwise else outcome, "faulty": faulty}
    return {name: train(judge, chance, start, rate) for name, judge in judges.items()}


def half(history: dict[str, list[float]]) -> int:
    """Tries until half of all solutions are right; all there were, if they never are."""
    found = (i for i, share in enumerate(history["right"]) if share > 0.5)
    return BATCH * next(found, UPDATES)


def check(numbers: Numbers) -> None:
    result, steps, fooled = (numbers[name] for name in ("result", "steps", "faulty"))
    expect(half(steps) < half(result) / 4, "with marks for steps a quarter of the tries is enough")
    expect(steps["right"][-1] > 0.9, "and nearly all solutions become right")
    expect(fooled["marks"][-1] > 0.9, "with a fault in the judge it gets full marks")
    expect(max(fooled["right"][-100:]) < 0.05, "and no solution is right")


def lines(numbers: Numbers) -> list[str]:
    first = numbers["result"]["right"][0]
    step = first ** (1 / STEPS)
    return [
        f"{STEPS} steps, each right in {step:.0%}: all ten are right in 1 of {1 / first:.0f}.",
        "Share of solutions that are right, by what is rewarded:",
        "  tries    the result    each step    each step, one judged wrongly (and its marks)",
        *(
            f"{BATCH * at:>7}"
            + "".join(f"{numbers[name]['right'][at]:>13.0%}" for name in ("result", "steps", "faulty"))
            + f"{numbers['faulty']['marks'][at]:>18.0%}"
            for at in (0, 25, 50, 100, 200, 300, UPDATES)
        ),
        f"Half are right after {round(half(numbers['steps']), -2):,} tries with marks for steps, and "
        f"{round(half(numbers['result']), -2):,} with one for the result.",
        "A reward for the result comes late and seldom, but cannot be cheated. The judge of steps was",
        f"learned: at step {FAULT + 1} it likes what only looks thorough. The model finds that out: full",
        "marks, and every solution wrong.",
    ]


def plot(numbers: Numbers) -> str:
    names = {"steps": "each step", "result": "the result", "faulty": "each step, one wrongly"}
    series = {
        title: [(float(BATCH * i), share) for i, share in enumerate(numbers[name]["right"])]
        for name, title in names.items()
    }
    return svg.lines("What is rewarded", series, x="tries", y="solutions that are right")
