"""What attention keeps for every token, and how GQA and MLA keep less of it.

With many heads, each has a key and a value for every token of the text. In grouped-query attention
several heads share one pair. In latent attention a token leaves one short vector, from which the keys
and values of all heads are computed anew: the more they have in common, the shorter it can be. For a
large model the bytes are worked out; in a small one it is measured what each way loses.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="kv_memory",
    title="Keys and values: what is kept for every token",
    layer="objective and architecture",
    terms=("grouped-query-attention", "multi-head-latent-attention", "multi-head-attention"),
    claim="One latent vector per token takes the place of the keys and values of all heads: with as few "
    "numbers kept it loses far less than heads that share one pair, and the longer it is, the less.",
    equation=r"\text{MHA: } 2 \, h \, d, \qquad \text{GQA: } 2 \, g \, d, \qquad \text{MLA: } c + r",
    letters="Numbers kept for a token in one layer. h: heads; g: groups of heads; d: width of a head; "
    "c: latent vector; r: key for the position.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 23 % in",
            claim="What sets the open models of 2025 apart is mainly how attention is changed to make the KV "
            "cache smaller; grouped queries are a small and old change.",
        ),
    ),
    cannot_show="Here heads are merged and the latent vector is found afterwards, in data into which it was "
    "put that keys have much in common; models are trained with either from the start, and lose little by "
    "it. DeepSeek adds a small key for the position.",
    mechanism=Mechanism(
        keyword="common",
        off=256,
        without="What keys and values have in common: they are drawn at random, so no short latent can "
        "hold them.",
    ),
    knobs=(
        Knob(
            name="common", low=1, high=256, help="numbers from which all keys and values of a token are made"
        ),
        Knob(
            name="own",
            low=0,
            high=2,
            help="how much each head has for itself, beside what all have in common",
        ),
    ),
    tries=(
        Try(
            set={"common": 64},
            then=(
                "Make keys and values from 64 numbers instead of 24: a latent vector of 24 now loses "
                "about half, one of 64 next to nothing. It has to be as long as what they have in common."
            ),
            shows=lambda was, now: (
                now["errors"]["24"] > 0.4 > was["errors"]["24"] + 0.3 and now["errors"]["64"] < 0.06
            ),
        ),
        Try(
            set={"common": 1},
            then=(
                "Make all from 1 number: a latent vector of 4 loses next to nothing, while heads that "
                "share pairs lose as much as before. Having much in common is not being the same."
            ),
            shows=lambda was, now: (
                now["errors"]["4"] < 0.05 < was["errors"]["4"] and min(now["shared"].values()) > 0.6
            ),
        ),
        Try(
            set={"own": 0.5},
            then=(
                "Give each head 10 times as much of its own: the longest latent vector loses a fifth too. "
                "No short vector holds what heads do not share."
            ),
            shows=lambda was, now: now["errors"]["64"] > 0.12 > was["errors"]["64"] + 0.05,
        ),
    ),
    seconds=0.3,
)

LAYERS, HEADS, HEAD, TOKENS = 61, 128, 128, 128_000  # the size of DeepSeek-V3, and a long text
GROUPS, LATENT, POSITION, BYTES = 8, 512, 64, 2  # 2 bytes a number
TOY_HEADS, TOY_HEAD, COMMON, TEXT = 8, 16, 24, 300  # a small model, to measure the error
SIZES = (4, 8, 16, 24, 32, 64)

Array = NDArray[np.float64]


def kept(way: str) -> int:
    """Numbers kept for a token in one layer."""
    return {
        "MHA": 2 * HEADS * HEAD,  # a key and a value for every head
        "GQA": 2 * GROUPS * HEAD,  # for every group of heads
        "MLA": LATENT + POSITION,  # one vector for all, and a key for the position
    }[way]


def compress(both: Array, size: int) -> tuple[Array, Array]:
    """Keys and values (tokens, all heads) as a short vector for each token, and a matrix to restore them.

    The best there is, by singular values (Eckart and Young).
    """
    left, strength, right = np.linalg.svd(both, full_matrices=False)
    return left[:, :size] * strength[:size], right[:size]  # (tokens, size), (size, all heads)


def share(both: Array, groups: int) -> tuple[Array, Array]:
    """One key and value for each group of heads, and back: every head gets its group's mean.

    Trained that way, heads would be made for it; the mean is what can be had of heads that were not.
    """
    heads = both.reshape(TEXT, 2, groups, TOY_HEADS // groups, TOY_HEAD)
    kept = heads.mean(axis=3)  # (tokens, 2, groups, width)
    return kept, np.repeat(kept, TOY_HEADS // groups, axis=2).reshape(TEXT, -1)


def attend(queries: Array, keys: Array, values: Array) -> Array:
    """Attention of several heads: (heads, tokens, width) each."""
    fits = np.exp(queries @ keys.transpose(0, 2, 1) / np.sqrt(TOY_HEAD))
    return np.asarray(fits / fits.sum(2, keepdims=True) @ values)


def run(seed: int = 0, *, common: int = COMMON, own: float = 0.05) -> Numbers:
    """Bytes for the large model; for the small one, how far the output is off by the latent's length."""
    chance = np.random.default_rng(seed)
    shape = (2, TOY_HEADS, TEXT, TOY_HEAD)
    width = 2 * TOY_HEADS * TOY_HEAD
    thought = chance.normal(size=(TEXT, common))  # what there is to say about each token
    both = thought @ chance.normal(size=(common, width)) / np.sqrt(common)
    both += own * chance.normal(size=both.shape)  # and what each head has for itself
    queries = chance.normal(size=shape[1:])

    def output(both: Array) -> Array:
        keys, values = both.reshape(TEXT, 2, TOY_HEADS, TOY_HEAD).transpose(1, 2, 0, 3)
        return attend(queries, keys, values)

    exact = output(both)

    def off(restored: Array) -> float:
        return float(np.linalg.norm(output(restored) - exact) / np.linalg.norm(exact))

    errors, shared = {}, {}
    for size in SIZES:
        short, restore = compress(both, size)
        errors[str(short[0].size)] = off(short @ restore)
    for groups in (4, 2, 1):
        kept_of_it, restored = share(both, groups)
        shared[str(kept_of_it[0].size)] = off(restored)
    gigabytes = {way: kept(way) * LAYERS * TOKENS * BYTES / 1e9 for way in ("MHA", "GQA", "MLA")}
    return {"gigabytes": gigabytes, "width": width, "common": common, "errors": errors, "shared": shared}


def check(numbers: Numbers) -> None:
    errors, shared = list(numbers["errors"].values()), numbers["shared"]
    size = min(map(int, shared))
    expect(size == numbers["width"] // TOY_HEADS, "with one pair for all heads, an eighth is kept")
    expect(numbers["errors"][str(size)] < 0.2 * shared[str(size)], "kept as little, a latent loses far less")
    expect(all(b < a for a, b in pairwise(errors[:4])), "the longer the latent vector, the smaller the error")
    expect(numbers["errors"][str(COMMON)] < 0.1, "long enough for what heads have in common, little is lost")
    expect(errors[0] > 0.4, "too short, much is")


def lines(numbers: Numbers) -> list[str]:
    common = numbers["common"]
    names = {
        "MHA": f"each of {HEADS} heads its own keys and values",
        "GQA": f"{HEADS // GROUPS} heads share one pair: {GROUPS} groups",
        "MLA": f"one vector of {LATENT}, and {POSITION} for the position",
    }
    return [
        f"A model as large as DeepSeek-V3, {LAYERS} layers of {HEADS} heads; a text of {TOKENS:,} tokens.",
        "                                                  numbers a token and layer       cache",
        *(
            f"{way}  {name:<48}{kept(way):>20,}{numbers['gigabytes'][way]:>12,.0f} GB"
            for way, name in names.items()
        ),
        f"What is lost? In a small model, with {numbers['width']} numbers a token made from {common}:",
        "latent vector " + "".join(f"{size:>8}" for size in numbers["errors"]),
        "output off by " + "".join(f"{error:>8.0%}" for error in numbers["errors"].values()),
        "heads that share pairs are off by "
        + ", ".join(f"{error:.0%} with {size}" for size, error in numbers["shared"].items())
        + " numbers",
        f"From {common} all {numbers['width']} can be had again, nearly as they were: all heads look at the",
        "same token, so their keys and values have much in common. A latent vector keeps that.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(size), error) for size, error in numbers["errors"].items()]
    return svg.lines("What a short vector loses", {"output off by": points}, x="latent vector", y="error")
