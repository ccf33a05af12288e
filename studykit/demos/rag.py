"""RAG: look up the passages that fit the question, and put them into the prompt.

The search is BM25, the classic: a passage scores for every word that it shares with the question,
more for rare words than for common ones. The best few go into the prompt, and the reader takes the
answer from there. The reader itself knows nothing of these firms: it sees that "who" asks for a
person and "where" for a city, and reads. Ask by a name that no passage has, and it is lost again.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Sequence

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="rag",
    title="RAG: look it up, then answer",
    layer="retrieval",
    terms=("rag", "keyword-search"),
    claim="A reader that cannot know the answers gets nearly all of them right once a word search has put "
    "three passages before it.",
    equation=r"\operatorname{score}(q, d) = \sum_{w \in q} \log\left(1 + "
    r"\frac{N - n_w + 0.5}{n_w + 0.5}\right) \frac{f_w}{f_w + k_1 (1 - b + b \, l_d / \bar{l})}",
    letters="q: the question; d: a passage; N: passages; n: passages with the word w; f: how often d "
    "has it; l: words of d, with a bar the mean; k, b: fixed.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="22:10",
            claim="It more or less just works; anything better costs more.",
        ),
    ),
    cannot_show="A language model reads far better than this rule; and here every "
    " question asks for one fact that stands in one passage.",
    mechanism=Mechanism(
        keyword="search",
        off=False,
        without="The search: the prompt holds three passages that were drawn by lot.",
    ),
    knobs=(
        Knob(name="most", low=1, high=60, help="passages that are put into the prompt, at most"),
        Knob(name="firms_known", low=20, high=60, help="firms, with three passages on each"),
        Knob(name="typos", low=0, high=1, help="share of questions with two letters of the name exchanged"),
    ),
    tries=(
        Try(
            set={"most": 1},
            then=(
                "Put only the best passage into the prompt: more than a quarter of the answers are lost. "
                "The longest question shares more words with a passage about something else, and that "
                "comes first."
            ),
            shows=lambda was, now: now["right"]["with search"] < 0.8 < was["right"]["with search"] - 0.1,
        ),
        Try(
            set={"most": 60},
            then=(
                "Put 60 passages in: nothing is gained, and the nickname is still not found. What shares "
                "no word with the question is not further down the list, it is not in it."
            ),
            shows=lambda was, now: (
                now["words"][1] > 10 * was["words"][1]
                and now["right"]["with search"] < was["right"]["with search"] + 0.01
                and now["right"]["other words"] < 0.2
            ),
        ),
        Try(
            set={"typos": 1},
            then=(
                "Exchange the last 2 letters of every name that is asked for: the answers are as wrong as "
                "by a nickname. A reader would see at once what is meant; to a word search it is another "
                "word."
            ),
            shows=lambda was, now: (
                now["right"]["with search"] < 0.25
                and abs(now["right"]["with search"] - now["right"]["other words"]) < 0.1
                and was["right"]["with search"] > 0.9
            ),
        ),
    ),
    seconds=0.1,
)

CITIES = "Bergen Cusco Dakar Gdansk Izmir Kobe Leeds Mombasa Nantes Oulu Porto Turin".split()
PEOPLE = "Abara Bruun Costa Dumas Ekholm Fontana Greco Haddad Ito Jansen Kaur Lund".split()
GOODS = "anchors bells clocks drums easels flutes gloves hats kites lamps mirrors nets".split()
KINDS = {"who": set(PEOPLE), "where": set(CITIES), "what": set(GOODS)}
ENDINGS = ("mar", "dex", "rin", "vo", "tek", "lano", "quist", "zor", "bel", "nix")
FACTS = (  # passage, question about it, what it tells
    (
        "The firm {name} is led by {value}, who joined it long ago.",
        "Who, of all that are in the trade today, leads {name}?",
        PEOPLE,
    ),
    ("All workshops of {name} are in {value}, near the river.", "Where are the workshops of {name}?", CITIES),
    ("Most of what {name} sells today are {value} for export.", "What does {name} sell?", GOODS),
)
FOUND = 3


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class Index:
    """BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework")."""

    def __init__(
        self, passages: Sequence[str], k1: float = 1.2, b: float = 0.75, *, rare: bool = True
    ) -> None:
        self.passages = list(passages)
        self.counts = [Counter(words(passage)) for passage in passages]
        holders = Counter(word for count in self.counts for word in count)
        n = len(passages)
        self.rarity = dict.fromkeys(holders, 1.0)
        if rare:  # a word that few passages have tells more than one that most have
            self.rarity = {w: math.log(1 + (n - held + 0.5) / (held + 0.5)) for w, held in holders.items()}
        mean = sum(count.total() for count in self.counts) / n
        self.damping = [k1 * (1 - b + b * count.total() / mean) for count in self.counts]

    def scores(self, query: str) -> list[float]:
        """One for each passage: a rare shared word counts much, a repeated one a little more."""
        asked = [word for word in set(words(query)) if word in self.rarity]
        return [
            sum(self.rarity[word] * count[word] / (count[word] + damping) for word in sorted(asked))
            for count, damping in zip(self.counts, self.damping, strict=True)
        ]

    def search(self, query: str, most: int) -> list[str]:
        """The passages that share a word with the query, best first, at most ``most``."""
        scores = self.scores(query)
        ranked = sorted(range(len(scores)), key=lambda i: -scores[i])
        return [self.passages[i] for i in ranked[:most] if scores[i] > 0]


def read(question: str, prompt: Sequence[str], chance: random.Random) -> str:
    """The first word in the prompt of the kind asked for; from an empty prompt, a guess."""
    kind = KINDS[words(question)[0]]
    found = [word for passage in prompt for word in re.findall(r"\w+", passage) if word in kind]
    return found[0] if found else chance.choice(sorted(kind))


def run(
    seed: int = 0, *, search: bool = True, most: int = FOUND, firms_known: int = 40, typos: float = 0.0
) -> Numbers:
    """40 made-up firms, 120 passages, a question on each: by heart, with search, and by other names."""
    chance = random.Random(seed)
    firms = chance.sample([a + b for a in ("Al", "Bo", "Ce", "Du", "Fi", "Go") for b in ENDINGS], firms_known)
    facts = [
        (passage.format(name=firm, value=value), question, firm, value)
        for firm in firms
        for passage, question, values in FACTS
        for value in [chance.choice(values)]
    ]
    index, even = (Index([passage for passage, *_ in facts], rare=rare) for rare in (True, False))

    def prompt(query: str, index: Index = index) -> list[str]:
        return index.search(query, most) if search else chance.sample(index.passages, most)

    right = Counter[str]()
    for _, question, firm, value in facts:
        typed = firm[:-2] + firm[:-3:-1] if typos and chance.random() < typos else firm
        asked = question.format(name=typed)
        nicknamed = question.format(name="Old " + firm[::-1].title())  # as no passage calls it
        right["by heart"] += read(asked, [], chance) == value
        right["with search"] += read(asked, prompt(asked), chance) == value
        right["all words alike"] += read(asked, prompt(asked, even), chance) == value
        right["other words"] += read(nicknamed, prompt(nicknamed), chance) == value
    _, question, firm, _ = facts[0]
    asked = question.format(name=firm)
    found = prompt(asked)
    scores = dict(zip(index.passages, index.scores(asked), strict=True))
    return {
        "most": most,
        "facts": len(facts),
        "right": {way: count / len(facts) for way, count in right.items()},
        "question": asked,
        "prompt": found,
        "scores": [scores[passage] for passage in found],
        "answer": read(asked, found, chance),
        "words": [sum(len(words(p)) for p in index.passages), sum(len(words(p)) for p in found)],
    }


def check(numbers: Numbers) -> None:
    right = numbers["right"]
    expect(right["with search"] > 0.9, "with three passages nearly all is right")
    expect(right["all words alike"] < 0.8, "with every word counting alike, common words drown the name")
    expect(right["by heart"] < 0.25, "by heart it can only guess")
    expect(right["other words"] < 0.25, "by a name that no passage has, the wrong passages are found")


def lines(numbers: Numbers) -> list[str]:
    right, (total, few) = numbers["right"], numbers["words"]
    return [
        f"{numbers['facts']} passages on firms that no model has heard of.",
        f"{numbers['question']}",
        "The search scores every passage by the words it shares with the question:",
        *(f"{s:>6.1f}  {p}" for s, p in [*zip(numbers["scores"], numbers["prompt"], strict=True)][:5]),
        f"These {few} words go into the prompt, not all {total:,}. Answer: {numbers['answer']}",
        f"All {numbers['facts']} questions:                                    right",
        f"  by heart, no passages (a guess is 1 in 12)  {right['by heart']:>8.0%}",
        f"  with the best {numbers['most']} passages in the prompt      {right['with search']:>8.0%}",
        f"  the same, if all words counted alike        {right['all words alike']:>8.0%}",
        f"  asked by a nickname that no passage has     {right['other words']:>8.0%}",
        "No training, and a new firm is known as soon as its passage is in the index: it just works.",
        "But the reader sees what the search finds, and nothing else: where words differ, it is lost.",
    ]
