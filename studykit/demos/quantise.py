"""Quantisation: keep each weight as one of a few levels, and count what it costs.

A weight of 32 bits is far more exact than a trained network needs. Take the largest weight, lay evenly
spaced levels up to it, and round every weight to the nearest: with 8 bits 255 levels, with 4 bits 15. One
large weight makes the steps coarse for all that share its scale, so a scale for each column is better than
one for the whole matrix.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="quantise",
    title="Quantisation: fewer bits for a weight",
    layer="inference",
    terms=("quantization", "low-precision"),
    claim="Rounded to 8 bits a trained network is as good as before; with fewer bits it gets worse, later if "
    "every column of weights has a scale of its own.",
    equation=r"\hat{w} = s \cdot \operatorname{round}\left(\frac{w}{s}\right), \qquad s = \frac{\max "
    r"|w|}{2^{b-1} - 1}",
    letters="w: a weight; s: the step between two levels; b: bits for a weight.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="03:18:34",
            claim="Smaller versions of models, in lower precision, run on one's own laptop.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 27 % in",
            claim="Training in 8 instead of 16 bits gives 13,000 tokens a second on a chip instead of "
            "10,000; 4 bits are next.",
        ),
    ),
    cannot_show="Time and energy, which is what few bits save on real chips; nor training in few bits, where "
    "the gradients must be kept alive as well.",
    mechanism=Mechanism(
        keyword="fitted",
        off=False,
        without="Fitting the levels to the weights: they reach from -100 to 100 whatever the weights are.",
    ),
    knobs=(
        Knob(name="unevenness", low=0, high=2, help="how differently large the weights of hidden units are"),
        Knob(name="noise", low=0.1, high=2, help="how far examples lie from the middle of their kind"),
    ),
    tries=(
        Try(
            set={"unevenness": 0},
            then=(
                "Let all hidden units begin with weights of one size: 3 bits then lose hardly anything, "
                "with one scale for the matrix too. It was the few large weights that did the harm."
            ),
            shows=lambda was, now: (
                now["rounded"]["one scale for a matrix"][3][0] > now["full"][0] - 0.05
                and was["rounded"]["one scale for a matrix"][3][0] < 0.5
            ),
        ),
        Try(
            set={"noise": 0.1},
            then=(
                "Make the ten kinds easy to tell apart: 3 bits with a scale for each column make no "
                "mistake, one scale for the matrix fails as before. Easy questions hide what rounding "
                "costs, up to a point."
            ),
            shows=lambda was, now: (
                now["rounded"]["one for each column"][3][0]
                > 0.98
                > was["rounded"]["one for each column"][3][0]
                and now["rounded"]["one scale for a matrix"][3][0] < 0.6
            ),
        ),
        Try(
            set={"unevenness": 2},
            then="Make the units more uneven: with one scale even 6 bits lose something, and 4 lose most.",
            shows=lambda was, now: (
                now["rounded"]["one scale for a matrix"][1][0] < now["full"][0] - 0.03
                and now["rounded"]["one scale for a matrix"][2][0]
                < 0.5
                < was["rounded"]["one scale for a matrix"][2][0]
            ),
        ),
    ),
    seconds=0.3,
)

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

INPUTS, HIDDEN, KINDS = 20, 48, 10
BITS = (8, 6, 4, 3, 2)
STEPS, RATE = 300, 0.5
FAR = np.full((1, 1), 100.0)  # how far the levels reach that were not laid out by the weights


def quantise(weights: Floats, bits: int, largest: Floats) -> Floats:
    """(rows, columns) weights, each rounded to the nearest of 2^bits - 1 levels up to ``largest``."""
    levels = 2 ** (bits - 1) - 1  # on either side of 0
    return np.asarray(np.rint(weights / largest * levels) / levels * largest)


SCALES: dict[str, Callable[[Floats], Floats]] = {
    "one scale for a matrix": lambda weights: np.abs(weights).max(keepdims=True),
    "one for each column": lambda weights: np.abs(weights).max(axis=0, keepdims=True),
}


def scores(network: list[Floats], seen: Floats) -> tuple[Floats, Floats]:
    """What the hidden units do, (rows, HIDDEN), and the score of every kind, (rows, KINDS)."""
    hidden = np.maximum(seen @ network[0], 0)
    return hidden, hidden @ network[1]


def chances(score: Floats) -> Floats:
    powers = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def train(seen: Floats, kinds: Labels, chance: np.random.Generator, unevenness: float = 1.2) -> list[Floats]:
    """Gradient descent on a network with one hidden layer, some of whose units have large weights."""
    network = [
        chance.normal(size=(INPUTS, HIDDEN)) / np.sqrt(INPUTS) * chance.lognormal(0, unevenness, HIDDEN),
        chance.normal(size=(HIDDEN, KINDS)) / np.sqrt(HIDDEN) / 3,
    ]
    for _ in range(STEPS):
        hidden, score = scores(network, seen)
        error = (chances(score) - np.eye(KINDS)[kinds]) / len(seen)  # (rows, KINDS)
        back = error @ network[1].T * (hidden > 0)  # (rows, HIDDEN)
        network = [network[0] - RATE * seen.T @ back, network[1] - RATE * hidden.T @ error]
    return network


def run(seed: int = 0, *, fitted: bool = True, unevenness: float = 1.2, noise: float = 0.9) -> Numbers:
    """Train to tell ten kinds apart, then round the weights to 8, 6, 4, 3 and 2 bits."""
    chance = np.random.default_rng(seed)
    middles = chance.normal(size=(KINDS, INPUTS))

    def examples() -> tuple[Floats, Labels]:
        kinds = chance.integers(0, KINDS, 1000)
        return middles[kinds] + noise * chance.normal(size=(1000, INPUTS)), kinds

    network = train(*examples(), chance, unevenness)
    seen, kinds = examples()

    def examine(weights: list[Floats]) -> list[float]:
        """Share right, and mean surprise."""
        said = chances(scores(weights, seen)[1])
        right = float((said.argmax(axis=1) == kinds).mean())
        return [right, float(-np.log(said[np.arange(len(kinds)), kinds] + 1e-12).mean())]

    rounded = {
        name: [examine([quantise(w, bits, scale(w) if fitted else FAR) for w in network]) for bits in BITS]
        for name, scale in SCALES.items()
    }
    return {"full": examine(network), "rounded": rounded, "weights": sum(w.size for w in network)}


def check(numbers: Numbers) -> None:
    (right, loss), rounded = numbers["full"], numbers["rounded"]
    whole, column = rounded["one scale for a matrix"], rounded["one for each column"]
    expect(abs(column[0][0] - right) < 0.01 and column[0][1] < 1.1 * loss, "8 bits are as good as all")
    expect(whole[-1][0] < right - 0.4 and column[-1][1] > 3 * loss, "2 bits are not")
    at = BITS.index(3)
    expect(column[at][0] > whole[at][0] + 0.05, "with 3 bits, a scale for each column helps")


def lines(numbers: Numbers) -> list[str]:
    right, _ = numbers["full"]
    whole, column = numbers["rounded"].values()
    rows = zip(BITS, whole, column, strict=True)
    return [
        f"A network with {numbers['weights']:,} weights of 64 bits tells ten kinds apart: {right:.0%} right.",
        "Now each weight is rounded to one of a few levels:",
        "bits  levels   one scale for a matrix   one for each column   8 billion such weights",
        *(
            f"{bits:>4}{2**bits - 1:>8}{one:>25.0%}{many:>22.0%}{bits:>22} GB"
            for bits, (one, _), (many, _) in rows
        ),
        "With 8 bits nothing is lost; with 2, only -1, 0 and 1 are left, and much is.",
        "One large weight makes the steps coarse for all that share its scale; so share it among few.",
        "A model of 8 billion weights takes 16 GB with 16 bits, and with 4 fits into an ordinary laptop.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(bits), right) for bits, (right, _) in zip(BITS, found, strict=True)]
        for name, found in numbers["rounded"].items()
    }
    return svg.lines("Rounded weights", series, x="bits for a weight", y="share right")
