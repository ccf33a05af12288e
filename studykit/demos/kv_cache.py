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
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="kv_cache",
    title="The KV cache: memory instead of work",
    layer="objective and architecture",
    terms=("kv-cache", "prefill"),
    claim="With a cache of keys and values a model writes the same text, and a step's work grows with the "
    "length, no longer with its square.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 68 % in",
            claim="The cache grows step by step; gluing lists together is not how a GPU wants it: one "
            "reserves a tensor beforehand and fills it.",
        ),
    ),
    cannot_show="Work is counted in multiplications; on a real GPU, fetching the cache from memory for every "
    "token is often what takes the time. The weights here are random, so the text is nonsense.",
    mechanism=Mechanism(
        keyword="keep",
        off=False,
        without="Keeping: the cache is thrown away after every token.",
    ),
    knobs=(
        Knob(name="tokens", low=24, high=256, help="letters that are written, those of the prompt included"),
        Knob(name="layers", low=1, high=4, help="layers of the model"),
    ),
    tries=(
        Try(
            set={"tokens": 32},
            then=(
                "Write 32 letters instead of 256: the cache saves only a little of what it saved before. "
                "Without it the work grows with the square of the length, and a short text has hardly a "
                "square."
            ),
            shows=lambda was, now: (
                sum(now["slow_work"]) / sum(now["fast_work"])
                < 0.3 * sum(was["slow_work"]) / sum(was["fast_work"])
            ),
        ),
        Try(
            set={"tokens": 128},
            then=(
                "Write 128 letters, half as many: gluing each row to a new list moves only a quarter of the "
                "numbers, filling a reserved tensor still a half. What is glued grows with the square."
            ),
            shows=lambda was, now: (
                now["moved_if_glued"] < 0.27 * was["moved_if_glued"]
                and now["moved_if_filled"] > 0.45 * was["moved_if_filled"]
            ),
        ),
        Try(
            set={"layers": 4},
            then=(
                "Give the model 4 layers instead of 2: each token now leaves twice as many numbers in the "
                "cache, which saves the same share of the work as before. Memory has to be paid layer by "
                "layer."
            ),
            shows=lambda was, now: (
                now["row"] == 2 * was["row"]
                and abs(
                    sum(now["slow_work"])
                    / sum(now["fast_work"])
                    * sum(was["fast_work"])
                    / sum(was["slow_work"])
                    - 1
                )
                < 0.1
            ),
        ),
    ),
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

    def __init__(self, chance: np.random.Generator, layers: int = LAYERS) -> None:
        self.letters = chance.normal(size=(len(LETTERS), WIDTH))
        self.places = chance.normal(size=(TOKENS, WIDTH))
        self.scores = chance.normal(size=(WIDTH, len(LETTERS)))
        names = ("query", "key", "value", "mix")
        self.layers = [
            {name: chance.normal(0, WIDTH**-0.5, (WIDTH, WIDTH)) for name in names} for _ in range(layers)
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
        return self.product(x[-1:], self.scores)  # (1, letters)


def write(
    model: Model, prompt: list[int], *, keep: bool, tokens: int = TOKENS
) -> tuple[list[int], Array, list[int]]:
    """Go on until there are ``tokens``; the text, all scores (steps, letters), the work of each step."""
    text, scores, work = list(prompt), [], []
    caches = [Cache() for _ in model.layers]
    while len(text) < tokens:
        before = model.multiplications
        if not keep:
            caches = [Cache() for _ in model.layers]
        scores.append(model.forward(text[caches[0].length :], caches))  # what is cached need not be read
        work.append(model.multiplications - before)
        text.append(int(scores[-1].argmax()))
    return text, np.concatenate(scores), work


def run(
    seed: int = 0, *, text: str = "once upon ", keep: bool = True, tokens: int = TOKENS, layers: int = LAYERS
) -> Numbers:
    """Write ``tokens`` letters that begin with ``text``, without a cache and with one that we ``keep``."""
    model = Model(np.random.default_rng(seed), layers)
    prompt = [LETTERS.find(letter) % len(LETTERS) for letter in (text or " ").lower()[: tokens // 2]]
    slow_text, slow_scores, slow_work = write(model, prompt, keep=False, tokens=tokens)
    fast_text, fast_scores, fast_work = write(model, prompt, keep=keep, tokens=tokens)
    other = [(prompt[0] + 1) % len(LETTERS), *prompt[1:]]
    other_scores = model.forward(other, [Cache() for _ in model.layers])
    row = 2 * layers * WIDTH  # a key and a value in each layer
    return {
        "text": "".join(LETTERS[i] for i in fast_text),
        "prompt": len(prompt),
        "same_text": fast_text == slow_text,
        "largest_difference": float(np.abs(fast_scores - slow_scores).max()),
        "first_letter_counts": float(np.abs(other_scores[-1] - fast_scores[0]).max()),
        "slow_work": slow_work,
        "fast_work": fast_work,
        "row": row,
        "moved_if_glued": sum(row * length for length in range(1, tokens)),  # a longer list is a new list
        "moved_if_filled": row * (tokens - 1),
        "tokens": tokens,
    }


def check(numbers: Numbers) -> None:
    slow, fast = numbers["slow_work"], numbers["fast_work"]
    expect(numbers["same_text"] and numbers["largest_difference"] < 1e-9, "the same text, the same scores")
    expect(numbers["first_letter_counts"] > 0.01, "what is written depends on what the cache holds")
    expect(fast[-1] < 2 * fast[-len(fast) // 2], "twice the length: at most twice the work, with a cache")
    expect(slow[-1] > 3 * slow[-len(slow) // 2], "more than three times the work without")
    expect(sum(fast) < sum(slow) / 20, "all in all the cache saves most of the work")


def lines(numbers: Numbers) -> list[str]:
    slow, fast, start = numbers["slow_work"], numbers["fast_work"], numbers["prompt"]
    glued, filled = numbers["moved_if_glued"], numbers["moved_if_filled"]
    rows = [
        (at, slow[at - start], fast[at - start])
        for at in (16, 32, 64, 128, 255)
        if start < at < numbers["tokens"]
    ]
    return [
        f"A model with random weights goes on: {numbers['text'][max(0, start - 30) : start + 30]}…",
        "   tokens     multiplications for the next one     numbers kept",
        "   so far        without cache      with cache     in the cache",
        *(f"{at:>9} {a:>20,} {b:>15,} {numbers['row'] * at:>16,}" for at, a, b in rows),
        "Both write the same text, for what is kept never changes: scores differ by "
        f"{numbers['largest_difference']:.0f}.",
        f"All {numbers['tokens']} tokens: {sum(slow) / sum(fast):.0f} times less work with the cache.",
        f"Only the first step reads more than a token, the whole prompt at once (prefill): {fast[0]:,}.",
        f"The price is memory: {numbers['row']} numbers more for each token, as long as the text is there.",
        f"To glue row after row to a list moves {glued:,} numbers; to fill reserved room {filled:,}.",
    ]


def plot(numbers: Numbers) -> str:
    start = numbers["prompt"]
    return svg.lines(
        "Work for each token",
        {
            name: [(float(start + i), work / 1e6) for i, work in enumerate(numbers[key])]
            for name, key in (("without cache", "slow_work"), ("with cache", "fast_work"))
        },
        x="tokens before it",
        y="million multiplications",
    )
