"""RAG or training? It depends on how fast the facts change, and on how many a question needs.

Weights hold all facts at once, as they were on the day of training. A search has them as they are
today, but brings only a few, and not always those that a wide question needs. So weights win where
questions are wide and facts are slow, search where facts are fast; and the two together, trained now and
then and searched for what is newer, beat both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="rag_or_train",
    title="RAG or training? How fast do the facts change?",
    layer="retrieval",
    terms=("rag-or-training", "data-freshness"),
    claim="Where facts change slowly trained weights answer more, where they change fast search does; both "
    "together answer more than either.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="shortly before 47:44",
            claim="Much data that no public model has seen speaks for training; little data, or data that "
            "changes often, for looking it up.",
        ),
        Said(
            talk="a talk on training models on your own data",
            where="shortly after 49:00",
            claim="It will probably always be both: train about once a day, and look up what is newer.",
        ),
    ),
    cannot_show="A fact is a name and one of eight values here, the model one layer, and the search compares "
    "names; see the demos rag, chunking and naive_finetune for what goes wrong with text.",
    mechanism=Mechanism(
        keyword="every",
        off=1,
        without="The wait: the model is trained anew every morning before anyone asks, so that it is never "
        "stale.",
    ),
    knobs=(
        Knob(name="every", low=1, high=60, help="days from training to training"),
        Knob(name="misspelt", low=0, high=2, help="how far a name in a question is from the name"),
    ),
    tries=(
        Try(
            set={"every": 60},
            then=(
                "Train once in the 60 days: alone the weights are soon out of date, and together with the "
                "search they still answer more than the search alone. What is old is not all wrong."
            ),
            shows=lambda was, now: (
                all(row["both"] > row["search"] + 0.02 for row in now["rows"])
                and now["rows"][-1]["trained"] < 0.5 * was["rows"][-1]["trained"]
            ),
        ),
        Try(
            set={"misspelt": 1},
            then=(
                "Let names in questions be far from the names: both lose, the weights far more. A search "
                "only has to find the right one near the top, the weights have to be right about every "
                "one."
            ),
            shows=lambda was, now: (
                now["rows"][0]["trained"] < now["rows"][0]["search"] - 0.1
                and was["rows"][0]["trained"] > was["rows"][0]["search"] + 0.1
            ),
        ),
        Try(
            set={"misspelt": 0},
            then=(
                "Let names in questions be spelt exactly: the search hardly gains, and still misses every "
                "fourth question. What it misses are not names but wide questions, which need more than it "
                "brings to the top."
            ),
            shows=lambda was, now: (
                now["rows"][0]["search"] < min(0.82, was["rows"][0]["search"] + 0.1)
                and now["rows"][0]["trained"] > max(0.97, was["rows"][0]["trained"] + 0.01)
            ),
        ),
    ),
    seconds=0.2,
)

FACTS, VALUES, WIDTH = 150, 8, 128  # names are vectors of WIDTH numbers; each has a value
DAYS, ASKED = 60, 25  # questions of each kind a day
NARROW, WIDE = 1, 8  # facts that a question needs: it is right if all of them are
FETCHED = 8  # facts that a search brings
MISSPELT = 0.25  # how far a name in a question is from the name
EVERY = 7  # days from training to training
RATES = (0.001, 0.01, 0.03, 0.1, 0.3)  # share of the facts that change in a day

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def train(names: Array, values: Ints) -> Array:
    """The weights (width, values) that come nearest to telling every name's value (ridge regression)."""
    return np.asarray(
        np.linalg.solve(names.T @ names + 0.1 * np.eye(WIDTH), names.T @ (2 * np.eye(VALUES)[values] - 1))
    )


def search(names: Array, asked: Array) -> Ints:
    """(questions, FETCHED): the facts most like the question, which is the mean of the names in it."""
    question = asked.mean(axis=1)  # (questions, width), from (questions, facts needed, width)
    return np.argsort(-question @ names.T, axis=1, kind="stable")[:, :FETCHED]


def answered(names: Array, today: Ints, weights: Array, needed: Ints, asked: Array) -> dict[str, int]:
    """In how many questions every fact is right, by each way. ``needed``: (questions, facts)."""
    known = (asked @ weights).argmax(axis=2) == today[needed]
    found = (search(names, asked)[:, None, :] == needed[:, :, None]).any(axis=2)  # as it is today
    ways = {"trained": known, "search": found, "both": known | found}
    return {way: int(held.all(axis=1).sum()) for way, held in ways.items()}


def run(seed: int = 0, *, every: int = EVERY, misspelt: float = MISSPELT) -> Numbers:
    """60 days at five rates of change, trained anew every week."""
    rng = np.random.default_rng(seed)
    names = rng.normal(size=(FACTS, WIDTH)) / np.sqrt(WIDTH)
    rows = []
    for rate in RATES:
        right: dict[str, int] = {}
        today, weights = rng.integers(0, VALUES, FACTS), np.zeros((WIDTH, VALUES))
        for day in range(DAYS):
            changed = rng.random(FACTS) < rate
            today = np.where(changed, rng.integers(0, VALUES, FACTS), today)
            if day % every == 0:
                weights = train(names, today)
            for size in (NARROW, WIDE):
                needed = rng.integers(0, FACTS, (ASKED, size))
                asked = names[needed] + misspelt * rng.normal(size=(ASKED, size, WIDTH)) / np.sqrt(WIDTH)
                for way, count in answered(names, today, weights, needed, asked).items():
                    right[way] = right.get(way, 0) + count
        rows.append({"rate": rate} | {way: count / (2 * DAYS * ASKED) for way, count in right.items()})
    return {"every": every, "rows": rows}


def check(numbers: Numbers) -> None:
    slow, fast = numbers["rows"][0], numbers["rows"][-1]
    expect(slow["trained"] > slow["search"] + 0.1, "slow facts: training answers more")
    expect(fast["search"] > fast["trained"] + 0.1, "fast facts: search answers more")
    for row in numbers["rows"]:
        expect(
            row["both"] > max(row["trained"], row["search"]) + 0.01, "both together are better than either"
        )


def lines(numbers: Numbers) -> list[str]:
    every = numbers["every"]
    return [
        f"{FACTS} facts; half of the questions need one of them, half need {WIDE}. A model is trained every",
        f"{every} days and knows all as it was then; a search has today's facts, and brings {FETCHED}.",
        "facts that change     answered over 60 days by",
        "in a day              weights       search         both",
        *(
            f"{row['rate']:>7.1%}{row['trained']:>22.0%}{row['search']:>13.0%}{row['both']:>13.0%}"
            for row in numbers["rows"]
        ),
        "Slow facts, wide questions: what is needed is in the weights, and too much for a prompt.",
        "Fast facts: the weights are out of date within the week, the index never is.",
        "Both: from the weights what has not changed, from the index what has.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        way: [(float(np.log10(row["rate"])), row[way]) for row in numbers["rows"]]
        for way in ("trained", "search", "both")
    }
    return svg.lines("Questions answered", series, x="share that changes in a day", x_base=10, y="share")
