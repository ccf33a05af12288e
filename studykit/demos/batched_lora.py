"""Many LoRAs in one batch: everybody's own model, for little more than the price of one.

A model for each person would be a copy of all weights for each person. A LoRA is a small file: two
thin matrices. Left apart from the weights, it need not be merged to be used. The large matrix is
fetched once and multiplied with everybody's numbers together; then each one's thin matrices add what
is special to that person. Nobody gets another answer than from a copy of their own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="batched_lora",
    title="Many LoRAs in one batch: a model for each person",
    layer="knowledge in weights",
    terms=("batched-lora", "per-user-model"),
    claim="Served in one batch over shared weights, everybody's LoRA gives what a merged copy would give, "
    "while a tenth of the numbers is fetched and fewer are stored; one blend of all LoRAs suits nobody.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="37:55 to 38:27",
            claim="One model per person is feasible as long as the LoRAs can be batched; there are no open "
            "kernels for training many at once.",
        ),
    ),
    cannot_show="numpy computes the thin products in plain order. On a GPU they need kernels of their own to "
    "be fast, which exist for serving; and here LoRAs are random, not trained.",
    mechanism=Mechanism(
        keyword="apart",
        off=False,
        without="Keeping LoRAs apart: each is merged, so that every person has a full copy of the weights.",
    ),
    knobs=(
        Knob(name="people", low=1, high=1000, help="who have a LoRA of their own"),
        Knob(name="batch", low=1, high=256, help="requests that are served together"),
        Knob(name="rank", low=1, high=64, help="of every LoRA"),
    ),
    tries=(
        Try(
            set={"people": 1},
            then="A single person: now a merged copy is better. It is no larger than the weights, and the "
            "thin matrices would only be fetched and multiplied in addition.",
            shows=lambda before, after: (
                after["fetched"]["batched"] > after["fetched"]["copies"]
                and before["fetched"]["batched"] < before["fetched"]["copies"]
            ),
        ),
        Try(
            set={"rank": 64},
            then="LoRAs of rank 64, half the width: two matrices of 128 × 64 have as many numbers as the "
            "weights that they change, and nothing is saved.",
            shows=lambda before, after: (
                after["stored"]["batched"] > after["stored"]["copies"]
                and before["stored"]["batched"] < before["stored"]["copies"]
            ),
        ),
        Try(
            set={"batch": 1},
            then="Serve one request at a time: all that is stored is as small as before, but for each "
            "request more is fetched than from a copy. It is the batch that shares the fetching.",
            shows=lambda before, after: (
                after["stored"] == before["stored"]
                and after["fetched"]["batched"] > after["fetched"]["copies"]
            ),
        ),
    ),
    equation=r"y_i = x_i W + (x_i A_{u(i)}) B_{u(i)} = x_i \bigl(W + A_{u(i)} B_{u(i)}\bigr)",
    letters="x, y: input and output of a request i; W: shared weights; A, B: the LoRA of its user u.",
    seconds=0.1,
)

WIDTH, LAYERS, RANK, PEOPLE, BATCH = 128, 2, 2, 300, 32

Array = NDArray[np.float64]
Layer = tuple[Array, Array, Array]  # weights (width, width), everybody's a and b (people, width, rank)


class Machine:
    """Counts the numbers that it fetches from memory, and its multiplications."""

    def __init__(self) -> None:
        self.fetched = self.multiplied = 0

    def fetch(self, matrix: Array) -> Array:
        self.fetched += matrix.size
        return matrix

    def product(self, x: Array, matrix: Array) -> Array:
        self.multiplied += x.size * matrix.shape[1]
        return np.asarray(x @ matrix)


def batched(machine: Machine, x: Array, who: NDArray[np.int64], layers: list[Layer]) -> Array:
    """One batch, each request with its own LoRA: ``x`` (requests, width), ``who`` (requests,)."""
    for weights, a, b in layers:
        new = machine.product(x, machine.fetch(weights))  # fetched once, for all
        for person in np.unique(who):
            mine = who == person
            thin = machine.product(x[mine], machine.fetch(a[person]))  # (requests, rank)
            new[mine] += machine.product(thin, machine.fetch(b[person]))
        x = np.tanh(new)
    return x


def from_copies(machine: Machine, x: Array, who: NDArray[np.int64], layers: list[Layer]) -> Array:
    """The same from a full copy of the weights for each person, into which the LoRA is merged."""
    for weights, a, b in layers:
        new = np.empty_like(x)
        for person in np.unique(who):
            mine = who == person
            new[mine] = machine.product(x[mine], machine.fetch(weights + a[person] @ b[person]))
        x = np.tanh(new)
    return x


def from_blend(x: Array, layers: list[Layer]) -> Array:
    """One model for all: the mean of everybody's changes merged into the weights."""
    for weights, a, b in layers:
        x = np.tanh(x @ (weights + np.einsum("uwr,urv->wv", a, b) / len(a)))
    return x


def run(
    seed: int = 0, *, people: int = PEOPLE, batch: int = BATCH, rank: int = RANK, apart: bool = True
) -> Numbers:
    """A batch of requests by people who are drawn by chance."""
    chance = np.random.default_rng(seed)
    layers = [
        (
            chance.normal(0, WIDTH**-0.5, (WIDTH, WIDTH)),
            chance.normal(0, WIDTH**-0.5, (people, WIDTH, rank)),
            chance.normal(0, rank**-0.5, (people, rank, WIDTH)),
        )
        for _ in range(LAYERS)
    ]
    x, who = chance.normal(size=(batch, WIDTH)), chance.integers(people, size=batch)
    serve = {"copies": from_copies, "batched": batched if apart else from_copies}
    machines = {way: Machine() for way in serve}
    answers = {way: serving(machines[way], x, who, layers) for way, serving in serve.items()}
    plain = from_blend(x, [(weights, 0 * a, b) for weights, a, b in layers])
    full, thin = (
        sum(matrix.size for layer in layers for matrix in layer[i]) for i in (slice(1), slice(1, 3))
    )
    stored = {"copies": people * full, "batched": full + thin if apart else people * full}
    return {
        "people": people,
        "batch": batch,
        "here": len(np.unique(who)),
        "off": float(np.abs(answers["batched"] - answers["copies"]).max()),
        "change": float(np.linalg.norm(answers["copies"] - plain)),
        "blend_off": float(np.linalg.norm(answers["copies"] - from_blend(x, layers))),
        "stored": stored,
        "fetched": {way: machine.fetched for way, machine in machines.items()},
        "multiplied": {way: machine.multiplied for way, machine in machines.items()},
    }


def check(numbers: Numbers) -> None:
    expect(numbers["off"] < 1e-9, "everybody gets what a copy of their own would give")
    expect(numbers["blend_off"] > 0.7 * numbers["change"], "a blend gives hardly anybody what is theirs")
    stored, fetched, multiplied = (numbers[what] for what in ("stored", "fetched", "multiplied"))
    expect(stored["batched"] < stored["copies"] / 20, "a twentieth of the numbers is stored")
    expect(fetched["batched"] < fetched["copies"] / 10, "a tenth is fetched")
    expect(multiplied["batched"] < 1.1 * multiplied["copies"], "hardly more is multiplied")


def lines(numbers: Numbers) -> list[str]:
    def row(what: str) -> str:
        return f"{numbers[what]['copies']:>20,}{numbers[what]['batched']:>24,}"

    lost = numbers["blend_off"] / numbers["change"]
    return [
        f"{numbers['people']} people, each with a LoRA for {LAYERS} layers of {WIDTH} × {WIDTH} weights.",
        f"A batch of {numbers['batch']} requests, by {numbers['here']} of these people.",
        "                               a merged copy      shared weights, and",
        "numbers                             for each      LoRAs kept apart",
        f"  stored, for all            {row('stored')}",
        f"  fetched, for this batch    {row('fetched')}",
        f"  multiplied                 {row('multiplied')}",
        f"Answers differ by {numbers['off']:.0f}. Fetching is what takes most time; in a batch, the weights "
        "are fetched once.",
        f"All LoRAs blended into one model: {lost:.0%} of what sets people apart is lost; nobody's model.",
    ]


def plot(numbers: Numbers) -> str:
    fetched = {
        {"batched": "LoRAs kept apart", "copies": "a copy for each"}[way]: count / 1e6
        for way, count in numbers["fetched"].items()
    }
    return svg.bars("Numbers fetched for a batch, in millions", fetched)
