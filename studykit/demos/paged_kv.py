"""A KV cache in pages: room for what is written, not for what might be.

Nobody knows how long an answer will be, so the simple way is to reserve room for the longest. Most
of it stays empty, and the memory is full when it is hardly used. Pages are the way out, as in any
operating system: memory is cut into small blocks, an answer gets one more whenever its last one is
full, and a table says where they lie. They need not lie side by side.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="paged_kv",
    title="A KV cache in pages: more answers in the same memory",
    layer="inference",
    terms=("paged-attention", "vllm"),
    claim="With pages of 16 tokens nearly all that is given out holds tokens, and the same memory serves "
    "three times as many requests at once as when room for the longest answer is reserved.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 68 % in",
            claim="Instead of gluing rows to the cache, one reserves a tensor beforehand and fills it.",
        ),
    ),
    cannot_show="On a GPU, following the table costs a little for every token; and here lengths are drawn "
    "by chance, where real ones have days and hours.",
    mechanism=Mechanism(
        keyword="page",
        off=1024,
        without="Small pages: one page is as long as the longest answer, so a page is a reservation again.",
    ),
    knobs=(
        Knob(name="page", low=1, high=1024, help="tokens in a page"),
        Knob(name="spare", low=0, high=0.5, help="share of the pages kept free when somebody is let in"),
        Knob(name="allowed", low=1024, high=8192, help="the longest answer for which room is reserved"),
    ),
    tries=(
        Try(
            set={"allowed": 4096},
            then="Allow answers four times as long, which nobody ever asks for: reservations let 2 requests "
            "in instead of 8. Pages do not even notice.",
            shows=lambda before, after: (
                after["ways"]["pages"] == before["ways"]["pages"]
                and after["ways"]["reserved"]["most"] == 2
                and before["ways"]["reserved"]["most"] == 8
            ),
        ),
        Try(
            set={"page": 1},
            then="Pages of a single token leave nothing empty, and yet hardly more requests fit than with "
            "16: there was little left to gain. The tables get more than ten times as long.",
            shows=lambda before, after: (
                after["ways"]["pages"]["at_once"] < 1.1 * before["ways"]["pages"]["at_once"]
                and after["ways"]["pages"]["entries"] > 10 * before["ways"]["pages"]["entries"]
            ),
        ),
        Try(
            set={"spare": 0},
            then="Let in whoever fits right now, and keep no page in hand: memory runs out in the middle of "
            "answers, half of all tokens are written twice, and the end comes hardly sooner.",
            shows=lambda before, after: (
                after["ways"]["pages"]["again"] > 0.45
                and after["ways"]["pages"]["steps"] > 0.9 * before["ways"]["pages"]["steps"]
            ),
        ),
    ),
    seconds=0.3,
)

ROWS, LONGEST, PAGE, REQUESTS = 8192, 1024, 16, 300


@dataclass
class Request:
    """A prompt, and an answer whose length shows only when it ends."""

    name: int
    prompt: int
    length: int  # of both together
    stretch: int  # rows that it gets at a time
    table: list[int] = field(default_factory=list)  # the first row of each of its stretches
    written: int = 0

    def row(self, token: int) -> int:
        return self.table[token // self.stretch] + token % self.stretch

    @property
    def taken(self) -> int:
        return len(self.table) * self.stretch


class Memory:
    """The rows of a cache, cut into stretches of equal length."""

    def __init__(self, stretch: int) -> None:
        self.rows = [0] * ROWS
        self.free = list(range(0, ROWS - stretch + 1, stretch))  # first rows

    def write(self, request: Request) -> bool:
        """The next token, in the row that the table says; no, if there is no room."""
        if request.written == request.taken:  # it needs another stretch, and any will do
            if not self.free:
                return False
            request.table.append(self.free.pop())
        self.rows[request.row(request.written)] = request.name * LONGEST + request.written
        request.written += 1
        return True

    def leave(self, request: Request) -> None:
        self.free += request.table
        request.table, request.written = [], 0


def serve(requests: list[Request], spare: float) -> dict[str, float]:
    """Let in who has room; in every step each writes a token; who is done leaves."""
    memory, waiting, running = Memory(requests[0].stretch), deque(requests), list[Request]()
    keep = spare * len(memory.free)
    written = taken = together = most = steps = entries = again = wrong = 0
    while waiting or running:
        while waiting and (not running or len(memory.free) > keep):
            if not all(memory.write(waiting[0]) for _ in range(waiting[0].prompt)):
                memory.leave(waiting[0])  # the prompt found no room
                break
            running.append(waiting.popleft())
        for request in list(running):
            while request in running and not memory.write(request):
                newest = running.pop()  # full: the newest gives its pages back, and begins anew later
                again += newest.written
                memory.leave(newest)
                waiting.appendleft(newest)
        steps, together, most = steps + 1, together + len(running), max(most, len(running))
        written += sum(request.written for request in running)
        taken += sum(request.taken for request in running)
        for request in [request for request in running if request.written == request.length]:
            kept = [memory.rows[request.row(i)] for i in range(request.length)]
            wrong += kept != [request.name * LONGEST + i for i in range(request.length)]
            entries += len(request.table)
            running.remove(request)
            memory.leave(request)
    return {
        "steps": steps,
        "at_once": together / steps,
        "most": most,
        "filled": written / taken,
        "entries": entries / len(requests),
        "again": again / sum(request.length for request in requests),
        "wrong": wrong,
    }


def run(seed: int = 0, *, page: int = PAGE, spare: float = 0.1, allowed: int = LONGEST) -> Numbers:
    """Serve 300 requests from the same memory in two ways."""
    chance = random.Random(seed)
    prompts = [chance.randint(20, 120) for _ in range(REQUESTS)]
    lengths = [min(LONGEST, prompt + 1 + int(chance.expovariate(1 / 120))) for prompt in prompts]
    ways = {}
    for way, stretch, kept in (("reserved", allowed, 0.0), ("pages", page, spare)):
        asked = zip(prompts, lengths, strict=True)
        ways[way] = serve([Request(i, *lengths, stretch) for i, lengths in enumerate(asked)], kept)
    return {"page": page, "allowed": allowed, "mean": sum(lengths) / REQUESTS, "ways": ways}


def check(numbers: Numbers) -> None:
    reserved, pages = numbers["ways"]["reserved"], numbers["ways"]["pages"]
    expect(not reserved["wrong"] and not pages["wrong"], "each finds what it wrote")
    expect(reserved["filled"] < 0.25, "of what is reserved three quarters stay empty")
    expect(pages["filled"] > 0.9, "pages are full but for the last")
    expect(pages["at_once"] > 3.2 * reserved["at_once"], "more than three times as many at once")
    expect(pages["steps"] < reserved["steps"] / 3, "so that all are served in a third of the steps")
    expect(pages["again"] < 0.1, "little is written twice")


def lines(numbers: Numbers) -> list[str]:
    ways, pages = numbers["ways"], numbers["ways"]["pages"]
    names = {
        "reserved": f"room for the longest, {numbers['allowed']:,}",
        "pages": f"pages of {numbers['page']}",
    }
    return [
        f"A cache for {ROWS:,} tokens. {REQUESTS} requests wait; with its answer, one has "
        f"{numbers['mean']:.0f} tokens on average.",
        "                                 requests     of the room given     steps until",
        "                                  at once    out, holds a token    all are done",
        *(
            f"{names[name]:<31}{way['at_once']:>10.1f}{way['filled']:>22.0%}{way['steps']:>16,}"
            for name, way in ways.items()
        ),
        "A page is given out when it is needed: all that stays empty is the end of each one's last page.",
        "Pages lie anywhere. A table says where, and by it every request found what it had written:",
        f"entries in a request's table, on average: {pages['entries']:.0f}.",
        "But memory can run out in the middle of an answer. Then the newest gives its pages back and begins",
        f"anew: {pages['again']:.0%} of all tokens were written twice.",
    ]


def plot(numbers: Numbers) -> str:
    names = {"reserved": "longest reserved", "pages": "pages"}
    at_once = {names[name]: way["at_once"] for name, way in numbers["ways"].items()}
    return svg.bars("Requests at once in the same memory", at_once)
