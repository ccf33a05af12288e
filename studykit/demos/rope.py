"""RoPE: turn queries and keys by an angle that grows with their place, and only distance counts.

A vector is cut into pairs of numbers, and each pair is a point in a plane. At place 7 it is turned by 7
times the pair's own angle. Turning two points alike does not change how they lie to each other, so what
query and key have in common depends on how far apart they stand, not on where.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="rope",
    title="RoPE: place as an angle, so that only distance counts",
    layer="objective and architecture",
    terms=("rope", "positional-encoding"),
    claim="Rotated by their places, query and key match by their distance alone, wherever they stand; places "
    "added to the vectors do not have that property.",
    equation=r"(R_m q)^\top (R_n k) = q^\top R_{n-m} \, k",
    letters="q: query; k: key; m, n: their places; R: a turn by an angle that grows with the place.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 70 % in",
            claim="Rebuilding Olmo 3 from scratch, the hard part to get right was how it handles positions: "
            "RoPE with the YaRN extension.",
        ),
    ),
    cannot_show="Longer distances than in training bring angles that the model has never met. YaRN slows the "
    "slow pairs down, so that they stay within what is known, and the model is trained a little more.",
    mechanism=Mechanism(
        keyword="rotated",
        off=False,
        without="Turning: places are added to query and key instead.",
    ),
    knobs=(
        Knob(
            name="base",
            low=1,
            high=100000,
            help="the slowest pair turns about this many times as slowly as the first",
        ),
        Knob(name="unlike", low=0, high=5, help="how far the key is from what the query looks for"),
    ),
    tries=(
        Try(
            set={"base": 1},
            then=(
                "Let all pairs turn at the same speed: a key 50 places off now fits nearly as well as one "
                "close by. Like a single hand of a clock, it has come round."
            ),
            shows=lambda _, now: (
                now["rotated"][-1][0] > 0.9 * now["rotated"][0][0] > 1.5 * now["rotated"][2][0]
            ),
        ),
        Try(
            set={"base": 100000},
            then=(
                "Let the slowest pairs turn 10 times as slowly: over 50 places a key and its query lose "
                "less of their match. That is why models for long texts use a large base."
            ),
            shows=lambda was, now: now["rotated"][-1][0] > was["rotated"][-1][0] + 2,
        ),
        Try(
            set={"base": 10},
            then=(
                "Let even the slowest pair turn fast: 5 places away most of the match is gone, so it sees "
                "only its neighbours."
            ),
            shows=lambda was, now: (
                now["rotated"][2][0] < 0.45 * now["rotated"][0][0]
                and was["rotated"][2][0] > 0.6 * was["rotated"][0][0]
            ),
        ),
    ),
    seconds=0.05,
)

WIDTH, BASE = 64, 10_000.0
DISTANCES, PLACES = (0, 1, 5, 50), (0, 10, 100, 900)

Array = NDArray[np.float64]
Encode = Callable[[Array, float], Array]


def rotate(x: Array, place: float, base: float = BASE) -> Array:
    """``x`` (…, width), turned pair by pair; the first pairs fast, the last ones hardly."""
    angles = place * speeds(base)
    left, right = x[..., 0::2], x[..., 1::2]  # (…, width / 2)
    turned = np.empty_like(x)
    turned[..., 0::2] = left * np.cos(angles) - right * np.sin(angles)
    turned[..., 1::2] = left * np.sin(angles) + right * np.cos(angles)
    return turned


def speeds(base: float = BASE) -> Array:
    """How far each pair turns from one place to the next, in radians: (width / 2,)."""
    return np.asarray(base ** (-np.arange(0, WIDTH, 2) / WIDTH))


def add(x: Array, place: float) -> Array:
    """The older way: add waves that show the place."""
    waves = np.empty(WIDTH)
    waves[0::2], waves[1::2] = np.sin(place * speeds()), np.cos(place * speeds())
    return np.asarray(x + waves)


def run(seed: int = 0, *, rotated: bool = True, base: float = BASE, unlike: float = 0.5) -> Numbers:
    """How well one query and one key match, at several places and distances."""
    chance = np.random.default_rng(seed)
    query = chance.normal(size=WIDTH)
    key = query + unlike * chance.normal(size=WIDTH)  # what the query is looking for

    def table(encode: Encode) -> list[list[float]]:
        """Matches by distance and place: (distances, places)."""
        return [[float(encode(query, at + far) @ encode(key, at)) for at in PLACES] for far in DISTANCES]

    encode = partial(rotate, base=base) if rotated else add
    return {
        "rotated": table(encode),
        "added": table(add),
        "best_far": max(float(encode(query, far) @ encode(key, 0)) for far in range(50, 2000)),
        "length_kept": float(np.linalg.norm(encode(query, 77)) / np.linalg.norm(query)),
    }


def _spread(rows: list[list[float]]) -> float:
    """The largest difference within a row: one distance, several places."""
    return max(max(row) - min(row) for row in rows)


def check(numbers: Numbers) -> None:
    rotated = numbers["rotated"]
    expect(_spread(rotated) < 1e-9, "at one distance the match is the same at all places")
    expect(rotated[0][0] > rotated[-1][0] + 5, "the further apart, the weaker the match")
    expect(numbers["best_far"] < 0.95 * rotated[0][0], "no far place looks like a near one: speeds differ")
    expect(_spread(numbers["added"]) > 1, "with places added, it depends on the place too")
    expect(abs(numbers["length_kept"] - 1) < 1e-9, "turning makes no vector longer")


def lines(numbers: Numbers) -> list[str]:
    def rows(name: str) -> list[str]:
        return [
            f"{far:>11}   " + "".join(f"{match:>9.1f}" for match in row)
            for far, row in zip(DISTANCES, numbers[name], strict=True)
        ]

    places = "".join(f"{at:>9}" for at in PLACES)
    return [
        f"A query and a key that suits it, {WIDTH} numbers each. How well do they match? The key is at place",
        f"{'distance':>11}   {places}",
        "turned by an angle that grows with the place (RoPE):",
        *rows("rotated"),
        "a wave added that shows the place:",
        *rows("added"),
        "Turned, each row is one number: only the distance counts, and near ones match best.",
        "Pairs turn at different speeds and never all come round: "
        f"best match beyond 50: {numbers['best_far']:.0f}.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        f"{how}, {DISTANCES[row]} apart": [
            (float(at), fit) for at, fit in zip(PLACES, table[row], strict=True)
        ]
        for how, table in (("added", numbers["added"]), ("turned", numbers["rotated"]))
        for row in (0, -1)
    }
    return svg.lines("How well they match, wherever they stand", series, x="place of the key", y="match")
