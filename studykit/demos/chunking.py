"""Chunking: however a text is cut, a question that needs more pieces than are fetched goes wrong.

Documents are too long for a prompt, so they are cut into chunks, and a search fetches the best few.
Small chunks lose what they speak of ("she unloads 40 tons": who?). Large ones fill the prompt with
what nobody asked for. And some questions ("how much in all?") need every place in the text, of
which no choice of the best few will do.
"""

from __future__ import annotations

import random
import re

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.rag import Index, words

DEMO = Demo(
    name="chunking",
    title="Chunking: no way of cutting suits every question",
    layer="retrieval",
    terms=("chunking",),
    claim="With four chunks fetched, sums over at most four places come out right and sums over more do not, "
    "whatever the size of the chunks.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="47:44",
            claim="However one cuts the documents, some questions need all of them.",
        ),
    ),
    cannot_show="A log book can be cut between entries; in prose nobody knows where a thought ends. And "
    "prompts have grown long: a log book of this size would fit in whole.",
    mechanism=Mechanism(
        keyword="scattered",
        off=False,
        without="Scatter: each ship's calls stand in a row, so that few chunks hold them all.",
    ),
    knobs=(
        Knob(name="fetched", low=1, high=32, help="chunks that are fetched"),
        Knob(name="overlap", low=0, high=8, help="sentences of the next chunk that a chunk has as well"),
    ),
    tries=(
        Try(
            set={"fetched": 16},
            then=(
                "Fetch 16 chunks instead of 4: with an entry a chunk all ships come out right, from 160 "
                "of the 2,400 words. The size of a chunk and their number have to fit the question "
                "together."
            ),
            shows=lambda was, now: min(now["right"]["2"]) > 0.95 > was["right"]["2"][-1] + 0.5,
        ),
        Try(
            set={"fetched": 1},
            then=(
                "Fetch 1: even a chunk of 32 sentences, as many words as 16 small ones, hardly ever holds "
                "both calls of a ship. One place of the book is read at length, and the other not at all."
            ),
            shows=lambda was, now: (
                now["right"]["32"][0] > 0.95 and now["right"]["32"][1] < 0.5 and was["right"]["32"][1] > 0.9
            ),
        ),
        Try(
            set={"overlap": 2},
            then=(
                "Let each chunk have the first 2 sentences of the next as well, so that nothing is torn "
                "apart: with an entry a chunk not one sum is right any more. Every entry is now in two "
                "chunks, and counted twice."
            ),
            shows=lambda was, now: (
                max(now["right"]["2"]) < 0.05
                and min(was["right"]["2"][:3]) > 0.95
                and now["right"][str(WHOLE)] == was["right"][str(WHOLE)]
            ),
        ),
    ),
    seconds=0.5,
)

CALLS = (1, 2, 4, 8, 16)  # how often each ship is in the log
SIZES = (1, 2, 8, 32)  # sentences a chunk
WHOLE = 480  # all of them
FETCHED = 4
ROUNDS = 8
NAMES = "Adler Brise Corvo Delfin Egret".split()
OTHERS = "Falke Garza Heron Ibis Jole Kite Lark Merle".split()
PORTS = "Bergen Dakar Izmir Kobe Oulu Porto".split()


def cut(sentences: list[str], size: int, overlap: int = 0) -> list[str]:
    """The text in pieces of ``size`` sentences, and some of the next piece."""
    return [" ".join(sentences[i : i + size + overlap]) for i in range(0, len(sentences), size)]


def unloaded(ship: str, text: str) -> int:
    """Read ``text``: the tons of all entries that name the ship."""
    return sum(int(tons) for tons in re.findall(rf"The {ship} puts in at \w+\. She unloads (\d+) tons", text))


def answer(ship: str, chunks: Index, most: int = FETCHED) -> tuple[int, int]:
    """Fetch the chunks that fit the question best, add up what they say; and how many words that was."""
    fetched = chunks.search(f"tons that the {ship} unloads", most)
    return sum(unloaded(ship, chunk) for chunk in fetched), sum(len(words(chunk)) for chunk in fetched)


def log_book(chance: random.Random, scattered: bool) -> list[str]:
    """Two sentences for each of 240 calls in port; every ship's calls ``scattered``, or in a row."""
    ships = [name for name, calls in zip(NAMES, CALLS, strict=True) for _ in range(calls)]
    ships += [chance.choice(OTHERS) for _ in range(240 - len(ships))]
    if scattered:
        chance.shuffle(ships)
    calls = [(ship, chance.choice(PORTS), chance.randint(10, 90)) for ship in ships]
    return [
        line
        for ship, port, tons in calls
        for line in (f"The {ship} puts in at {port}.", f"She unloads {tons} tons.")
    ]


def run(seed: int = 0, *, scattered: bool = True, fetched: int = FETCHED, overlap: int = 0) -> Numbers:
    """Eight log books; in each, what five ships unloaded, by chunks of four sizes."""
    chance = random.Random(seed)
    right = {str(size): [0.0] * len(CALLS) for size in (*SIZES, WHOLE)}
    read = {str(size): 0.0 for size in (*SIZES, WHOLE)}
    for _ in range(ROUNDS):
        sentences = log_book(chance, scattered)
        whole = " ".join(sentences)
        for size in (*SIZES, WHOLE):
            chunks = Index(cut(sentences, size, overlap))
            for i, ship in enumerate(NAMES):
                tons, count = answer(ship, chunks, fetched)
                right[str(size)][i] += (tons == unloaded(ship, whole)) / ROUNDS
                read[str(size)] += count / ROUNDS / len(NAMES)
    return {"fetched": fetched, "overlap": overlap, "right": right, "read": read, "entry": sentences[:2]}


def check(numbers: Numbers) -> None:
    right = numbers["right"]
    expect(right["2"][:3] == [1.0, 1.0, 1.0], "an entry a chunk: up to four calls are added up rightly")
    for size in SIZES:
        expect(max(right[str(size)][3:]) < 0.35, f"chunks of {size}: more than four calls are not")
    expect(min(right[str(WHOLE)]) == 1, "the whole book always answers")
    expect(max(right["1"]) == 0, "chunks of one sentence tear ship and tons apart")


def lines(numbers: Numbers) -> list[str]:
    most = numbers["fetched"]
    return [
        f"A log book of 480 sentences: {' '.join(numbers['entry'])} …",
        f"How many tons did the Adler unload in all? A search fetches the best {most} chunks. Right:",
        "chunks of        words read" + "".join(f"{n:>4} call{'s' if n > 1 else ' '}" for n in CALLS),
        *(
            f"{size:>2} sentence{'s' if size > 1 else ' '}{numbers['read'][str(size)]:>15,.0f}"
            + "".join(f"{share:>9.0%}" for share in numbers["right"][str(size)])
            for size in SIZES
        ),
        f"no cutting{numbers['read'][str(WHOLE)]:>17,.0f}"
        + "".join(f"{share:>9.0%}" for share in numbers["right"][str(WHOLE)]),
        "One sentence: the ship is in one chunk, her tons in the next; nothing adds up.",
        f"Two, an entry a chunk: all is well, up to {most} calls. Then some are left in the book."
        if not numbers["overlap"]
        else "Two, an entry a chunk: where chunks overlap, entries are read twice, or crowd each other out.",
        "Large chunks: many more words, among them a few more calls by luck, and still not all.",
        "Only the whole book is always right. Who asks for all, reads all.",
    ]


def plot(numbers: Numbers) -> str:
    return svg.lines(
        "Right sums, by how many calls they need",
        {
            f"chunks of {size}": [(float(n), share) for n, share in zip(CALLS, found, strict=True)]
            for size, found in numbers["right"].items()
        },
        x="calls of the ship in the log book",
        y="share right",
    )
