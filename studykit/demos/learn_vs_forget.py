"""Learning against forgetting: full fine-tuning, LoRA and a memory layer on the same new facts.

A model knows 300 facts and is to learn 200 more, without seeing the old ones again. Full fine-tuning
may move every weight. LoRA may only move them in a few directions. A memory layer is a big table, of
which each fact uses four slots: train just those slots that new facts use and old ones hardly do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Mechanism, Numbers, Said, expect

DEMO = Demo(
    name="learn_vs_forget",
    title="Learns less and forgets less: full, LoRA, memory layer",
    layer="knowledge in weights",
    terms=("learns-less-forgets-less", "memory-layer", "full-fine-tuning"),
    claim="Full fine-tuning learns all new facts and forgets most old ones; LoRA learns less and, at low "
    "rank, forgets less; a memory layer learns most and keeps nearly all.",
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
    cannot_show="These facts are bare pairs, each looked up at slots of its own. In the published test "
    "a memory layer forgot 11 %, LoRA 71 % and full fine-tuning 89 %.",
    mechanism=Mechanism(
        keyword="chosen",
        off=False,
        without="Choosing slots: one small table is shared by all facts, and any of its slots may change.",
    ),
    seconds=0.8,
)

WIDTH, HIDDEN, ANSWERS, SLOTS, USED = 24, 64, 10, 1024, 4
OLD, NEW = 300, 200
STEPS, RATE, LORA_RATE, MEMORY_RATE = 150, 1.0, 0.13, 30.0

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


def full(weights: Weights, facts: Facts, steps: int = STEPS) -> Weights:
    """Every weight may move."""
    for _ in range(steps):
        slopes = gradients(weights, facts)
        weights = {name: weights[name] - RATE * slopes[name] for name in weights}
    return weights


def lora(weights: Weights, facts: Facts, rank: int, rng: np.random.Generator) -> Weights:
    """The two layers may change by A B, ``rank`` directions each; see the demo ``lora``."""
    names = ("in", "out")
    a = {name: rng.normal(0, len(weights[name]) ** -0.5, (len(weights[name]), rank)) for name in names}
    b = {name: np.zeros((rank, weights[name].shape[1])) for name in names}
    for _ in range(STEPS):
        slopes = gradients(weights | {name: weights[name] + a[name] @ b[name] for name in names}, facts)
        for name in names:
            a[name], b[name] = (
                a[name] - LORA_RATE * slopes[name] @ b[name].T,
                b[name] - LORA_RATE * a[name].T @ slopes[name],
            )
    return weights | {name: weights[name] + a[name] @ b[name] for name in names}


def memory(weights: Weights, facts: Facts, free: NDArray[np.bool_]) -> Weights:
    """Only the ``free`` slots of the table may change."""
    table = weights["memory"].copy()
    for _ in range(STEPS):
        table[free] -= MEMORY_RATE * gradients(weights | {"memory": table}, facts)["memory"][free]
    return weights | {"memory": table}


def run(seed: int = 0, *, chosen: bool = True) -> Numbers:
    """Learn 300 facts, then 200 others in five ways."""
    rng = np.random.default_rng(seed)
    keys = rng.normal(size=(SLOTS if chosen else 2 * USED, WIDTH))

    def facts(count: int) -> Facts:
        asked = rng.normal(size=(count, WIDTH))
        nearest = np.argsort(-asked @ keys.T, axis=1)[:, :USED]
        return asked, nearest, rng.integers(0, ANSWERS, count)

    def right(weights: Weights, of: Facts) -> float:
        return float(np.mean(chances(weights, of[0], of[1])[0].argmax(axis=1) == of[2]))

    old, new = facts(OLD), facts(NEW)
    start = {"in": rng.normal(0, WIDTH**-0.5, (WIDTH, HIDDEN)), "memory": np.zeros((len(keys), ANSWERS))}
    base = full(start | {"out": rng.normal(0, HIDDEN**-0.5, (HIDDEN, ANSWERS))}, old, 300)
    uses = np.bincount(old[1].ravel(), minlength=len(keys))  # by old facts, of each slot
    free = uses <= 1 if chosen else uses >= 0
    ways = {
        "before": base,
        "full fine-tuning": full(base, new),
        **{f"LoRA, rank {rank}": lora(base, new, rank, rng) for rank in (4, 2, 1)},
        "memory layer": memory(base, new, free),
    }
    return {"ways": {way: {"new": right(w, new), "old": right(w, old)} for way, w in ways.items()}}


def check(numbers: Numbers) -> None:
    ways = numbers["ways"]
    all_, four, two, one, table = (ways[way] for way in list(ways)[1:])
    expect(all_["new"] > 0.95 and all_["old"] < 0.55, "full fine-tuning learns all and forgets much")
    expect(all_["new"] > four["new"] + 0.05 > two["new"] + 0.1 > one["new"] + 0.15, "less rank learns less")
    expect(one["old"] > all_["old"] + 0.15, "at rank 1, less is forgotten")
    expect(table["old"] > 0.85 and table["new"] > 0.65, "a memory layer learns most and keeps nearly all")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"A model knows {OLD} facts, and is taught {NEW} new ones without seeing the old again.",
        f"{'':<22}new facts right   old facts right",
        *(
            f"{way:<22}{row['new']:>15.0%}{row['old']:>18.0%}   {'#' * round(20 * row['old'])}"
            for way, row in numbers["ways"].items()
        ),
        "Full fine-tuning gets the new in and most of the old out: all share the same weights.",
        "LoRA learns less and forgets less, both the more so the lower its rank.",
        "The memory layer changes only slots that old facts hardly use. It learns most of the new,",
        "and most of the old stays where it was: nearly all, not all.",
    ]
