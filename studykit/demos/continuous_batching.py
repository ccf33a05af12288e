"""Continuous batching: a place in the batch is filled again as soon as an answer ends.

A step of a large model takes about as long for eight answers as for one, since most of the time goes
into fetching the weights. So answers are written side by side, in a batch. But answers differ in
length. If the batch is only changed when all of it is done, places stand empty beside the longest
answer, and whoever comes meanwhile waits. Nothing forces one to wait: each step can have other guests.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from zlib import crc32

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="continuous_batching",
    title="Continuous batching: no empty places beside a long answer",
    layer="inference",
    terms=("continuous-batching", "batching", "throughput"),
    claim="When a place in the batch is filled again as soon as an answer ends, the same steps write far "
    "more tokens, requests wait less than a fifth of the time, and every answer stays as it was.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 31 % in",
            claim="Training is cheap beside serving: millions of dollars for a model, billions to serve it "
            "to hundreds of millions of people.",
        ),
    ),
    cannot_show="Here a step always takes the same time. In truth a newcomer's prompt must be read first, "
    "which holds up the others, and a full batch is somewhat slower than an empty one.",
    mechanism=Mechanism(
        keyword="refill",
        off=False,
        without="Filling again: the batch takes nobody in until all of it is done.",
    ),
    knobs=(
        Knob(name="places", low=1, high=64, help="answers that are written side by side"),
        Knob(name="spread", low=0, high=1, help="how much answers differ in length; at 0 not at all"),
        Knob(name="gap", low=1, high=200, help="mean number of steps between two requests"),
    ),
    tries=(
        Try(
            set={"spread": 0},
            then="All answers equally long: then places are empty together, and the old way keeps up. It is "
            "the differences that cost.",
            shows=lambda before, after: _gain(before) > 1.5 and _gain(after) < 1.05,
        ),
        Try(
            set={"places": 16, "gap": 2},
            then="Four times the places, and four times the requests: the old way gets worse, not better, as "
            "the longest of 16 answers is longer than the longest of 4.",
            shows=lambda before, after: (
                after["ways"]["batch by batch"]["used"] < before["ways"]["batch by batch"]["used"] - 0.1
            ),
        ),
        Try(
            set={"gap": 150},
            then="Hardly any requests: now nothing is gained in steps, for most places are empty either way; "
            "but even so, who comes while somebody writes has to wait only in the old way.",
            shows=lambda before, after: (
                _gain(after) < 1.05 < _gain(before)
                and after["ways"]["continuous"]["wait"] < 0.1
                and after["ways"]["batch by batch"]["wait"] > 5
            ),
        ),
    ),
    seconds=0.1,
)

PLACES, REQUESTS, MEAN = 4, 200, 30
PICTURE, EVERY = 90, 5


def _gain(numbers: Numbers) -> float:
    """How many times as much a step writes."""
    ways = numbers["ways"]
    return float(ways["batch by batch"]["steps"] / ways["continuous"]["steps"])


@dataclass
class Request:
    comes: int
    length: int
    text: str
    starts: int = -1
    """In which step it gets a place."""

    @property
    def done(self) -> bool:
        return len(self.text) > self.length


def next_letter(text: str) -> str:
    """A stand-in for a model: what comes next depends on the whole text, and on nothing else."""
    return chr(ord("a") + crc32(text.encode()) % 26)


def serve(requests: list[Request], places: int, *, refill: bool) -> list[list[int]]:
    """Write all answers; for each step, who has each place (-1: nobody)."""
    waiting, batch, history = deque(enumerate(requests)), [-1] * places, list[list[int]]()
    while waiting or any(who >= 0 for who in batch):
        step = len(history)
        if refill or all(who < 0 for who in batch):
            for place in range(places):
                if batch[place] < 0 and waiting and waiting[0][1].comes <= step:
                    batch[place], request = waiting.popleft()
                    request.starts = step
        history.append(list(batch))
        for place, who in enumerate(batch):  # one step of the model, for the whole batch
            if who >= 0:
                requests[who].text += next_letter(requests[who].text)
                if requests[who].done:
                    batch[place] = -1
    return history


def run(
    seed: int = 0, *, places: int = PLACES, spread: float = 1.0, gap: float = 8.0, refill: bool = True
) -> Numbers:
    """The same requests in the same order, served in both ways."""
    chance = random.Random(seed)
    comes, asked = 0.0, list[tuple[int, int]]()
    for _ in range(REQUESTS):
        comes += chance.expovariate(1 / gap)
        asked.append((int(comes), 1 + round(MEAN * (1 - spread + spread * chance.expovariate(1)))))
    tokens = sum(length for _, length in asked)
    alone = [write_alone(name, length) for name, (_, length) in enumerate(asked)]
    ways, pictures = {}, {}
    for way, again in (("batch by batch", False), ("continuous", refill)):
        requests = [Request(*one, chr(ord("A") + name % 26)) for name, one in enumerate(asked)]
        history = serve(requests, places, refill=again)
        ways[way] = {
            "steps": len(history),
            "used": tokens / len(history) / places,
            "wait": sum(request.starts - request.comes for request in requests) / REQUESTS,
            "same": [request.text for request in requests] == alone,
        }
        pictures[way] = [
            "".join(chr(ord("A") + step[place] % 26) if step[place] >= 0 else "." for step in history)
            for place in range(min(places, PLACES))
        ]
    return {"places": places, "tokens": tokens, "ways": ways, "pictures": pictures}


def write_alone(name: int, length: int) -> str:
    """The answer to request ``name`` with the model all to itself."""
    text = chr(ord("A") + name % 26)
    while len(text) <= length:
        text += next_letter(text)
    return text


def check(numbers: Numbers) -> None:
    old, new = numbers["ways"]["batch by batch"], numbers["ways"]["continuous"]
    expect(old["same"] and new["same"], "each answer is what it would be alone")
    expect(_gain(numbers) > 1.5, "a step writes far more")
    expect(new["used"] > 0.75 and old["used"] < 0.55, "most places are used, instead of half")
    expect(new["wait"] < old["wait"] / 5, "the wait is less than a fifth")


def lines(numbers: Numbers) -> list[str]:
    story = []
    for way, rows in numbers["pictures"].items():
        story += [f"{way}:", *("   " + row[: EVERY * PICTURE : EVERY] for row in rows)]
    return [
        f"{REQUESTS} requests come one by one; the batch has {numbers['places']} places. Who has each, "
        "in every fifth step:",
        *story,
        "                     steps for all   places used   mean wait in steps",
        *(
            f"   {way:<20}{row['steps']:>11,}{row['used']:>14.0%}{row['wait']:>21,.1f}"
            for way, row in numbers["ways"].items()
        ),
        "A dot is a place that stands empty while its neighbours write. The answers are the same.",
    ]


def plot(numbers: Numbers) -> str:
    used = {way: 100 * row["used"] for way, row in numbers["ways"].items()}
    return svg.bars("Places used", used, unit=" %")
