"""Catastrophic forgetting: who learns house numbers after digits can no longer read digits.

A small network learns to read digits, dark on light. Then it learns house numbers, the same digits
light on dark. Every step pulls the weights to where house numbers come out right; no step asks where
digits do. Mix a few of the old examples into the lessons, and both are kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="catastrophic_forgetting",
    title="Catastrophic forgetting: the new overwrites the old",
    layer="knowledge in weights",
    terms=("catastrophic-forgetting",),
    claim="Trained on digits and then on house numbers alone, a network loses the digits; with some old "
    "examples mixed in it keeps both.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="between 32:26 and 35:16",
            claim="A network that learns digits and then house numbers loses the digits; known for "
            "decades, and unsolved.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 38 % in",
            claim="Training in stages, as mid-training does, is meant to limit it.",
        ),
    ),
    cannot_show="The old examples help, but of a model with trillions of tokens behind it nobody can show "
    "all of them again; and often its makers alone have them.",
    mechanism=Mechanism(
        keyword="always_mixed",
        off=True,
        without='"Alone": old examples are always mixed in.',
    ),
    knobs=(
        Knob(
            name="old", low=1, high=49, help="of 50 examples, how many are old ones where these are mixed in"
        ),
        Knob(name="hidden", low=2, high=200, help="hidden units of the network"),
    ),
    tries=(
        Try(
            set={"old": 2},
            then=(
                "Mix in 2 old examples instead of 10: for a hundred lessons the digits are gone, and then "
                "most of them come back. What looks forgotten was only out of reach."
            ),
            shows=lambda _, now: (
                now["ways"]["mixed"][4]["digits"] < 0.2 and now["ways"]["mixed"][-1]["digits"] > 0.6
            ),
        ),
        Try(
            set={"hidden": 200},
            then=(
                "Give the network five times as many units: taught house numbers alone, it forgets the "
                "digits at least as fast. It did not lack room; nothing told it to keep what was there."
            ),
            shows=lambda was, now: (
                now["ways"]["alone"][2]["digits"] < 0.05
                and now["ways"]["alone"][1]["houses"] > was["ways"]["alone"][1]["houses"] + 0.1
            ),
        ),
        Try(
            set={"old": 40},
            then=(
                "Mix in 40: the digits never suffer, and the house numbers take several times as "
                "many lessons. Keeping the old is paid for in speed."
            ),
            shows=lambda was, now: (
                min(row["digits"] for row in now["ways"]["mixed"]) > 0.9
                and now["ways"]["mixed"][3]["houses"] < 0.4 < was["ways"]["mixed"][3]["houses"]
            ),
        ),
    ),
    seconds=0.4,
)

GLYPHS = (  # 5 rows of 3, from the top
    "###|#.#|#.#|#.#|###  .#.|##.|.#.|.#.|###  ###|..#|###|#..|###  ###|..#|.##|..#|###  #.#|#.#|###|..#|..# "
    " ###|#..|###|..#|###  ###|#..|###|#.#|###  ###|..#|..#|.#.|.#.  ###|#.#|###|#.#|###  ###|#.#|###|..#|###"
)
DIGITS = np.array([[mark == "#" for mark in glyph if mark != "|"] for glyph in GLYPHS.split()], float)
HIDDEN, STEPS, BATCH, RATE, NOISE = 40, 400, 50, 0.5, 0.25
OLD = 10  # of 50 examples, where old ones are mixed in

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Weights = dict[str, Array]


def chances(weights: Weights, images: Array) -> tuple[Array, Array]:
    """(images, 10) chances of the digits, and the hidden layer; ``images`` is (images, 15)."""
    hidden = np.tanh(images @ weights["in"] + weights["in_bias"])
    scores = hidden @ weights["out"] + weights["out_bias"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True), hidden


def gradients(weights: Weights, images: Array, labels: Labels) -> Weights:
    """Slopes of the mean of -log(chance of the right digit)."""
    d_scores, hidden = chances(weights, images)
    d_scores[np.arange(len(labels)), labels] -= 1
    d_scores /= len(labels)
    d_hidden = (d_scores @ weights["out"].T) * (1 - hidden**2)
    return {
        "in": images.T @ d_hidden,
        "in_bias": d_hidden.sum(axis=0),
        "out": hidden.T @ d_scores,
        "out_bias": d_scores.sum(axis=0),
    }


def images(rng: np.random.Generator, count: int, dark: bool) -> tuple[Array, Labels]:
    """Noisy digits, ink 1 on paper -1; ``dark`` ones, house numbers, the other way round."""
    labels = rng.integers(0, 10, count)
    ink = (2 * DIGITS[labels] - 1) * (-1 if dark else 1)
    return ink + rng.normal(0, NOISE, ink.shape), labels


def right(weights: Weights, shown: Array, labels: Labels) -> float:
    return float(np.mean(chances(weights, shown)[0].argmax(axis=1) == labels))


def run(seed: int = 0, *, always_mixed: bool = False, old: int = OLD, hidden: int = HIDDEN) -> Numbers:
    """Digits, then house numbers: alone, and with old examples among them."""
    rng = np.random.default_rng(seed)
    tests = {"digits": images(rng, 1000, dark=False), "houses": images(rng, 1000, dark=True)}
    base = {"in": rng.normal(0, 0.25, (15, hidden)), "out": rng.normal(0, 0.15, (hidden, 10))}
    base |= {"in_bias": np.zeros(hidden), "out_bias": np.zeros(10)}
    for _ in range(STEPS):
        for name, slope in gradients(base, *images(rng, BATCH, dark=False)).items():
            base[name] = base[name] - RATE * slope
    ways = {}
    for way, again in (("alone", old if always_mixed else 0), ("mixed", old)):
        weights, rows = dict(base), []
        for step in range(STEPS + 1):
            if step in (0, 10, 20, 50, 100, STEPS):
                rows.append({"step": step} | {name: right(weights, *test) for name, test in tests.items()})
            new, known = images(rng, BATCH - again, dark=True), images(rng, again, dark=False)
            batch = np.concatenate([new[0], known[0]]), np.concatenate([new[1], known[1]])
            for name, slope in gradients(weights, *batch).items():
                weights[name] = weights[name] - RATE * slope
        ways[way] = rows
    return {"ways": ways, "old": old}


def check(numbers: Numbers) -> None:
    alone, mixed = numbers["ways"]["alone"], numbers["ways"]["mixed"]
    expect(alone[0]["digits"] > 0.95, "before, digits are read")
    expect(alone[-1]["houses"] > 0.95, "after, house numbers are")
    expect(alone[-1]["digits"] < 0.5, "taught alone, they have pushed the digits out")
    expect(min(mixed[-1]["digits"], mixed[-1]["houses"]) > 0.95, "with old examples mixed in, both are read")


def lines(numbers: Numbers) -> list[str]:
    ways = numbers["ways"]
    glyphs = [glyph.split("|") for glyph in GLYPHS.split()]
    return [
        *("   " + "  ".join(glyph[row].replace(".", " ") for glyph in glyphs) for row in range(5)),
        "A network can read these. Now it is taught house numbers: the same, light on dark.",
        f"            house numbers alone        with {numbers['old']} old examples in {BATCH}",
        "lessons      houses     digits           houses     digits",
        *(
            f"{a['step']:>7}{a['houses']:>12.0%}{a['digits']:>11.0%}{b['houses']:>17.0%}{b['digits']:>11.0%}"
            for a, b in zip(ways["alone"], ways["mixed"], strict=True)
        ),
        "Nobody told it to forget: no lesson asked for digits any more. A few old examples keep them.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        f"digits, {way}": [(float(row["step"]), row["digits"]) for row in rows]
        for way, rows in numbers["ways"].items()
    }
    return svg.lines("Digits read, while house numbers are taught", series, x="lessons", y="share right")
