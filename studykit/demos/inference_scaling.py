"""Inference-time scaling: a solver that errs gets better by trying more often.

One attempt slips here, misreads there. Slips differ from attempt to attempt and the right answer
does not, so the answer given most often is mostly the right one: a vote. Where a mistake is so
tempting that it comes oftener than the right answer, no number of votes helps; being able to check
an answer does. Nothing is trained: all that grows is the work done for a question.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="inference_scaling",
    title="Inference-time scaling: more attempts, more right answers",
    layer="inference",
    terms=("test-time-compute", "majority-voting", "best-of-n"),
    claim="More attempts at a question give more right answers: by a vote up to a ceiling, and beyond it if "
    "answers can be checked.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 28 % in",
            claim="Inference-time scaling is one of the two changes of 2025 that did most; work spent on the "
            "answers of a smaller model paid better than a bigger model such as GPT-4.5.",
        ),
    ),
    cannot_show="A reasoning model thinks longer in one go, step upon step; here attempts know "
    "nothing of each other, and the check is never wrong.",
    mechanism=Mechanism(
        keyword="alike",
        off=True,
        without="Variety: every attempt at a question is the same one.",
    ),
    knobs=(
        Knob(name="slip", low=0, high=0.9, help="how often a step goes wrong"),
        Knob(name="tempted", low=0, high=1, help="how often the most misleading question is misread"),
    ),
    tries=(
        Try(
            set={"tempted": 0},
            then=(
                "Let no question be misread: now a vote of 64 is as good as a check. What limits a vote "
                "is not how often a solver errs, but whether it errs the same way."
            ),
            shows=lambda was, now: now["vote"]["64"] > 0.98 > was["vote"]["64"] + 0.1,
        ),
        Try(
            set={"slip": 0.4},
            then=(
                "Let it slip in 40 % of its steps: a single attempt is hardly ever right, yet 256 votes "
                "get to where they got before."
            ),
            shows=lambda was, now: now["vote"]["1"] < 0.2 and now["vote"]["256"] > was["vote"]["256"] - 0.1,
        ),
        Try(
            set={"slip": 0},
            then=(
                "Let it never slip: 256 votes gain next to nothing on one attempt. A vote mends only "
                "mistakes that scatter."
            ),
            shows=lambda _, now: abs(now["vote"]["256"] - now["vote"]["1"]) < 0.05,
        ),
    ),
    seconds=0.2,
)

QUESTIONS, SLIP = 300, 0.12
TRIES = (1, 4, 16, 64, 256)


def attempt(numbers: list[int], tempting: float, chance: random.Random, slip: float = SLIP) -> int:
    """Work out a + b × c + d × e …: any step may slip, and it may be read from left to right."""

    def step(result: int) -> int:
        return result + chance.choice((-10, -1, 1, 10)) if chance.random() < slip else result

    left_to_right = chance.random() < tempting
    total, *rest = numbers
    for b, c in zip(rest[::2], rest[1::2], strict=True):
        total = step(step(total + b) * c) if left_to_right else step(total + step(b * c))
    return total


def right(numbers: list[int]) -> int:
    """What it really comes to."""
    return numbers[0] + sum(b * c for b, c in zip(numbers[1::2], numbers[2::2], strict=True))


def vote(answers: list[int]) -> int:
    """The answer given most often; of several, the one given first."""
    return Counter(answers).most_common(1)[0][0]


def checked(answers: list[int], wanted: int) -> int:
    """The first answer that passes the check, or else the last one."""
    return next((answer for answer in answers if answer == wanted), answers[-1])


def run(seed: int = 0, *, alike: bool = False, slip: float = SLIP, tempted: float = 0.9) -> Numbers:
    """Up to 256 attempts at each of 300 questions, from easy to long and misleading."""
    chance = random.Random(seed)
    votes, checks = Counter[int](), Counter[int]()
    saved: list[Numbers] = []  # where a vote puts right what the first attempt got wrong
    misled: list[Numbers] = []  # and where it does not
    for _ in range(QUESTIONS):
        numbers = [chance.randint(2, 9) for _ in range(1 + 2 * chance.randint(1, 4))]
        tempting = tempted * chance.random() ** 2  # few questions are very misleading
        answers = [attempt(numbers, tempting, chance, slip) for _ in range(1 if alike else TRIES[-1])]
        answers *= TRIES[-1] // len(answers)
        wanted = right(numbers)
        for n in TRIES:
            votes[n] += vote(answers[:n]) == wanted
            checks[n] += checked(answers[:n], wanted) == wanted
        if len(numbers) == 3 and answers[0] != wanted:
            given = [list(pair) for pair in Counter(answers).most_common(3)]
            kind = saved if vote(answers) == wanted else misled
            kind.append({"numbers": numbers, "right": wanted, "answers": given})
    return {
        "vote": {str(n): votes[n] / QUESTIONS for n in TRIES},
        "check": {str(n): checks[n] / QUESTIONS for n in TRIES},
        "slip": slip,
        "saved": saved[:1],
        "misled": sorted(misled, key=lambda one: int(one["answers"][0][1]))[-1:],
    }


def check(numbers: Numbers) -> None:
    votes, checks = (list(numbers[way].values()) for way in ("vote", "check"))
    expect(votes[2] > votes[0] + 0.15, "a vote of 16 attempts beats one attempt")
    expect(all(b > a for a, b in pairwise(votes[:3])), "up to 16, more attempts are better")
    expect(abs(votes[-1] - votes[-2]) < 0.06, "beyond 64 a vote gains nothing")
    expect(checks[-1] > votes[-1] + 0.1, "a check goes beyond the ceiling of the vote")
    expect(
        all(b >= a for a, b in pairwise(checks)) and checks[-1] > 0.95, "with a check, more is always better"
    )


def lines(numbers: Numbers) -> list[str]:
    def shown(one: Numbers) -> str:
        a, b, c = one["numbers"]
        given = ", ".join(f"{answer} ({times} times)" for answer, times in one["answers"])
        return f"  {a} + {b} × {c} = {one['right']:<3} answers in {TRIES[-1]} attempts: {given}"

    slip = numbers["slip"]
    return [
        f"{QUESTIONS} problems like 2 + 3 × 4, and a solver that slips in {slip:.0%} of its steps. It may",
        "also read from left to right, and take 20 for the answer.",
        "attempts at each    right by vote    right with a check",
        *(f"{n:>16} {numbers['vote'][n]:>16.0%} {numbers['check'][n]:>21.0%}" for n in numbers["vote"]),
        "Slips scatter, so a vote mends them:",
        *map(shown, numbers["saved"]),
        "A tempting mistake comes back every time, so it wins the vote, however many attempts there are:",
        *map(shown, numbers["misled"]),
        "If answers can be checked, one right attempt among them is enough. The solver is the same in all",
        "rows; what grows is the work, fourfold from row to row.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(i), numbers[way][str(n)]) for i, n in enumerate(TRIES)]
        for name, way in (("with a check", "check"), ("by vote", "vote"))
    }
    return svg.lines("More attempts, more right answers", series, x="attempts", x_base=4, y="right")
