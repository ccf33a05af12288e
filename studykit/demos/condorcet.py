"""Condorcet: three people who know what they want, and no score that says what they want together.

Ask people which of two answers they like better, and let the majority decide each pair. Each person has
an order without a contradiction; the majorities need not have one. They can run in a circle: short
before kind, kind before exact, exact before short. A reward model gives each answer one number, and
numbers never run in a circle. So whatever it learns, it is wrong about a majority.
"""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="condorcet",
    title="Condorcet: no score for what all want",
    layer="reinforcement learning",
    terms=("condorcet-paradox", "social-choice-theory", "bradley-terry-model"),
    claim="Three people with consistent tastes can have majorities that run in a circle; a reward model "
    "fitted to their votes then scores all answers alike, and no order at all agrees with all three.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 74 % in",
            claim="RLHF is never fully solved: the preferences of many people are pressed into one number, "
            "and what is learned is an average.",
        ),
    ),
    cannot_show="People agree on much: a wrong sum is worse than a right one for nearly all. Circles need "
    "tastes that differ, as about tone or politics, and asking for one's own taste can avoid them.",
    mechanism=Mechanism(
        keyword="circle",
        off=False,
        without="The circle: the third person votes as the second does, so the majorities have an order, "
        "and scores can say it.",
    ),
    knobs=(
        Knob(name="people", low=1, high=501, help="people who vote on random answers, one more if even"),
        Knob(name="shared", low=0, high=1, help="the part of their tastes that all of them share"),
    ),
    tries=(
        Try(
            set={"people": 501},
            then="Ask 501 people instead of 25: circles get no rarer. It is not for want of votes.",
            shows=lambda as_it_is, turned: (
                turned["people"] == 501
                and all(b > 0.8 * a for a, b in zip(as_it_is["no_order"], turned["no_order"], strict=True))
            ),
        ),
        Try(
            set={"shared": 0.5},
            then="Let half of every taste be shared: among three answers hardly a circle is left, and "
            "among nine there is still one in more than a tenth of the votes.",
            shows=lambda _, turned: turned["no_order"][0] < 0.02 and 0.1 < turned["no_order"][-1] < 0.5,
        ),
        Try(
            set={"people": 1},
            then="Ask one person only: never a circle. One person's taste is a score; it is adding "
            "people up that breaks it.",
            shows=lambda as_it_is, turned: not any(turned["no_order"]) and as_it_is["no_order"][0] > 0,
        ),
    ),
    equation=r"P(a \text{ before } b) = \frac{e^{r_a}}{e^{r_a} + e^{r_b}}",
    letters="a, b: two answers; r: the one number that a reward model gives each.",
    seconds=0.1,
)

ANSWERS = ("short", "kind", "exact")
CIRCLE = {"Ana": (0, 1, 2), "Ben": (1, 2, 0), "Cleo": (2, 0, 1)}  # best first
SIZES = (3, 5, 7, 9)
VOTES = 1000  # of each size

Array = NDArray[np.float64]


def wins(utilities: Array) -> NDArray[np.int64]:
    """How many people like answer i better than j: (..., people, answers) to (..., answers, answers)."""
    return np.asarray((utilities[..., :, None] > utilities[..., None, :]).sum(-3))


def has_order(won: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether some order agrees with all majorities: (..., answers, answers) to (...,).

    It does if the first beats all others, the second all but the first, and so on.
    """
    beaten = np.sort((won > won.swapaxes(-1, -2)).sum(-1), axis=-1)
    return np.asarray((beaten == np.arange(won.shape[-1])).all(-1))


def reward_model(won: NDArray[np.int64]) -> Array:
    """One score for each answer, (answers,), fitted to all votes as Bradley and Terry have it."""
    scores = np.zeros(len(won))
    for _ in range(2000):
        expected = (won + won.T) / (1 + np.exp(scores[None, :] - scores[:, None]))
        scores = scores + 0.1 * (won - expected).sum(1)
    return np.asarray(scores - scores.mean())


def best_order(won: NDArray[np.int64]) -> tuple[int, int]:
    """The most majorities that any order agrees with, of all orders there are; and how many orders."""
    agree = [sum(won[a, b] > won[b, a] for a, b in combinations(o, 2)) for o in permutations(range(len(won)))]
    return int(max(agree)), len(agree)


def run(seed: int = 0, *, people: int = 25, shared: float = 0.0, circle: bool = True) -> Numbers:
    """Three people and their votes; then many votes of people with random tastes."""
    chance = np.random.default_rng(seed)
    people |= 1  # an odd number, so that no vote is a tie
    orders = CIRCLE if circle else CIRCLE | {"Cleo": CIRCLE["Ben"]}
    won = wins(np.array([[-order.index(a) for a in range(len(ANSWERS))] for order in orders.values()]))
    agreed, possible = best_order(won)
    no_order = []
    for size in SIZES:
        common = chance.random((VOTES, 1, size))
        tastes = shared * common + (1 - shared) * chance.random((VOTES, people, size))
        no_order.append(1 - float(np.mean([bool(has_order(wins(one))) for one in tastes])))
    return {
        "orders": {name: [ANSWERS[a] for a in order] for name, order in orders.items()},
        "votes": [[ANSWERS[i], ANSWERS[j], int(won[i, j])] for i, j in ((0, 1), (1, 2), (2, 0))],
        "scores": {name: float(score) for name, score in zip(ANSWERS, reward_model(won), strict=True)},
        "agreed": agreed,
        "possible": possible,
        "people": people,
        "no_order": no_order,
    }


def check(numbers: Numbers) -> None:
    expect(all(votes == 2 for _, _, votes in numbers["votes"]), "two of three say so, all the way round")
    expect(max(map(abs, numbers["scores"].values())) < 0.01, "the fitted scores are all the same")
    expect(numbers["agreed"] == 2, "the best of all orders still contradicts a majority")
    expect(0.05 < numbers["no_order"][0] < 0.12, "among three random answers, about one vote in twelve")
    expect(numbers["no_order"][-1] > 0.6, "among nine, most")


def lines(numbers: Numbers) -> list[str]:
    scores = ", ".join(f"{name} {round(score, 1) + 0.0:.1f}" for name, score in numbers["scores"].items())
    return [
        "Three ways to answer a question. Each person is sure of an order:",
        *(f"   {name:<6} {' > '.join(order)}" for name, order in numbers["orders"].items()),
        "They vote on every pair:",
        *(f"   {a + ' before ' + b:<20} {votes} of 3" for a, b, votes in numbers["votes"]),
        f"A reward model fitted to these votes: {scores}.",
        f"All {numbers['possible']} orders tried: the best agrees with {numbers['agreed']} of 3 majorities.",
        f"Is that rare? {numbers['people']} people with random tastes, {VOTES:,} votes:",
        f"{'answers':<34}" + "".join(f"{size:>7}" for size in SIZES),
        f"{'no order agrees with all votes':<34}" + "".join(f"{one:>7.0%}" for one in numbers["no_order"]),
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(size), 100 * one) for size, one in zip(SIZES, numbers["no_order"], strict=True)]
    return svg.lines(
        f"Votes of {numbers['people']} people that no order of the answers agrees with",
        {"random tastes": points},
        x="answers",
        y="% of votes",
    )
