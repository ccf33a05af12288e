"""Agentic search: read what was found, see what is missing, search again.

Where does the boss of Bruun's boss work? No passage that names Bruun tells, so no single search
with the question's words will find the one that does. A searcher who reads each result and asks
anew with the name that it found gets there in three searches, and pays for three.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.rag import Index, words

DEMO = Demo(
    name="agentic_search",
    title="Agentic search: search, read, search again",
    layer="retrieval",
    terms=("agentic-search", "multi-hop-question"),
    claim="Questions over two and three passages are answered by searching again with what was read, and not "
    "by one search; the price is a search for every step.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="20:17",
            claim="A model that makes several queries in a row and then answers is not RAG; it does better, "
            "and has limits and costs of its own.",
        ),
    ),
    cannot_show="The plan (boss, boss, city) is given here. A real model has to make it from the question, "
    "and every step is a chance to go astray.",
    mechanism=Mechanism(
        keyword="reading",
        off=False,
        without="Reading: the agent searches as often, always with the words of the question.",
    ),
    knobs=(Knob(name="fetched", low=1, high=139, help="passages that a search brings, at most"),),
    tries=(
        Try(
            set={"fetched": 1},
            then=(
                "Let a search bring 1 passage instead of 5: searching again is right as always, and reads "
                "far fewer words. It is not how much is found, but what is asked next."
            ),
            shows=lambda was, now: (
                now["table"][-1]["agent"] > 0.95
                and now["table"][-1]["agent_words"] < 0.3 * was["table"][-1]["agent_words"]
            ),
        ),
        Try(
            set={"fetched": 70},
            then=(
                "Let it bring up to 70 of the 139 passages: one search still answers nothing that needs "
                "two. The second passage shares no name with the question, so it is not the next best, "
                "but one of many."
            ),
            shows=lambda was, now: (
                now["table"][1]["single"] < 0.2
                and now["table"][1]["single_words"] > 5 * was["table"][1]["single_words"]
            ),
        ),
        Try(
            set={"fetched": 139},
            then=(
                "Let it bring all 139 passages: a single search now answers everything, and searching "
                "again reads more than that for the same. Reading everything takes the place of asking "
                "well, as long as everything is little."
            ),
            shows=lambda was, now: (
                now["table"][-1]["single"] > 0.95 > was["table"][-1]["single"] + 0.5
                and now["table"][-1]["agent_words"] > 1.3 * now["table"][-1]["single_words"]
            ),
        ),
    ),
    seconds=0.3,
)

CITIES = "Bergen Cusco Dakar Gdansk Izmir Kobe Leeds Mombasa Nantes Oulu Porto Turin".split()
FETCHED = 5
HOPS = (1, 2, 3)
ENDINGS = "ara uun ta holm tana dad sen rin tek lano".split()
Search = Callable[[str], str]


def agent(name: str, hops: int, search: Search) -> str:
    """Follow bosses, each named by the last passage, then ask for the city."""
    for _ in range(hops - 1):
        name = boss(name, search(f"the boss of {name}"))
    return city(name, search(f"{name} works in"))


def single(name: str, hops: int, search: Search) -> str:
    """One search with all words of the question; the same steps, in what it found."""
    found = search(f"{name} the boss of {name} works in")
    for _ in range(hops - 1):
        name = boss(name, found)
    return city(name, found)


def deaf(name: str, hops: int, search: Search) -> str:
    """Searches as often as ``agent``, with the words of the question each time."""
    return [single(name, hops, search) for _ in range(hops)][-1]


def boss(name: str, text: str) -> str:
    found = re.search(rf"The boss of {name} is (\w+)", text) if name else None
    return found[1] if found else ""


def city(name: str, text: str) -> str:
    found = re.search(rf"\b{name} works in (\w+)", text) if name else None
    return found[1] if found else ""


def run(seed: int = 0, *, reading: bool = True, fetched: int = FETCHED) -> Numbers:
    """70 people, each with a boss and a city: questions over one, two and three passages."""
    chance = random.Random(seed)
    people = [a + b for a in "Ab Br Cos Dum Ek Fon Gre".split() for b in ENDINGS]
    chance.shuffle(people)
    bosses = {name: people[(i - 1) // 2] for i, name in enumerate(people) if i}  # two people under each
    homes = {name: chance.choice(CITIES) for name in people}
    passages = [f"The boss of {name} is {boss}." for name, boss in bosses.items()]
    passages += [f"{name} works in {home}." for name, home in homes.items()]
    asked_of = people[3:]  # those who have a boss's boss
    index = Index(passages)
    table = []
    for hops in HOPS:
        row: Numbers = {"hops": hops}
        for way, answer in (("single", single), ("agent", agent if reading else deaf)):
            right, queries, read = 0, 0, 0
            for name in asked_of:
                goal = name
                for _ in range(hops - 1):
                    goal = bosses[goal]
                asked, found = list[str](), list[str]()

                def search(query: str, asked: list[str] = asked, found: list[str] = found) -> str:
                    asked.append(query)
                    found.append(" ".join(index.search(query, fetched)))
                    return found[-1]

                right += answer(name, hops, search) == homes[goal]
                queries += len(asked)
                read += len(words(" ".join(found)))
            row |= {way: right / len(asked_of), f"{way}_searches": queries / len(asked_of)}
            row |= {f"{way}_words": read / len(asked_of)}
        table.append(row)
    return {
        "fetched": fetched,
        "passages": len(passages),
        "table": table,
        "name": name,
        "searches": asked,
        "answer": homes[goal],
    }


def check(numbers: Numbers) -> None:
    for row in numbers["table"]:
        expect(row["agent"] > 0.95, f"{row['hops']} passages: searching again answers")
    one, two, three = numbers["table"]
    expect(one["single"] > 0.95, "one passage: a single search does as well")
    expect(max(two["single"], three["single"]) < 0.3, "two or three passages: a single search fails")
    expect(three["agent_searches"] == 3 * one["agent_searches"], "three passages take three searches")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"{numbers['passages']} passages on the bosses and the cities of 70 people. Questions need",
        f"one, two or three passages; each search fetches {numbers['fetched']}.",
        "passages                       one search               searching again",
        "  needed               right   words read        right  searches  words read",
        *(
            f"{row['hops']:>8}{row['single']:>20.0%}{row['single_words']:>13.0f}{row['agent']:>13.0%}"
            f"{row['agent_searches']:>10.0f}{row['agent_words']:>12.0f}"
            for row in numbers["table"]
        ),
        f"Where does the boss of {numbers['name']}'s boss work? It searches for",
        *(f"  {i}. {query}" for i, query in enumerate(numbers["searches"], 1)),
        f"and says {numbers['answer']}. The second name stood in no question: it had to be read first.",
        "What one search cannot find, three do, for three times the reading.",
    ]


def plot(numbers: Numbers) -> str:
    return svg.lines(
        "Right answers, by how many passages they need",
        {way: [(float(r["hops"]), r[way]) for r in numbers["table"]] for way in ("agent", "single")},
        x="passages needed",
        y="share right",
    )
