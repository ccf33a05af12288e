"""Federated learning: many train at home, and only what changed is sent and averaged.

Five clients hold data that may not leave them, and of different kinds. Each trains the shared model a
few steps on its own, sends the change, and gets the mean of all changes back. With full changes every
round sends the whole model; with LoRA it sends two thin matrices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="federated",
    title="Federated learning: send the change, keep the data",
    layer="knowledge in weights",
    terms=("federated-learning",),
    claim="Clients that average their changes get nearly as good as training on all data in one place, and "
    "with LoRA they send an eighth of the numbers.",
    equation=r"W_{t+1} = W_t + \frac{1}{K} \sum_{i=1}^{K} \Delta_i",
    letters="W: the shared model; K: clients; Δ: what client i has changed.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="58:42",
            claim="It failed for huge models as the network cost too much; with 1 million instead of "
            "1 trillion parameters to share, it may come back.",
        ),
    ),
    cannot_show="Five clients that always answer, and a change that is simple by construction. And that data "
    "stay at home does not make it private: updates can give them away.",
    mechanism=Mechanism(
        keyword="averaged",
        off=False,
        without="Averaging: the first client's model is taken for all.",
    ),
    knobs=(
        Knob(name="local", low=1, high=40, help="steps that each client takes in a round"),
        Knob(name="other", low=0, high=1, help="how strong inputs of another client's kind are"),
        Knob(name="rounds", low=1, high=60, help="rounds of training and averaging"),
    ),
    tries=(
        Try(
            set={"other": 1},
            then=(
                "Let every client have inputs of all kinds: alone it learns nearly as much as all "
                "together. Federating pays for what others have and you have not."
            ),
            shows=lambda was, now: (
                now["ways"]["one client alone"]["error"] < 0.1
                and was["ways"]["one client alone"]["error"] > 0.4
            ),
        ),
        Try(
            set={"local": 1},
            then=(
                "Let clients average after every single step: with a fifth of the computing it comes "
                "nearly as far. Here the rounds count, and what is sent is the same."
            ),
            shows=lambda was, now: (
                0 < now["ways"]["federated, full"]["error"] < 0.05
                and now["ways"]["federated, full"]["error"] > 2 * was["ways"]["federated, full"]["error"]
            ),
        ),
        Try(
            set={"rounds": 1, "local": 40},
            then=(
                "Let all train to the end at home, 40 steps, and average once: the mean is no better than "
                "one client alone. What just one of them has learned, the mean divides by 5 as well."
            ),
            shows=lambda _, now: (
                abs(now["ways"]["federated, full"]["error"] - now["ways"]["one client alone"]["error"]) < 0.1
                and now["ways"]["federated, full"]["error"] > 0.5
            ),
        ),
    ),
    seconds=0.4,
)

WIDTH, TRUE_RANK, RANK = 64, 3, 4
CLIENTS, EXAMPLES, OTHER, NOISE = 5, 100, 0.1, 0.1  # how weak inputs of another client's kind are
ROUNDS, LOCAL, RATE = 60, 5, 0.05

Array = NDArray[np.float64]
Change = tuple[Array, ...]  # one full matrix, or the two thin ones of LoRA


def product(change: Change) -> Array:
    """(WIDTH, WIDTH): what is added to the weights."""
    return change[0] if len(change) == 1 else change[0] @ change[1]


def step(change: Change, x: Array, y: Array, frozen: Array) -> Change:
    """One step down the squared error, for the change alone."""
    slope = x.T @ (x @ (frozen + product(change)) - y) / len(x)
    slopes = (slope,) if len(change) == 1 else (slope @ change[1].T, change[0].T @ slope)
    return tuple(part - RATE * down for part, down in zip(change, slopes, strict=True))


def average(changes: list[Change]) -> Change:
    """Part by part, as FedAvg does (McMahan et al. 2017)."""
    return tuple(np.mean(parts, axis=0) for parts in zip(*changes, strict=True))


def federate(
    shared: Change,
    homes: list[tuple[Array, Array]],
    frozen: Array,
    local: int = LOCAL,
    rounds: int = ROUNDS,
) -> Change:
    """The shared change after all rounds."""
    for _ in range(rounds):
        sent = []
        for x, y in homes:
            mine = shared
            for _ in range(local):
                mine = step(mine, x, y, frozen)
            sent.append(mine)
        shared = average(sent)
    return shared


def run(
    seed: int = 0, *, averaged: bool = True, local: int = LOCAL, other: float = OTHER, rounds: int = ROUNDS
) -> Numbers:
    """One layer to be changed, five clients: in one place, alone, federated in full and by LoRA."""
    rng = np.random.default_rng(seed)
    frozen = rng.normal(0, WIDTH**-0.5, (WIDTH, WIDTH))
    wanted = np.linalg.qr(rng.normal(size=(WIDTH, TRUE_RANK)))[0] @ rng.normal(0, 0.5, (TRUE_RANK, WIDTH))
    homes = []
    for client in range(CLIENTS):
        own = np.arange(WIDTH) % CLIENTS == client
        x = rng.normal(size=(EXAMPLES, WIDTH)) * np.where(own, np.sqrt(CLIENTS), other)
        homes.append((x, x @ (frozen + wanted) + rng.normal(0, NOISE, (EXAMPLES, WIDTH))))
    everything = (np.concatenate([x for x, _ in homes]), np.concatenate([y for _, y in homes]))

    def error(change: Change) -> float:
        missed = everything[0] @ (product(change) - wanted)
        return float(np.mean(missed**2) / np.mean((everything[0] @ wanted) ** 2))

    nothing: Change = (np.zeros((WIDTH, WIDTH)),)
    thin: Change = (rng.normal(0, WIDTH**-0.5, (WIDTH, RANK)), np.zeros((RANK, WIDTH)))
    shared = homes if averaged else homes[:1]
    ways = {
        "all data in one place": (federate(nothing, [everything], frozen), 0),
        "one client alone": (federate(nothing, homes[:1], frozen), 0),
        "federated, full": (federate(nothing, shared, frozen, local, rounds), WIDTH * WIDTH),
        "federated, LoRA": (federate(thin, shared, frozen, local, rounds), 2 * WIDTH * RANK),
    }
    return {"ways": {way: {"error": error(change), "sent": sent} for way, (change, sent) in ways.items()}}


def check(numbers: Numbers) -> None:
    central, alone, full, thin = (way["error"] for way in numbers["ways"].values())
    expect(alone > 0.3, "alone, a client learns its own kind only")
    expect(max(full, thin) < central + 0.03, "federated, they get as far as all data in one place")
    sent = [way["sent"] for way in numbers["ways"].values()]
    expect(sent[3] * 8 <= sent[2], "with LoRA an eighth is sent")


def lines(numbers: Numbers) -> list[str]:
    ways = numbers["ways"]
    return [
        f"{CLIENTS} clients, {EXAMPLES} examples each, and every client has mostly inputs of its own kind.",
        f"{'':<24}error on everyone's data   numbers sent a round",
        *(f"{way:<24}{row['error']:>24.0%}{row['sent']:>23,}" for way, row in ways.items()),
        "Alone, a client learns what its own inputs show. Averaged, the changes add up to the whole,",
        "and no example has left its home. The price is the network, in every round.",
        f"LoRA makes it an eighth here: two matrices of {WIDTH} × {RANK} instead of {WIDTH} × {WIDTH}.",
        "Of a trillion parameters it might be a million: at 2 bytes each, 2 megabytes a round",
        "instead of 2 terabytes.",
    ]


def plot(numbers: Numbers) -> str:
    errors = {way: 100 * row["error"] for way, row in numbers["ways"].items()}
    return svg.bars("Error on everyone's data", errors, unit=" %")
