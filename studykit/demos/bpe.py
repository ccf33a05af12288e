"""Byte pair encoding: the commonest pair of neighbours becomes one new symbol, again and again.

Start from bytes. Count which two symbols stand side by side most often, give that pair a number of
its own, replace it everywhere, and repeat. Every step makes the text shorter and the vocabulary one
larger. Nothing else is in a tokenizer's training: no dictionary, no grammar.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="bpe",
    title="Byte pair encoding: how tokens are found",
    layer="data and tokens",
    terms=("byte-pair-encoding", "tokenization", "tokenizer"),
    claim="Every merge shortens the text and adds one symbol; decoding gives back every byte.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:07:47",
            claim="A pair that occurs often gets a number of its own, 256; the sequence gets shorter, the "
            "vocabulary larger.",
        ),
    ),
    cannot_show="Real tokenizers first cut the text at spaces and punctuation, so that no token spans two "
    "words, and merge 100,000 times on gigabytes.",
    mechanism=Mechanism(
        keyword="repeats",
        off=False,
        without="Repetition: the text is random signs, in which no pair comes again often enough to be "
        "worth a symbol.",
    ),
    knobs=(
        Knob(name="merges", low=0, high=500, help="how many pairs become a symbol of their own"),
        Knob(name="length", low=20, high=2000, help="word forms in the text"),
    ),
    tries=(
        Try(
            set={"merges": 500},
            then=(
                "Ask for 500 merges: it stops at fewer than 100, since no pair is left that comes twice, "
                "and most of the last tokens span two words. Nothing told it what a word is."
            ),
            shows=lambda was, now: (
                len(now["learned"]) < 100
                and now["tokens"] < 0.8 * was["tokens"]
                and sum(" " in piece.strip() for piece in now["learned"][-20:]) > 15
            ),
        ),
        Try(
            set={"length": 20},
            then=(
                "Give it 20 words: it stops early, and shortens the text to less than half all the same. "
                "But its tokens are pieces of this one text, not of the language."
            ),
            shows=lambda was, now: (
                len(now["learned"]) < 30 < len(was["learned"]) and now["tokens"] < 0.4 * now["bytes"]
            ),
        ),
        Try(
            set={"merges": 5},
            then=(
                "Stop after 5 merges: almost a third of the text is gone already. The commonest pairs "
                "come first, and each later one saves less."
            ),
            shows=lambda was, now: (
                len(now["learned"]) == 5
                and now["tokens"] < 0.72 * now["bytes"]
                and was["lengths"][-6] - was["lengths"][-1] < 0.3 * (now["bytes"] - now["tokens"])
            ),
        ),
    ),
    seconds=0.3,
)

MERGES = 40
VERBS = ("lower", "slow", "low", "show", "flow", "grow", "throw", "know")
ENDINGS = ("", "er", "ing", "est", "s")


def merge(symbols: list[int], pair: tuple[int, int], new: int) -> list[int]:
    """``symbols`` with every ``pair``, from left to right, replaced by ``new``."""
    merged: list[int] = []
    i = 0
    while i < len(symbols):
        if tuple(symbols[i : i + 2]) == pair:
            merged.append(new)
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return merged


def train(data: bytes, merges: int) -> tuple[list[int], dict[tuple[int, int], int], list[int]]:
    """The encoded data, the merges in order, and the length after each step."""
    symbols, learned, lengths = list(data), dict[tuple[int, int], int](), [len(data)]
    for new in range(256, 256 + merges):
        counts = Counter(pairwise(symbols))
        pair, count = max(counts.items(), key=lambda item: (item[1], item[0]), default=((0, 0), 0))
        if count < 2:  # a pair seen once saves nothing
            break
        symbols = merge(symbols, pair, new)
        learned[pair] = new
        lengths.append(len(symbols))
    return symbols, learned, lengths


def encode(data: bytes, learned: dict[tuple[int, int], int]) -> list[int]:
    """Replay the merges in the order in which they were learned."""
    symbols = list(data)
    for pair, new in learned.items():
        symbols = merge(symbols, pair, new)
    return symbols


def vocabulary(learned: dict[tuple[int, int], int]) -> dict[int, bytes]:
    """The bytes that each symbol stands for."""
    known = {i: bytes([i]) for i in range(256)}
    for (left, right), new in learned.items():
        known[new] = known[left] + known[right]
    return known


def run(
    seed: int = 0, *, text: str | None = None, merges: int = MERGES, length: int = 400, repeats: bool = True
) -> Numbers:
    """Train on a text of made-up word forms, or on ``text``; without ``repeats``, on random signs."""
    chance = random.Random(seed)
    words = [chance.choice(VERBS) + chance.choice(ENDINGS) for _ in range(length)]
    data = (
        (" ".join(words) if text is None else text).encode()
        if repeats
        else bytes(chance.choices(range(33, 127), k=200))
    )
    symbols, learned, lengths = train(data, merges)
    known = vocabulary(learned)
    return {
        "bytes": len(data),
        "tokens": len(symbols),
        "lengths": lengths,
        "learned": [known[new].decode("utf-8", "replace") for new in learned.values()],
        "round_trip": b"".join(known[symbol] for symbol in symbols) == data,
        "replayed": encode(data, learned) == symbols,
        "sample": [known[symbol].decode("utf-8", "replace") for symbol in symbols[:12]],
    }


def check(numbers: Numbers) -> None:
    lengths = numbers["lengths"]
    expect(numbers["round_trip"] and numbers["replayed"], "decoding gives back every byte")
    expect(all(b < a for a, b in pairwise(lengths)), "every merge shortens the text")
    expect(numbers["tokens"] < 0.5 * numbers["bytes"], "a text that repeats itself is less than half as long")
    first, last = lengths[0] - lengths[len(lengths) // 2], lengths[len(lengths) // 2] - lengths[-1]
    expect(last < first, "early merges save more than late ones")


def lines(numbers: Numbers) -> list[str]:
    lengths, learned = numbers["lengths"], numbers["learned"]
    shown = [1, 2, 3, 5, 10, 20, 40]
    return [
        f"{numbers['bytes']} bytes to begin with, and a vocabulary of 256.",
        *(
            f"after merge {i:>2}  {learned[i - 1]!r:<10} {lengths[i]:>5} symbols, vocabulary {256 + i}"
            for i in shown
            if i < len(lengths)
        ),
        f"It now reads: {'|'.join(numbers['sample'])} …",
        f"{numbers['bytes'] / numbers['tokens']:.1f} bytes a token; decoded again, not one byte is lost.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(i), float(length)) for i, length in enumerate(numbers["lengths"])]
    return svg.lines(
        "Every merge makes the text shorter", {"symbols": points}, x="merges", y="symbols in the text"
    )
