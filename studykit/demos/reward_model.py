"""A reward model: people put answers in order, and a model learns to score as they would.

To say which of five jokes is best is easier than to give marks, and quickly done. From some orderings
the model learns a score for any joke, such that the better of two gets the higher score. It then
judges millions of answers where people could judge a few thousand.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="reward_model",
    title="A reward model learns to judge from orderings",
    layer="reinforcement learning",
    terms=("reward-model", "bradley-terry-model", "preference-data"),
    claim="From 1,000 orderings of five answers a model learns to pick the better of two new ones, more "
    "reliably than the people it learned from.",
    equation=r"P(a \succ b) = \sigma(r(a) - r(b)) = \frac{1}{1 + e^{r(b) - r(a)}}",
    letters="r: the score that the model gives; a ≻ b: a is put before b; σ: turns any number into a chance.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:48:26",
            claim="Scoring by hand takes 1,000 updates × 1,000 prompts × 1,000 attempts, a billion "
            "judgements; ordering 5 answers to each of 1,000 prompts takes some 5,000.",
        ),
    ),
    cannot_show="A joke is eight numbers here, and taste a sum over them, as the model assumes. "
    "Real taste is not like that, people differ, and a network that judges text can be fooled.",
    mechanism=Mechanism(
        keyword="orderly",
        off=False,
        without="The orderings: the jokes stay as they were, in no order.",
    ),
    knobs=(
        Knob(name="mood", low=0, high=10, help="how much the mood of the day counts in an ordering"),
        Knob(name="contrary", low=0, high=1, help="share of the orderings by people who like the opposite"),
    ),
    tries=(
        Try(
            set={"mood": 5},
            then=(
                "Let moods count 5 times as much: one person is then right little oftener than a coin, "
                "and 1,000 orderings still make a model that hardly errs. Noise cancels, however loud, if "
                "there is enough of it."
            ),
            shows=lambda _, now: now["person"] < 0.7 and now["right"]["1000"] > 0.93,
        ),
        Try(
            set={"mood": 0},
            then=(
                "Take moods away: now the people are never wrong, and the model is no better than they "
                "are. It was better only where its teachers were unsteady."
            ),
            shows=lambda was, now: (
                now["person"] == 1 >= now["right"]["1000"] and was["right"]["1000"] > was["person"]
            ),
        ),
        Try(
            set={"contrary": 0.3},
            then=(
                "Let 3 people in 10 like the very opposite: the model still picks what the others like "
                "nearly always. It does not meet in the middle; the minority only makes its scores lie "
                "closer together."
            ),
            shows=lambda was, now: (
                now["right"]["1000"] > 0.93
                and now["scores"][0] - now["scores"][-1] < 0.5 * (was["scores"][0] - was["scores"][-1])
            ),
        ),
    ),
    seconds=0.2,
)

TRAITS = 8  # what there is to like or dislike in a joke: wit, length, surprise …
EACH = 5  # jokes put in order for a prompt
ORDERINGS = (2, 10, 30, 100, 1000)
STEPS, RATE, PAIRS = 200, 1.0, 5000

Array = NDArray[np.float64]


def loss_and_slope(weights: Array, better: Array, worse: Array) -> tuple[float, Array]:
    """Bradley and Terry: the better wins with probability sigmoid(its score - the other's).

    ``better`` and ``worse``: (pairs, traits), the two jokes of each pair.
    """
    apart = (better - worse) @ weights  # (pairs,)
    wins = 1 / (1 + np.exp(-apart))
    return float(-np.log(wins).mean()), np.asarray((wins - 1) @ (better - worse) / len(apart))


def train(ordered: Array) -> Array:
    """Weights of the traits, from jokes in order, best first: (prompts, EACH, traits)."""
    pairs = list(combinations(range(EACH), 2))  # an ordering of five holds ten comparisons
    better = np.concatenate([ordered[:, i] for i, _ in pairs])
    worse = np.concatenate([ordered[:, j] for _, j in pairs])
    weights = np.zeros(TRAITS)
    for _ in range(STEPS):
        _, slope = loss_and_slope(weights, better, worse)
        weights -= RATE * slope
    return weights


def order(jokes: Array, taste: Array, chance: np.random.Generator, mood: float = 1.0) -> Array:
    """The jokes as a person orders them, best first: taste, and the mood of the day (Gumbel noise)."""
    felt = jokes @ taste + mood * chance.gumbel(size=jokes.shape[:2])
    return np.take_along_axis(jokes, np.argsort(-felt, axis=1)[:, :, None], 1)


def run(seed: int = 0, *, orderly: bool = True, mood: float = 1.0, contrary: float = 0.0) -> Numbers:
    """Learn from 2 to 1,000 orderings; judge pairs of new jokes."""
    chance = np.random.default_rng(seed)
    taste = chance.normal(size=TRAITS)
    jokes = chance.normal(size=(max(ORDERINGS), EACH, TRAITS))
    ordered = order(jokes, taste, chance, mood) if orderly else jokes
    if contrary:
        turned = np.random.default_rng(seed + 1).random(len(ordered)) < contrary
        ordered = np.where(turned[:, None, None], ordered[:, ::-1], ordered)
    new = chance.normal(size=(PAIRS, 2, TRAITS))
    truly = new @ taste  # (pairs, 2)
    person = order(new, taste, chance, mood)[:, 0] == np.where(
        truly[:, :1] > truly[:, 1:], new[:, 0], new[:, 1]
    )
    right = {}
    for count in ORDERINGS:
        scores = new @ (weights := train(ordered[:count]))
        right[str(count)] = float(((scores[:, 0] > scores[:, 1]) == (truly[:, 0] > truly[:, 1])).mean())
    five = chance.normal(size=(EACH, TRAITS))
    return {
        "person": float(person.all(1).mean()),
        "right": right,
        "taste": [float(value) for value in np.sort(five @ taste)[::-1]],
        "scores": [float(score) for score in (five @ weights)[np.argsort(-five @ taste)]],
    }


def check(numbers: Numbers) -> None:
    person, right = numbers["person"], list(numbers["right"].values())
    expect(right[-1] > 0.95, "with 1,000 orderings it picks the better of two new jokes nearly always")
    expect(right[-1] > person + 0.05, "which is more reliable than the people it learned from")
    expect(right[-1] > right[0] + 0.05, "more orderings make it more reliable")
    expect(
        np.corrcoef(numbers["taste"], numbers["scores"])[0, 1] > 0.95, "its scores follow what people like"
    )


def lines(numbers: Numbers) -> list[str]:
    count = ORDERINGS[-1]
    return [
        "Marks by hand, for 1,000 updates × 1,000 prompts × 1,000 jokes:    1,000,000,000 judgements",
        f"{EACH} jokes put in order, for {count:,} prompts: {count * EACH:>42,} judgements",
        "Which of two new jokes do people like better? Right in",
        f"{'  one person, in the mood of the day':<44}{numbers['person']:>5.0%}",
        *(
            f"{f'  a reward model trained on {int(orderings):,} orderings':<44}{share:>5.0%}"
            for orderings, share in numbers["right"].items()
        ),
        "Moods differ from one ordering to the next, so they cancel out; the common taste remains.",
        "Its scores for five new jokes, from the one people like best:",
        "  " + "  ".join(f"{score:.1f}" for score in numbers["scores"]),
        "Any numbers, not marks from 0 to 1: trained on comparisons, it knows differences only.",
        "From now on it can judge a billion jokes, and nobody has to read them.",
    ]


def plot(numbers: Numbers) -> str:
    right = [(float(np.log10(int(count))), float(share)) for count, share in numbers["right"].items()]
    person = [(at, float(numbers["person"])) for at, _ in right]
    return svg.lines(
        "Picking the better of two jokes",
        {"reward model": right, "one person": person},
        x="orderings to learn from",
        x_base=10,
        y="right",
    )
