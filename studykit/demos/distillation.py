"""Distillation: a student learns more from a teacher's probabilities than from right answers.

A label says: this is a dog. A teacher says: dog 70 %, wolf 25 %, cat 5 %, and with that how sure one can
be and what resembles what. So each example tells the student more, and far fewer examples will do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="distillation",
    title="Distillation: learning from a teacher's doubts",
    layer="post-training",
    terms=("distillation",),
    claim="From the same few examples a student learns better with a teacher's probabilities than with right "
    "answers.",
    equation=r"L = -\sum_k q_k \log p_k",
    letters="q: the teacher's chances of the kinds k; p: the student's.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:27:47",
            claim="OpenAI shows only summaries of its chains of thought, for fear that others might "
            "distil them.",
        ),
    ),
    cannot_show="Teacher and student are of one size here; mostly the student is much smaller. Models are "
    "often distilled from texts that the teacher wrote, without its probabilities.",
    mechanism=Mechanism(
        keyword="soft",
        off=False,
        without="The teacher's doubts: it passes on the labels alone.",
    ),
    knobs=(
        Knob(name="many", low=50, high=10000, help="labelled examples from which the teacher learned"),
        Knob(name="clear", low=0.05, high=3, help="how clearly traits tell the kinds apart"),
    ),
    tries=(
        Try(
            set={"many": 50},
            then=(
                "Let the teacher have learned from 50 labels itself: its students do worse than 400 "
                "labels would make them. Doubts are worth passing on only if they are the right ones."
            ),
            shows=lambda _, now: now["rows"][-1]["told"] > now["rows"][-1]["labels"] + 0.3,
        ),
        Try(
            set={"clear": 0.05},
            then=(
                "Let traits say next to nothing about the kind: students of labels become far worse than "
                "guessing, because they believe each label. The teacher's shares make them rightly "
                "unsure."
            ),
            shows=lambda _, now: now["rows"][0]["labels"] > 2 * 1.61 and now["rows"][0]["told"] < 1.7,
        ),
        Try(
            set={"clear": 3},
            then=(
                "Let traits tell the kind clearly: 400 labels teach as well as the teacher. Where there "
                "is nothing to doubt, a label says it all."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["labels"] < now["rows"][-1]["told"] + 0.05
                and was["rows"][-1]["labels"] > was["rows"][-1]["told"] + 0.05
            ),
        ),
    ),
    seconds=0.3,
)

KINDS, TRAITS, STEPS, RATE = 5, 20, 100, 1.0
MANY, FEW, TEST = 5000, (25, 50, 100, 200, 400), 2000

Array = NDArray[np.float64]


def learn(x: Array, targets: Array) -> Array:
    """Weights (traits, kinds) from examples (n, traits) and a target share for each kind (n, kinds).

    The same cross-entropy for both: a label is a target with all its weight on one kind.
    """
    weights = np.zeros((TRAITS, KINDS))
    for _ in range(STEPS):
        weights -= RATE * slope(weights, x, targets)
    return weights


def slope(weights: Array, x: Array, targets: Array) -> Array:
    return np.asarray(x.T @ (predict(weights, x) - targets) / len(x))


def predict(weights: Array, x: Array) -> Array:
    raised = np.exp(x @ weights)
    return np.asarray(raised / raised.sum(1, keepdims=True))


def loss(weights: Array, x: Array, targets: Array) -> float:
    """Cross-entropy in nats."""
    return float(-(targets * np.log(predict(weights, x))).sum(1).mean())


def run(seed: int = 0, *, soft: bool = True, many: int = MANY, clear: float = 0.5) -> Numbers:
    """A teacher from 5,000 labelled examples; students from 25 to 400, by labels or by the teacher."""
    chance = np.random.default_rng(seed)
    nature = clear * chance.normal(size=(TRAITS, KINDS))

    def examples(count: int) -> tuple[Array, Array]:
        """Things and their labels; the same traits may belong to several kinds."""
        x = chance.normal(size=(count, TRAITS))
        luck = chance.random((count, 1))
        kind = (luck > predict(nature, x).cumsum(1)[:, :-1]).sum(1)
        return x, np.eye(KINDS)[kind]

    teacher, test = learn(*examples(many)), examples(TEST)
    rows = []
    for count in FEW:
        x, labels = examples(count)
        told = predict(teacher, x) if soft else labels
        rows.append(
            {"count": count, "labels": loss(learn(x, labels), *test), "told": loss(learn(x, told), *test)}
        )
    shares = predict(teacher, x)
    shown = abs(shares.max(1) - 0.6).argmin()  # an example of which it is not quite sure
    return {
        "many": many,
        "rows": rows,
        "teacher": loss(teacher, *test),
        "nature": loss(nature, *test),
        "shares": [float(share) for share in shares[shown]],
        "label": [int(one) for one in labels[shown]],
    }


def check(numbers: Numbers) -> None:
    rows = numbers["rows"]
    above = numbers["teacher"] - numbers["nature"]  # whose own loss is luck that nobody can foresee
    expect(0.002 < above < 0.05, "the teacher is good, but had to learn it")
    expect(
        all(row["told"] < row["labels"] - 0.03 for row in rows), "a teacher's doubts teach better than labels"
    )
    expect(rows[1]["told"] < rows[-1]["labels"], "50 examples with them are worth more than 400 labels")
    expect(rows[-1]["labels"] < rows[0]["labels"] - 0.3, "more labels help")
    expect(rows[-1]["told"] < numbers["teacher"] + 0.05, "in the end the student is nearly the teacher")


def lines(numbers: Numbers) -> list[str]:
    many = numbers["many"]
    return [
        f"{'One example. The label says:':<32}" + "".join(f"{one:>6.0%}" for one in numbers["label"]),
        f"{'The teacher says:':<32}" + "".join(f"{one:>6.0%}" for one in numbers["shares"]),
        f"The teacher learned from {many:,} labels: loss {numbers['teacher']:.2f} on new examples;",
        f"who knew the true odds would have {numbers['nature']:.2f}. Students:",
        "examples   loss by labels   loss by the teacher's shares",
        *(f"{row['count']:>8} {row['labels']:>16.2f} {row['told']:>30.2f}" for row in numbers["rows"]),
        "A label is one draw, luck and all; the teacher gives the odds themselves, learned from thousands.",
        "One reason why labs show neither such shares nor all that a model thinks.",
    ]


def plot(numbers: Numbers) -> str:
    names = {"labels": "labels", "teacher's shares": "told"}
    series = {
        title: [(float(np.log2(row["count"])), float(row[name])) for row in numbers["rows"]]
        for title, name in names.items()
    }
    return svg.lines("Loss of the student", series, x="examples", x_base=2, y="loss")
