"""Prompt caching: equal beginnings are read once, and only beginnings.

Every turn of a conversation sends the whole of it again: instructions, all turns so far, the new
question. The keys and values of what was there before have been computed already and can be kept.
But those of a word depend on all words before it. So what can be used again is the part from the
first word to the first difference, however much behind it is the same. Put what changes at the end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="prompt_caching",
    title="Prompt caching: keep the beginning, change the end",
    layer="inference",
    terms=("prompt-caching",),
    claim="With the keys and values of earlier prompts a conversation costs a quarter of the reading, and "
    "what comes out is the same; a time stamp in the first line costs all of that.",
    said=(
        Said(
            talk="a Chinese podcast on language models",
            where="between 94 and 95 % in",
            claim="Who customises a model by its prompt pays for it each time: the longer the prompt, the "
            "slower and dearer.",
        ),
    ),
    cannot_show="Services keep a prompt for minutes only and in blocks of many tokens, and charge for what "
    "comes from the cache too, if less. The weights here are random, so nothing sensible is said.",
    mechanism=Mechanism(
        keyword="causal",
        off=False,
        without="Looking back only: words look ahead too, so that a new question at the end changes the "
        "keys of all words before it, and what was kept is wrong.",
    ),
    knobs=(
        Knob(name="turns", low=2, high=40, help="questions in the conversation"),
        Knob(name="kept", low=1, high=40, help="of the turns so far, how many are sent again"),
        Knob(name="stays", low=1, high=40, help="turns for which the time stamp stays the same"),
    ),
    tries=(
        Try(
            set={"stays": 8},
            then="A stamp of the day instead of the minute, the same for 8 turns: now it may well stand in "
            "the first line. That is even cheaper, for only what is new is read.",
            shows=lambda before, after: (
                sum(after["read"]["first line"]) < sum(after["read"]["last line"])
                and sum(before["read"]["first line"]) > 3 * sum(before["read"]["last line"])
            ),
        ),
        Try(
            set={"kept": 3},
            then="Send only the last 3 turns again, to keep prompts short: they get shorter, and yet more "
            "has to be read, for behind the gap everything is new.",
            shows=lambda before, after: (
                sum(after["length"]) < 0.9 * sum(before["length"])
                and sum(after["read"]["last line"]) > 1.2 * sum(before["read"]["last line"])
            ),
        ),
        Try(
            set={"turns": 32},
            then="Four times as many turns: without a cache more than ten times the reading, since each turn "
            "repeats all before it; with one, four times at most.",
            shows=lambda before, after: (
                sum(after["length"]) > 10 * sum(before["length"])
                and sum(after["read"]["last line"]) < 4 * sum(before["read"]["last line"])
            ),
        ),
    ),
    seconds=0.1,
)

WIDTH, LAYERS, WORDS = 16, 2, 200
INSTRUCTIONS, STAMP, QUESTION, ANSWER = 60, 3, 8, 20  # words
TURNS = 8

Array = NDArray[np.float64]
Rows = list[tuple[Array, Array]]  # keys and values of each layer, (words, width) each


class Model:
    """Two layers of attention with random weights."""

    def __init__(self, chance: np.random.Generator, *, causal: bool) -> None:
        self.words, self.causal = chance.normal(size=(WORDS, WIDTH)), causal
        self.layers = chance.normal(0, WIDTH**-0.5, (LAYERS, 4, WIDTH, WIDTH))

    def read(self, words: list[int], kept: Rows) -> tuple[Array, Rows]:
        """What comes out for the last word, and the rows of all; those of the first words may be kept."""
        start = len(kept[0][0])
        x, rows = self.words[words[start:]], Rows()
        for (query, key, value, mix), (old_keys, old_values) in zip(self.layers, kept, strict=True):
            keys = np.concatenate([old_keys, x @ key])
            values = np.concatenate([old_values, x @ value])
            fit = x @ query @ keys.T / WIDTH**0.5  # (new words, all words)
            if self.causal:
                fit[np.arange(len(words)) > np.arange(start, len(words))[:, None]] = -np.inf
            looks = np.exp(fit - fit.max(1, keepdims=True))
            x = np.tanh(x + looks / looks.sum(1, keepdims=True) @ values @ mix)
            rows.append((keys, values))
        return x[-1], rows


NOTHING: Rows = [(np.empty((0, WIDTH)), np.empty((0, WIDTH)))] * LAYERS


def same(one: list[int], other: list[int]) -> int:
    """How many words from the first on are equal."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def converse(model: Model, prompts: list[list[int]]) -> tuple[list[int], float]:
    """The words read for each prompt, and how far what comes out is from reading it all anew."""
    cache, read, off = [(list[int](), NOTHING)], list[int](), 0.0
    for prompt in prompts:
        before, rows = max(cache, key=lambda kept: same(kept[0], prompt))
        start = min(same(before, prompt), len(prompt) - 1)  # the last word is always read
        said, rows = model.read(prompt, [(keys[:start], values[:start]) for keys, values in rows])
        off = max(off, float(np.abs(said - model.read(prompt, NOTHING)[0]).max()))
        cache.append((prompt, rows))
        read.append(len(prompt) - start)
    return read, off


def run(seed: int = 0, *, turns: int = TURNS, kept: int = 40, stays: int = 1, causal: bool = True) -> Numbers:
    """One conversation, with a time stamp in the first or the last line of each prompt."""
    chance = np.random.default_rng(seed)
    model = Model(chance, causal=causal)

    def words(count: int) -> list[int]:
        return [int(word) for word in chance.integers(WORDS, size=count)]

    instructions, turn_words = words(INSTRUCTIONS), [words(QUESTION + ANSWER) for _ in range(turns)]
    stamps = [words(STAMP) for _ in range(turns)]
    prompts: dict[str, list[list[int]]] = {"last line": [], "first line": []}
    for turn in range(turns):
        stamp, question = stamps[turn // stays], turn_words[turn][:QUESTION]
        first = max(0, turn - kept)
        history = [word for earlier in turn_words[first:turn] for word in earlier]
        prompts["last line"].append(instructions + history + stamp + question)
        prompts["first line"].append(stamp + instructions + history + question)
    found = {place: converse(model, asked) for place, asked in prompts.items()}
    whole = prompts["last line"][-1]
    changed = {}
    for name, at in (("first", 0), ("last", len(whole) - 1)):
        other = [*whole[:at], (whole[at] + 1) % WORDS, *whole[at + 1 :]]
        apart = np.abs(model.read(whole, NOTHING)[1][-1][0] - model.read(other, NOTHING)[1][-1][0]).max(1)
        changed[name] = int((apart > 1e-9).sum())
    return {
        "length": [len(prompt) for prompt in prompts["last line"]],
        "read": {place: read for place, (read, _) in found.items()},
        "off": max(off for _, off in found.values()),
        "changed": changed,
    }


def check(numbers: Numbers) -> None:
    length, read = numbers["length"], numbers["read"]
    expect(numbers["off"] < 1e-9, "with what was kept, the same comes out")
    expect(numbers["changed"]["first"] > 0.95 * length[-1], "another first word changes all keys")
    expect(numbers["changed"]["last"] == 1, "another last word changes its own")
    expect(sum(read["last line"]) < 0.27 * sum(length), "a quarter is read")
    expect(sum(read["first line"]) > 0.97 * sum(length), "with a stamp in the first line, all of it")


def lines(numbers: Numbers) -> list[str]:
    length, read, changed = numbers["length"], numbers["read"], numbers["changed"]
    shown = [turn for turn in (0, 1, 2, 3, 5, 7, 15, 31) if turn < len(length)][-6:]
    return [
        "Each turn sends instructions, all turns so far, a time stamp, and a question.",
        "             words in     to be read, if the time stamp stands in",
        "   turn    the prompt          the last line       the first line",
        *(
            f"{turn + 1:>7}{length[turn]:>14,}{read['last line'][turn]:>23,}{read['first line'][turn]:>21,}"
            for turn in shown
        ),
        f"    all{sum(length):>14,}{sum(read['last line']):>23,}{sum(read['first line']):>21,}",
        "What comes out is the same as without a cache."
        if numbers["off"] < 1e-9
        else f"What comes out is off by up to {numbers['off']:.2f}: the kept keys are no longer right.",
        f"Another last word changes the keys of {changed['last']} of {length[-1]} words, another first word",
        f"those of {changed['first']}, for a word's keys depend on all that it has looked at.",
    ]


def plot(numbers: Numbers) -> str:
    read = {"without a cache": numbers["length"], "stamp in the last line": numbers["read"]["last line"]}
    series = {name: [(i + 1.0, float(n)) for i, n in enumerate(counts)] for name, counts in read.items()}
    return svg.lines("Words to read", series, x="turn", y="words")
