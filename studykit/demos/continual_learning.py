"""Continual learning: every day brings new facts, and yesterday's are still wanted.

Four ways to keep up. Stay as trained on the first day. Train on each day's facts as they come. Train on
them with a few old ones among them (replay). Or leave the weights alone and put the latest facts into
the context, where there is room for so many and no more.
"""

from __future__ import annotations

import numpy as np

from studykit.demos import svg
from studykit.demos.conflicting_updates import Array, Ints, chances, slope
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="continual_learning",
    title="Continual learning: new facts every day",
    layer="knowledge in weights",
    terms=("continual-learning",),
    claim="Of ten days' facts, weights trained day by day lose the older ones, a context holds the last days "
    "alone, and training with replay of old facts keeps nearly all.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 92 % in",
            claim="Either weights are updated often or the model is given more context. Updating one "
            "model for all, from version to version, is feasible; one for each user is too dear, unless "
            "it runs on the device.",
        ),
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="03:09:39",
            claim="Parameters are fixed once training is done; what is learned in the context goes with it.",
        ),
    ),
    cannot_show="The days' facts here do not contradict one another (see conflicting_updates), and replay "
    "needs the old data: whoever only has the finished model has none.",
    mechanism=Mechanism(
        keyword="replayed",
        off=0,
        without="Old facts in the replay: there are none.",
    ),
    knobs=(
        Knob(
            name="replayed", low=0, high=256, help="old facts that are mixed into the lessons of each evening"
        ),
        Knob(name="context", low=1, high=200, help="facts that fit into the context"),
        Knob(name="a_day", low=2, high=64, help="new facts every day"),
    ),
    tries=(
        Try(
            set={"context": 160},
            then=(
                "Let the context hold all 160 facts: it is right about every day, without a step of "
                "training. As long as all fits, nothing has to be learned."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["context all"] > 0.97 and was["rows"][-1]["context all"] < 0.5
            ),
        ),
        Try(
            set={"replayed": 2},
            then=(
                "Mix in 2 old facts a step instead of 32: most of what was lost is kept already. A little "
                "of everything, again and again, is enough to hold it."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["replay all"] > now["rows"][-1]["daily all"] + 0.15
                and now["replayed"] < was["replayed"]
            ),
        ),
        Try(
            set={"a_day": 64},
            then=(
                "Bring 64 facts a day instead of 16: replay now holds hardly more than training on today "
                "alone. It can remind of what there is room for; it makes no room."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["replay all"] < min(0.5, now["rows"][-1]["daily all"] + 0.2)
                and was["rows"][-1]["replay all"] > was["rows"][-1]["daily all"] + 0.2
            ),
        ),
    ),
    seconds=0.3,
)

WIDTH, VALUES = 64, 12
DAYS, A_DAY = 10, 16
CONTEXT, REPLAYED = 32, 32  # facts that fit into the context; old facts a step of replay
STEPS, RATE = 150, 1.0
BLUR = 0.2  # how far a question is from the wording of the fact


def train(rng: np.random.Generator, weights: Array, days: list[tuple[Array, Ints]], replayed: int) -> Array:
    """Train on the last day's facts, with ``replayed`` facts drawn from earlier days in each step."""
    told, values = days[-1]
    known = np.eye(VALUES)
    old_told = np.concatenate([day[0] for day in days[:-1]] or [told[:0]])
    old_values = np.concatenate([day[1] for day in days[:-1]] or [values[:0]])
    for _ in range(STEPS):
        some = rng.permutation(len(old_told))[:replayed]
        batch = np.concatenate([told, old_told[some]]), np.concatenate([values, old_values[some]])
        weights = weights - RATE * slope(weights, batch[0], known[batch[1]])
    return weights


def look_up(asked: Array, told: Array, values: Ints, context: int = CONTEXT) -> Ints:
    """Answers from the context: of each question the fact that is most alike, among those that fit."""
    alike = asked @ told[-context:].T  # (questions, facts in the context)
    return np.asarray(values[-context:][alike.argmax(axis=1)])


def run(seed: int = 0, *, replayed: int = REPLAYED, context: int = CONTEXT, a_day: int = A_DAY) -> Numbers:
    """Ten days of 16 facts; every evening, questions on today's and on all so far."""
    rng = np.random.default_rng(seed)
    days: list[tuple[Array, Ints]] = []
    nothing = np.zeros((WIDTH, VALUES))
    frozen = daily = replay = nothing
    rows = []
    for day in range(1, DAYS + 1):
        days.append((rng.normal(size=(a_day, WIDTH)), rng.integers(0, VALUES, a_day)))
        told, values = (np.concatenate(part) for part in zip(*days, strict=True))
        frozen = train(rng, nothing, days, 0) if day == 1 else frozen
        daily = train(rng, daily, days, 0)
        replay = train(rng, replay, days, replayed)
        asked = told + rng.normal(0, BLUR, told.shape)
        answers = {
            "frozen": chances(frozen, asked).argmax(axis=1),
            "daily": chances(daily, asked).argmax(axis=1),
            "replay": chances(replay, asked).argmax(axis=1),
            "context": look_up(asked, told, values, context),
        }
        right = {way: given == values for way, given in answers.items()}
        rows.append(
            {"day": day}
            | {f"{way} today": float(right[way][-a_day:].mean()) for way in right}
            | {f"{way} all": float(right[way].mean()) for way in right}
        )
    return {"replayed": replayed, "context": context, "a_day": a_day, "rows": rows}


def check(numbers: Numbers) -> None:
    first, last = numbers["rows"][0], numbers["rows"][-1]
    expect(first["frozen all"] > 0.9 and last["frozen all"] < 0.35, "a frozen model falls behind")
    expect(last["daily today"] > 0.9, "who trains daily knows today's facts")
    expect(last["daily all"] < 0.75, "and has lost many of the older ones")
    expect(last["context today"] > 0.9 and last["context all"] < 0.4, "a context holds the last days alone")
    expect(last["replay all"] > 0.85, "with replay old facts are kept")
    expect(last["replay today"] > 0.8, "and new ones learned")


def lines(numbers: Numbers) -> list[str]:
    context, a_day = numbers["context"], numbers["a_day"]
    replayed = numbers["replayed"]
    ways = ("frozen", "daily", "replay", "context")
    return [
        f"{a_day} new facts every day. In the evening: right of today's, and right of all so far.",
        f"{'stay as on day 1':>24}{'train on today':>18}{'with old ones':>18}{f'context of {context}':>18}",
        "   day" + f"{'today':>11}{'all':>7}" * 4,
        *(
            f"{row['day']:>6}"
            + "".join(f"{row[way + ' today']:>11.0%}{row[way + ' all']:>7.0%}" for way in ways)
            for row in numbers["rows"]
            if row["day"] in (1, 2, 3, 5, 10)
        ),
        "Trained on today alone, the weights drift away from what they held before.",
        f"With {replayed} old facts in every step they keep nearly all; someone must have stored those.",
        f"The context is never wrong on what it holds: the last {round(context / a_day, 1):g} days.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        way: [(float(row["day"]), row[f"{way} all"]) for row in numbers["rows"]]
        for way in ("replay", "daily", "context", "frozen")
    }
    return svg.lines("Right, of all facts so far", series, x="day", y="share right")
