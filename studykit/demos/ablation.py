"""Ablation: take one part out, leave all else as it was, and see what the part was worth.

The network is the small GPT of the demo ``tiny_gpt``, with one block. Three networks are trained like
it, each without one of its parts. That is not the same as switching the part off in the finished
network, which has come to rely on it. And it must be one change at a time: with two, the one gets the
credit, or the blame, that belongs to the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.tiny_gpt import COUNT, GPT, LENGTH, LETTERS, Array, Back

DEMO = Demo(
    name="ablation",
    title="Ablation: one part out, all else the same",
    layer="objective and architecture",
    terms=("ablation-study", "multilayer-perceptron", "positional-encoding"),
    claim="Trained without attention or without places a small GPT cannot sort, without its MLP it sorts "
    "nearly as well; yet switching the MLP off in the finished network spoils it.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 23 % in",
            claim="Papers move one part at a time, leave the rest, and measure whether it gets better or "
            "worse: ablation studies.",
        ),
    ),
    cannot_show="What a part is worth depends on the task and the size: sorting six letters is mostly "
    "counting, which attention does. Large models keep most of their parameters in MLPs, and need them.",
    mechanism=Mechanism(
        keyword="alone",
        off=False,
        without="All else the same: the networks without a part are also trained longer, and the "
        "one without the MLP now looks better than the whole.",
    ),
    knobs=(
        Knob(name="steps", low=20, high=150, help="steps of training"),
        Knob(name="width", low=4, high=20, help="numbers in a vector"),
    ),
    tries=(
        Try(
            set={"steps": 20},
            then="Stop after 20 steps: now the MLP seems to be worth far more than attention. What a part is "
            "worth also depends on when one looks.",
            shows=lambda as_it_is, turned: (
                turned["rows"]["MLP"]["trained"] > turned["rows"]["attention"]["trained"] + 0.1
                and as_it_is["rows"]["MLP"]["trained"] < as_it_is["rows"]["attention"]["trained"] - 0.1
            ),
        ),
        Try(
            set={"steps": 150},
            then="Train for 150 steps, not 100: the whole gets better, and with attention switched off later "
            "it is worse than before. What has learned to rely on a part is the less without it.",
            shows=lambda as_it_is, turned: (
                turned["whole"]["trained"] < as_it_is["whole"]["trained"]
                and turned["rows"]["attention"]["switched"] > as_it_is["rows"]["attention"]["switched"] + 0.15
            ),
        ),
        Try(
            set={"width": 8},
            then="Make the vectors 8 numbers wide instead of 16: now the MLP is missed in training, too. "
            "A part's worth in a small network need not be its worth in a large one.",
            shows=lambda as_it_is, turned: (
                turned["rows"]["MLP"]["sorted"] < turned["whole"]["sorted"] - 0.15
                and as_it_is["rows"]["MLP"]["sorted"] > as_it_is["whole"]["sorted"] - 0.1
            ),
        ),
    ),
    seconds=1.0,
)

PARTS = ("attention", "MLP", "places")
BATCH, RATE, MORE = 32, 0.6, 3

Tokens = NDArray[np.int64]


class Without(GPT):
    """The small GPT with one part off, or none."""

    off = ""

    def attention(self, x: Array, i: int) -> tuple[Array, Back]:
        return (0 * x, lambda dy: 0 * dy) if self.off == "attention" else super().attention(x, i)

    def mlp(self, x: Array, i: int) -> tuple[Array, Back]:
        return (0 * x, lambda dy: 0 * dy) if self.off == "MLP" else super().mlp(x, i)

    def switched(self, off: str) -> Without:
        """The same network with ``off`` off; places do not come back."""
        self.off = off
        self.weights["place"] *= off != "places"
        return self


def train(off: str, steps: int, width: int, seen: Tokens, seed: int) -> Without:
    """A network without the part ``off``; whatever it lacks, it starts and reads as all others do."""
    chance = np.random.default_rng(seed)
    model = Without(chance, np.tri(LENGTH), width, blocks=1).switched(off)
    for step in range(steps):
        model.loss(seen[chance.integers(len(seen), size=BATCH)])
        for name, grad in model.grads.items():
            if name != "place" or off != "places":
                model.weights[name] -= RATE * (1 - step / steps) * grad
    return model


def test(model: Without, lines: Tokens) -> Numbers:
    """Loss on lines never seen, and how many of them come out sorted."""
    asked, answers = np.split(lines, 2, axis=1)
    return {"trained": model.loss(lines), "sorted": float((model.write(asked) == answers).all(1).mean())}


def run(seed: int = 0, *, steps: int = 100, width: int = 16, alone: bool = True) -> Numbers:
    """Train the whole network and three without a part; then switch parts off in the whole one."""
    chance = np.random.default_rng(seed)
    every = chance.permutation(np.indices((len(LETTERS),) * COUNT).reshape(COUNT, -1).T)
    every = np.concatenate([every, np.sort(every, 1)], 1)  # read, then written
    seen, new = every[:500], every[500:]
    whole = train("", steps, width, seen, seed)
    result, rows = test(whole, new), {}
    for part in PARTS:
        without = test(train(part, steps if alone else MORE * steps, width, seen, seed), new)
        later = test(whole.switched(part), new)
        rows[part] = without | {"switched": later["trained"], "switched_sorted": later["sorted"]}
    both = test(train("MLP", MORE * steps, width, seen, seed), new) if alone else rows["MLP"]
    return {"steps": steps, "width": width, "whole": result, "rows": rows, "both": both}


def check(numbers: Numbers) -> None:
    whole, rows = numbers["whole"], numbers["rows"]
    expect(whole["sorted"] > 0.75, "the whole network sorts")
    for part in ("attention", "places"):
        expect(rows[part]["trained"] > 3 * whole["trained"], f"without {part} it is far worse")
        expect(rows[part]["sorted"] < 0.3, "and does not sort")
    expect(rows["MLP"]["sorted"] > 0.7, "without the MLP it sorts")
    expect(rows["MLP"]["trained"] > whole["trained"], "if not as well, all else the same")
    expect(rows["MLP"]["switched"] > 1.8 * rows["MLP"]["trained"], "switched off later it costs far more")
    expect(numbers["both"]["trained"] < 0.8 * whole["trained"], "with two changes a loss looks like a gain")


def lines(numbers: Numbers) -> list[str]:
    whole, both = numbers["whole"], numbers["both"]

    def row(name: str, loss: float, share: float) -> str:
        return f"{name:<40}{loss:>10.2f}{share:>10.0%}"

    return [
        f"A GPT of one block learns to sort six letters in {numbers['steps']} steps. On lines never seen:",
        f"{'':<40}{'trained so':>20}{'switched off later':>24}",
        f"{'':<40}{'loss':>10}{'sorted':>10}{'loss':>14}{'sorted':>10}",
        row("whole", whole["trained"], whole["sorted"]),
        *(
            row(f"without {part}", one["trained"], one["sorted"])
            + f"{one['switched']:>14.2f}{one['switched_sorted']:>10.0%}"
            for part, one in numbers["rows"].items()
        ),
        row(f"without MLP, and {MORE} times the steps", both["trained"], both["sorted"]),
        "Whoever had changed both at once would have found that the MLP does harm.",
        "Trained without it, the network finds another way; switched off later, there is none.",
    ]


def plot(numbers: Numbers) -> str:
    values = {"whole": numbers["whole"]["trained"]}
    for part, one in numbers["rows"].items():
        values |= {f"trained without {part}": one["trained"], f"{part} switched off": one["switched"]}
    return svg.bars("Loss without a part", {name: round(value, 2) for name, value in values.items()})
