"""A recursive language model: call the model on pieces, and put the answers together in code.

How many of these lines are about errors? Attention can only average: it finds which share of the lines
is. The share is a number of 8 binary digits, as models compute with, so of a long text the count comes
out rounded. In pieces that are short enough it is exact. So the text stays outside, a program cuts it
in halves until they are short, calls the model on each, and adds. Adding is what programs are good at.
"""

from __future__ import annotations

import math
import random

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="recursive_lm",
    title="A recursive language model: many short readings instead of a long one",
    layer="inference",
    terms=("recursive-language-model", "task-decomposition"),
    claim="Counted piece by piece and added in code, lines are counted exactly in texts of any length, with "
    "a fraction of the comparisons; read all at once, long texts are miscounted.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 89 % in",
            claim="Breaking a long task into calls on smaller parts needs less memory and is more accurate "
            "than one giant context.",
        ),
    ),
    cannot_show="Here the program is given; a real one is written by the model, which may cut where it "
    "should not. And each call costs its own time and instructions.",
    mechanism=Mechanism(
        keyword="split",
        off=False,
        without="Cutting: the program calls the model once, on the whole text.",
    ),
    knobs=(
        Knob(name="limit", low=2, high=2000, help="lines that are read in one call"),
        Knob(name="together", low=1, high=4, help="errors in a row that are counted as one"),
        Knob(name="adding", low=4, high=53, help="binary digits with which counts are added; code has 53"),
        Knob(
            name="digits", low=4, high=24, help="binary digits of the numbers with which the model computes"
        ),
    ),
    tries=(
        Try(
            set={"together": 2},
            then="Ask how often an error follows upon an error: now pieces are worse than one reading, "
            "for every cut parts neighbours. What is cut must not belong together.",
            shows=lambda before, after: (
                before["rows"][-1]["off"]["pieces"] == 0
                and after["rows"][-1]["off"]["pieces"] > 2 * after["rows"][-1]["off"]["at once"]
            ),
        ),
        Try(
            set={"adding": 8},
            then="Let the model add up the counts as well, with its 8 digits: rounded at every step on the "
            "way up, the sum is worse than a single reading.",
            shows=lambda before, after: (
                before["rows"][-1]["off"]["pieces"] == 0
                and after["rows"][-1]["off"]["pieces"] > after["rows"][-1]["off"]["at once"]
            ),
        ),
        Try(
            set={"digits": 16},
            then="Give the model 16 digits: it counts them all at once, and pieces gain nothing but "
            "comparisons. They make up for a limit of the model, and are of no use beyond it.",
            shows=lambda before, after: (
                after["rows"][-1]["off"]["at once"] == 0 and before["rows"][-1]["off"]["at once"] > 0
            ),
        ),
    ),
    seconds=0.3,
)

LENGTHS, TEXTS, LIMIT, DIGITS, CODE = (100, 400, 1600, 6400, 25_600), 8, 100, 8, 53
KINDS = ("error", "warning", "info")


def rounded(number: float, digits: int) -> float:
    """The nearest number with so many binary digits."""
    part, power = math.frexp(number)
    return math.ldexp(round(part * 2**digits), power - digits)


def marked(lines: list[str], together: int) -> int:
    """The truth: how many errors there are, or so many of them in a row."""
    errors = [line == KINDS[0] for line in lines]
    return sum(all(errors[at : at + together]) for at in range(len(lines) - together + 1))


class Model:
    """Attends to all lines evenly, and counts what it has to compare for that."""

    def __init__(self, digits: int, together: int) -> None:
        self.digits, self.together = digits, together
        self.calls = self.longest = self.comparisons = 0

    def count(self, lines: list[str]) -> int:
        """What is asked about a piece of the text."""
        self.calls, self.longest = self.calls + 1, max(self.longest, len(lines))
        self.comparisons += len(lines) ** 2
        share = rounded(marked(lines, self.together) / len(lines), self.digits)
        return round(share * len(lines))  # the mean is all that attention gives


def recurse(model: Model, lines: list[str], limit: int, adding: int) -> int:
    """The program round the model: the text is a variable, and the model sees pieces of it."""
    if len(lines) <= limit:
        return model.count(lines)
    half = len(lines) // 2
    left = recurse(model, lines[:half], limit, adding)
    right = recurse(model, lines[half:], limit, adding)
    return int(rounded(left + right, adding))  # in code, nothing is lost by this


def run(
    seed: int = 0,
    *,
    limit: int = LIMIT,
    digits: int = DIGITS,
    together: int = 1,
    adding: int = CODE,
    split: bool = True,
) -> Numbers:
    """Count in logs of five lengths, at once and in pieces."""
    chance = random.Random(seed)
    rows = []
    for length in LENGTHS:
        off, models = {"at once": 0, "pieces": 0}, {}
        for _ in range(TEXTS):
            log = chance.choices(KINDS, k=length)
            true = marked(log, together)
            for way, most in (("at once", length), ("pieces", limit if split else length)):
                models[way] = Model(digits, together)
                off[way] += abs(recurse(models[way], log, most, adding) - true)
        rows.append(
            {
                "length": length,
                "true": true,
                "off": {way: total / TEXTS for way, total in off.items()},
                "calls": models["pieces"].calls,
                "longest": models["pieces"].longest,
                "comparisons": {way: model.comparisons for way, model in models.items()},
            }
        )
    return {"rows": rows, "together": together, "limit": limit}


def check(numbers: Numbers) -> None:
    rows = numbers["rows"]
    short, long = rows[0], rows[-1]
    expect(short["off"]["at once"] == 0, "in a short text all lines are counted at once")
    expect(long["off"]["at once"] > 3, "in a long one they are miscounted")
    expect(all(row["off"]["pieces"] == 0 for row in rows), "in pieces the count is exact for all lengths")
    expect(long["longest"] <= numbers["limit"], "no call reads more than a short piece")
    expect(long["comparisons"]["pieces"] < long["comparisons"]["at once"] / 100, "with far fewer comparisons")


def lines(numbers: Numbers) -> list[str]:
    kind = "errors" if numbers["together"] == 1 else f"{numbers['together']} errors in a row"
    return [
        f"Logs of several lengths. How many {kind}? The count is off by, on average:",
        "       lines     read at once     in pieces     calls   longest   comparisons, beside those at once",
        *(
            f"{row['length']:>12,}{row['off']['at once']:>17.1f}{row['off']['pieces']:>14.1f}"
            f"{row['calls']:>10}{row['longest']:>10,}"
            f"{row['comparisons']['pieces'] / row['comparisons']['at once']:>14.1%}"
            for row in numbers["rows"]
        ),
        "Attention gives the share of such lines, in a number of few binary digits: of a hundred lines the",
        "count follows exactly, of thousands only roughly. So each call gets a short piece, and the counts",
        "are added in code, which does not round. The text as a whole is in nobody's context.",
        "And each line is compared with those of its own piece, not with all.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        way: [(math.log2(row["length"]), row["off"][way]) for row in numbers["rows"]]
        for way in ("at once", "pieces")
    }
    return svg.lines("How far the count is off", series, x="doublings of the length", y="lines")
