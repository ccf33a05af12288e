"""Small errors add up: a step that mostly succeeds, many times over, and a learner that gets lost.

A task of many steps fails if one of them does, so steps that succeed 98 times in 100 make a task of
fifty fail more often than not. Worse, a mistake leads where the teacher never was. A copy of the
teacher has seen the road and nothing beside it, so off the road it knows nothing, and one slip costs
all that follows. Who has practised has been off the road as well, and learned to come back.
"""

from __future__ import annotations

import random

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="error_compounding",
    title="Errors compound: fifty good steps are harder than one",
    layer="reinforcement learning",
    terms=("compounding-error", "behavior-cloning", "sequential-decision-making"),
    claim="A copy of a faultless teacher goes astray after a slip and does not come back, so that time off "
    "the road grows much faster than the steps; for a learner that has practised, in proportion to them.",
    said=(
        Said(
            talk="a Chinese podcast on language models",
            where="from 96 % on",
            claim="Reinforcement learning is for rows of decisions that hang on one another, as in chess or "
            "a conversation; for an answer in one turn, ordinary fine-tuning will do.",
        ),
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="03:09:39",
            claim="Agents will do tasks of minutes to hours, step after step, and need somebody who watches.",
        ),
    ),
    cannot_show="The road has a few places only, and practice tries them all; a task in the world has more "
    "than anybody can visit, and a fall there may cost more than time.",
    mechanism=Mechanism(
        keyword="practice",
        off=False,
        without="Practice: the second learner too only copies the teacher's drives.",
    ),
    knobs=(
        Knob(name="slip", low=0, high=0.2, help="chance that the wind pushes one place aside, in each step"),
        Knob(name="shaken", low=0, high=0.2, help="the same while the teacher drives"),
        Knob(name="lessons", low=1, high=500, help="drives of the teacher that are copied"),
    ),
    tries=(
        Try(
            set={"shaken": 0.05},
            then="Let the wind push the teacher as well: the copy is as good as practice now, for it has "
            "seen how to come back. The worse drives are the better lessons.",
            shows=lambda before, after: (
                after["off"]["copy"][-1] < 1.3 * after["off"]["practised"][-1]
                and before["off"]["copy"][-1] > 20 * before["off"]["practised"][-1]
            ),
        ),
        Try(
            set={"lessons": 500},
            then="Ten times as many lessons from the faultless teacher: the copy gets no better at all. More "
            "of the same road says nothing about what lies beside it.",
            shows=lambda before, after: (
                after["off"]["copy"][-1] > 0.85 * before["off"]["copy"][-1] and after["off"] != before["off"]
            ),
        ),
        Try(
            set={"slip": 0},
            then="Test without wind: copy and practice are equally perfect, in drives of any length. A test "
            "in which nothing goes wrong does not show who can mend.",
            shows=lambda before, after: (
                after["off"]["copy"] == after["off"]["practised"]
                and before["off"]["copy"] != before["off"]["practised"]
            ),
        ),
    ),
    equation=r"P(\text{all } n \text{ steps}) = (1 - \varepsilon)^n, \quad "
    r"\text{cost of a copy} \sim \varepsilon n^2, \text{ of practice} \sim \varepsilon n",
    letters="ε: chance of a slip at a step; n: number of steps.",
    seconds=0.2,
)

EDGE, SLIP, LESSONS, DRIVES = 12, 0.01, 50, 500
LENGTHS = (25, 50, 100, 200)  # steps of a drive
MOVES = (-1, 0, 1)
TRIALS, RATE, HEED = 300, 0.2, 0.9  # drives to practise; how fast it learns, how far ahead it looks

Driver = dict[int, int]  # place (0 on the road): move


PLACES = range(-EDGE, EDGE + 1)
TEACHER: Driver = {place: (place < 0) - (place > 0) for place in PLACES}  # straight on, or back to the road


def moved(place: int, move: int, slip: float, chance: random.Random) -> int:
    """The next place: where one steers, and now and then a push of the wind to either side."""
    wind = chance.choice((-1, 1)) if chance.random() < slip else 0
    return max(-EDGE, min(EDGE, place + move + wind))


def drive(driver: Driver, steps: int, slip: float, chance: random.Random) -> list[int]:
    """The places of one drive."""
    places = [0]
    for _ in range(steps):
        places.append(moved(places[-1], driver[places[-1]], slip, chance))
    return places


def copy(lessons: int, shaken: float, chance: random.Random) -> Driver:
    """What the teacher did there, or at the nearest place where the teacher has been."""
    seen = {place for _ in range(lessons) for place in drive(TEACHER, LENGTHS[0], shaken, chance)}
    return {place: TEACHER[min(seen, key=lambda one: (abs(one - place), one))] for place in PLACES}


def practise(chance: random.Random) -> Driver:
    """Q-learning: drive, try things, and keep what led to more time on the road."""
    value = {place: dict.fromkeys(MOVES, 0.0) for place in PLACES}

    def best(place: int) -> int:
        return max(MOVES, key=value[place].__getitem__)

    for _ in range(TRIALS):
        place = chance.randint(-3, 3)
        for _ in range(30):
            move = chance.choice(MOVES) if chance.random() < 0.3 else best(place)
            new = moved(place, move, 0.0, chance)
            worth = (new == 0) + HEED * value[new][best(new)]
            value[place][move] += RATE * (worth - value[place][move])
            place = new
    return {place: best(place) for place in PLACES}


def run(
    seed: int = 0,
    *,
    slip: float = SLIP,
    lessons: int = LESSONS,
    shaken: float = 0.0,
    practice: bool = True,
) -> Numbers:
    """Drives of four lengths by a copy of the teacher, and by a learner that has practised."""
    chance = random.Random(seed)
    drivers = {"copy": copy(lessons, shaken, chance)}
    drivers["practised"] = practise(chance) if practice else drivers["copy"]
    off, drives = {}, {}
    for name, driver in drivers.items():
        drives[name] = [drive(driver, LENGTHS[-1], slip, chance) for _ in range(DRIVES)]
        off[name] = [
            sum(place != 0 for places in drives[name] for place in places[: steps + 1]) / DRIVES
            for steps in LENGTHS
        ]
    clean = [sum(not any(places[: n + 1]) for places in drives["copy"]) / DRIVES for n in LENGTHS]
    windy = random.Random(seed)
    paths = {name: drive(driver, 80, 0.03, windy)[1:] for name, driver in drivers.items()}
    return {"slip": slip, "shaken": shaken, "off": off, "clean": clean, "paths": paths}


def check(numbers: Numbers) -> None:
    copied, practised = numbers["off"]["copy"], numbers["off"]["practised"]
    for steps, share in zip(LENGTHS, numbers["clean"], strict=True):
        expect(abs(share - (1 - numbers["slip"]) ** steps) < 0.07, "without a slip: as the formula says")
    expect(copied[0] > 5 * practised[0] > 0, "off the road, the copy stays off for longer")
    expect(copied[-1] > 18 * copied[0], "eight times the steps: far more than eight times the time off")
    expect(practised[-1] < 13 * practised[0], "with practice, in proportion")
    expect(practised[-1] < copied[-1] / 20, "in long drives, a small part of the copy's")


def lines(numbers: Numbers) -> list[str]:
    slip, off = numbers["slip"], numbers["off"]
    teacher = "in wind as well" if numbers["shaken"] else "without wind"
    return [
        f"A road, and a wind that pushes aside in {slip:.0%} of the steps. The teacher drove {teacher}.",
        "Copied from the teacher, or practised with a reward for being on the road: a drive of each",
        "(. on the road, else places beside it; more wind than below):",
        *(
            f"   {name:<11}" + "".join(str(min(9, abs(place))) if place else "." for place in path)
            for name, path in numbers["paths"].items()
        ),
        "                 drives without a slip         steps off the road",
        "       steps    by formula      counted         copy    practised",
        *(
            f"{steps:>12}{(1 - slip) ** steps:>14.0%}{clean:>13.0%}{copied:>13.1f}{practised:>13.1f}"
            for steps, clean, copied, practised in zip(LENGTHS, numbers["clean"], *off.values(), strict=True)
        ),
        "On the road both drive alike. The copy has never seen the roadside: it drives straight on there,",
        "as it always did. The longer the task, the more steps lie behind the first slip.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(steps), mean) for steps, mean in zip(LENGTHS, off, strict=True)]
        for name, off in numbers["off"].items()
    }
    return svg.lines("Steps off the road", series, x="steps of the drive", y="steps off the road")
