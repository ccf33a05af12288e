"""Scaling laws: four times the data, and the loss shrinks by the same factor every time.

A few facts are met all the time, most hardly ever. A model that reads more learns rarer facts, and
these are worth less and less, by a rule so regular that the loss of a large run can be foretold from
small ones: a straight line where both axes are logarithmic, which is a power law. Room for facts, the
size of the model, follows such a law as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="scaling_law",
    title="Scaling laws: the loss of a large run, foretold",
    layer="objective and architecture",
    terms=("scaling-law", "power-law"),
    claim="Loss falls as a power of the data read and of the model's size; a line through small runs "
    "foretells large ones.",
    equation=r"L(D) = a \, D^{-b}",
    letters="L: loss; D: facts read; a, b: fitted on small runs.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 28 % in",
            claim="A scaling law is a power law between compute and data on one axis and the prediction of "
            "unseen text on the other, and it is very predictable.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 41 % in",
            claim="Over the number of tokens a small model flattens out soon; a larger one gains for longer.",
        ),
    ),
    cannot_show="Here the law comes from how rare facts are (Zipf's law), one of several explanations; the "
    "losses of real models also have a floor, what no model can know.",
    mechanism=Mechanism(
        keyword="rare",
        off=False,
        without="Rarity: all facts are equally common, so the loss falls off a cliff instead of along a "
        "line.",
    ),
    knobs=(
        Knob(name="small", low=1, high=100000, help="facts that the small model has room for"),
        Knob(name="steepness", low=1.3, high=3, help="how much rarer each fact is than the one before"),
    ),
    tries=(
        Try(
            set={"steepness": 1.3},
            then=(
                "Let rare facts be a little less rare: halving the loss takes some 20 times the data "
                "instead of 8. How fast scaling pays is a property of the world, not of the model."
            ),
            shows=lambda was, now: 0.5 ** (1 / now["data_power"]) > 1.8 * 0.5 ** (1 / was["data_power"]),
        ),
        Try(
            set={"small": 2000},
            then=(
                "Give the small model room for 2,000 facts: up to 32,000 facts read nothing tells it from "
                "a large one, and then it falls behind. Small runs do not show where a model's room ends."
            ),
            shows=lambda was, now: (
                now["by_data_small"][3] < 1.02 * now["by_data"][3]
                and now["by_data_small"][-1] > 1.3 * now["by_data"][-1]
                and was["by_data_small"][3] > 1.5 * was["by_data"][3]
            ),
        ),
        Try(
            set={"small": 20},
            then=(
                "Give it room for 20: all that it reads after the first 500 facts brings hardly anything. "
                "A model that is full cannot be helped with data."
            ),
            shows=lambda was, now: (
                now["by_data_small"][-1] > 0.93 * now["by_data_small"][0]
                and was["by_data_small"][-1] < 0.6 * was["by_data_small"][0]
            ),
        ),
    ),
    seconds=0.5,
)

GUESS = 4.0  # bits of loss for a fact never read: a guess among 16 answers
STEEPNESS = 1.5  # fact number k is met k**-1.5 as often as the first
SMALL = 200  # facts that the small model has room for
READ = [500 * 4**i for i in range(6)]
ROOM = [25 * 2**i for i in range(7)]

Facts = NDArray[np.int64]


def zipf(
    chance: np.random.Generator, count: int, steepness: float = STEEPNESS
) -> tuple[Facts, NDArray[np.float64]]:
    """Facts read, by number (count,), and how often each of these is asked for, as a share."""
    facts = chance.zipf(steepness, count)
    zeta = 2.612375 if steepness == 1.5 else float((np.arange(1, 10**6) ** -steepness).sum())
    zeta += 0 if steepness == 1.5 else 10 ** (6 * (1 - steepness)) / (steepness - 1)  # the rest of the sum
    return facts, np.asarray(facts**-steepness / zeta, dtype=float)  # shares that sum to 1


def even(chance: np.random.Generator, count: int) -> tuple[Facts, NDArray[np.float64]]:
    """A world of 20,000 facts, each met as often as any other."""
    return chance.integers(20_000, size=count), np.full(count, 1 / 20_000)


def loss(facts: Facts, shares: NDArray[np.float64], room: int | None = None) -> float:
    """Bits for the average question, after reading ``facts``; of these, ``room`` can be kept."""
    _, first, met = np.unique(facts, return_index=True, return_counts=True)
    kept = first[np.argsort(-met, kind="stable")[:room]]  # those met most
    return float(GUESS * (1 - shares[kept].sum()))


def power_law(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Factor and power of y = factor * x**power: the best line through the logarithms."""
    power, height = np.polyfit(np.log(x), np.log(y), 1)
    return float(np.exp(height)), float(power)


def foretold(x: Sequence[float], y: Sequence[float], runs: int) -> tuple[list[float], float]:
    """A height for every x, and the power, from the first ``runs`` of them alone."""
    factor, power = power_law(x[:runs], y[:runs])
    return [factor * at**power for at in x], power


def run(seed: int = 0, *, rare: bool = True, small: int = SMALL, steepness: float = STEEPNESS) -> Numbers:
    """Losses by facts read and by room; the last two of each are foretold from those before.

    For the small model, all but two are: a line through small runs cannot know that room runs out.
    """
    chance = np.random.default_rng(seed)
    facts, shares = zipf(chance, READ[-1], steepness) if rare else even(chance, READ[-1])

    def mean_loss(read: int, room: int | None) -> float:
        """Of up to eight models, each of which reads a part of its own."""
        parts = [slice(i, i + read) for i in range(0, min(8 * read, READ[-1]), read)]
        return float(np.mean([loss(facts[part], shares[part], room) for part in parts]))

    by_data = [mean_loss(read, None) for read in READ]
    by_room = [mean_loss(READ[-1], room) for room in ROOM]
    by_data_small = [mean_loss(read, small) for read in READ]
    data_line, data_power = foretold(READ, by_data, len(READ) - 2)
    room_line, room_power = foretold(ROOM, by_room, len(ROOM) - 2)
    return {
        "small": small,
        "by_data": by_data,
        "by_data_small": by_data_small,
        "small_line": foretold(READ, by_data_small, 2)[0],
        "data_power": data_power,
        "data_line": data_line,
        "by_room": by_room,
        "room_power": room_power,
        "room_line": room_line,
    }


def check(numbers: Numbers) -> None:
    loss, small = numbers["by_data"], numbers["by_data_small"]
    for what in ("data", "room"):
        measured, line = numbers[f"by_{what}"], numbers[f"{what}_line"]
        expect(all(abs(m / foretold - 1) < 0.1 for m, foretold in zip(measured, line, strict=True)),
               f"loss is a power of the {what}, and small runs foretell large ones")  # fmt: skip
    factors = [b / a for a, b in pairwise(loss)]
    expect(max(factors) - min(factors) < 0.1, "four times the data takes off the same part each time")
    expect(small[-1] / small[-2] > 0.95 and loss[-1] / loss[-2] < 0.75, "a small model flattens out first")
    expect(numbers["small_line"][-1] < 0.5 * small[-1], "which a line through its first runs cannot foretell")


def lines(numbers: Numbers) -> list[str]:
    keys = ("by_data", "data_line", "by_data_small", "by_room")
    small_line = 100 * numbers["small_line"][-1]
    loss, line, small, room = ([100 * bits for bits in numbers[key]] for key in keys)
    halving = 0.5 ** (1 / numbers["data_power"])
    return [
        "Of endless facts a few are met all the time, most hardly ever (Zipf's law). A model knows what",
        f"it has read and guesses at the rest, among 16 answers: {GUESS:.0f} bits of loss for each.",
        "               loss in bits                of what      with room for",
        f"  facts read  100 questions   foretold      it was    only {numbers['small']} facts",
        *(
            f"{read:>12,} {loss[i]:>11.1f} {f'{line[i]:.1f}' if i > 3 else '':>12}"
            f" {f'x {loss[i] / loss[i - 1]:.2f}' if i else '':>12} {small[i]:>13.1f}"
            for i, read in enumerate(READ)
        ),
        "Four times the data, the same factor every time: a power law, foretold from the first four rows.",
        f"To halve the loss takes {halving:.0f} times the data: what is left to learn is ever rarer.",
        f"A line through the first two runs of the small model foretells {small_line:.1f} at the end, not "
        f"{small[-1]:.1f}:",
        "it cannot know where room runs out. Room itself, with all data read:",
        ", ".join(f"{ROOM[i]:,} facts {room[i]:.0f}" for i in (0, 2, 4, 6))
        + ": four times the room halves it.",
    ]


def plot(numbers: Numbers) -> str:
    x = [float(np.log10(read)) for read in READ]
    series = {
        "measured": "by_data",
        "foretold by the first four": "data_line",
        "small model": "by_data_small",
    }
    points = {
        name: [(at, float(np.log10(y))) for at, y in zip(x, numbers[key], strict=True) if y > 0]
        for name, key in series.items()
    }
    return svg.lines("A power law is a straight line", points, x="facts read", x_base=10, y="loss", y_base=10)
