"""Sparse attention: a cheap indexer picks the tokens that matter, and only those are attended to.

Most tokens of a long text get next to no attention. To find the few that do, full attention compares
long vectors with all of them. An indexer compares short ones instead and keeps the best tenth; full
attention then looks at that tenth only. It still looks over everything, but at a fraction of the cost.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="sparse_attention",
    title="Sparse attention: an indexer picks what to look at",
    layer="objective and architecture",
    terms=("sparse-attention", "deepseek-sparse-attention"),
    claim="A tenth of the tokens, picked by comparing short vectors, holds nearly all of the attention, for "
    "a fraction of the multiplications; a tenth picked at random holds a tenth.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 97 % in",
            claim="DeepSeek V3.2 has a light indexer that picks the tokens that are needed instead of "
            "attending to all.",
        ),
    ),
    cannot_show="This indexer squeezes queries and keys by their main directions. DeepSeek's has weights of "
    "its own, trained to foretell where attention goes, works in 8 bits, and picks 2,048 tokens.",
    mechanism=Mechanism(
        keyword="by_fit",
        off=False,
        without="The indexer: each query gets any tenth of the tokens, not those that fit it.",
    ),
    knobs=(
        Knob(name="topics", low=1, high=1000, help="topics that the text is about"),
        Knob(name="strength", low=0, high=3, help="how sharply queries tell what they look for"),
    ),
    tries=(
        Try(
            set={"topics": 1},
            then=(
                "Write about one topic only: the best tenth, picked with all 128 numbers, holds a third "
                "of the attention. Where all tokens matter, none can be left out."
            ),
            shows=lambda was, now: now["best"] < 0.5 < was["best"] - 0.4,
        ),
        Try(
            set={"topics": 1000},
            then=(
                "Write about 1,000 topics: 16 numbers no longer find all that matters. There are too many "
                "directions for so short a vector."
            ),
            shows=lambda was, now: now["held"]["16"] < 0.92 and was["held"]["16"] > 0.97,
        ),
        Try(
            set={"strength": 0.3},
            then=(
                "Let queries ask less sharply: about half of the attention falls on tokens that "
                "were not picked, whoever picks. Sparse attention is for models that look at few places "
                "anyway."
            ),
            shows=lambda was, now: now["best"] < 0.65 and was["best"] > 0.95,
        ),
    ),
    seconds=0.3,
)

TOKENS, QUERIES, WIDTH, TOPICS = 2000, 100, 128, 40
SHARE = 0.1  # of the tokens, to be attended to
SIZES, ENOUGH = (1, 2, 4, 8, 16), 16  # numbers that the indexer looks at

Array = NDArray[np.float64]
Picked = NDArray[np.int64]


def attention(queries: Array, keys: Array) -> Array:
    """How much each query attends to each token: (queries, tokens), rows that sum to 1."""
    fits = queries @ keys.T / np.sqrt(WIDTH)
    raised = np.exp(fits - fits.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def indexer(keys: Array, size: int) -> Array:
    """A matrix (width, size) to make short vectors with: the main directions of the keys."""
    _, _, directions = np.linalg.svd(keys, full_matrices=False)
    return np.asarray(directions[:size].T)


def pick(queries: Array, keys: Array, short: Array) -> Picked:
    """The tokens that fit each query best, going by their short vectors: (queries, picked)."""
    fits = (queries @ short) @ (keys @ short).T  # (queries, tokens), as in attention, but cheap
    return np.argsort(-fits, axis=1)[:, : int(SHARE * len(keys))]


def work(size: int) -> float:
    """Multiplications for a query, as a share of those of full attention (all keys, all values)."""
    return (size + SHARE * 2 * WIDTH) / (2 * WIDTH)


def run(seed: int = 0, *, by_fit: bool = True, topics: int = TOPICS, strength: float = 1.0) -> Numbers:
    """A long text on forty topics; each query asks about one of them."""
    chance = np.random.default_rng(seed)
    about = chance.normal(size=(topics, WIDTH))
    keys = about[chance.integers(topics, size=TOKENS)] + 0.7 * chance.normal(size=(TOKENS, WIDTH))
    queries = about[chance.integers(topics, size=QUERIES)] + 0.7 * chance.normal(size=(QUERIES, WIDTH))
    queries *= strength
    weights = attention(queries, keys)  # (queries, tokens)

    def held(picked: Picked) -> float:
        return float(np.take_along_axis(weights, picked, 1).sum(1).mean())

    any_tenth = np.argsort(chance.random(weights.shape), axis=1)[:, : int(SHARE * TOKENS)]
    by_size = {
        str(size): held(pick(queries, keys, indexer(keys, size)) if by_fit else any_tenth) for size in SIZES
    }
    best = held(pick(queries, keys, np.eye(WIDTH)))
    return {"held": by_size, "best": best, "any": held(any_tenth)}


def check(numbers: Numbers) -> None:
    held = list(numbers["held"].values())
    expect(numbers["best"] > 0.97, "a tenth of the tokens gets nearly all of the attention")
    expect(max(held) > 0.95, "the indexer finds them")
    expect(numbers["held"][str(ENOUGH)] > 0.9 and work(ENOUGH) < 0.2, "for a fraction of the work")
    expect(held[0] < 0.5 and all(b > a for a, b in pairwise(held[:4])), "longer short vectors find more")
    expect(numbers["any"] < 0.15, "any tenth gets about a tenth")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"A text of {TOKENS:,} tokens, keys of {WIDTH} numbers. Only a tenth of the tokens is attended to.",
        f"How much of the attention of {QUERIES} queries is on that tenth, and what work is that?",
        "picked by                      attention    work",
        f"{'nothing, all tokens':<30}{1:>10.0%}{1:>8.0%}",
        f"{'chance':<30}{numbers['any']:>10.0%}{work(0):>8.0%}",
        *(
            f"{f'indexer, {size} of {WIDTH} numbers':<30}{held:>10.0%}{work(int(size)):>8.0%}"
            for size, held in numbers["held"].items()
        ),
        f"{f'all {WIDTH} numbers':<30}{numbers['best']:>10.0%}{work(WIDTH):>8.0%}",
        f"With {ENOUGH} numbers a token the indexer finds nearly all that matters, for a sixth of the work.",
        "It still looks at every token, so the work grows as before with length; only much more slowly.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(np.log2(int(size))), held) for size, held in numbers["held"].items()]
    return svg.lines(
        "Attention on the tenth that is picked",
        {"indexer": points, "chance": [(at, numbers["any"]) for at, _ in points]},
        x="numbers that the indexer looks at",
        x_base=2,
        y="share of the attention",
    )
