"""Context compaction: when the context is full, keep what will be asked for and drop the rest.

An agent's log soon outgrows what a model can read. To cut off the oldest part is simple, but what the user
asked for at the start is in it. So at the limit the history is rewritten into a few lines, and work goes
on from there. Which lines are worth their words can be learned: from earlier sessions, by what was needed
later.
"""

from __future__ import annotations

import random
from collections import Counter

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="compaction",
    title="Context compaction: what to keep when the context is full",
    layer="inference",
    terms=("context-compaction",),
    claim="With the same room, a history that keeps the kinds of lines which proved useful answers far more "
    "questions than the end of the log, and with a fifth of the log as many as the whole.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 96 % in",
            claim="At the limit a coding agent compresses its history into bullet points; doing that well "
            "could be trained: keep the score with as few tokens as possible.",
        ),
    ),
    cannot_show="Here lines are kept or dropped whole; a model writes a new summary, which can be shorter "
    "than what it sums up, and can be wrong.",
    mechanism=Mechanism(
        keyword="learned",
        off=False,
        without="What was learned about lines: all kinds are worth the same, so the newest stay.",
    ),
    knobs=(
        Knob(
            name="rehearsals",
            low=1,
            high=50,
            help="earlier sessions from which it learns what is worth keeping",
        ),
        Knob(name="steps", low=30, high=1000, help="lines in a session"),
    ),
    tries=(
        Try(
            set={"rehearsals": 1},
            then=(
                "Let it rehearse in 1 session instead of 10: it keeps nearly as much. There are only five "
                "kinds of line, and one session is enough to see which are needed."
            ),
            shows=lambda _, now: now["rehearsals"] == 1 and now["compacted"][-2] > 0.7,
        ),
        Try(
            set={"steps": 30},
            then=(
                "Let sessions have 30 lines: from 400 words on the newest lines do as well. Choosing is "
                "only worth something where not everything fits."
            ),
            shows=lambda was, now: (
                now["newest"][-2] == now["compacted"][-2] > 0.95 and was["newest"][-2] < 0.5
            ),
        ),
        Try(
            set={"steps": 1000},
            then=(
                "Let them have 1,000 lines: in 400 words less than half can be answered now, though all "
                "that is kept is worth keeping. What is worth keeping no longer fits either."
            ),
            shows=lambda was, now: now["compacted"][-2] < 0.5 < was["compacted"][-2] - 0.2,
        ),
    ),
    seconds=0.2,
)

STEPS, LIMITS, REHEARSALS, SESSIONS = 300, (50, 100, 200, 400, 800), 10, 15
THINGS = [
    f"{a} {b}" for a in ("login", "export", "search", "report") for b in ("port", "limit", "colour", "owner")
]
KINDS = {  # how often each kind of line comes
    "user : the {thing} must be {value}": 1,
    "decided : the {thing} is {value}": 2,
    "error : {value} is no good {thing} , trying again with another": 4,
    "listed : {value} files , {value} folders , the newest about the {thing}": 8,
    "ran : all tests of the {thing} passed in {value} seconds": 10,
}
BINDING = ("user", "decided")
Line = str


def session(chance: random.Random, steps: int = STEPS) -> list[Line]:
    """An agent's log: a few lines settle something, most are noise."""
    return [
        kind.format(thing=chance.choice(THINGS), value=chance.randint(10, 99))
        for kind in chance.choices([*KINDS], [*KINDS.values()], k=steps)
    ]


def settled(log: list[Line], thing: str) -> Line | None:
    """The last line that settles ``thing``: what a question about it needs."""
    found = [line for line in log if line.startswith(BINDING) and f"the {thing} " in line]
    return found[-1] if found else None


def words(log: list[Line]) -> int:
    """Their number in all lines."""
    return sum(len(line.split()) for line in log)


def rehearse(logs: list[list[Line]]) -> dict[str, float]:
    """What lines of each kind are worth: how often one was needed later, for each word of it."""
    needed, cost = Counter[str](), Counter[str]()
    for log in logs:
        for line in log:
            cost[line.split()[0]] += len(line.split())
        for thing in THINGS:
            if line_needed := settled(log, thing):
                needed[line_needed.split()[0]] += 1
    return {kind: needed[kind] / cost[kind] for kind in cost}


def compact(context: list[Line], room: int, worth: dict[str, float]) -> list[Line]:
    """The lines worth most, newest first among equals, as many as there is room for; in their old order."""
    kept = list[int]()
    for at in sorted(range(len(context)), key=lambda i: (-worth[context[i].split()[0]], -i)):
        room -= words([context[at]])
        if room < 0:
            break
        kept.append(at)
    return [context[at] for at in sorted(kept)]


def work(log: list[Line], limit: int, worth: dict[str, float]) -> list[Line]:
    """Read the log line by line; whenever the context is full, make it half as long."""
    context, length = list[Line](), 0
    for line in log:
        context.append(line)
        length += words([line])
        if length > limit:
            context = compact(context, limit // 2, worth)
            length = words(context)
    return context


def run(seed: int = 0, *, learned: bool = True, rehearsals: int = REHEARSALS, steps: int = STEPS) -> Numbers:
    """Learn in 10 sessions what is worth keeping, then work through 20 new ones."""
    chance = random.Random(seed)
    worth = rehearse([session(chance, steps) for _ in range(rehearsals)])
    even = dict.fromkeys(worth, 1.0)
    logs = [session(chance, steps) for _ in range(SESSIONS)]

    def score(limit: int, values: dict[str, float]) -> float:
        """Share of the questions about new sessions whose answer is still in the context."""
        held = total = 0
        for log in logs:
            context = work(log, limit, values)
            for thing in THINGS:
                if needed := settled(log, thing):
                    total += 1
                    held += settled(context, thing) == needed
        return held / total

    return {
        "rehearsals": rehearsals,
        "worth": worth,
        "whole": sum(map(words, logs)) // SESSIONS,
        "newest": [score(limit, even) for limit in LIMITS],
        "compacted": [score(limit, worth if learned else even) for limit in LIMITS],
        "start": logs[0][:2],
    }


def check(numbers: Numbers) -> None:
    newest, compacted = numbers["newest"], numbers["compacted"]
    expect(
        min(b - a for a, b in zip(newest, compacted, strict=True)) > 0.1, "kept by worth, more is answered"
    )
    expect(compacted[-2] > 0.7 and newest[-2] < 0.3, "in a ninth of the words, most of it instead of little")
    expect(compacted == sorted(compacted), "the more room, the better")


def lines(numbers: Numbers) -> list[str]:
    seen = numbers["rehearsals"]
    rows = zip(LIMITS, numbers["newest"], numbers["compacted"], strict=True)
    return [
        f"An agent's log has {numbers['whole']:,} words, most of them soon useless:",
        *(f"   {line}" for line in numbers["start"]),
        f"Later it is asked what was settled. What {seen} earlier sessions needed, per 100 words:",
        "   " + ", ".join(f"{kind} {100 * worth:.0f}" for kind, worth in numbers["worth"].items()),
        "In new sessions, whenever the context is full, half of it is kept. Questions answered:",
        "   words of context   the newest lines kept   lines worth most kept",
        *(f"{limit:>19}{newest:>24.0%}{kept:>24.0%}" for limit, newest, kept in rows),
        "What the user wanted at the start is old, but not out of date: keep by use, not by age.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(limit), share) for limit, share in zip(LIMITS, numbers[key], strict=True)]
        for key, name in (("newest", "newest lines kept"), ("compacted", "lines worth most kept"))
    }
    return svg.lines("Questions answered after compaction", series, x="words of context", y="share answered")
