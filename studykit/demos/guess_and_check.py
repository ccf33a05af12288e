"""Guess and check: try a problem many times, keep what came out right, make that more likely.

Nobody shows the model how to solve the problem; only the final answer is compared with the known
one. A teacher would show the way that people find best. But what is easy for people need not be easy
for the model, and the other way round: which way suits it, the model finds out by trying.
"""

from __future__ import annotations

import random
from math import exp, log

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="guess_and_check",
    title="Guess and check: learning from answers that can be checked",
    layer="reinforcement learning",
    terms=("guess-and-check", "rollout"),
    claim="Trained on those of its own attempts that came out right, a model goes from a quarter right to "
    "nearly all, by a way that suits it and not the one that a teacher would show.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:14:42",
            claim="Of 15 attempts at a problem, say, 4 are right; those are trained on. People do not know "
            "which way of solving suits the model, so it has to find out by itself.",
        ),
    ),
    cannot_show="The model only chooses between four ways that it has. A real one writes its solutions token "
    "by token, so it can also come upon others.",
    mechanism=Mechanism(
        keyword="check_answers",
        off=False,
        without="Checking: as many attempts are kept, right or wrong.",
    ),
    knobs=(
        Knob(name="attempts", low=1, high=100, help="attempts at a problem"),
        Knob(name="rate", low=0.001, high=2, help="how far an attempt that is kept changes the habit"),
        Knob(
            name="shown", low=0, high=100, help="problems that a teacher solves by rows before it practises"
        ),
    ),
    tries=(
        Try(
            set={"attempts": 1},
            then=(
                "Let it try each problem once: 120 problems change little, and what gains is the "
                "teacher's way. The best one is so rare that it hardly ever gets a chance."
            ),
            shows=lambda _, now: (
                now["history"][-1]["right"] < 0.6
                and now["history"][-1]["shares"][TAUGHT] > now["history"][-1]["shares"][3]
            ),
        ),
        Try(
            set={"rate": 2},
            then=(
                "Let each right attempt count 25 times as much: after 20 problems it is as good as usual "
                "after 120. With a check that never errs, haste does no harm."
            ),
            shows=lambda was, now: now["history"][20]["right"] > 0.9 > was["history"][20]["right"] + 0.2,
        ),
        Try(
            set={"shown": 20},
            then=(
                "Have a teacher solve 20 problems by rows first: it starts better, and after 120 problems "
                "of its own it is no better than the teacher's way. It hardly tries any other, and so "
                "never finds the best."
            ),
            shows=lambda was, now: (
                now["history"][0]["right"] > was["history"][0]["right"] + 0.08
                and now["history"][-1]["right"] < 0.5 < was["history"][-1]["right"] - 0.3
            ),
        ),
    ),
    seconds=0.02,
)

ATTEMPTS, PROBLEMS, RATE = 15, 120, 0.08
SLIP = {1: 0.01, 2: 0.4, 4: 0.9}  # chance of a mistake, by the products of two digits done in one step
WAYS = ("at once", "by rows", "rounding", "digit by digit")
HABIT = (0.50, 0.30, 0.15, 0.05)  # how often the model goes each way before it is trained
TAUGHT: int = WAYS.index("by rows")  # as schools teach it


def practise(likes: list[float], kept: list[int], rate: float = RATE) -> list[float]:
    """Make the ways of the kept attempts likelier: up the gradient of their log-probability."""
    shares = softmax(likes)
    return [like + rate * (kept.count(i) - len(kept) * shares[i]) for i, like in enumerate(likes)]


def softmax(likes: list[float]) -> list[float]:
    """How likely the model is to go each way."""
    raised = [exp(like) for like in likes]
    return [one / sum(raised) for one in raised]


def steps(a: int, b: int, way: str) -> list[tuple[int, int]]:
    """The products that ``way`` takes in turn; their sum is a × b."""
    a_tens, a_ones, b_tens, b_ones = a // 10 * 10, a % 10, b // 10 * 10, b % 10
    return {
        "at once": [(a, b)],
        "by rows": [(a, b_tens), (a, b_ones)],
        "rounding": [(a, b_tens + 10), (a, b_ones - 10)],
        "digit by digit": [(a_tens, b_tens), (a_tens, b_ones), (a_ones, b_tens), (a_ones, b_ones)],
    }[way]


def attempt(a: int, b: int, way: str, chance: random.Random) -> int:
    """Work out a × b. The more of it the model does in one step, the likelier it errs."""
    total = 0
    for x, y in steps(a, b, way):
        products = len(str(abs(x)).rstrip("0")) * len(str(abs(y)).rstrip("0"))
        error = chance.choice((-100, -10, 10, 100)) if chance.random() < SLIP[products] else 0
        total += x * y + error
    return total


def run(
    seed: int = 0,
    *,
    check_answers: bool = True,
    attempts: int = ATTEMPTS,
    rate: float = RATE,
    shown: int = 0,
) -> Numbers:
    """Fifteen attempts at each of 120 problems; trained on those that came out right."""
    chance = random.Random(seed)

    def problem() -> tuple[int, int]:
        """No 1, whose products are no work, no 0, and no 9, from which nothing is left to round."""
        return (
            10 * chance.randint(2, 8) + chance.randint(2, 8),
            10 * chance.randint(2, 8) + chance.randint(2, 8),
        )

    def works(way: str) -> float:
        """How often a way leads to the right answer: nobody tells the model."""
        drawn = [problem() for _ in range(1000)]
        return sum(attempt(a, b, way, chance) == a * b for a, b in drawn) / len(drawn)

    reliable = [works(way) for way in WAYS]
    likes, history, tried = [log(share) for share in HABIT], [], []
    for _ in range(shown):
        likes = practise(likes, [TAUGHT] * ATTEMPTS, rate)
    for done in range(PROBLEMS + 1):
        shares = softmax(likes)
        right = sum(share * works for share, works in zip(shares, reliable, strict=True))
        history.append({"done": done, "right": right, "shares": shares})
        a, b = problem()
        ways = chance.choices(range(len(WAYS)), shares, k=attempts)
        won = [way for way in ways if attempt(a, b, WAYS[way], chance) == a * b]
        if done == 0:
            tried = [[ways.count(i), won.count(i)] for i in range(len(WAYS))]
            first = [a, b]
        likes = practise(likes, won if check_answers else chance.sample(ways, len(won)), rate)
    return {"attempts": attempts, "problem": first, "tried": tried, "reliable": reliable, "history": history}


def check(numbers: Numbers) -> None:
    before, after = numbers["history"][0], numbers["history"][-1]
    best = max(range(len(WAYS)), key=lambda i: float(numbers["reliable"][i]))
    expect(0.15 < before["right"] < 0.4, "at first about a quarter of the attempts are right")
    expect(after["right"] > 0.9, "after practice nearly all are")
    expect(
        before["shares"][best] < 0.1 and after["shares"][best] > 0.9, "the way that suits it was a rare one"
    )
    expect(
        numbers["reliable"][TAUGHT] < after["right"] - 0.3, "the teacher's way would have helped much less"
    )


def lines(numbers: Numbers) -> list[str]:
    (a, b), tried, tries = numbers["problem"], numbers["tried"], numbers["attempts"]
    return [
        f"{a} × {b} = ?  The model tries {tries} times; only the final answer is checked.",
        *(
            f"  {way:<15} {times:>2} {'try,  ' if times == 1 else 'tries,'} {won} right     "
            + " + ".join(f"{x}×{y}" if y > 0 else f"{x}×({y})" for x, y in steps(a, b, way))
            for way, (times, won) in zip(WAYS, tried, strict=True)
        ),
        "It errs in 1% of its steps of one digit by one, in 40% of two by one, in 90% of two by two.",
        f"{sum(won for _, won in tried)} of {tries} are right. It is trained on those, and goes on to the "
        "next problem.",
        "problems done   right   " + "".join(f"{way:>16}" for way in WAYS),
        *(
            f"{row['done']:>13} {row['right']:>7.0%}   "
            + "".join(f"{share:>16.0%}" for share in row["shares"])
            for row in numbers["history"]
            if row["done"] in (0, 20, 30, 60, 120)
        ),
        f"A teacher would have shown it to multiply {WAYS[TAUGHT]}: with that, "
        f"{numbers['reliable'][TAUGHT]:.0%} come out right.",
        "Tiny steps look tedious to people. They suit this model, and trying was how to find out.",
    ]


def plot(numbers: Numbers) -> str:
    rows = numbers["history"]
    series = {"right answers": [(float(row["done"]), float(row["right"])) for row in rows]}
    for i, way in enumerate(WAYS):
        series[way] = [(float(row["done"]), float(row["shares"][i])) for row in rows]
    return svg.lines("Which way it goes", series, x="problems practised", y="share of attempts")
