"""The KV cache: what attention has computed for earlier tokens is kept, not computed again.

A model writes one token after another. Each new token looks at the keys and values of all tokens
before it, and those never change. Without a cache, all of them are computed anew for every token;
with one, a step computes the newest only. Same text, far less work, paid for with memory that grows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Numbers, Said, expect

DEMO = Demo(
    name="kv_cache",
    title="The KV cache: memory instead of work",
    layer="objective and architecture",
    terms=("kv-cache", "prefill"),
    claim="With a cache of keys and values a model writes the very same text, and a step's work grows with the "
    "length instead of its square.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 68 % in",
            claim="The cache grows step by step; gluing lists together is not how a GPU wants it: one "
            "reserves a tensor beforehand and fills it.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 22 % in",
            claim="Many new models change attention to make the cache smaller, so that long contexts cost less.",
        ),
    ),
    cannot_show="Work is counted in multiplications; on a real GPU, fetching the cache from memory for every "
    "token is often what takes the time. The weights here are random, so the text is nonsense.",
    seconds=0.5,
)

WIDTH, LAYERS, TOKENS = 32, 2, 256
LETTERS = "abcdefghijklmnopqrstuvwxyz "

Array = NDArray[np.float64]


@dataclass
class Cache:
    """Keys and values of one layer, in room reserved beforehand."""

    keys: Array = field(default_factory=lambda: np.empty((TOKENS, WIDTH)))
    values: Array = field(default_factory=lambda: np.empty((TOKENS, WIDTH)))
    length: int = 0

    def add(self, keys: Array, values: Array) -> None:
        end = self.length + len(keys)
        self.keys[self.length : end], self.values[self.length : end] = keys, values
        self.length = end


class Model:
    """A small transformer with random weights that counts its multiplications."""

    def __init__(self, chance: np.random.Generator) -> None:
        self.letters = chance.normal(size=(len(LETTERS), WIDTH))
        self.places = chance.normal(size=(TOKENS, WIDTH))
        names = ("query", "key", "value", "mix")
        self.layers = [
            {name: chance.normal(0, WIDTH**-0.5, (WIDTH, WIDTH)) for name in names} for _ in range(LAYERS)
        ]
        self.multiplications = 0

    def product(self, a: Array, b: Array) -> Array:
        self.multiplications += a.shape[0] * a.shape[1] * b.shape[1]
        return np.asarray(a @ b)

    def forward(self, tokens: list[int], caches: list[Cache]) -> Array:
        """Scores for the token after ``tokens``, which come after those that the caches hold."""
        start = caches[0].length
        place = np.arange(start, start + len(tokens))
        x = self.letters[tokens] + self.places[place]  # (new, width)
        for layer, cache in zip(self.layers, caches, strict=True):
            cache.add(self.product(x, layer["key"]), self.product(x, layer["value"]))
            keys, values = cache.keys[: cache.length], cache.values[: cache.length]  # (all, width)
            fit = self.product(self.product(x, layer["query"]), keys.T) / WIDTH**0.5  # (new, all)
            fit[np.arange(cache.length) > place[:, None]] = -np.inf  # nobody looks ahead
            looks = np.exp(fit - fit.max(-1, keepdims=True))
            looks /= looks.sum(-1, keepdims=True)
            x = np.tanh(x + self.product(self.product(looks, values), layer["mix"]))
        return self.product(x[-1:], self.letters.T)[0]  # (letters,)
