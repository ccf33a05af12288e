"""Why GPUs suit attention: its work falls apart into pieces that do not wait for one another.

Each cell of a matrix product can be computed without any other cell, so a thousand workers do it
almost a thousand times as fast. A recurrent network has far less to compute, but each step needs the
one before, and workers stand idle. Attention looks at all words at once, if they are there: a text
to be learned from is, a text to be written is not. Written word by word, attention waits as well.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import mul

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="matmul_parallel",
    title="Work for a thousand hands: attention, recurrence, and a GPU",
    layer="objective and architecture",
    terms=("parallel-computing", "gpu", "matrix-multiplication"),
    claim="On a text that is there, attention is computed a hundred times as fast by many workers as by one, "
    "and overtakes a recurrent network that has far less to compute; writing, it cannot.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:31:09",
            claim="GPUs fit this work because it is matrix multiplication, which can be done in parallel.",
        ),
    ),
    cannot_show="Here a worker has every number at hand. On a GPU, moving numbers often takes longer than "
    "multiplying them, and steps are computed for many texts at once, which helps recurrence too.",
    mechanism=Mechanism(
        keyword="given",
        off=False,
        without="The text: each word is known only when the one before has been written, so attention too "
        "has to wait at every word.",
    ),
    knobs=(
        Knob(name="words", low=4, high=96, help="length of the text"),
        Knob(name="width", low=2, high=16, help="numbers for each word"),
    ),
    tries=(
        Try(
            set={"words": 96},
            then="Twice the words take more than three times as long to write, with any number of workers, "
            "for each new word has to look at all before it and none can begin early. Reading only doubles.",
            shows=lambda before, after: (
                after["ticks"]["writing"][-1] > 3 * before["ticks"]["writing"][-1]
                and after["ticks"]["reading"][-1] < 2.5 * before["ticks"]["reading"][-1]
            ),
        ),
        Try(
            set={"words": 24},
            then="With 24 words instead of 48, attention wins with 64 workers already. Its work grows with "
            "the square of the length, so long texts need more hands.",
            shows=lambda before, after: (
                after["ticks"]["reading"][3] < after["ticks"]["recurrent"][3]
                and before["ticks"]["reading"][3] > before["ticks"]["recurrent"][3]
            ),
        ),
        Try(
            set={"width": 2},
            then="Only 2 numbers a word: now attention has ten times the work of recurrence and more, and "
            "with many workers is done first all the same.",
            shows=lambda before, after: (
                after["ticks"]["reading"][0] > 10 * after["ticks"]["recurrent"][0]
                and before["ticks"]["reading"][0] < 10 * before["ticks"]["recurrent"][0]
                and after["ticks"]["reading"][-1] < after["ticks"]["recurrent"][-1]
            ),
        ),
    ),
    seconds=0.4,
)

WORKERS = (1, 4, 16, 64, 256, 1024)
Array = NDArray[np.float64]
Table = list[list[float]]
Part = tuple[object, ...]  # what is made of several cells, such as the key of word 3


@dataclass
class Cell:
    """One number to compute."""

    part: Part
    cost: int  # multiplications
    needs: list[Part]
    make: Callable[[], None]


def schedule(cells: list[Cell], workers: int) -> int:
    """Hand each worker who is free a cell whose parts are there; the ticks until all is done."""
    left = Counter(cell.part for cell in cells)
    waits, users = list[int](), defaultdict[Part, list[int]](list)
    for i, cell in enumerate(cells):
        missing = [part for part in cell.needs if left[part]]
        waits.append(len(missing))
        for part in missing:
            users[part].append(i)
    ready = deque(i for i, count in enumerate(waits) if not count)
    busy, now = list[tuple[int, int]](), 0
    while ready or busy:
        while ready and len(busy) < workers:
            i = ready.popleft()
            heapq.heappush(busy, (now + cells[i].cost, i))
        now, i = heapq.heappop(busy)
        cells[i].make()
        left[cells[i].part] -= 1
        if not left[cells[i].part]:
            for user in users[cells[i].part]:
                waits[user] -= 1
                if not waits[user]:
                    ready.append(user)
    return now


def dot(one: list[float], other: list[float]) -> float:
    return float(sum(map(mul, one, other)))


def attention(x: Array, weights: Array, *, given: bool) -> tuple[list[Cell], Table]:
    """The cells of a layer of causal attention over ``x`` (words, width), and where they put its output."""
    (words, width), cells = x.shape, list[Cell]()
    rows, columns = x.tolist(), weights.transpose(0, 2, 1).tolist()
    projected, out = np.zeros((3, words, width)).tolist(), np.zeros((words, width)).tolist()
    fits = [[0.0] * (t + 1) for t in range(words)]

    def project(which: int, t: int, c: int) -> None:
        projected[which][t][c] = dot(rows[t], columns[which][c])

    def fit(t: int, j: int) -> None:
        fits[t][j] = math.exp(dot(projected[0][t], projected[1][j]) / math.sqrt(width))

    def mix(t: int, c: int) -> None:
        out[t][c] = dot(fits[t], [value[c] for value in projected[2]]) / sum(fits[t])

    for t in range(words):
        written: list[Part] = [] if given or not t else [("out", t - 1)]  # before word t is there
        for c in range(width):
            for which in range(3):
                cells.append(Cell((which, t), width, written, partial(project, which, t, c)))
            earlier: list[Part] = [(2, j) for j in range(t + 1)]
            cells.append(Cell(("out", t), t + 1, [("fit", t), *earlier], partial(mix, t, c)))
        for j in range(t + 1):
            cells.append(Cell(("fit", t), width, [(0, t), (1, j)], partial(fit, t, j)))
    return cells, out


def recurrence(words: int, width: int) -> tuple[list[Cell], Table]:
    """When a recurrent network could compute each state: after its word and the state before."""
    cells = []
    for t in range(words):
        before: list[Part] = [("state", t - 1)] if t else []
        for _ in range(width):
            cells.append(Cell(("in", t), width, [], lambda: None))
            cells.append(Cell(("state", t), width, [("in", t), *before], lambda: None))
    return cells, []


def run(seed: int = 0, *, words: int = 48, width: int = 8, given: bool = True) -> Numbers:
    """Ticks for a text with 1 to 1,024 workers."""
    chance = np.random.default_rng(seed)
    x, weights = chance.normal(size=(words, width)), chance.normal(0, width**-0.5, (3, width, width))
    layers = {
        "reading": partial(attention, x, weights, given=given),
        "writing": partial(attention, x, weights, given=False),
        "recurrent": partial(recurrence, words, width),
    }
    ticks, outputs = {name: list[int]() for name in layers}, dict[str, Table]()
    for name, layer in layers.items():
        for workers in WORKERS:
            cells, outputs[name] = layer()
            ticks[name].append(schedule(cells, workers))
    looks = np.tril(np.exp(x @ weights[0] @ (x @ weights[1]).T / math.sqrt(width)))
    whole = looks @ (x @ weights[2]) / looks.sum(1, keepdims=True)
    apart = max(float(np.abs(np.array(outputs[name]) - whole).max()) for name in ("reading", "writing"))
    return {"words": words, "ticks": ticks, "apart": apart}


def check(numbers: Numbers) -> None:
    reading, writing, recurrent = (numbers["ticks"][name] for name in ("reading", "writing", "recurrent"))
    expect(numbers["apart"] < 1e-9, "in whatever order cells are computed, the result is attention's")
    expect(reading[0] > 4 * recurrent[0], "attention has far more to compute than recurrence")
    expect(reading[-1] < reading[0] / 100, "many workers read more than a hundred times as fast as one")
    expect(recurrent[-1] > recurrent[0] / 20, "recurrence does not get twenty times as fast")
    expect(reading[-1] < recurrent[-1] / 4, "so that attention is done first, by far")
    expect(writing[-1] > 20 * reading[-1], "written word by word, attention takes many times as long")


def lines(numbers: Numbers) -> list[str]:
    ticks = numbers["ticks"]
    reading, recurrent = ticks["reading"], ticks["recurrent"]
    return [
        f"A text of {numbers['words']} words. A worker multiplies once a tick. Ticks until all is done:",
        "                   attention over a text        attention, writing       recurrent network",
        "     workers         that is there               word by word",
        *(
            f"{workers:>12,}{a:>19,}{b:>25,}{c:>25,}"
            for workers, a, b, c in zip(WORKERS, *ticks.values(), strict=True)
        ),
        f"From 1 worker to {WORKERS[-1]:,}: {reading[0] / reading[-1]:.0f} times as fast; recurrence "
        f"{recurrent[0] / recurrent[-1]:.0f} times, for each state needs the one before.",
        "Writing, attention waits too, as no word is there before the last one is done.",
        "A text to learn from is there as a whole. That is why training fits a GPU better than answering.",
    ]
