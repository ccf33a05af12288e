"""Contradictory updates: a fact changes, and changes again. What is done with the old versions?

Leave them all in the training data, and the model hesitates between them. Train on the newest alone, on
top of the last model, time after time, and the other facts wear away; less, if one starts from the first
model each time. Throw the old versions out and train on all data anew, and nothing is lost but the cost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="conflicting_updates",
    title="Contradictory updates: throw the old version out",
    layer="knowledge in weights",
    terms=("version-control", "temporal-order"),
    claim="A model trained on all versions of a fact hesitates between them; edited again and again it knows "
    "the newest, but loses more of the rest than when edited from the first model each time.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="shortly before 58:42",
            claim="Outdated documents should be thrown out before training, as contradictions may lead to "
            "hallucinations.",
        ),
        Said(
            talk="a talk on training models on your own data",
            where="after 58:42",
            claim="Whether to train on everything at once, in order of time, or on parts that are merged, is "
            "not known.",
        ),
    ),
    cannot_show="Here the versions say nothing of their dates. A real text often does, and a large model can "
    "learn that the later one holds.",
    mechanism=Mechanism(
        keyword="changing",
        off=False,
        without="Change: every version says the same.",
    ),
    knobs=(
        Knob(name="sure", low=0.2, high=0.99, help="how sure the model is to be of each new version"),
        Knob(name="facts", low=10, high=200, help="other facts that it knows"),
    ),
    tries=(
        Try(
            set={"facts": 20},
            then=(
                "Leave 20 other facts instead of 100: edits on edits do hardly any harm. Where there is "
                "room, facts do not stand in each other's way."
            ),
            shows=lambda was, now: (
                now["ways"]["edit on top of the last edit"]["others"]
                > 0.85
                > was["ways"]["edit on top of the last edit"]["others"] + 0.1
            ),
        ),
        Try(
            set={"facts": 200},
            then=(
                "Give it 200 others, more than it can hold: training on all the newest data now gets only "
                "part of the changed facts right, while an edit gets them all, at the cost of the rest."
            ),
            shows=lambda _, now: (
                now["ways"]["all data, the newest alone"]["newest"] < 0.8
                and now["ways"]["edit the first model"]["newest"] > 0.95
                and now["ways"]["edit the first model"]["others"] < 0.6
            ),
        ),
        Try(
            set={"sure": 0.2},
            then=(
                "Ask the model to be just 20 % sure of each new version: edits on edits spoil nearly as "
                "much of the rest. To turn eight answers over, most of the way has been gone already."
            ),
            shows=lambda was, now: (
                now["ways"]["edit on top of the last edit"]["sure"] < 0.9
                and now["ways"]["edit on top of the last edit"]["others"]
                < was["ways"]["edit on top of the last edit"]["others"] + 0.1
            ),
        ),
    ),
    seconds=0.3,
)

WIDTH, VALUES, OTHERS, EDITED, VERSIONS = 32, 16, 100, 8, 16
STEPS, RATE, SURE = 500, 0.5, 0.95

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def chances(weights: Array, asked: Array) -> Array:
    """(questions, VALUES), for ``asked`` of (questions, WIDTH) and weights of (WIDTH, VALUES)."""
    scores = asked @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def slope(weights: Array, asked: Array, wanted: Array) -> Array:
    """Of the cross-entropy, mean over questions; ``wanted`` are chances, (questions, VALUES)."""
    return np.asarray(asked.T @ (chances(weights, asked) - wanted) / len(asked))


def fit(weights: Array, asked: Array, wanted: Array) -> Array:
    """Train for many steps."""
    for _ in range(STEPS):
        weights = weights - RATE * slope(weights, asked, wanted)
    return weights


def edit(weights: Array, asked: Array, values: Ints, sure: float = SURE) -> Array:
    """Train on these facts alone until the model is sure of each."""
    wanted = np.eye(VALUES)[values]
    while (chances(weights, asked)[np.arange(len(values)), values] < sure).any():
        weights = weights - RATE * slope(weights, asked, wanted)
    return weights


def run(seed: int = 0, *, changing: bool = True, sure: float = SURE, facts: int = OTHERS) -> Numbers:
    """108 facts, of which 8 change fifteen times."""
    rng = np.random.default_rng(seed)
    asked = rng.normal(size=(facts + EDITED, WIDTH))
    others, edited = asked[:facts], asked[facts:]
    values = rng.integers(0, VALUES, facts)
    versions = rng.permuted(np.tile(np.arange(VALUES), (EDITED, 1)), axis=1)[:, :VERSIONS]
    if not changing:
        versions[:] = versions[:, :1]

    def measured(weights: Array, newest: Ints) -> dict[str, float]:
        given = chances(weights, edited)
        return {
            "newest": float(np.mean(given.argmax(axis=1) == newest)),
            "sure": float(np.mean(given[np.arange(EDITED), newest])),
            "others": float(np.mean(chances(weights, others).argmax(axis=1) == values)),
        }

    known = np.eye(VALUES)
    first = fit(np.zeros((WIDTH, VALUES)), asked, known[np.concatenate([values, versions[:, 0]])])
    continued, steps = first, [[measured(first, versions[:, 0])["others"]] * 2]
    for newest in versions.T[1:]:
        continued = edit(continued, edited, newest, sure)
        from_first = edit(first, edited, newest, sure)
        steps.append([measured(model, newest)["others"] for model in (continued, from_first)])
    mixed = np.concatenate([known[values], known[versions].mean(axis=1)])
    clean = np.concatenate([known[values], known[newest]])
    models = {
        "all data, all versions": fit(np.zeros((WIDTH, VALUES)), asked, mixed),
        "all data, the newest alone": fit(np.zeros((WIDTH, VALUES)), asked, clean),
        "edit on top of the last edit": continued,
        "edit the first model": from_first,
    }
    return {
        "facts": facts,
        "ways": {way: measured(model, newest) for way, model in models.items()},
        "steps": steps,
    }


def check(numbers: Numbers) -> None:
    mixed, clean, continued, from_first = numbers["ways"].values()
    expect(mixed["sure"] < 0.3, "with all versions in the data the model is not sure of the newest")
    expect(clean["newest"] == clean["others"] == 1, "without the old versions it knows everything")
    expect(continued["newest"] == from_first["newest"] == 1, "either way of editing gives the newest")
    expect(continued["others"] < from_first["others"] - 0.1, "edits on edits spoil more of the rest")


def lines(numbers: Numbers) -> list[str]:
    steps, facts = numbers["steps"], numbers["facts"] + EDITED
    return [
        f"{facts} facts; {EDITED} of them change {VERSIONS - 1} times. What is known at the end:",
        f"{'':<32}newest right   chance it gives   other facts right",
        *(
            f"{way:<32}{row['newest']:>12.0%}{row['sure']:>18.0%}{row['others']:>20.0%}"
            for way, row in numbers["ways"].items()
        ),
        "All versions in the data contradict each other, and the model gives each a little.",
        "Edits on edits, other facts still right after 1, 5, 10, 15: "
        + " ".join(f"{steps[i][0]:.0%}" for i in (1, 5, 10, 15)),
        "From the first model each time:                            "
        + " ".join(f"{steps[i][1]:.0%}" for i in (1, 5, 10, 15)),
        "Cleanest is to throw the old versions out and train on everything again, which costs the",
        "most. In an index one deletes the old page, and is done.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        way: [(float(i), step[column]) for i, step in enumerate(numbers["steps"])]
        for column, way in enumerate(("edits on edits", "from the first model"))
    }
    return svg.lines("Other facts still right", series, x="edits", y="share right")
