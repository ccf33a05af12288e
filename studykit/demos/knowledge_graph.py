"""A knowledge graph: enter each relation once, and follow it any number of steps.

Who are the rivals of a firm's rivals, and how many? A search brings the few passages that name the
firm; the rivals of its rivals stand in others. In a graph firms are points and rivalries are lines:
walk along all lines, twice, and count. The price is paid before, when the lines are entered.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.rag import Index

DEMO = Demo(
    name="knowledge_graph",
    title="A knowledge graph: count what no passage says",
    layer="retrieval",
    terms=("knowledge-graph",),
    claim="A graph counts the rivals of a firm's rivals exactly, where a search over the same passages "
    "misses most; what was never entered it does not know.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="22:16 to 22:54",
            claim="On a question such as how Mastercard and Visa relate, a listener suggests a knowledge "
            "graph beside RAG; the ways can be combined.",
        ),
    ),
    cannot_show="Here a simple pattern finds every relation in the text. To enter them from real prose is "
    "the hard part, and what the prose only implies is lost.",
    mechanism=Mechanism(
        keyword="entered",
        off=0.5,
        without="Half of the entries: those passages were never put into the graph.",
    ),
    knobs=(
        Knob(name="entered", low=0, high=1, help="share of the passages that were put into the graph"),
        Knob(name="rivalries", low=30, high=240, help="rivalries that are drawn, each told in a passage"),
        Knob(name="over", low=0, high=0.5, help="share of the passages that say a rivalry is over"),
    ),
    tries=(
        Try(
            set={"entered": 0.99},
            then=(
                "Leave 1 passage in a hundred out of the graph: rivals are still nearly always right, and "
                "further steps clearly less often. A gap is passed on to all whose way leads over it."
            ),
            shows=lambda _, now: (
                now["rows"][0]["graph"] > 0.93 and now["rows"][2]["graph"] < now["rows"][0]["graph"] - 0.05
            ),
        ),
        Try(
            set={"rivalries": 30},
            then=(
                "Tell 30 rivalries only, so that 20 passages are most of the text: search still counts "
                "the rivals of rivals wrongly for most firms. Passages are fetched for the name in the "
                "question, not for the names in the answer."
            ),
            shows=lambda _, now: now["count"] < 40 and now["rows"][1]["20 passages"] < 0.6,
        ),
        Try(
            set={"over": 0.05},
            then=(
                "Let 1 passage in 20 say that someone no longer competes: the pattern takes 'longer' for "
                "a firm, and a rival of all of those. Direct rivals are still mostly right, and a few "
                "steps on most counts are wrong: one false point joins what has nothing to do with each "
                "other."
            ),
            shows=lambda _, now: now["rows"][0]["graph"] > 0.85 and now["rows"][2]["graph"] < 0.55,
        ),
    ),
    seconds=0.2,
)

FIRMS = 60
FETCHED = (5, 20)
Graph = dict[str, set[str]]


def enter(passages: Iterable[str]) -> Graph:
    """The rivals of every firm, as the passages have them; a rivalry holds both ways."""
    graph: Graph = {}
    for passage in passages:
        for a, b in re.findall(r"(\w+) competes with (\w+)", passage):
            graph.setdefault(a, set()).add(b)
            graph.setdefault(b, set()).add(a)
    return graph


def within(graph: Graph, firm: str, steps: int) -> set[str]:
    """Whoever can be reached from ``firm`` in exactly ``steps`` steps, and not in fewer."""
    seen, edge = {firm}, {firm}
    for _ in range(steps):
        edge = {rival for one in edge for rival in graph.get(one, set())} - seen
        seen |= edge
    return edge


def run(seed: int = 0, *, entered: float = 1.0, rivalries: int = 2 * FIRMS, over: float = 0.0) -> Numbers:
    """60 firms and 120 rivalries, each told in a passage: count rivals, and rivals of rivals."""
    chance = random.Random(seed)
    firms = chance.sample([a + b for a in "Al Bo Ce Du Fi Go Hu".split() for b in ENDINGS], FIRMS)
    pairs = sorted({tuple(sorted(chance.sample(firms, 2))) for _ in range(rivalries)})
    chance.shuffle(pairs)
    goods = "anchors bells clocks drums easels flutes gloves hats".split()
    passages = [f"{a} competes with {b} in {chance.choice(goods)}." for a, b in pairs]
    ended = round(over * len(passages))
    truth = enter(passages[ended:])
    passages[:ended] = [one.replace("competes", "no longer competes") for one in passages[:ended]]
    graph = enter(passages[: round(entered * len(passages))])
    index = Index(passages)

    def by_search(firm: str, steps: int, most: int) -> set[str]:
        return within(enter(index.search(f"rivals of {firm}", most)), firm, steps)

    asked = [firm for firm in firms if truth.get(firm)]
    rows = []
    for steps in (1, 2, 3):
        right = {f"{most} passages": 0 for most in FETCHED} | {"graph": 0}
        for firm in asked:
            answer = len(within(truth, firm, steps))
            for most in FETCHED:
                right[f"{most} passages"] += len(by_search(firm, steps, most)) == answer
            right["graph"] += len(within(graph, firm, steps)) == answer
        rows.append({"steps": steps} | {way: count / len(asked) for way, count in right.items()})
    one = max(asked, key=lambda firm: len(within(truth, firm, 2)))
    return {
        "passages": passages[: 1 if over else 2],
        "count": len(passages),
        "entered": round(entered * len(passages)),
        "rows": rows,
        "firm": one,
        "true": len(within(truth, one, 2)),
        "search": len(by_search(one, 2, FETCHED[1])),
        "graph": len(within(graph, one, 2)),
    }


ENDINGS = "mar dex rin vo tek lano quist zor bel nix".split()


def check(numbers: Numbers) -> None:
    direct, second, third = numbers["rows"]
    expect(all(row["graph"] == 1 for row in numbers["rows"]), "the graph counts exactly, at any distance")
    expect(direct["20 passages"] > 0.95, "direct rivals can be counted by search")
    expect(second["20 passages"] < 0.2, "the rivals of rivals cannot")
    expect(third["20 passages"] < 0.2, "nor those a step further")


def lines(numbers: Numbers) -> list[str]:
    who = ("rivals", "rivals of rivals", "one step further")
    return [
        f"{numbers['count']} passages: {' '.join(numbers['passages'])} …",
        "How many … has it? Counted rightly, over all firms:",
        f"{'':<20}5 passages fetched   20 passages fetched   graph",
        *(
            f"{name:<20}{row['5 passages']:>18.0%}{row['20 passages']:>22.0%}{row['graph']:>8.0%}"
            for name, row in zip(who, numbers["rows"], strict=True)
        ),
        f"Rivals of {numbers['firm']}'s rivals: {numbers['true']}. The graph says {numbers['graph']}, "
        f"20 passages show {numbers['search']}.",
        f"The passages fetched all name {numbers['firm']}; its rivals' rivals stand in passages that do not.",
        f"The graph was filled from {numbers['entered']} passages, before anyone asked: that is",
        "its price. And it answers only what was entered: who competes, not why.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        way: [(float(row["steps"]), row[way]) for row in numbers["rows"]]
        for way in ("graph", "20 passages", "5 passages")
    }
    return svg.lines("Counted rightly", series, x="steps from firm to firm", y="share of the firms")
