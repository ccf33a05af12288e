"""TinyLoRA: a handful of numbers brings out what a model can do, and stores nothing new.

Freeze a model and let k numbers steer it, each along a fixed random direction. Practice with a reward
(right or wrong) wants one thing changed: more of a skill that is there already but drowned out. A few
numbers suffice. New facts are something else: each asks for a change of its own, and k numbers hold
no more than about k of these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="tiny_lora",
    title="TinyLoRA: a few numbers unlock a skill, and store no facts",
    layer="knowledge in weights",
    terms=("tiny-lora", "one-parameter-experiment", "random-projection"),
    claim="With 14 trained numbers practice with a reward brings out a dormant skill nearly in full, while "
    "supervised training on 40 new facts needs more than ten times as many.",
    equation=r"w' = w + P z, \qquad z \in \mathbb{R}^k, \quad P \text{ random and fixed}",
    letters="w: the model's weights; z: the k numbers that are trained; P: random directions.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="39:47 to 41:08",
            claim="With 14 trained parameters reinforcement learning brings a model to about 91 % on GSM8K; "
            "a single one adds 5 points; something is fishy in the data that Qwen was trained on.",
        ),
        Said(
            talk="a talk on training models on your own data",
            where="shortly before 39:47",
            claim="For reinforcement learning LoRA does as well as the full model, since updates are small; "
            "supervised fine-tuning has lots to store.",
        ),
    ),
    cannot_show="The skill was planted. That few numbers do for a real model (the paper has 13 for 91 %) "
    "shows that it had the skill, not whether it came by it honestly or had seen such problems. And told "
    "the answers, instead of rewarded, they bring it out here too: what counts is what there is to learn.",
    mechanism=Mechanism(
        keyword="dormant",
        off=False,
        without="The dormant skill: the model has none, and practice finds nothing to bring out.",
    ),
    knobs=(
        Knob(
            name="faint",
            low=-0.5,
            high=0.5,
            help="weight of the circuits that know how to solve the questions, at first",
        ),
        Knob(name="skilled", low=1, high=80, help="how many of the 160 circuits know it"),
    ),
    tries=(
        Try(
            set={"faint": -0.2},
            then=(
                "Let the circuits that know the answer count against it: the model begins worse than a "
                "guess, and 14 numbers turn that into nearly all right. A skill that is held down is "
                "still a skill."
            ),
            shows=lambda _, now: now["rows"][0]["skill"] < 0.1 and now["rows"][3]["skill"] > 0.85,
        ),
        Try(
            set={"skilled": 1},
            then=(
                "Let 1 circuit know it instead of 16: 14 numbers bring out only part of it. Along random "
                "directions, what is small is hard to hit."
            ),
            shows=lambda was, now: now["rows"][3]["skill"] < 0.75 < was["rows"][3]["skill"] - 0.1,
        ),
        Try(
            set={"faint": -0.5},
            then=(
                "Let the circuits that know count so strongly against it that no try is ever right: now not "
                "even 160 numbers bring the skill out. A reward can make likelier only what happens now and "
                "then."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["trained"] == 160
                and now["rows"][-1]["skill"] < 0.05
                and was["rows"][-1]["skill"] > 0.95 < now["rows"][-1]["facts"]
            ),
        ),
    ),
    seconds=0.6,
)

CIRCUITS, ANSWERS = 160, 8  # the model's answer is the weighted sum of what its circuits say
QUESTIONS, FACTS = 60, 40
SKILLED, FAINT = 16, 0.04  # circuits that know how to solve the questions, and their weight at first
TRAINED = (1, 4, 14, 40, CIRCUITS)
STEPS, RATE, TRIES = 150, 3.0, 8

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def reward(chances: Array, right: Ints, rng: np.random.Generator) -> Array:
    """(questions, ANSWERS): how practice would move the scores; GRPO without the division by the spread.

    Each question is tried a few times. Tries that were right when others were not are made likelier.
    """
    drawn = rng.random((len(right), TRIES, 1))
    tries = (chances.cumsum(axis=1)[:, None, :-1] < drawn).sum(axis=2)  # (questions, TRIES)
    good = (tries == right[:, None]).astype(float)
    better = good - good.mean(axis=1, keepdims=True)
    return np.asarray((better[:, :, None] * (np.eye(ANSWERS)[tries] - chances[:, None, :])).mean(axis=1))


def supervised(chances: Array, right: Ints) -> Array:
    """(questions, ANSWERS): how the right answers themselves would move the scores."""
    return np.eye(ANSWERS)[right] - chances


def train(
    circuits: Array, weights: Array, right: Ints, directions: Array, rng: np.random.Generator | None
) -> float:
    """Share right after training k numbers along ``directions``, (CIRCUITS, k); by reward if ``rng``.

    ``circuits``: (questions, CIRCUITS, ANSWERS), frozen, as are ``weights``, (CIRCUITS,).
    """
    frozen = np.einsum("qca,c->qa", circuits, weights)
    steered = np.einsum("qca,ck->kqa", circuits, directions)
    numbers = np.zeros(directions.shape[1])  # all that is trained
    for _ in range(STEPS):
        chances = softmax(frozen + np.tensordot(numbers, steered, 1))
        wanted = reward(chances, right, rng) if rng else supervised(chances, right)
        numbers += RATE * np.tensordot(steered, wanted, 2) / len(right)
    return float(np.mean((frozen + np.tensordot(numbers, steered, 1)).argmax(axis=1) == right))


def run(seed: int = 0, *, dormant: bool = True, faint: float = FAINT, skilled: int = SKILLED) -> Numbers:
    """Practise a dormant skill, and learn 40 facts, with 1 to 160 trained numbers."""
    rng = np.random.default_rng(seed)
    circuits = rng.normal(0, 0.25, (QUESTIONS, CIRCUITS, ANSWERS))
    right = rng.integers(0, ANSWERS, QUESTIONS)
    if dormant:
        circuits[np.arange(QUESTIONS), :skilled, right] += 1.0
    weights = np.concatenate([np.full(skilled, faint), rng.normal(0, 0.5, CIRCUITS - skilled)])
    facts = rng.normal(0, 0.25, (FACTS, CIRCUITS, ANSWERS))
    told = rng.integers(0, ANSWERS, FACTS)
    nothing = np.zeros((CIRCUITS, 1))
    rows = [{"trained": 0, "skill": train(circuits, weights, right, nothing, None), "facts": 0.0}]
    rows[0]["facts"] = train(facts, weights, told, nothing, None)
    for k in TRAINED:
        directions = np.eye(CIRCUITS) if k == CIRCUITS else rng.normal(0, CIRCUITS**-0.5, (CIRCUITS, k))
        skill = train(circuits, weights, right, directions, rng)
        rows.append({"trained": k, "skill": skill, "facts": train(facts, weights, told, directions, None)})
    return {"skilled": skilled, "rows": rows}


def check(numbers: Numbers) -> None:
    skill = {row["trained"]: row["skill"] for row in numbers["rows"]}
    facts = {row["trained"]: row["facts"] for row in numbers["rows"]}
    expect(skill[0] < 0.4, "at first the skill is drowned out")
    expect(skill[14] > 0.9, "14 numbers bring it out")
    expect(facts[14] < 0.5, "14 numbers do not hold 40 facts")
    expect(facts[40] < 0.7, "nor do 40")
    expect(facts[CIRCUITS] > 0.95, "160 do")


def lines(numbers: Numbers) -> list[str]:
    skilled = numbers["skilled"]
    rows = {row["trained"]: row for row in numbers["rows"]}
    return [
        f"A frozen model of {CIRCUITS} circuits; {skilled} can solve the problems, but they are faint.",
        f"numbers      {QUESTIONS} problems, practised    {FACTS} new facts, told",
        "trained          with a reward         by supervision",
        *(f"{row['trained']:>7}{row['skill']:>20.0%}{row['facts']:>23.0%}" for row in rows.values()),
        f"A guess is right in {1 / ANSWERS:.0%}. Reward says the same every time: more of that skill.",
        f"14 numbers, along random directions, can turn it up: to {rows[14]['skill']:.0%}.",
        "Forty facts say forty different things, and need room: with 14 numbers they do not fit.",
        "So a great gain from a few numbers is a sign that the skill was in the model before.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        title: [(float(row["trained"]), row[key]) for row in numbers["rows"]]
        for title, key in (("skill, by reward", "skill"), ("facts, by supervision", "facts"))
    }
    return svg.lines("Right answers, by how many numbers are trained", series, x="numbers", y="share right")
