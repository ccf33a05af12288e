"""Linear attention: one matrix in place of the list of all tokens, and two ways to write into it.

Without softmax, attention can be computed in any order: either compare each query with all earlier keys,
or keep a running sum of key × value and ask that. The sum has a fixed size. But a key written twice then
gives both values added up; the delta rule of DeltaNet first takes out what stood there.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="linear_attention",
    title="Linear attention and the delta rule",
    layer="objective and architecture",
    terms=("gated-deltanet", "linear-attention"),
    claim="Linear attention gives the same result from a running matrix as from comparing all pairs, at a "
    "cost in proportion to length; the delta rule replaces a value where the plain sum piles up.",
    equation=r"\text{sum: } S_t = S_{t-1} + k_t v_t^\top, \qquad \text{delta rule: } S_t = S_{t-1} + "
    r"k_t \, (v_t^\top - k_t^\top S_{t-1})",
    letters="S: the state, one matrix; k, v: key and value of token t.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 24 % in",
            claim="Qwen3-Next has Gated DeltaNet layers: a state of fixed size is updated, so that the cost "
            "of attention grows in proportion to the tokens.",
        ),
    ),
    cannot_show="Gated DeltaNet also lets old content fade by a learned gate, and every fourth layer keeps "
    "full attention, since a fixed state cannot hold everything.",
    mechanism=Mechanism(
        keyword="delta",
        off=False,
        without="The delta rule: both memories add up what they are told, and neither takes the old value "
        "back.",
    ),
    knobs=(
        Knob(name="alike", low=0, high=3, help="how much the key of the first person is in every other key"),
        Knob(name="rate", low=0.05, high=1, help="how much of the difference to the old value is written"),
    ),
    tries=(
        Try(
            set={"alike": 1},
            then=(
                "Make all keys resemble the first person's: the delta rule mixes people up as well. "
                "Writing where one lives now moves the others with them."
            ),
            shows=lambda _, now: min(now["right"]["delta"]) < 0.6,
        ),
        Try(
            set={"rate": 0.5},
            then=(
                "Let the delta rule write half of the difference: nearly everyone is still found, move "
                "after move, for what is left of the old town is only a half, a quarter, an eighth."
            ),
            shows=lambda was, now: (
                now["right"]["delta"] != was["right"]["delta"] and min(now["right"]["delta"]) > 0.8
            ),
        ),
        Try(
            set={"rate": 0.1},
            then=(
                "Let it write a tenth: now it lags behind, and the more often people have moved, the "
                "fewer it finds where they are."
            ),
            shows=lambda _, now: now["right"]["delta"][0] > 0.9 and now["right"]["delta"][-1] < 0.7,
        ),
    ),
    seconds=0.1,
)

WIDTH, LENGTHS = 32, (64, 256, 1024)
PEOPLE, TOWNS, MOVES = 16, 20, 5

Array = NDArray[np.float64]


class Work:
    """Counts the multiplications of the products that it makes."""

    def __init__(self) -> None:
        self.count = 0

    def product(self, a: Array, b: Array) -> Array:
        made = np.asarray(a @ b)
        self.count += made.size * a.shape[-1]
        return made


def all_pairs(queries: Array, keys: Array, values: Array, work: Work) -> Array:
    """Each query against all keys up to its own: (tokens, width) each; tokens × tokens matches."""
    matches = np.tril(work.product(queries, keys.T))
    return work.product(matches, values)


def running(queries: Array, keys: Array, values: Array, work: Work) -> Array:
    """The same, token by token, from one matrix (width, width)."""
    state, found = np.zeros((WIDTH, WIDTH)), []
    for query, key, value in zip(queries, keys, values, strict=True):
        state = add(state, key, value, work)
        found.append(work.product(query, state))
    return np.array(found)


def add(state: Array, key: Array, value: Array, work: Work | None = None) -> Array:
    """Plain linear attention: what is new is added to what was there."""
    return state + (work or Work()).product(key[:, None], value[None])


def replace(state: Array, key: Array, value: Array, rate: float = 1.0) -> Array:
    """The delta rule: only the difference to what the key gives now is written."""
    return np.asarray(state + rate * np.outer(key, value - key @ state))


def told(read: Array, places: Array) -> int:
    """The place whose vector is nearest to what was read."""
    return int((places @ read).argmax())


def run(seed: int = 0, *, delta: bool = True, alike: float = 0.0, rate: float = 1.0) -> Numbers:
    """The two ways to compute; then people who move house again and again."""
    chance = np.random.default_rng(seed)
    costs, apart = [], 0.0
    for tokens in LENGTHS:
        queries, keys, values = chance.normal(size=(3, tokens, WIDTH))
        pairs, state = Work(), Work()
        difference = all_pairs(queries, keys, values, pairs) - running(queries, keys, values, state)
        apart = max(apart, float(np.abs(difference).max()))
        costs.append({"tokens": tokens, "pairs": pairs.count, "running": state.count})

    people = np.linalg.qr(chance.normal(size=(WIDTH, PEOPLE)))[0].T  # keys at right angles: (people, width)
    people = (people + alike * people[0]) / np.linalg.norm(people + alike * people[0], axis=1)[:, None]
    places = chance.normal(size=(TOWNS, WIDTH)) / np.sqrt(WIDTH)
    lives = np.array([chance.permutation(TOWNS)[: MOVES + 1] for _ in range(PEOPLE)])  # (people, moves + 1)
    rules = {"sum": add, "delta": partial(replace, rate=rate) if delta else add}
    states = {name: np.zeros((WIDTH, WIDTH)) for name in rules}
    right: dict[str, list[float]] = {name: [] for name in rules}
    for move in range(MOVES + 1):
        for name, write in rules.items():
            for who, where in enumerate(lives[:, move]):
                states[name] = write(states[name], people[who], places[where])
            found = np.array([told(key @ states[name], places) for key in people])
            right[name].append(float((found == lives[:, move]).mean()))
    return {"apart": apart, "costs": costs, "right": right}


def check(numbers: Numbers) -> None:
    short, *_, long = numbers["costs"]
    times = long["tokens"] / short["tokens"]
    expect(numbers["apart"] < 1e-6, "both ways give the same numbers")
    grown = {way: long[way] / short[way] for way in ("pairs", "running")}
    expect(grown["running"] < 1.1 * times, "the running matrix costs in proportion to length")
    expect(grown["pairs"] > 0.9 * times**2, "all pairs cost its square")
    expect(long["running"] < long["pairs"] / 10, "so that of a long text it is the cheaper by far")
    expect(min(numbers["right"]["delta"]) > 0.95, "the delta rule knows where each one lives now")
    expect(numbers["right"]["sum"][-1] < 0.6, "the sum mixes up all places in which one has lived")


def lines(numbers: Numbers) -> list[str]:
    right = numbers["right"]
    return [
        f"The same result in two ways (apart by {numbers['apart']:.0f}); multiplications, counted:",
        "   tokens     all pairs   running matrix",
        *(f"{row['tokens']:>9,} {row['pairs']:>13,} {row['running']:>16,}" for row in numbers["costs"]),
        "Four times the tokens: 16 times the work, or 4. To keep: all tokens, or one matrix.",
        f"Write into the matrix where {PEOPLE} people live, of {TOWNS} towns. Each moves, again and again.",
        "Where does each live now? Right:",
        "    moves   " + "".join(f"{move:>7}" for move in range(MOVES + 1)),
        "plain sum   " + "".join(f"{share:>7.0%}" for share in right["sum"]),
        "delta rule  " + "".join(f"{share:>7.0%}" for share in right["delta"]),
        "The sum holds every place that one ever lived in, all at once. The delta rule looks up the old one",
        "and writes only the difference: the new value takes the place of the old.",
    ]


def plot(numbers: Numbers) -> str:
    names = {"delta rule": "delta", "plain sum": "sum"}
    series = {
        title: [(float(i), share) for i, share in enumerate(numbers["right"][name])]
        for title, name in names.items()
    }
    return svg.lines("Where does each live now?", series, x="moves", y="right")
