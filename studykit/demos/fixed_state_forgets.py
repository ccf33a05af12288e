"""A state of fixed size forgets what came first; attention's cache forgets nothing, but grows.

State-space models such as Mamba, and linear attention, keep one matrix however long the text is, and
write every new pair of key and value into it. More than fits cannot be kept: new pairs blur the old.
A transformer keeps every pair and looks all of them up. One is cheap, the other remembers.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="fixed_state_forgets",
    title="A fixed state forgets, a cache grows",
    layer="objective and architecture",
    terms=("state-space-model", "linear-attention", "recurrent-neural-network", "kv-cache"),
    claim="The more pairs a fixed state has to hold, the fewer it gives back, the first ones least; a cache "
    "gives all of them back and grows with their number.",
    equation=r"S_t = S_{t-1} + k_t \, (v_t^\top - k_t^\top S_{t-1}), \qquad o_t = q_t^\top S_t",
    letters="S: the state, one matrix; k, v: key and value of pair t; q: query; o: what is recalled.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 95 % in",
            claim="Recurrent networks and Mamba squeeze everything into one state; a transformer keeps every "
            "token, at the price of a growing KV cache. Hybrids look for the right mixture.",
        ),
    ),
    cannot_show="Trained models choose what to write and what to let go (gates), so they keep what matters "
    "longer than random pairs are kept here.",
    mechanism=Mechanism(
        keyword="fixed",
        off=False,
        without="The fixed size: the state grows by a row for each pair, which makes it a cache.",
    ),
    knobs=(
        Knob(
            name="width",
            low=4,
            high=64,
            help="numbers in a key and in a value; the state has the square of it",
        ),
        Knob(name="rate", low=0.05, high=1, help="how much of the difference to the old value is written"),
    ),
    tries=(
        Try(
            set={"rate": 0.5},
            then=(
                "Write only half of each difference: of the 256 pairs it then knows more than when it "
                "writes all, and the last ones as surely. A gentle hand blurs less."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["state"] > 1.25 * was["rows"][-1]["state"] and now["rows"][-1]["last"] > 0.95
            ),
        ),
        Try(
            set={"rate": 0.05},
            then=(
                "Write only 0.05 of it: now some of the first pairs are still there, and some of the last "
                "ones are not. What is written faintly is kept longer, but hardly read."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["first"] > was["rows"][-1]["first"] + 0.03 and now["rows"][-1]["last"] < 0.7
            ),
        ),
        Try(
            set={"width": 4},
            then=(
                "Leave 4 numbers for a key and a value: now the cache errs too. It keeps everything, but "
                "so short keys are too alike to be told apart."
            ),
            shows=lambda was, now: now["rows"][-1]["cache"] < 0.7 and was["rows"][-1]["cache"] > 0.97,
        ),
    ),
    seconds=0.4,
)

WIDTH, TEXTS, PAIRS = 32, 40, (4, 8, 16, 32, 64, 128, 256)

Array = NDArray[np.float64]


def write(state: Array, key: Array, value: Array, rate: float = 1.0) -> Array:
    """The state, with ``value`` in the place of what it now gives for ``key`` (delta rule).

    ``state``: (texts, width, width). ``key``, of length 1, and ``value``: (texts, width).
    """
    now = np.einsum("ti,tij->tj", key, state)
    return np.asarray(state + rate * np.einsum("ti,tj->tij", key, value - now))


def ask_state(state: Array, key: Array) -> Array:
    return np.asarray(np.einsum("ti,tij->tj", key, state))


def ask_cache(keys: Array, values: Array, key: Array) -> Array:
    """Attention: the mean of ``values`` (texts, pairs, width), weighted by how well their keys fit."""
    fit = np.exp(50 * np.einsum("tpi,ti->tp", keys, key))
    return np.asarray(np.einsum("tp,tpj->tj", fit, values) / fit.sum(1, keepdims=True))


def directions(chance: np.random.Generator, *shape: int, width: int = WIDTH) -> Array:
    """Random vectors of length 1."""
    vectors = chance.normal(size=(*shape, width))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def recall(
    chance: np.random.Generator, pairs: int, *, fixed: bool, width: int = WIDTH, rate: float = 1.0
) -> dict[str, Array]:
    """For each memory, which of the pairs it gives back: (texts, pairs) of 0 and 1."""
    keys, words = (directions(chance, *shape, width=width) for shape in ((TEXTS, pairs), (max(PAIRS),)))
    right = np.array([chance.permutation(len(words))[:pairs] for _ in range(TEXTS)])
    values = words[right]  # (texts, pairs, width)
    state = np.zeros((TEXTS, width, width))
    for i in range(pairs):
        state = write(state, keys[:, i], values[:, i], rate)
    found: dict[str, list[Array]] = {"state": [], "cache": []}
    for i in range(pairs):
        cached = ask_cache(keys, values, keys[:, i])
        read = {"state": ask_state(state, keys[:, i]) if fixed else cached, "cache": cached}
        for memory, value in read.items():
            found[memory].append((value @ words.T).argmax(-1) == right[:, i])  # the word that is nearest
    return {memory: np.array(hits, dtype=float).T for memory, hits in found.items()}


def run(seed: int = 0, *, fixed: bool = True, width: int = WIDTH, rate: float = 1.0) -> Numbers:
    """Read more and more pairs of key and value; then ask for each by its key."""
    chance = np.random.default_rng(seed)
    rows = []
    for pairs in PAIRS:
        hits = recall(chance, pairs, fixed=fixed, width=width, rate=rate)
        state, cache = hits["state"], hits["cache"]
        shares = [float(part.mean()) for part in (state, state[:, :4], state[:, -4:], cache)]
        rows.append(dict(zip(("state", "first", "last", "cache"), shares, strict=True)) | {"pairs": pairs})
    return {"rows": rows, "width": width}


def check(numbers: Numbers) -> None:
    few, many = numbers["rows"][0], numbers["rows"][-1]
    crowded = [row["state"] for row in numbers["rows"] if row["pairs"] >= numbers["width"] // 2]
    expect(few["state"] > 0.9, "a few pairs fit into the state")
    expect(all(b < a - 0.03 for a, b in pairwise(crowded)), "the more pairs, the smaller the share it keeps")
    expect(many["state"] * many["pairs"] < numbers["width"], "never more pairs than it has rows")
    expect(many["state"] < 0.3 and many["first"] < 0.1, "of many, most are lost, the first above all")
    expect(many["last"] > 0.9, "the last ones are still there")
    expect(min(row["cache"] for row in numbers["rows"]) > 0.99, "the cache gives back every one")


def lines(numbers: Numbers) -> list[str]:
    most = numbers["rows"][-1]
    known, width = most["pairs"] * most["state"], numbers["width"]
    return [
        "Read pairs such as name and number, then ask for each number by its name.",
        f"                fixed state, {width} x {width} numbers      cache: everything is kept",
        "  pairs read     all   first 4   last 4            all      numbers kept",
        *(
            f"{row['pairs']:>12} {row['state']:>7.0%} {row['first']:>9.0%} {row['last']:>8.0%}"
            f" {row['cache']:>14.0%} {2 * row['pairs'] * width:>17,}"
            for row in numbers["rows"]
        ),
        f"The state always holds {width**2:,} numbers: every new pair blurs the old ones a little.",
        f"Of {most['pairs']} pairs it knows {known:.0f}, the latest; the first are gone.",
        "The cache forgets nothing. Its price is memory, and a look at every pair for each question.",
    ]


def plot(numbers: Numbers) -> str:
    series = {"cache": "cache", "state, last 4": "last", "state, all": "state", "state, first 4": "first"}
    points = {
        name: [(float(np.log2(row["pairs"])), row[key]) for row in numbers["rows"]]
        for name, key in series.items()
    }
    return svg.lines("Recalled of what was read", points, x="pairs read", x_base=2, y="share")
