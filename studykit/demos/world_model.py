"""A world model: to foretell the next door, a network keeps a map of a house that it has never seen.

Someone walks through a house of eight rooms and writes down the colour of each door, nothing else; no room
has a name. But each room lacks one of the four colours, so to foretell the next door well, the network must
know where the walker is. Then a linear probe reads the room from its state, which can be set by hand, too.
"""

from __future__ import annotations

import numpy as np

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Try, expect
from studykit.demos.sentiment_neuron import Array, Ints, Weights, softmax

DEMO = Demo(
    name="world_model",
    title="A world model: the map that nobody drew",
    layer="objective and architecture",
    terms=("world-model", "probing", "next-token-prediction"),
    claim="A network trained only to foretell the next door of walks comes to hold the room where the walker "
    "is, though no room is ever named; and its state, set to another room, makes it expect the doors there.",
    said=(),
    cannot_show="Here the house is all that there is to know, and each colour turns the state by a matrix "
    "of its own, which suits it. What a language model holds of the world is patchy, and harder to find.",
    mechanism=Mechanism(
        keyword="own",
        off=False,
        without="The walk's own next doors: those of another walk are to be foretold, for which the room is "
        "of no use, and it is not held.",
    ),
    knobs=(
        Knob(name="steps", low=10, high=600, help="steps of training"),
        Knob(name="width", low=2, high=32, help="numbers in the network's state"),
        Knob(name="doors", low=6, high=60, help="doors in a new walk before the room is asked for"),
    ),
    tries=(
        Try(
            set={"doors": 60},
            then="Let the new walks go through 60 doors instead of 20: the room is still known, though no "
            "walk in training was longer than 12. It has learned the house, not the walks.",
            shows=lambda as_it_is, turned: turned["doors"] > as_it_is["doors"] and turned["trained"] > 0.9,
        ),
        Try(
            set={"width": 2},
            then="Give the network two numbers instead of 20: there is no room for eight places that every "
            "door must lead between, and the probe is often wrong.",
            shows=lambda as_it_is, turned: turned["trained"] < 0.8 and as_it_is["trained"] > 0.95,
        ),
        Try(
            set={"steps": 30},
            then="Stop after 30 steps: the loss has begun to fall, but the probe does little better than a "
            "guess. The map is no gift of the network's form; it is learned.",
            shows=lambda as_it_is, turned: turned["trained"] < 0.8 and as_it_is["trained"] > 0.95,
        ),
    ),
    seconds=0.8,
)

COLOURS = "red blue green white".split()
ROOMS, LAST, LENGTH = 8, 4, 12
WALKS, NEW, BATCH, RATE = 2000, 1000, 32, 0.02


def build(chance: np.random.Generator) -> Ints:
    """A house: where the door of each colour leads, (rooms, colours), or -1. Each room lacks one colour."""
    while True:
        lacks = chance.permutation(np.repeat(np.arange(len(COLOURS)), ROOMS // len(COLOURS)))
        house = np.full((ROOMS, len(COLOURS)), -1)
        for colour in range(len(COLOURS)):
            some, other = chance.permutation(np.flatnonzero(lacks != colour)).reshape(2, -1)
            house[some, colour], house[other, colour] = other, some
        reached = {0}
        for _ in range(ROOMS):
            reached |= {int(room) for one in reached for room in house[one] if room >= 0}
        if len(reached) == ROOMS and all(len(set(row)) == len(row) for row in house):
            return house


def walk(house: Ints, count: int, length: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Walks from room 0: the doors, and the rooms behind them, which no training sees; (count, length)."""
    room, doors, rooms = np.zeros(count, np.int64), [], []
    for _ in range(length):
        door = np.where(house[room] >= 0, chance.random((count, len(COLOURS))), -1).argmax(1)
        room = house[room, door]
        doors.append(door)
        rooms.append(room)
    return np.stack(doors, 1), np.stack(rooms, 1)


def read(weights: Weights, doors: Ints) -> Array:
    """The state after each door: (walks, doors, width). Each colour turns it by a matrix of its own."""
    state, states = np.repeat(weights["start"], len(doors), 0), []
    for i in range(doors.shape[1]):
        state = np.tanh((state[:, None] @ weights["turn"][doors[:, i]])[:, 0])
        states.append(state)
    return np.stack(states, 1)


def slopes(weights: Weights, doors: Ints, following: Ints) -> tuple[float, Weights]:
    """The loss of foretelling ``following``, in nats a door, and its slopes, back through all doors."""
    first = np.repeat(weights["start"], len(doors), 0)
    states = read(weights, doors)
    wrong = softmax(states @ weights["say"])  # (walks, doors, colours)
    right = np.eye(len(COLOURS))[following]
    loss = float(-np.log((wrong * right).sum(-1)).mean())
    wrong = (wrong - right) / following.size
    found = {name: np.zeros_like(weight) for name, weight in weights.items()}
    found["say"] = np.einsum("wdh,wdc->hc", states, wrong)
    later = np.zeros_like(first)
    for i in range(doors.shape[1] - 1, -1, -1):
        inner = (later + wrong[:, i] @ weights["say"].T) * (1 - states[:, i] ** 2)
        before = states[:, i - 1] if i else first
        found["turn"] += np.einsum("wc,wi,wj->cij", np.eye(len(COLOURS))[doors[:, i]], before, inner)
        later = (weights["turn"][doors[:, i]] @ inner[:, :, None])[:, :, 0]
    found["start"] = later.sum(0, keepdims=True)
    return loss, found


def train(
    weights: Weights, doors: Ints, following: Ints, steps: int, chance: np.random.Generator
) -> tuple[Weights, float]:
    """Adam on the loss of the next door, in ever smaller steps."""
    mean, square = ({name: np.zeros_like(weight) for name, weight in weights.items()} for _ in range(2))
    weights, losses = dict(weights), []
    for step in range(steps):
        some = chance.integers(len(doors), size=BATCH)
        loss, found = slopes(weights, doors[some], following[some])
        losses.append(loss)
        rate = RATE * (1 - step / steps)
        for name, slope in found.items():
            mean[name] = 0.9 * mean[name] + 0.1 * slope
            square[name] = 0.99 * square[name] + 0.01 * slope**2
            weights[name] = weights[name] - rate * mean[name] / (np.sqrt(square[name]) + 1e-8)
    return weights, float(np.mean(losses[-20:]))


def probe(seen: Array, rooms: Ints, new: Array, new_rooms: Ints) -> float:
    """How often least squares, fitted on some states, names the room of new ones."""
    seen, new = (np.c_[one, np.ones(len(one))] for one in (seen, new))
    fit = np.linalg.solve(seen.T @ seen + 1e-3 * np.eye(seen.shape[1]), seen.T @ np.eye(ROOMS)[rooms])
    return float(((new @ fit).argmax(1) == new_rooms).mean())


def run(seed: int = 0, *, steps: int = 300, width: int = 20, doors: int = 20, own: bool = True) -> Numbers:
    """Train on the next doors, look for the room in states of new walks, and set it by hand."""
    chance = np.random.default_rng(seed)
    house = build(chance)
    text, _ = walk(house, WALKS, LENGTH, chance)
    turn = np.stack([np.linalg.qr(chance.normal(size=(width, width)))[0] for _ in COLOURS])
    shapes = {"start": (1, width), "say": (width, len(COLOURS))}
    fresh = {"turn": turn} | {name: chance.normal(0, 0.4, shape) for name, shape in shapes.items()}
    following = (text if own else text[chance.permutation(WALKS)])[:, 1:]
    weights, loss = train(fresh, text[:, :-1], following, steps, chance)
    new, rooms = walk(house, 2 * NEW, doors, chance)
    room, half = rooms[:, -1], NEW
    last = np.eye(len(COLOURS) ** LAST)[new[:, -LAST:] @ len(COLOURS) ** np.arange(LAST)]
    states = [read(one, new)[:, -1] for one in (weights, fresh)]
    found = [probe(one[:half], room[:half], one[half:], room[half:]) for one in (*states, last)]
    middle = np.stack([states[0][:half][room[:half] == one].mean(0) for one in range(ROOMS)])
    aim = (room + chance.integers(1, ROOMS, 2 * NEW)) % ROOMS  # another room than that of the walk
    moved = states[0] + middle[aim] - middle[room]
    say, lacks = weights["say"], house[aim] < 0  # (walks, colours)
    before, after = ((softmax(one @ say) * lacks)[half:].sum(1) for one in (states[0], moved))
    return {
        "steps": steps, "width": width, "doors": doors, "loss": loss,
        "example": " ".join(COLOURS[i] for i in new[0, :12]),
        "trained": found[0], "untrained": found[1], "last": found[2],
        "before": float(before.mean()), "after": float(after.mean()),
    }  # fmt: skip


def check(numbers: Numbers) -> None:
    expect(numbers["trained"] > 0.9, "a linear probe reads the room in new walks")
    expect(max(numbers["untrained"], numbers["last"]) < 0.6, "not before training, nor from the last doors")
    expect(numbers["after"] < min(0.05, numbers["before"] / 4), "moved, it expects the doors there")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"A house of {ROOMS} rooms. {WALKS:,} walks through it, told only as the colours of the doors:",
        f"   {numbers['example']} ...",
        f"A network of {numbers['width']} numbers learns to foretell the next, {numbers['steps']} steps;",
        f"loss at the end {numbers['loss']:.2f} nats a door. Who knows the room has {np.log(3):.2f}.",
        f"Where is the walker after {numbers['doors']} doors of a new walk? A guess is {1 / ROOMS:.0%}.",
        f"   a linear probe on its state          {numbers['trained']:>5.0%}",
        f"   on that of the untrained network     {numbers['untrained']:>5.0%}",
        f"   on the last {LAST} doors                  {numbers['last']:>5.0%}",
        f"State set to another room: chance of what it lacks {numbers['before']:.0%} "
        f"-> {numbers['after']:.0%}.",
        "No room was ever named. To foretell the doors, the network had to know the house.",
    ]


def plot(numbers: Numbers) -> str:
    found = {name: round(100 * numbers[name], 1) for name in ("trained", "untrained")}
    found |= {f"last {LAST} doors": round(100 * numbers["last"], 1), "a guess": 100 / ROOMS}
    return svg.bars("Rooms named by a linear probe", found, unit=" %")
