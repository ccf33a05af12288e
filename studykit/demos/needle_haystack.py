"""A needle in a haystack: the best match is still the best, but its voice drowns.

Attention gives every word of the text a weight, however badly it fits, and all weights add up to one.
In a long text there are so many that fit badly that together they outweigh the one that fits. The
needle has not been overlooked: no word matches better. What is read is a mixture, and the needle's
share in it gets smaller and smaller. Against that, matches have to be sharper the longer the text.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="needle_haystack",
    title="A needle in a haystack: why long texts are hard",
    layer="inference",
    terms=("needle-in-a-haystack", "long-context", "context-rot", "softmax"),
    claim="With the same sharpness, one needle is read rightly in short texts and lost in long ones, though "
    "it matches best in all; matches that get sharper with the logarithm of the length keep it.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 95 % in",
            claim="On a test of long contexts one model scored about 30 %, its next version about 70 %; "
            "windows of a million tokens are there now, of 2 to 5 million expected next.",
        ),
    ),
    cannot_show="A large model has many layers and heads, which learn to be sharp where it matters, and "
    "meets words that nearly match; here all but the needle are unlike it.",
    mechanism=Mechanism(
        keyword="shared",
        off=False,
        without="Sharing: only the best match is read, with all the weight, so that length takes nothing.",
    ),
    knobs=(
        Knob(name="sharp", low=1, high=30, help="by which matches are multiplied before softmax"),
        Knob(name="alike", low=0, high=0.95, help="how much the keys of all words have in common"),
        Knob(name="needles", low=1, high=5, help="sentences that must all be read rightly"),
    ),
    tries=(
        Try(
            set={"sharp": 9},
            then="Sharpness 9 instead of 5, for all lengths: the needle is read rightly even in 4,096 words. "
            "What grows with sharpness is not the length but the number of its doublings.",
            shows=lambda before, after: (
                after["rows"][-1]["right"]["same"] > 0.9 and before["rows"][-1]["right"]["same"] < 0.2
            ),
        ),
        Try(
            set={"alike": 0.6},
            then="Give all words something in common, as sentences on one subject have: the needle still "
            "matches best, and yet it is lost in most texts of 64 words.",
            shows=lambda before, after: (
                after["rows"][1]["best"] > 0.95
                and after["rows"][1]["right"]["same"] < 0.5 < before["rows"][1]["right"]["same"]
            ),
        ),
        Try(
            set={"needles": 4},
            then="Ask for 4 sentences that must all be read rightly: at the length where one is found every "
            "other time, all of them hardly ever are.",
            shows=lambda before, after: (
                0.35 < before["rows"][3]["right"]["same"] < 0.65 and after["rows"][3]["right"]["same"] < 0.2
            ),
        ),
    ),
    equation=r"w_{\text{needle}} = \frac{e^{s m}}{e^{s m} + \sum_{i=1}^{n-1} e^{s m_i}}, \quad "
    r"s \sim \log n \text{ keeps it from vanishing}",
    letters="w: weight of the needle; m: how well a place matches; s: sharpness; n: length of the text.",
    seconds=0.5,
)

LENGTHS = (16, 64, 256, 1024, 4096)
WIDTH, WORDS, TEXTS, SHARP, MIDDLE = 32, 50, 60, 5.0, 64

Array = NDArray[np.float64]


def unit(rows: Array) -> Array:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True))


def attend(matches: Array, sharp: float, *, shared: bool) -> Array:
    """The weight of each word of a text, from how well its key matches what is asked."""
    if not shared:
        return np.asarray(matches == matches.max(), float)
    looks = np.exp(sharp * (matches - matches.max()))
    return np.asarray(looks / looks.sum())


def text(chance: np.random.Generator, length: int, alike: float) -> tuple[Array, NDArray[np.int64]]:
    """Keys (length, width) with something in common, and which word each of them stands for."""
    own, common = unit(chance.normal(size=(length, WIDTH))), unit(chance.normal(size=WIDTH))
    return unit((1 - alike) * own + alike * common), chance.integers(WORDS, size=length)


def run(
    seed: int = 0, *, sharp: float = SHARP, alike: float = 0.0, needles: int = 1, shared: bool = True
) -> Numbers:
    """Ask for needles in texts of five lengths, as sharp in all or sharper in longer ones."""
    chance = np.random.default_rng(seed)
    meanings = unit(chance.normal(size=(WORDS, WIDTH)))  # what attention reads: a mixture of these
    rows = []
    for length in LENGTHS:
        sharper = sharp * math.log(length) / math.log(MIDDLE)
        best, shares, right = 0, {"same": 0.0, "sharper": 0.0}, {"same": 0, "sharper": 0}
        for _ in range(TEXTS):
            keys, words = text(chance, length, alike)
            where = chance.choice(length, size=needles, replace=False)
            wrong = dict.fromkeys(right, False)
            for at in where:
                asked = unit(keys[at] + unit(chance.normal(size=WIDTH)) / 2)  # in other words
                matches = keys @ asked
                best += int(matches.argmax()) == at
                for way, by in (("same", sharp), ("sharper", sharper)):
                    weights = attend(matches, by, shared=shared)
                    read = weights @ meanings[words]
                    shares[way] += float(weights[at])
                    wrong[way] |= int((meanings @ read).argmax()) != words[at]
            for way in right:
                right[way] += not wrong[way]
        rows.append(
            {
                "length": length,
                "best": best / TEXTS / needles,
                "share": {way: share / TEXTS / needles for way, share in shares.items()},
                "right": {way: count / TEXTS for way, count in right.items()},
            }
        )
    return {"sharp": sharp, "needles": needles, "rows": rows}


def check(numbers: Numbers) -> None:
    rows = numbers["rows"]
    expect(all(row["best"] > 0.95 for row in rows), "the needle matches best, however long the text")
    expect(rows[0]["right"]["same"] > 0.95, "in a short text it is read rightly")
    expect(rows[-1]["right"]["same"] < 0.25, "in a long one it is lost")
    expect(rows[-1]["share"]["same"] < 0.05 * rows[0]["share"]["same"], "its share has shrunk")
    expect(all(row["right"]["sharper"] > 0.9 for row in rows), "with sharper matches it is kept")


def lines(numbers: Numbers) -> list[str]:
    what = "One sentence" if numbers["needles"] == 1 else f"{numbers['needles']} sentences"
    return [
        f"{what} somewhere in a text, asked for in other words. {TEXTS} texts of each length:",
        "                            all texts as sharp               the longer, the sharper",
        "    length   best match     its weight   read rightly        its weight   read rightly",
        *(
            f"{row['length']:>10,}{row['best']:>13.0%}"
            + "    ".join(f"{row['share'][way]:>15.0%}{row['right'][way]:>15.0%}" for way in row["share"])
            for row in numbers["rows"]
        ),
        "The needle is not overlooked: it matches best in texts of all lengths. But weights add up to one,",
        "and thousands of words that hardly match take more of it together than the one that does.",
        f"On the right, sharpness is {numbers['sharp']:g} at {MIDDLE} words and grows with the logarithm of "
        "the length.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(math.log2(row["length"]), row["right"][way]) for row in numbers["rows"]]
        for way, name in (("same", "all as sharp"), ("sharper", "the longer, the sharper"))
    }
    return svg.lines("Is the needle read rightly?", series, x="doublings of the length", y="right")
