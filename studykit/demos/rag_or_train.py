"""RAG or training? It depends on how fast the facts change, and on how many a question needs.

Weights hold all facts at once, as they were on the day of training. A search has them as they are
today, but brings only a few. So weights win where questions are wide and facts are slow, search where
facts are fast; and the two together, trained now and then and searched for what is newer, beat both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Mechanism, Numbers, Said, expect

DEMO = Demo(
    name="rag_or_train",
    title="RAG or training? How fast do the facts change?",
    layer="retrieval",
    terms=("rag-or-training", "data-freshness"),
    claim="Where facts change slowly trained weights answer more, where they change fast search does; both "
    "together are never worse than either.",
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
    cannot_show="Training here stores every fact without a mistake, and search always finds what it may "
    "fetch. Neither is so in life; see the demos rag, chunking and naive_finetune.",
    mechanism=Mechanism(
        keyword="every",
        off=1,
        without="The wait: the model is trained anew every morning before anyone asks, so that it is never "
        "stale.",
    ),
    seconds=0.2,
)

FACTS, DAYS, ASKED = 500, 60, 40  # questions of each kind a day
NARROW, WIDE = 1, 8  # facts that a question needs
FETCHED = 4  # facts that a search can bring
EVERY = 7  # days from training to training
RATES = (0.001, 0.01, 0.03, 0.1, 0.3)  # share of the facts that change in a day

Bools = NDArray[np.bool_]


def answered(stale: Bools, needed: NDArray[np.int64]) -> dict[str, float]:
    """Share answered by each way. ``stale`` (facts,) changed since training; ``needed`` (questions, n)."""
    changed = stale[needed].sum(axis=1)  # facts that each question needs and the weights have wrong
    return {
        "trained": float(np.mean(changed == 0)),
        "search": float(needed.shape[1] <= FETCHED),
        "both": float(np.mean(changed <= FETCHED)),
    }


def run(seed: int = 0, *, every: int = EVERY) -> Numbers:
    """60 days at five rates of change, trained anew every week."""
    rng = np.random.default_rng(seed)
    rows = []
    for rate in RATES:
        found: dict[str, list[float]] = {}
        stale = np.zeros(FACTS, bool)
        for day in range(DAYS):
            stale |= rng.random(FACTS) < rate
            if day % every == 0:
                stale[:] = False
            for kind, size in (("narrow", NARROW), ("wide", WIDE)):
                needed = rng.integers(0, FACTS, (ASKED, size))
                for way, share in answered(stale, needed).items():
                    found.setdefault(f"{way} {kind}", []).append(share)
        row = {name: float(np.mean(shares)) for name, shares in found.items()}
        for way in ("trained", "search", "both"):
            row[way] = (row[f"{way} narrow"] + row[f"{way} wide"]) / 2
        rows.append({"rate": rate} | row)
    return {"rows": rows}


def check(numbers: Numbers) -> None:
    slow, fast = numbers["rows"][0], numbers["rows"][-1]
    expect(slow["trained"] > slow["search"] + 0.2, "slow facts: training answers more")
    expect(fast["search"] > fast["trained"] + 0.1, "fast facts: search answers more")
    for row in numbers["rows"]:
        expect(row["both"] >= max(row["trained"], row["search"]), "both together are never worse")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"{FACTS} facts; half of the questions need one of them, half need {WIDE}. A model is trained every",
        f"{EVERY} days and knows all as it was then; a search has today's facts, and brings {FETCHED}.",
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
    return svg.lines("Questions answered", series, x="log10 of the share that changes in a day", y="share")
