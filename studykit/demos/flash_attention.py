"""FlashAttention: the softmax over a whole text, without the table of all scores.

Softmax seems to need every score before it can weigh one, so attention writes down a table of all
tokens by all tokens. But a running maximum and a running sum will do. Read the keys block by block;
whenever a better match turns up, shrink what was summed so far to the new measure, and go on. In the
end the result is the same, and no more than one block of scores was ever there.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="flash_attention",
    title="FlashAttention: exact attention, one block at a time",
    layer="objective and architecture",
    terms=("flash-attention",),
    claim="Attention computed block by block gives the same result as from the full table of scores, and "
    "what it has to hold does not grow with the square of the length.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 64 % in",
            claim="Reinforcement learning leans on memory: answers are long, and the memory of attention "
            "grows with the square of their length.",
        ),
    ),
    cannot_show="No multiplication is saved: the work still grows with the square. What a GPU gains is that "
    "a block fits into its small fast memory, which numpy does not let one choose.",
    mechanism=Mechanism(
        keyword="rescale",
        off=False,
        without="Shrinking: what earlier blocks gave stays as it was when a better match turns up, "
        "measured by another maximum.",
    ),
    knobs=(
        Knob(name="block", low=1, high=1024, help="keys in a block"),
        Knob(name="first", low=0, high=15, help="the block with which reading begins; it goes round"),
        Knob(name="sharp", low=0, high=8, help="how far apart the scores are; at 0 all are equal"),
    ),
    tries=(
        Try(
            set={"block": 1},
            then="Blocks of a single token: no two scores of a query are ever there at the same time, and "
            "still the result is the softmax over all of them.",
            shows=lambda before, after: after["apart"] < 1e-9 and after["held"][-1] < before["held"][-1] / 4,
        ),
        Try(
            set={"first": 8},
            then="Begin in the middle and go round: the best match turns up at another moment, other sums "
            "are shrunk, and the result is the same. Order does not matter.",
            shows=lambda before, after: after["apart"] < 1e-9 and after["steps"] != before["steps"],
        ),
        Try(
            set={"sharp": 6},
            then="Scores further apart: without the maximum, almost every token would meet a number too "
            "large for 16 bits. The running maximum never meets one.",
            shows=lambda before, after: before["too_large"] < 0.5 and after["too_large"] > 0.95,
        ),
    ),
    equation=r"m' = \max(m, s_j), \quad \ell' = e^{m - m'} \ell + e^{s_j - m'}, \quad "
    r"o' = e^{m - m'} o + e^{s_j - m'} v_j",
    letters="s: the score of the next key; v: its value; m: the largest score so far; ℓ, o: sums "
    "so far; a dash: after this key.",
    seconds=0.2,
)

LENGTHS, WIDTH, BLOCK = (64, 256, 1024), 16, 64
LARGEST = 65_504  # that a floating-point number of 16 bits can be

Array = NDArray[np.float64]


class Desk:
    """Counts how many numbers lie on it at most."""

    def __init__(self) -> None:
        self.most = 0

    def lay(self, *arrays: Array) -> None:
        self.most = max(self.most, sum(array.size for array in arrays))


def by_table(queries: Array, keys: Array, values: Array, desk: Desk) -> Array:
    """Ordinary attention: (tokens, width) each; the table is (tokens, tokens)."""
    table = queries @ keys.T
    desk.lay(table)
    table = np.exp(table - table.max(1, keepdims=True))
    return np.asarray(table / table.sum(1, keepdims=True) @ values)


def by_blocks(
    queries: Array, keys: Array, values: Array, desk: Desk, *, block: int, first: int, rescale: bool
) -> tuple[Array, list[list[float]]]:
    """The same, block by block; and of the last token, after each block: best score, shrinking, sum."""
    starts, rows, steps = deque(range(0, len(keys), block)), list[Array](), list[list[float]]()
    starts.rotate(-first)
    for at in range(0, len(queries), BLOCK):
        asked = queries[at : at + BLOCK]
        best = np.full((len(asked), 1), -np.inf)
        total, mixed = np.zeros((len(asked), 1)), np.zeros(asked.shape)
        steps = []
        for start in starts:
            scores = asked @ keys[start : start + block].T  # (64, block): all of the table that is there
            desk.lay(scores, best, total, mixed)
            better = np.maximum(best, scores.max(1, keepdims=True))
            shrink = np.exp(best - better) if rescale else np.ones_like(best)
            looks = np.exp(scores - better)
            total = total * shrink + looks.sum(1, keepdims=True)
            mixed = mixed * shrink + looks @ values[start : start + block]
            best = better
            steps.append([float(best[-1, 0]), float(shrink[-1, 0]), float(total[-1, 0])])
        rows.append(mixed / total)
    return np.concatenate(rows), steps


def run(
    seed: int = 0,
    *,
    block: int = BLOCK,
    sharp: float = 3.0,
    first: int = 0,
    rescale: bool = True,
) -> Numbers:
    """Texts of three lengths, read both ways."""
    chance = np.random.default_rng(seed)
    apart, tables, held, too_large = 0.0, [], [], 0.0
    for tokens in LENGTHS:
        queries, keys, values = chance.normal(size=(3, tokens, WIDTH))
        queries *= sharp / math.sqrt(WIDTH)
        table, desk = Desk(), Desk()
        whole = by_table(queries, keys, values, table)
        pieces, steps = by_blocks(queries, keys, values, desk, block=block, first=first, rescale=rescale)
        apart = max(apart, float(np.abs(whole - pieces).max()))
        tables.append(table.most)
        held.append(desk.most)
        too_large = float(((queries @ keys.T).max(1) > math.log(LARGEST)).mean())
    return {
        "block": block,
        "apart": apart,
        "tables": tables,
        "held": held,
        "steps": steps,
        "too_large": too_large,
    }


def check(numbers: Numbers) -> None:
    tables, held = numbers["tables"], numbers["held"]
    expect(numbers["apart"] < 1e-9, "block by block the result is the same")
    expect(tables[-1] > 100 * tables[0], "the table grows with the square of the length")
    expect(held[-1] == held[0], "what is held for a block does not grow")
    expect(held[-1] < tables[-1] / 100, "in the end it is less than a hundredth")


def lines(numbers: Numbers) -> list[str]:
    steps = numbers["steps"]
    better = [i for i in range(len(steps)) if i == 0 or steps[i][0] > steps[i - 1][0]][:5]
    return [
        f"A text of {LENGTHS[-1]:,} tokens, read in blocks of {numbers['block']}. What its last token knows:",
        "     after block   best score so far   earlier sum shrunk to      sum",
        *(
            f"{i + 1:>16}{steps[i][0]:>20.2f}{f'{steps[i][1]:.0%}' if i else '-':>24}{steps[i][2]:>9.2f}"
            for i in sorted({*better, len(steps) - 1})
        ),
        "Shown are the blocks that brought a better match, and the last. Numbers held at a time:",
        "          tokens    the whole table    by blocks",
        *(
            f"{tokens:>16,}{table:>19,}{held:>13,}"
            for tokens, table, held in zip(LENGTHS, numbers["tables"], numbers["held"], strict=True)
        ),
        f"Without the maximum, {numbers['too_large']:.0%} of the tokens would meet a number too large for "
        "16 bits.",
        "Both ways give the same result: nothing is approximated, and no multiplication is saved."
        if numbers["apart"] < 1e-9
        else f"The results differ by up to {numbers['apart']:.1f}: sums of different measures were mixed.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(tokens), count / 1e6) for tokens, count in zip(LENGTHS, numbers[key], strict=True)]
        for key, name in (("tables", "the whole table"), ("held", "by blocks"))
    }
    return svg.lines("Scores held at a time", series, x="tokens", y="millions of numbers")
