"""Contamination: a model that has read the test passes it without being able to do it.

Two models sit the same test of word problems. One works them out. The other looks up the most similar
problem it has read and gives its answer; and the test was among its texts. Both pass. Then only the numbers
in the problems are changed: the one that can do sums does them, the other gives yesterday's answers. Long
runs of words that a test shares with the texts give such a test away beforehand.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="contamination",
    title="Contamination: the test was in the training data",
    layer="evaluation",
    terms=("data-contamination", "benchmark"),
    claim="A model that has read a test passes it like one that can do it; with other numbers in the same "
    "problems it fails, and shared runs of words tell beforehand.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 61 % in",
            claim="Given the beginning of a test problem in its exact wording, Qwen goes on to the answer; "
            "with other numbers it breaks down. Contamination is the biggest problem of the field.",
        ),
    ),
    cannot_show="Real models are mixtures of the two; and tests also leak in other words or other languages, "
    "which shared runs of words do not find.",
    mechanism=Mechanism(
        keyword="leaked",
        off=False,
        without="The leak: the test never got onto the web.",
    ),
    knobs=(
        Knob(name="trace", low=2, high=14, help="words in a row that count as a trace"),
        Knob(name="web_pages", low=1, high=2000, help="other problems on the web"),
        Knob(name="retold", low=0, high=50, help="leaked problems that speak of other things"),
    ),
    tries=(
        Try(
            set={"trace": 4},
            then=(
                "Look for runs of 4 words instead of 8: fewer leaks are found, not more. A trace is only "
                "one if both numbers stand in it, and in a short run they rarely do."
            ),
            shows=lambda was, now: now["traced"][0] < 0.6 < was["traced"][0],
        ),
        Try(
            set={"web_pages": 2000},
            then=(
                "Put 2,000 other problems on the web: the one that only recalls gets some right by now, "
                "without ever having read the test. There are only so many such problems."
            ),
            shows=lambda was, now: (
                now["right"]["recalls, test not read"][0] > was["right"]["recalls, test not read"][0] + 0.02
            ),
        ),
        Try(
            set={"retold": 50},
            then=(
                "Let the leaked 50 speak of other things, pens for apples: nearly no trace is found any "
                "more, and the one that read them still passes. Who searches for words finds copies, not "
                "leaks."
            ),
            shows=lambda was, now: (
                now["traced"][0] < 0.1
                and was["traced"][0] > 0.9
                and now["right"]["recalls, test read"][0] > 0.8
                and now["right"]["recalls, test read"][1] < 0.2
            ),
        ),
    ),
    seconds=0.2,
)

PROBLEMS, WEB = 50, 400  # problems in the test; other problems on the web
RUN = 8  # words in a row that count as a trace
NAMES = "Ann Bo Cem Dina Eva Finn Gita Hugo Ines Jon Kim Lea".split()
THINGS = "apples pens coins books shells cards stones stamps".split()
STORIES = (
    "{name} has {a} {thing} and buys {b} more at the market . how many {thing} does {name} have ?",
    "{name} packs {a} boxes with {b} {thing} in each of them . how many {thing} are packed ?",
    "of {a} {thing} that {name} found , {b} were lost on the way home . how many {thing} are left ?",
)
Problem = tuple[str, int]


def invent(chance: random.Random) -> Problem:
    """A word problem and its answer."""
    story = chance.randrange(len(STORIES))
    a, b = chance.randint(20, 99), chance.randint(2, 19)
    text = STORIES[story].format(name=chance.choice(NAMES), thing=chance.choice(THINGS), a=a, b=b)
    return text, (a + b, a * b, a - b)[story]


def solve(text: str) -> int:
    """The one that can: reads the two numbers and what is done with them."""
    a, b = map(int, re.findall(r"\d+", text))
    return a + b if "more" in text else a * b if "boxes" in text else a - b


def recall(text: str, read: list[Problem]) -> int:
    """The one that cannot: the answer of that problem it has read which shares most words."""
    words = set(text.split())
    return max(read, key=lambda problem: len(words & set(problem[0].split())))[1]


def other_numbers(text: str, chance: random.Random) -> Problem:
    """The same problem with its numbers changed."""
    fresh = iter((chance.randint(20, 99), chance.randint(2, 19)))
    changed = re.sub(r"\d+", lambda _: str(next(fresh)), text)
    return changed, solve(changed)


def retell(text: str) -> str:
    """The same problem about another thing."""
    return " ".join(THINGS[THINGS.index(word) - 1] if word in THINGS else word for word in text.split())


def traces(text: str, read: list[Problem], length: int = RUN) -> bool:
    """Whether a run of eight words with two numbers in it stands in the texts word for word."""
    words = text.split()
    pages = [f" {page} " for page, _ in read]
    runs = [" ".join(words[i : i + length]) for i in range(len(words) - length + 1)]
    return any(f" {run} " in page for run in runs if len(re.findall(r"\d+", run)) == 2 for page in pages)


def run(
    seed: int = 0, *, leaked: bool = True, trace: int = RUN, web_pages: int = WEB, retold: int = 0
) -> Numbers:
    """A test of 50 problems that stands on the web as well, and the same with other numbers."""
    chance = random.Random(seed)
    test = [invent(chance) for _ in range(PROBLEMS)]
    web = [invent(chance) for _ in range(web_pages)]
    copies = [(retell(text) if i < retold else text, truth) for i, (text, truth) in enumerate(test)]
    read = web + copies if leaked else web
    changed = [other_numbers(text, chance) for text, _ in test]

    def right(answer: Callable[[str], int]) -> list[float]:
        """Share of right answers: to the test, and with other numbers."""
        return [sum(answer(text) == truth for text, truth in exam) / PROBLEMS for exam in (test, changed)]

    return {
        "right": {
            "works it out": right(solve),
            "recalls, test not read": right(lambda text: recall(text, web)),
            "recalls, test read": right(lambda text: recall(text, read)),
        },
        "run": trace,
        "traced": [sum(traces(text, read, trace) for text, _ in exam) / PROBLEMS for exam in (test, changed)],
        "problems": [[text, truth, recall(text, read)] for text, truth in (test[0], changed[0])],
    }


def check(numbers: Numbers) -> None:
    right = numbers["right"]
    expect(right["works it out"] == [1, 1], "who can do it does it with any numbers")
    before, after = right["recalls, test read"]
    expect(before > 0.95, "who has read the test passes it as well")
    expect(after < before - 0.7, "and fails when the numbers are changed")
    expect(right["recalls, test not read"][0] < 0.3, "without having read it, recalling does not do")
    expect(numbers["traced"][0] > 0.9 and numbers["traced"][1] < 0.15, "shared runs of words tell")


def lines(numbers: Numbers) -> list[str]:
    shown = []
    for text, truth, recalled in numbers["problems"]:
        shown += [f"   {text}", f"      worked out: {truth}      recalled: {recalled}"]
    test, changed = numbers["traced"]
    sharing = f"share a run of {numbers['run']} words with it"
    return [
        "A problem from a test that stands on the web, and the same with other numbers:",
        *shown,
        f"{PROBLEMS} such problems: right answers         the test   other numbers",
        *(f"   {who:<32}{first:>10.0%}{second:>16.0%}" for who, (first, second) in numbers["right"].items()),
        f"   {sharing:<32}{test:>10.0%}{changed:>16.0%}",
        "On the test alone, the one that can and the one that has read it look the same.",
        "So change the numbers, or ask what was written after the model's training; and search for traces.",
    ]


def plot(numbers: Numbers) -> str:
    right = numbers["right"]
    names = ("the test", "other numbers")
    return svg.grid("Right answers", list(right.values()), row_names=list(right), column_names=names)
