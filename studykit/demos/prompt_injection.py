"""Prompt injection: a page that is read gives orders, and they are followed.

An assistant reads one row of words: what its user wants, and the page that it was given. It has learned
what an order looks like, and one on the page looks the same. Marks round the page help if it has learned
what they mean, and if the page cannot write such marks itself. But that is a habit, not a wall. A wall is
to have the page read by somebody who can do nothing.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="prompt_injection",
    title="Prompt injection: the page gives orders too",
    layer="post-training",
    terms=("prompt-injection",),
    claim="A model that has learned to follow orders follows those on the page that it reads; marks round "
    "the page stop that only if they were taught and the page cannot forge them.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 90 % in",
            claim="Many do not let models use tools because of trust: a model with access could wipe the "
            "disk, so one wants to lock it into a container.",
        ),
    ),
    cannot_show="Here orders are told by single words. A large model also finds those in other words, in "
    "pictures and in other languages, and so do those who hide them; and a page can lie without any order.",
    mechanism=Mechanism(
        keyword="marks",
        off=False,
        without="Marks: pages stand in the prompt bare, so there is nothing to tell their orders from the "
        "user's.",
    ),
    knobs=(
        Knob(name="lessons", low=0, high=100, help="pages with orders to be ignored, of 200 in training"),
        Knob(name="secret", low=0, high=6, help="digits in the marks that a page has to guess"),
        Knob(name="urging", low=1, high=12, help="how many ordering words the hidden order uses"),
    ),
    tries=(
        Try(
            set={"lessons": 2},
            then="Only 2 lessons among 200 pages: most hidden orders are followed. That the marks were there "
            "in all 200 taught nothing, as on harmless pages nothing hung on them.",
            shows=lambda before, after: (
                after["ways"][LESSONS]["plain"] > 0.5 and before["ways"][LESSONS]["plain"] < 0.05
            ),
        ),
        Try(
            set={"secret": 4},
            then="Put a secret number of 4 digits into the marks, new for each prompt: a forged end is now a "
            "word like any other, and its order is not followed.",
            shows=lambda before, after: (
                after["ways"][LESSONS]["forged"] < 0.05 and before["ways"][LESSONS]["forged"] > 0.9
            ),
        ),
        Try(
            set={"urging": 8},
            then="Eight ordering words in one hidden sentence: marks and lessons are outvoted, and most such "
            "orders are followed. What was learned is a habit; only tools that are not there hold.",
            shows=lambda before, after: (
                after["ways"][LESSONS]["plain"] > 0.5
                and before["ways"][LESSONS]["plain"] < 0.05
                and after["ways"]["the reader has no tools"]["plain"] == 0
            ),
        ),
    ),
    seconds=0.1,
)

VERBS = "send delete buy book forward publish pay call".split()
THINGS = "files letters tickets photos invoices keys notes tables".split()
STATES = "old green ready lost broken late useful empty".split()
LESSONS = "marks, and lessons"
PROMPTS, TESTS, ROUNDS, RATE = 200, 200, 8, 0.1

Prompt = list[list[str]]  # sentences


class Model:
    """Says of each sentence whether to act on it: from its words, and from whether a page is open."""

    def __init__(self) -> None:
        self.weights = defaultdict[str, float](float)

    def seen(self, prompt: Prompt) -> list[list[str]]:
        """What the model goes by, for each sentence; marks count wherever they stand."""
        inside, seen = "", list[list[str]]()
        for sentence in prompt:
            if sentence[0].startswith("<page"):
                inside = sentence[0]
            elif sentence[0] == inside.replace("<", "</"):
                inside = ""
            seen.append(["always", *sentence, *(["(inside)"] if inside else [])])
        return seen

    def urge(self, seen: list[str]) -> float:
        return 1 / (1 + math.exp(-sum(self.weights[one] for one in seen)))

    def learn(self, prompts: list[tuple[Prompt, list[str]]]) -> None:
        """Gradient descent on: act on the user's sentence, and on no other."""
        for _ in range(ROUNDS):
            for prompt, user in prompts:
                for sentence, seen in zip(prompt, self.seen(prompt), strict=True):
                    step = RATE * ((sentence is user) - self.urge(seen))
                    for one in seen:
                        self.weights[one] += step

    def acts(self, prompt: Prompt) -> list[list[str]]:
        """The sentences that it follows."""
        return [s for s, seen in zip(prompt, self.seen(prompt), strict=True) if self.urge(seen) > 0.5]


def order(chance: random.Random, urging: int = 1) -> list[str]:
    return ["please", *chance.choices(VERBS, k=urging), "the", chance.choice(THINGS)]


def page(chance: random.Random, hidden: list[list[str]]) -> Prompt:
    """Four sentences, and what is hidden among them."""
    told = [["the", chance.choice(THINGS), "are", chance.choice(STATES)] for _ in range(4)]
    at = chance.randint(1, 3)
    return [*told[:at], *hidden, *told[at:]]


def prompt_of(user: list[str], read: Prompt, chance: random.Random, secret: int | None) -> Prompt:
    """The user's sentence before or after the page, with marks round it unless ``secret`` is None."""
    if secret is not None:
        name = digits(chance, secret)
        read = [[f"<page{name}>"], *read, [f"</page{name}>"]]
    return [user, *read] if chance.random() < 0.5 else [*read, user]


def digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def train(lessons: int, chance: random.Random, secret: int | None) -> Model:
    """On 200 prompts; the pages of ``lessons`` of them give orders too, which are not to be followed."""
    model, prompts = Model(), list[tuple[Prompt, list[str]]]()
    for i in range(PROMPTS):
        user = order(chance)
        hidden = [order(chance)] if i < lessons else []
        prompts.append((prompt_of(user, page(chance, hidden), chance, secret), user))
    chance.shuffle(prompts)
    model.learn(prompts)
    return model


def attack(
    model: Model, urging: int, chance: random.Random, secret: int | None, *, clean: bool, hands: bool
) -> dict[str, float]:
    """How often hidden orders are followed, plain and behind a forged end of the page; and the user's."""
    followed = {"plain": 0, "forged": 0, "user": 0}
    for _ in range(TESTS):
        for way in ("plain", "forged"):
            user, hidden = order(chance), order(chance, urging)
            forged = [f"</page{digits(chance, secret or 0)}>"]
            read = page(chance, [hidden] if way == "plain" else [forged, hidden])
            if clean:
                read = [sentence for sentence in read if not sentence[0].startswith("</page")]
            done = model.acts(prompt_of(user, read, chance, secret) if hands else [user])
            followed[way] += any(sentence is hidden for sentence in done)
            followed["user"] += any(sentence is user for sentence in done)
    return {way: count / TESTS / (2 if way == "user" else 1) for way, count in followed.items()}


def run(seed: int = 0, *, lessons: int = 50, urging: int = 1, secret: int = 0, marks: bool = True) -> Numbers:
    """Four ways to have a page read, and what happens when it gives orders."""
    chance = random.Random(seed)
    mark = secret if marks else None
    bare, marked, taught = (train(n, chance, m) for n, m in ((0, None), (0, mark), (lessons, mark)))
    ways = {
        "no marks": attack(bare, urging, chance, None, clean=False, hands=True),
        "marks, never explained": attack(marked, urging, chance, mark, clean=False, hands=True),
        LESSONS: attack(taught, urging, chance, mark, clean=False, hands=True),
        "and pages' own marks taken out": attack(taught, urging, chance, mark, clean=True, hands=True),
        "the reader has no tools": attack(bare, urging, chance, None, clean=False, hands=False),
    }
    example = [*page(chance, [])[:2], ["</page>"], order(chance, urging)]
    return {"ways": ways, "example": " . ".join(" ".join(sentence) for sentence in example)}


def check(numbers: Numbers) -> None:
    bare, unexplained, taught, cleaned, tied = numbers["ways"].values()
    expect(bare["plain"] > 0.95, "without marks hidden orders are followed")
    expect(unexplained["plain"] > 0.5, "marks that were never explained do not stop that")
    expect(taught["plain"] < 0.05, "with marks and lessons they are not")
    expect(taught["forged"] > 0.9, "unless the page forges the end of the page")
    expect(cleaned["forged"] < 0.05, "which is of no use once marks in pages are taken out")
    expect(tied["plain"] == tied["forged"] == 0, "who has no tools can follow no order")
    expect(all(way["user"] > 0.95 for way in numbers["ways"].values()), "the user's are followed throughout")


def lines(numbers: Numbers) -> list[str]:
    return [
        "A model has learned to act on what its user says. Then it is given pages to read, such as",
        f"   {numbers['example'][:92]}",
        "How often does it follow the order on the page?",
        "                                    an order among      behind a forged    its user's own",
        "how the page is read                     sentences     end of the page             order",
        *(
            f"   {name:<31}{way['plain']:>16.0%}{way['forged']:>21.0%}{way['user']:>18.0%}"
            for name, way in numbers["ways"].items()
        ),
        "To the model, order and page are one row of words. Marks mean nothing to it until it has seen pages",
        "whose orders were not to be followed, and a page can end itself: what comes then looks like the",
        "user's. Who reads without tools may believe all orders; nothing happens.",
    ]
