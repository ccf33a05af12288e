"""Learning against forgetting: full fine-tuning, LoRA and a memory layer on the same new facts.

A model knows 300 facts and is to learn 200 more, without seeing the old ones again. Full fine-tuning
may move every weight. LoRA may only move them in a few directions. A memory layer is a big table, of
which each fact uses four slots: train just those slots that new facts use and old ones hardly do.

Who learns little forgets little, so it would be no use to compare how much each has forgotten in the
end. The question is what is left of the old when as much of the new has been learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="learn_vs_forget",
    title="Learns less and forgets less? Full, LoRA, memory layer",
    layer="knowledge in weights",
    terms=("learns-less-forgets-less", "memory-layer", "full-fine-tuning"),
    claim="LoRA forgets less only as far as it learns less: with as much of the new learned, it has "
    "forgotten more than full fine-tuning; a memory layer has forgotten next to nothing.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="shortly before 39:47",
            claim="LoRA stays below full fine-tuning on the new task, but does less harm elsewhere.",
        ),
        Said(
            talk="a talk on training models on your own data",
            where="42:06 to 43:21",
            claim="Memory layers, of which only chosen slots are updated, forget basically nothing and "
            "learn nearly as much.",
        ),
    ),
    cannot_show="These facts have nothing in common and fill a small network. In large models, where new "
    "and old share much, LoRA did better. In the published test a memory layer forgot 11 %, LoRA 71 % and "
    "full fine-tuning 89 %.",
    mechanism=Mechanism(
        keyword="chosen",
        off=False,
        without="Choosing slots: one small table is shared by all facts, and any of its slots may change.",
    ),
    knobs=(
        Knob(name="old_facts", low=20, high=600, help="facts that it knows before"),
        Knob(name="new_facts", low=80, high=600, help="facts that it learns after them"),
    ),
    tries=(
        Try(
            set={"new_facts": 100},
            then=(
                "Teach it 100 new facts instead of 200: LoRA of rank 2 now learns nearly all of them. It "
                "was not too thin to learn, only too thin for so much."
            ),
            shows=lambda was, now: (
                now["ways"]["LoRA, rank 2"]["most"] > 0.8 > was["ways"]["LoRA, rank 2"]["most"] + 0.1
            ),
        ),
        Try(
            set={"old_facts": 600},
            then=(
                "Let it know 600 facts before: now the memory layer learns only about half of the new "
                "ones. Its slots are taken, and it may not touch those."
            ),
            shows=lambda was, now: (
                now["ways"]["memory layer"]["most"] < 0.65 < was["ways"]["memory layer"]["most"] - 0.1
            ),
        ),
        Try(
            set={"old_facts": 20},
            then=(
                "Let it know just 20 facts before: full fine-tuning keeps nearly all of them, LoRA of rank "
                "4 still loses more than half. There was room enough; but few directions have to be turned "
                "far."
            ),
            shows=lambda was, now: (
                now["ways"]["full fine-tuning"]["left"][-1]
                > 0.85
                > was["ways"]["full fine-tuning"]["left"][-1]
                and now["ways"]["LoRA, rank 4"]["left"][-1] < 0.5
            ),
        ),
    ),
    seconds=0.8,
)

WIDTH, HIDDEN, ANSWERS, SLOTS, USED = 24, 64, 10, 1024, 4
OLD, NEW, STEPS = 300, 200, 250
FIRST_RATE, RATE, LORA_RATE, MEMORY_RATE = 1.0, 0.3, 0.4, 30.0
MARKS = (0.3, 0.5, 0.7)  # shares of the new facts; what is left of the old when each is reached?

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Weights = dict[str, Array]
Facts = tuple[Array, Ints, Ints]  # what is asked (facts, WIDTH), its slots (facts, USED), the answers


def chances(weights: Weights, asked: Array, slots: Ints) -> tuple[Array, Array]:
    """(facts, ANSWERS) chances and the hidden layer: a small network, plus the rows of the slots used."""
    hidden = np.maximum(asked @ weights["in"], 0)
    scores = hidden @ weights["out"] + weights["memory"][slots].sum(axis=1)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True), hidden


def gradients(weights: Weights, facts: Facts) -> Weights:
    """Slopes of the mean of -log(chance of the right answer)."""
    asked, slots, answers = facts
    d_scores, hidden = chances(weights, asked, slots)
    d_scores[np.arange(len(answers)), answers] -= 1
    d_scores /= len(answers)
    d_memory = np.zeros_like(weights["memory"])
    np.add.at(d_memory, slots, d_scores[:, None, :])
    d_hidden = (d_scores @ weights["out"].T) * (hidden > 0)
    return {"in": asked.T @ d_hidden, "out": hidden.T @ d_scores, "memory": d_memory}


def full(weights: Weights, facts: Facts, rate: float = RATE) -> Iterator[Weights]:
    """Every weight may move; what there is after each step."""
    while True:
        slopes = gradients(weights, facts)
        weights = {name: weights[name] - rate * slopes[name] for name in weights}
        yield weights


def lora(weights: Weights, facts: Facts, rank: int, rng: np.random.Generator) -> Iterator[Weights]:
    """The two layers may change by A B, ``rank`` directions each; see the demo ``lora``."""
    names = ("in", "out")
    a = {name: rng.normal(0, len(weights[name]) ** -0.5, (len(weights[name]), rank)) for name in names}
    b = {name: np.zeros((rank, weights[name].shape[1])) for name in names}
    now = weights
    while True:
        slopes = gradients(now, facts)
        for name in names:
            a[name], b[name] = (
                a[name] - LORA_RATE * slopes[name] @ b[name].T,
                b[name] - LORA_RATE * a[name].T @ slopes[name],
            )
        now = weights | {name: weights[name] + a[name] @ b[name] for name in names}
        yield now


def memory(weights: Weights, facts: Facts, free: NDArray[np.bool_]) -> Iterator[Weights]:
    """Only the ``free`` slots of the table may change; in a small one each counts for more facts."""
    table = weights["memory"].copy()
    rate = MEMORY_RATE * len(table) / SLOTS
    while True:
        table[free] -= rate * gradients(weights | {"memory": table}, facts)["memory"][free]
        yield weights | {"memory": table}


def right(weights: Weights, of: Facts) -> float:
    """The share of facts answered rightly."""
    return float(np.mean(chances(weights, of[0], of[1])[0].argmax(axis=1) == of[2]))


def run(seed: int = 0, *, chosen: bool = True, old_facts: int = OLD, new_facts: int = NEW) -> Numbers:
    """Learn 300 facts, then 200 others in five ways, and look at the old ones on the way."""
    rng = np.random.default_rng(seed)
    keys = rng.normal(size=(SLOTS if chosen else SLOTS // 16, WIDTH))

    def facts(count: int) -> Facts:
        asked = rng.normal(size=(count, WIDTH))
        nearest = np.argsort(-asked @ keys.T, axis=1)[:, :USED]
        return asked, nearest, rng.integers(0, ANSWERS, count)

    old, new = facts(old_facts), facts(new_facts)
    start = {"in": rng.normal(0, WIDTH**-0.5, (WIDTH, HIDDEN)), "memory": np.zeros((len(keys), ANSWERS))}
    start["out"] = rng.normal(0, HIDDEN**-0.5, (HIDDEN, ANSWERS))
    base = next(islice(full(start, old, FIRST_RATE), 299, None))
    uses = np.bincount(old[1].ravel(), minlength=len(keys))  # by old facts, of each slot
    ways = {
        "full fine-tuning": full(base, new),
        **{f"LoRA, rank {rank}": lora(base, new, rank, rng) for rank in (4, 2, 1)},
        "memory layer": memory(base, new, uses <= 1 if chosen else uses >= 0),
    }
    found = {}
    for way, steps in ways.items():
        path = [[right(weights, new), right(weights, old)] for weights in islice(steps, STEPS)]
        left = [next((old for new, old in path if new >= mark), None) for mark in MARKS]
        found[way] = {"path": path, "left": left, "most": max(new for new, _ in path)}
    return {"facts": [old_facts, new_facts], "before": [right(base, new), right(base, old)], "ways": found}


def check(numbers: Numbers) -> None:
    before, ways = numbers["before"], list(numbers["ways"].values())
    all_, four, two, one, table = ways
    expect(before[0] < 0.2 and before[1] > 0.98, "before, it knows the old facts alone")
    expect(all_["most"] > 0.95 and four["most"] > 0.9, "all weights, or four directions, learn nearly all")
    expect(two["most"] < 0.75 and one["most"] < 0.6, "fewer directions learn less")
    expect(four["left"][-1] < all_["left"][-1] - 0.1, "with as much learned, LoRA has forgotten more")
    expect(two["left"][0] < all_["left"][0] - 0.1, "and the more so, the fewer its directions")
    expect(None not in table["left"] and table["left"][-1] > 0.9, "a memory layer keeps nearly all")


def lines(numbers: Numbers) -> list[str]:
    def share(left: float | None) -> str:
        return "never" if left is None else f"{left:.0%}"

    old, new = numbers["facts"]
    return [
        f"A model knows {old} facts, and is taught {new} new ones without seeing the old again.",
        f"{'':<24}old facts still right when, of the new,     new facts",
        f"{'':<24}" + "".join(f"{mark:>8.0%}" for mark in MARKS) + f" are right{'right at most':>18}",
        *(
            f"{way:<24}" + "".join(f"{share(x):>8}" for x in row["left"]) + f"{round(row['most'], 1):>28.0%}"
            for way, row in numbers["ways"].items()
        ),
        "At rank 1 or 2 LoRA comes to an end early: it learns less, and for that reason forgets less.",
        "With as much learned it has forgotten more than full fine-tuning, which may spread a change over",
        "all weights. Larger or smaller steps move these numbers, but not their order.",
        "The memory layer alone gets away from them: it changes only slots that old facts hardly use.",
    ]


def plot(numbers: Numbers) -> str:
    rows = {way: zip(MARKS, row["left"], strict=True) for way, row in numbers["ways"].items()}
    left = {way: [point for point in row if point[1] is not None] for way, row in rows.items()}
    return svg.lines("What is left of the old", left, x="new facts right", y="old facts right")
