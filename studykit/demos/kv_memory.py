"""What attention keeps for every token, and how GQA and MLA keep less of it.

With many heads, each has a key and a value for every token of the text. In grouped-query attention
several heads share one pair. In latent attention a token leaves one short vector, from which the keys
and values of all heads are computed anew: the more they have in common, the shorter it can be.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Mechanism, Numbers, Said, expect

DEMO = Demo(
    name="kv_memory",
    title="Keys and values: what is kept for every token",
    layer="objective and architecture",
    terms=("grouped-query-attention", "multi-head-latent-attention", "multi-head-attention"),
    claim="Sharing keys and values between heads makes the cache several times smaller, one latent vector "
    "per token smaller still; the longer that vector, the smaller the error.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 23 % in",
            claim="What sets the open models of 2025 apart is mainly how attention is changed to make the KV "
            "cache smaller; grouped queries are a small and old change.",
        ),
    ),
    cannot_show="Here the latent vector is found afterwards; DeepSeek trains with it from the start, and "
    "adds a small key for the position. That keys have much in common is put into the data here.",
    mechanism=Mechanism(
        keyword="common",
        off=256,
        without="What keys and values have in common: they are drawn at random, so no short latent can "
        "hold them.",
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


def attend(queries: Array, keys: Array, values: Array) -> Array:
    """Attention of several heads: (heads, tokens, width) each."""
    fits = np.exp(queries @ keys.transpose(0, 2, 1) / np.sqrt(TOY_HEAD))
    return np.asarray(fits / fits.sum(2, keepdims=True) @ values)


def run(seed: int = 0, *, common: int = COMMON) -> Numbers:
    """Bytes for the large model; for the small one, how far the output is off by the latent's length."""
    chance = np.random.default_rng(seed)
    shape = (2, TOY_HEADS, TEXT, TOY_HEAD)
    width = 2 * TOY_HEADS * TOY_HEAD
    thought = chance.normal(size=(TEXT, common))  # what there is to say about each token
    both = thought @ chance.normal(size=(common, width)) / np.sqrt(common)
    both += 0.05 * chance.normal(size=both.shape)  # and what each head has for itself
    queries = chance.normal(size=shape[1:])

    def output(both: Array) -> Array:
        keys, values = both.reshape(TEXT, 2, TOY_HEADS, TOY_HEAD).transpose(1, 2, 0, 3)
        return attend(queries, keys, values)

    exact, errors = output(both), {}
    for size in SIZES:
        short, restore = compress(both, size)
        errors[str(size)] = float(np.linalg.norm(output(short @ restore) - exact) / np.linalg.norm(exact))
    gigabytes = {way: kept(way) * LAYERS * TOKENS * BYTES / 1e9 for way in ("MHA", "GQA", "MLA")}
    return {"gigabytes": gigabytes, "width": width, "errors": errors}


def check(numbers: Numbers) -> None:
    bytes_of, errors = numbers["gigabytes"], list(numbers["errors"].values())
    expect(bytes_of["GQA"] < bytes_of["MHA"] / 8, "groups keep an eighth or less")
    expect(bytes_of["MLA"] < bytes_of["GQA"] / 2, "a latent vector keeps less than half of that")
    expect(all(b < a for a, b in pairwise(errors[:4])), "the longer the latent vector, the smaller the error")
    expect(numbers["errors"][str(COMMON)] < 0.1, "long enough for what heads have in common, little is lost")
    expect(errors[0] > 0.4, "too short, much is")


def lines(numbers: Numbers) -> list[str]:
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
        f"What is lost? In a small model, with {numbers['width']} numbers a token made from {COMMON}:",
        "latent vector " + "".join(f"{size:>8}" for size in numbers["errors"]),
        "output off by " + "".join(f"{error:>8.0%}" for error in numbers["errors"].values()),
        f"From {COMMON} all {numbers['width']} can be had again, nearly as they were: all heads look at the",
        "same token, so their keys and values have much in common. A latent vector keeps that.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(size), error) for size, error in numbers["errors"].items()]
    return svg.lines("What a short vector loses", {"output off by": points}, x="latent vector", y="error")
