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
from studykit.demos.form import Demo, Mechanism, Numbers, Said, expect

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


def run(seed: int = 0, *, by_fit: bool = True) -> Numbers:
    """A long text on forty topics; each query asks about one of them."""
    chance = np.random.default_rng(seed)
    topics = chance.normal(size=(TOPICS, WIDTH))
    keys = topics[chance.integers(TOPICS, size=TOKENS)] + 0.7 * chance.normal(size=(TOKENS, WIDTH))
    queries = topics[chance.integers(TOPICS, size=QUERIES)] + 0.7 * chance.normal(size=(QUERIES, WIDTH))
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
