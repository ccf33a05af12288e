"""Elo: ranking models by who wins when two answer the same question.

Nobody has to say how good a model is, only which of two answers is better. Every model has a number; the
difference of two numbers says how often the one should win. After each vote both move a little towards what
happened. Enough votes sort the models. But what is measured is what voters like: if they like long
answers, length earns points.
"""

from __future__ import annotations

import random

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="elo",
    title="Elo ratings: from single votes to a ranking",
    layer="evaluation",
    terms=("elo-rating", "lm-arena"),
    claim="Ratings from votes between two recover the true order and distances; when voters like length as "
    "well, a wordy model climbs past all better ones.",
    equation=r"R_a \leftarrow R_a + K \, (S - E), \qquad E = \frac{1}{1 + 10^{(R_b - R_a) / 400}}",
    letters="R: rating; S: 1 for a win, 0 for a loss; E: what was to be expected; K: the most points "
    "that a vote moves.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="03:15:15",
            claim="On LM Arena people vote blindly between two answers, and models are ranked; of late "
            "the ranking seems to be gamed a little.",
        ),
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="02:42:07",
            claim="AlphaGo's strength is shown as an Elo rating, with the best player as a line to pass.",
        ),
    ),
    cannot_show="A rating is one number; real models are better at some things than at others, and who beats "
    "whom need not have an order.",
    mechanism=Mechanism(
        keyword="blind",
        off=True,
        without="Quality: votes are the toss of a coin.",
    ),
    knobs=(
        Knob(name="bonus", low=-300, high=1000, help="points that length is worth to those who like it"),
        Knob(name="step", low=0.1, high=200, help="how far a vote moves a rating"),
        Knob(name="tossed", low=0, high=1, help="share of the votes that are the toss of a coin"),
    ),
    tries=(
        Try(
            set={"bonus": 1000},
            then=(
                "Make length worth 1,000 points: Ada loses more than a hundred, though she is as good as "
                "ever and nobody likes her less. Points only change hands, so what one gains is taken "
                "from all."
            ),
            shows=lambda was, now: now["length_liked"]["Ada"] < was["fair"]["Ada"] - 100,
        ),
        Try(
            set={"step": 40},
            then=(
                "Let a vote move 40 points instead of 4: 300 votes now spread the models about as far "
                "apart as they really are, where before they had hardly left the start."
            ),
            shows=lambda was, now: (
                now["few"]["Ada"] - now["few"]["Fay"] > 280 and was["few"]["Ada"] - was["few"]["Fay"] < 200
            ),
        ),
        Try(
            set={"tossed": 0.5},
            then=(
                "Let half of the votes be the toss of a coin: the order is still the true one, and only the "
                "distances shrink, to less than half. A coin takes no side, so it blurs a ranking without "
                "bending it."
            ),
            shows=lambda was, now: (
                ranks(now["fair"]) == [*MODELS]
                and now["fair"]["Ada"] - now["fair"]["Fay"] < 0.5 * (was["fair"]["Ada"] - was["fair"]["Fay"])
            ),
        ),
    ),
    seconds=0.1,
)

MODELS: dict[str, int] = {
    "Ada": 1200,
    "Bob": 1120,
    "Cleo": 1040,
    "Dan": 960,
    "Eve": 880,
    "Fay": 800,
}  # true skill
VOTES, START, STEP = 30_000, 1000.0, 4.0
WORDY, BONUS = "Dan", 300  # who writes at length, and what that is worth to voters who like it


def expected(one: float, other: float) -> float:
    """How often the one should win: 400 points more are odds of ten to one."""
    return 1 / (1 + 10 ** ((other - one) / 400))


def rate(votes: list[tuple[str, str]], step: float = STEP) -> dict[str, float]:
    """Ratings after votes of (winner, loser), all starting from the same; averaged over the second half."""
    rating, mean = dict.fromkeys(MODELS, START), dict.fromkeys(MODELS, 0.0)
    for i, (winner, loser) in enumerate(votes):
        surprise = 1 - expected(rating[winner], rating[loser])  # small if it was to be expected
        rating[winner] += step * surprise
        rating[loser] -= step * surprise
        if i >= len(votes) // 2:  # by then they only wobble
            for model in MODELS:
                mean[model] += rating[model] / (len(votes) - len(votes) // 2)
    return mean


def vote(skill: dict[str, float], chance: random.Random, tossed: float = 0.0) -> tuple[str, str]:
    """Two models by lot, and who of them wins by chance and skill: (winner, loser)."""
    one, other = chance.sample([*MODELS], 2)
    if tossed and chance.random() < tossed:
        return one, other
    return (one, other) if chance.random() < expected(skill[one], skill[other]) else (other, one)


def run(
    seed: int = 0, *, blind: bool = False, bonus: float = BONUS, step: float = STEP, tossed: float = 0.0
) -> Numbers:
    """30,000 votes by quality alone, and as many by voters who like length as well."""
    chance = random.Random(seed)
    skill = {model: START if blind else float(true) for model, true in MODELS.items()}
    liked = skill | {WORDY: skill[WORDY] + bonus}
    votes = [vote(skill, chance, tossed) for _ in range(VOTES)]
    return {
        "fair": rate(votes, step),
        "few": rate(votes[:300], step),
        "length_liked": rate([vote(liked, chance, tossed) for _ in range(VOTES)], step),
        "sample": [list(pair) for pair in votes[:2]],
    }


def ranks(ratings: dict[str, float]) -> list[str]:
    """The models, best first."""
    return sorted(ratings, key=lambda model: -ratings[model])


def check(numbers: Numbers) -> None:
    fair, liked = numbers["fair"], numbers["length_liked"]
    expect(ranks(fair) == [*MODELS], "the order is the true one")
    away = max(abs(fair[model] - MODELS[model]) for model in MODELS)
    expect(away < 40, "and so are the distances, to half a step of the ladder")
    expect(ranks(liked)[0] == WORDY, "liked for length, the fourth comes first")


def lines(numbers: Numbers) -> list[str]:
    fair, few, liked = (numbers[key] for key in ("fair", "few", "length_liked"))
    first, second = (f"{winner} beats {loser}" for winner, loser in numbers["sample"])
    place = [ranks(ratings).index(WORDY) + 1 for ratings in (fair, liked)]
    return [
        f"Six models. {VOTES:,} times two answer, and one wins: {first}, {second}, …",
        f"All start at {START:.0f}; a winner takes up to {STEP:.0f} points from the loser, few if expected.",
        f"{'':<8}{'true skill':>11}{'300 votes':>11}{f'{VOTES:,} votes':>14}{'voters who like length':>25}",
        *(
            f"{model:<8}{true:>11}{few[model]:>11.0f}{fair[model]:>14.0f}{liked[model]:>25.0f}"
            + ("   (wordy)" if model == WORDY else "")
            for model, true in MODELS.items()
        ),
        f"80 points more mean winning {expected(80, 0):.0%} of the votes, 400 points {expected(400, 0):.0%}.",
        f"By quality {WORDY} is number {place[0]}; where voters like length, number {place[1]}.",
        "The ranking is true to the votes. Whether votes are true to quality, it cannot tell.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(true), numbers[votes][model]) for model, true in MODELS.items()]
        for name, votes in (("by quality", "fair"), ("liked for length", "length_liked"))
    }
    return svg.lines("One model is wordy", series, x="true skill", y="rating", from_zero=False)
