"""Bits per parameter: how much a model can hold is set by its size, not by how much it is given.

Facts that follow no rule, such as telephone numbers, can only be learned by heart. How many bits of
them are in the model? Without it, a number out of 16 takes 4 bits to write down; with its help, -log2
of the chance that it gives to the right one. What is saved is what it holds. Give models of three
sizes more and more such facts: what each holds per parameter stops growing at the same place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="bits_per_param",
    title="Bits per parameter: a model holds so much, and no more",
    layer="retrieval",
    terms=("bits-per-parameter", "fixed-capacity", "billion-parameter-model"),
    claim="However many facts it is given, a model holds about the same number of bits per parameter, "
    "whatever its size.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="23:11",
            claim="A language model can store 3.6 bits per parameter; what does not fit is thrown out.",
        ),
        Said(
            talk="a talk on training models on your own data",
            where="23:30",
            claim="So a billion parameters hold about 4 terabytes; corrected by a listener to 4 gigabytes.",
        ),
    ),
    cannot_show="This model, one layer, holds .7 bits; 3.6 was measured on deep ones of the GPT kind. And "
    "real text mostly follows rules, which take far less room than random facts.",
    mechanism=Mechanism(
        keyword="rule",
        off=True,
        without="Randomness: the facts follow a rule, and once that is found any number of them fits.",
    ),
    knobs=(
        Knob(name="steps", low=5, high=400, help="steps of training"),
        Knob(name="bits", low=3, high=64, help="bits in which a weight is stored"),
    ),
    tries=(
        Try(
            set={"steps": 5},
            then=(
                "Stop after 5 steps of training: facts that would fit are held only in part. Capacity is "
                "what training can fill, not what is full by itself."
            ),
            shows=lambda was, now: (
                max(model["rows"][1]["held"] for model in now["models"])
                < 0.75
                < min(model["rows"][1]["held"] for model in was["models"])
            ),
        ),
        Try(
            set={"steps": 400},
            then=(
                "Train for 400 steps instead of 150: of twice the facts that fit it holds no more. Full "
                "is full."
            ),
            shows=lambda was, now: (
                now != was
                and all(
                    abs(x["rows"][2]["held"] - y["rows"][2]["held"]) < 0.05
                    for x, y in zip(now["models"], was["models"], strict=True)
                )
            ),
        ),
        Try(
            set={"bits": 4},
            then=(
                "Store each weight in 4 bits instead of 64: it holds as much as before. Of 64 bits less "
                "than one is filled with facts, so nearly all of them can be thrown away; that is why "
                "models can be made small."
            ),
            shows=lambda was, now: (
                now != was
                and all(
                    abs(x["held"] - y["held"]) < 0.06
                    for one, other in zip(now["models"], was["models"], strict=True)
                    for x, y in zip(one["rows"], other["rows"], strict=True)
                )
            ),
        ),
    ),
    seconds=0.6,
)

VALUES = 16  # a fact is one of 16 values: 4 bits
WIDTHS = (16, 32, 64)
OFFERED = (0.5, 1, 2, 4, 8)  # bits of facts given, per parameter
STEPS, RATE, MOMENTUM = 150, 1.0, 0.9
BITS = 64  # in which a weight is stored

Array = NDArray[np.float64]


def chances(weights: Array, keys: Array) -> Array:
    """(facts, values), for keys of (facts, width) and weights of (width, values)."""
    scores = keys @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def learn(keys: Array, values: NDArray[np.int64], steps: int = STEPS) -> Array:
    """Gradient descent with momentum on the mean of -log(chance of the right value)."""
    weights = np.zeros((keys.shape[1], VALUES))
    speed = np.zeros_like(weights)
    right = np.eye(VALUES)[values]
    for _ in range(steps):
        slope = keys.T @ (chances(weights, keys) - right) / len(keys)
        speed = MOMENTUM * speed - RATE * slope
        weights += speed
    return weights


def rounded(weights: Array, bits: int) -> Array:
    """Each weight as one of 2 ** bits values, evenly spaced."""
    most = np.abs(weights).max()
    step = 2 * most / (2**bits - 1)
    return np.asarray(np.round((weights + most) / step) * step - most) if bits < BITS else weights


def bits_held(weights: Array, keys: Array, values: NDArray[np.int64]) -> float:
    """Bits that the model saves when the values are written down with its help."""
    given = chances(weights, keys)[np.arange(len(values)), values]
    return float(len(values) * np.log2(VALUES) + np.log2(given).sum())


def run(seed: int = 0, *, rule: bool = False, steps: int = STEPS, bits: int = BITS) -> Numbers:
    """Facts without a rule, for models of three sizes."""
    rng = np.random.default_rng(seed)
    models = []
    for width in WIDTHS:
        rows, parameters = [], width * VALUES
        secret = rng.normal(size=(width, VALUES))
        for offered in OFFERED:
            facts = round(offered * parameters / np.log2(VALUES))
            keys = rng.normal(size=(facts, width))
            values = (keys @ secret).argmax(axis=1) if rule else rng.integers(0, VALUES, facts)
            weights = rounded(learn(keys, values, steps), bits)
            right = float(np.mean(chances(weights, keys).argmax(axis=1) == values))
            held = bits_held(weights, keys, values) / parameters
            rows.append({"offered": offered, "facts": facts, "held": held, "right": right})
        models.append({"parameters": parameters, "rows": rows})
    return {"models": models, "gigabytes": 1e9 * 3.6 / 8 / 1e9}


def check(numbers: Numbers) -> None:
    full = [[row["held"] for row in model["rows"] if row["offered"] > 2] for model in numbers["models"]]
    for held in full:
        expect(max(held) < 1.5 * min(held), "twice the facts, and the model holds no more")
    means = [sum(held) / len(held) for held in full]
    expect(max(means) < 1.3 * min(means), "bits per parameter are the same for all sizes")
    for model in numbers["models"]:
        first, last = model["rows"][0], model["rows"][-1]
        expect(first["held"] > 0.9 * first["offered"], "what fits is held, all of it")
        expect(last["right"] < 0.3, "of what does not fit, most is lost")
    expect(numbers["gigabytes"] < 0.5, "a billion parameters at 3.6 bits are less than half a gigabyte")


def lines(numbers: Numbers) -> list[str]:
    models = numbers["models"]
    return [
        "Facts without any rule, 4 bits each, learned by models of three sizes.",
        "bits given       bits held per parameter (and facts that it gets right)",
        "per parameter" + "".join(f"{model['parameters']:>10} parameters" for model in models),
        *(
            f"{rows[0]['offered']:>13}"
            + "".join(f"{row['held']:>12.1f}  ({row['right']:>4.0%}) " for row in rows).rstrip()
            for rows in zip(*(model["rows"] for model in models), strict=True)
        ),
        "Up to one bit per parameter nearly all is held. Beyond that nothing is added: 8 times the",
        "facts, and every one is only known more vaguely. All sizes are full at the same place.",
        "Models like GPT hold more, 3.6 bits per parameter. For a billion parameters that makes",
        f"  1,000,000,000 × 3.6 bits ÷ 8 bits a byte ÷ 1,000,000,000 = {numbers['gigabytes']:.2f} gigabytes,",
        "not 4 terabytes, and not 4 gigabytes, as was said on stage.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        f"{model['parameters']} parameters": [(row["offered"], row["held"]) for row in model["rows"]]
        for model in numbers["models"]
    }
    return svg.lines("What a model holds", series, x="bits given per parameter", y="bits held per parameter")
