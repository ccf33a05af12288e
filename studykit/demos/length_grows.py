"""Answers grow longer under reinforcement learning, though nothing rewards length.

The model adds up a column of numbers and slips now and then. After each pass it may answer, or say
"wait" and go over it again, to answer what came oftenest. Only a right answer is rewarded. Looking
again finds slips and so wins more often; the habit grows, most of all where two passes differ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="length_grows",
    title="Aha: checking again pays, so answers grow longer",
    layer="reinforcement learning",
    terms=("aha-moment", "emergent-behavior"),
    claim="Rewarded for right answers only, a model comes to check its work again and again: more is right, "
    "and answers grow several times longer.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:27:47",
            claim="As DeepSeek-R1 is trained, more is right and answers grow longer on average; it begins "
            "to check again, which nobody programmed.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 60 % in",
            claim="Aha moments are in part fake: pre-training has already seen people correct themselves.",
        ),
    ),
    cannot_show="That it may say 'wait' is built in; in a real model it comes from texts in which people "
    "correct themselves. Here, too, training makes a rare habit usual, but does not invent it.",
    mechanism=Mechanism(
        keyword="blind",
        off=True,
        without="What a second look can find: every pass slips in the same places.",
    ),
    knobs=(
        Knob(name="slip", low=0, high=0.5, help="how often an addition goes wrong"),
        Knob(
            name="habit_before",
            low=0.0001,
            high=0.9,
            help="how often the model looks again before it is trained",
        ),
    ),
    tries=(
        Try(
            set={"slip": 0},
            then=(
                "Let it never slip: all is right from the start, so nothing is better than anything else, "
                "and answers stay as short as they were."
            ),
            shows=lambda _, now: now["history"][-1]["steps"] < 12 and now["history"][0]["right"] == 1,
        ),
        Try(
            set={"slip": 0.3},
            then=(
                "Let it slip in 30 % of the steps: it would need to check more than ever, and hardly "
                "learns to. Passes rarely agree then, so that looking again does not pay."
            ),
            shows=lambda was, now: now["history"][-1]["again"][1] < 0.5 < was["history"][-1]["again"][1],
        ),
        Try(
            set={"habit_before": 0.01},
            then=(
                "Let it look again in 1 % of cases at first: it never learns to check. Practice makes "
                "usual what happens now and then; what hardly happens it cannot reward."
            ),
            shows=lambda _, now: now["history"][-1]["steps"] < 12 and max(now["history"][-1]["again"]) < 0.2,
        ),
    ),
    seconds=0.3,
)

STEPS, SLIP = 8, 0.1  # additions in a pass, and how often one goes wrong
PASSES = 10  # no more fit into the context
HABIT = 0.15  # how often the model looks again before it is trained
SEEN = ("one result", "two that differ", "the same twice", "the same thrice")  # when it decides
UPDATES, BATCH, RATE = 120, 500, 10.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def agreeing(results: Ints) -> Ints:
    """For each result (batch, passes so far), how many are the same."""
    return np.asarray((results[:, :, None] == results[:, None, :]).sum(2))


def situation(results: Ints) -> Ints:
    """What the model has seen, as a place in ``SEEN``: (batch, passes so far) to (batch,)."""
    most = agreeing(results).max(1)
    return np.asarray(np.minimum(np.where(most == 1, results.shape[1] > 1, most), 3))


def solve(passes: Ints, habit: Floats, chance: np.random.Generator) -> tuple[Ints, Ints, Floats]:
    """The answers, how many passes each took, and the slopes of log-probability (batch, situations).

    ``passes`` (batch, passes): what each pass would come to. The answer is what came most often.
    """
    batch = len(passes)
    going, used, slopes = np.ones(batch, dtype=bool), np.ones(batch, dtype=int), np.zeros((batch, len(SEEN)))
    for done in range(1, PASSES):
        seen = situation(passes[:, :done])
        again = 1 / (1 + np.exp(-habit[seen]))
        wait = chance.random(batch) < again  # "wait, let me check that"
        slopes[np.arange(batch), seen] += going * (wait - again)
        going &= wait
        used += going
    answers = np.array(
        [row[:n][agreeing(row[None, :n])[0].argmax()] for row, n in zip(passes, used, strict=True)]
    )
    return answers, used, slopes


def columns(chance: np.random.Generator, *, blind: bool, slip: float = SLIP) -> tuple[Ints, Ints]:
    """What columns of numbers come to (batch,), and what each pass over them gives (batch, passes)."""
    right = chance.integers(10, 99, size=(BATCH, STEPS + 1)).sum(1)
    slips = chance.random((BATCH, PASSES, STEPS)) < slip
    off = slips * chance.choice((-100, -10, -1, 1, 10, 100), size=slips.shape)
    passes = right[:, None] + off.sum(2)
    return right, np.repeat(passes[:, :1], PASSES, 1) if blind else passes


def run(seed: int = 0, *, blind: bool = False, slip: float = SLIP, habit_before: float = HABIT) -> Numbers:
    """Policy gradient: what was decided on the way to a right answer becomes more usual."""
    chance = np.random.default_rng(seed)
    habit = np.full(len(SEEN), np.log(habit_before / (1 - habit_before)))
    history = []
    for _ in range(UPDATES + 1):
        right, passes = columns(chance, blind=blind, slip=slip)
        answers, used, slopes = solve(passes, habit, chance)
        reward = (answers == right).astype(float)  # and not a word about length
        history.append(
            {
                "right": float(reward.mean()),
                "steps": float(STEPS * used.mean()),
                "again": [float(one) for one in 1 / (1 + np.exp(-habit))],
            }
        )
        habit += RATE * (reward - reward.mean()) @ slopes / BATCH
    shown = next((i for i in range(BATCH) if used[i] > 3 and reward[i] and passes[i, 0] != right[i]), 0)
    example = {"right": int(right[shown]), "results": [int(one) for one in passes[shown, : used[shown]]]}
    return {"slip": slip, "habit": habit_before, "history": history, "example": example}


def check(numbers: Numbers) -> None:
    before, after = numbers["history"][0], numbers["history"][-1]
    expect(after["right"] > before["right"] + 0.3, "much more is right")
    expect(after["steps"] > 3 * before["steps"], "answers are several times as long")
    once, differ, _, thrice = after["again"]
    expect(min(once, differ) > 0.9, "it looks again after the first result, and where two differ")
    expect(thrice < 0.4, "it does not where the same came three times: length as such was not rewarded")


def lines(numbers: Numbers) -> list[str]:
    slip, habit = numbers["slip"], numbers["habit"]
    rows, (first, *more) = numbers["history"], numbers["example"]["results"]
    return [
        f"A model adds {STEPS + 1} numbers and slips in {slip:.0%} of its steps. After each pass it answers",
        f"or, in {habit:.0%}, checks by adding them up again. Only a right answer is rewarded.",
        "                           how often it checks again, having seen",
        "updates   right   steps" + "".join(f"{seen:>17}" for seen in SEEN),
        *(
            f"{i:>7} {row['right']:>7.0%} {row['steps']:>7.0f}"
            + "".join(f"{one:>17.0%}" for one in row["again"])
            for i, row in enumerate(rows)
            if i in (0, 20, 30, 40, 60, 80, UPDATES)
        ),
        f"Now it writes: {first}. " + " ".join(f"Wait … {result}." for result in more),
        "Nobody rewarded length or told it to check, still less when. Checking made answers right, so it",
        "stayed; most where results differ, and least where the same came three times.",
        "The habit itself was there before: training made it usual.",
    ]


def plot(numbers: Numbers) -> str:
    rows = list(enumerate(numbers["history"]))
    series = {
        "steps in an answer": [(float(i), float(row["steps"])) for i, row in rows],
        "right of 50 answers": [(float(i), 50 * float(row["right"])) for i, row in rows],
    }
    return svg.lines("Only right answers are rewarded", series, x="updates", y="number")
