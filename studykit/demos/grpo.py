"""GRPO: several answers to the same question, each judged against the average of its group.

What is better than the group becomes likelier, what is worse less likely; the average takes the place
of a second network that would have to guess what was to be expected. If all answers of a group are
right, or all are wrong, none is better than the others, and there is nothing to learn from them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="grpo",
    title="GRPO: answers judged against their group",
    layer="reinforcement learning",
    terms=("grpo", "advantage-estimate"),
    claim="Answers to one question are judged against each other: questions that are always or never "
    "answered right teach nothing, those answered right half the time teach most.",
    equation=r"A_i = \frac{r_i - \operatorname{mean}(r_1, \ldots, r_G)}{\operatorname{std}(r_1, \ldots, "
    r"r_G)}",
    letters="r: rewards of the G answers to one question; A: how much better than its group an answer is.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="44:26",
            claim="If all answers to a question get the same reward, all right or all wrong, there is "
            "nothing to learn from them; so questions must be of the right difficulty.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 63 % in",
            claim="Problems that are always solved give no signal, so training needs ever harder ones.",
        ),
    ),
    cannot_show="Each question has a score of its own here. In a network, questions share weights, so what "
    "is learned from one helps with others; and a KL penalty pulls even when rewards are equal.",
    mechanism=Mechanism(
        keyword="greedy",
        off=True,
        without="Chance: all eight answers to a question are the same one, so none is better than its group.",
    ),
    knobs=(
        Knob(name="group", low=1, high=64, help="answers to a question that are judged against each other"),
        Knob(name="rate", low=0.01, high=50, help="size of a step"),
    ),
    tries=(
        Try(
            set={"group": 1},
            then=(
                "Judge each answer alone, in a group of 1: nothing is ever learned. An answer is its own "
                "average."
            ),
            shows=lambda was, now: max(now["history"][0]["step"]) == 0 < max(was["history"][0]["step"]),
        ),
        Try(
            set={"group": 64},
            then=(
                "Take groups of 64 instead of 8: questions that are answered right in 2 % are now learned "
                "in 40 updates, for among so many answers one is right. The hopeless stay hopeless."
            ),
            shows=lambda was, now: (
                now["history"][-1]["right"][1] > 0.6 > was["history"][-1]["right"][1] + 0.2
                and now["history"][-1]["right"][0] < 0.1
            ),
        ),
        Try(
            set={"group": 2},
            then=(
                "Take groups of 2: even where half is right, half of the groups teach nothing, because "
                "both answers are right or both wrong."
            ),
            shows=lambda was, now: (
                now["history"][0]["mixed"][4] < 0.6 and was["history"][0]["mixed"][4] > 0.95
            ),
        ),
    ),
    seconds=0.1,
)

GROUP, RATE, UPDATES = 8, 0.5, 40
LEVELS = (0.0001, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.9999)  # how often a question is answered right
QUESTIONS = 500  # of each level

Array = NDArray[np.float64]


def advantages(rewards: Array) -> Array:
    """How far each reward is above its group's average, in standard deviations: (groups, answers)."""
    better = rewards - rewards.mean(-1, keepdims=True)
    spread = rewards.std(-1, keepdims=True)
    return np.asarray(np.divide(better, spread, out=np.zeros_like(better), where=spread > 0))


def update(scores: Array, rewards: Array) -> Array:
    """The step up the gradient: (groups,) scores, (groups, answers) rewards to (groups,) changes.

    A right answer has the probability sigmoid(score); the slope of its logarithm is 1 - sigmoid, and
    that of a wrong one's is -sigmoid.
    """
    right = 1 / (1 + np.exp(-scores))
    return np.asarray((advantages(rewards) * (rewards - right[:, None])).mean(1))


def answers(scores: Array, chance: np.random.Generator, *, greedy: bool, group: int = GROUP) -> Array:
    """Rewards of ``group`` answers to each question, 1 or 0: (groups, answers)."""
    right = 1 / (1 + np.exp(-scores[:, None]))
    luck = chance.random((len(scores), 1 if greedy else group))
    return np.repeat(luck < right, group if greedy else 1, axis=1).astype(float)


def run(seed: int = 0, *, greedy: bool = False, group: int = GROUP, rate: float = RATE) -> Numbers:
    """Train on questions of nine levels, from hopeless to mastered."""
    chance = np.random.default_rng(seed)
    level = np.repeat(LEVELS, QUESTIONS)
    scores = np.log(level / (1 - level))  # (questions,)
    history = []
    for _ in range(UPDATES + 1):
        rewards = answers(scores, chance, greedy=greedy, group=group)
        steps = update(scores, rewards)
        measured = {
            "right": 1 / (1 + np.exp(-scores)),
            "mixed": (rewards.std(1) > 0).astype(float),  # neither all right nor all wrong
            "step": np.abs(steps),
        }
        history.append(
            {name: [float(m) for m in x.reshape(len(LEVELS), -1).mean(1)] for name, x in measured.items()}
        )
        scores = scores + rate * steps
    groups = np.array([[1, 0, 0, 1, 0, 0, 0, 0], [1] * GROUP, [0] * GROUP])
    judged = [[float(one) for one in group] for group in advantages(groups.astype(float))]
    return {"group": group, "history": history, "groups": groups.tolist(), "judged": judged}


def check(numbers: Numbers) -> None:
    before, after = numbers["history"][0], numbers["history"][-1]
    step, middle = before["step"], len(LEVELS) // 2
    gained = [b - a for a, b in zip(before["right"], after["right"], strict=True)]
    one, wrong, *_ = numbers["judged"][0]
    expect(one > 1 and -1 < wrong < 0, "what is below its group's average counts against, not just less")
    expect(not any(map(any, numbers["judged"][1:])), "all right or all wrong: every advantage is nothing")
    expect(step[middle] > 0.3 and max(step) == step[middle], "half right half wrong teaches most")
    expect(max(step[0], step[-1]) < 0.02 * step[middle], "hopeless and mastered questions teach nothing")
    expect(abs(gained[0]) < 0.05 and min(gained[2:4]) > 0.5, "hard ones are learned, hopeless ones are not")
    expect(np.mean(after["mixed"]) < 0.6 * np.mean(before["mixed"]), "the better it gets, the less is left")


def lines(numbers: Numbers) -> list[str]:
    before, after = numbers["history"][0], numbers["history"][-1]
    many = "eight" if numbers["group"] == 8 else numbers["group"]

    def group(rewards: list[int], judged: list[float]) -> str:
        return f"  rewards {' '.join(map(str, rewards))}   " + " ".join(f"{one:5.1f}" for one in judged)

    return [
        f"{GROUP} answers to one question, 1 is right. How much better than the group is each?",
        *map(group, numbers["groups"], numbers["judged"]),
        f"Questions of {len(LEVELS)} levels, {QUESTIONS} of each:",
        f"{'right before':<26}" + "".join(f"{one:>8.0%}" for one in before["right"]),
        f"{'groups with both':<26}" + "".join(f"{one:>8.0%}" for one in before["mixed"]),
        f"{'size of the update':<26}" + "".join(f"{one:>8.2f}" for one in before["step"]),
        f"{f'right after {UPDATES} updates':<26}" + "".join(f"{one:>8.0%}" for one in after["right"]),
        f"{'groups with both':<26}" + "".join(f"{one:>8.0%}" for one in after["mixed"]),
        f"Where all {many} are right, or all are wrong, no answer is better than the others: no update.",
        "Most is learned where it is right half the time; the hopeless stays hopeless.",
        f"At first {np.mean(before['mixed']):.0%} of the groups taught something, at the end "
        f"{np.mean(after['mixed']):.0%}: now it needs harder questions.",
    ]


def plot(numbers: Numbers) -> str:
    row = numbers["history"][0]
    points = {
        "groups with right and wrong answers": list(zip(row["right"], row["mixed"], strict=True)),
        "size of the update": list(zip(row["right"], row["step"], strict=True)),
    }
    return svg.lines(
        "What a group of eight teaches", points, x="how often the question is answered right", y=""
    )
