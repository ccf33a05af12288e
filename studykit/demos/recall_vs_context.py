"""Parameters are a vague recollection, the context is working memory.

Unlike in ``lossy_compression``, the model now has two ways to an answer, and adds them up: what its
parameters recall of the pages that it was trained on, and what attention finds in notes pasted into
the prompt, which call people by other words than the question does. Recall is as good as the fact was
frequent. In the notes a rare fact is found as easily as a famous one, if it was pasted at all; but the
more there is besides, the more there is to mistake for it.
"""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.lossy_compression import GROUPS, PEOPLE, WIDTH, Array, people, read
from studykit.demos.lossy_compression import NAMES as CITIES

DEMO = Demo(
    name="recall_vs_context",
    title="Vague recollection in the parameters, working memory in the context",
    layer="inference",
    terms=("context-window", "working-memory"),
    claim="From the parameters only famous facts are got right; with a few notes in the prompt, rare ones as "
    "well, and with very many notes fewer again.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:20:32",
            claim="Knowledge in the parameters is a vague recollection, what stands in the context window is "
            "working memory; so paste the chapter that a question is about, rather than rely on memory.",
        ),
    ),
    cannot_show="Attention is one look here, learned as three numbers: how sharp it is, what it heeds, and "
    "how much a note counts. Large models look many times, and read more notes before they err.",
    mechanism=Mechanism(
        keyword="the_right_notes",
        off=False,
        without="The right notes: those in the prompt are about other people.",
    ),
    knobs=(
        Knob(
            name="other_words",
            low=0,
            high=4,
            help="how far a name in a note is from the same name in a question",
        ),
        Knob(
            name="false_notes",
            low=0,
            high=1,
            help="share of the people whom notes put in another city of their country",
        ),
    ),
    tries=(
        Try(
            set={"other_words": 0},
            then=(
                "Let notes call people by the very words of the question: 400 notes are then as good as "
                "5. A long context only confuses where things have to be matched by meaning."
            ),
            shows=lambda was, now: (
                now["all"]["5 notes"] - now["all"]["400 notes"]
                < 0.01
                < was["all"]["5 notes"] - was["all"]["400 notes"]
            ),
        ),
        Try(
            set={"other_words": 2},
            then=(
                "Let notes and questions differ twice as much: 5 notes still help a great deal, while 400 "
                "are hardly better than none."
            ),
            shows=lambda _, now: (
                now["all"]["400 notes"] < now["all"]["memory"] + 0.06
                and now["all"]["5 notes"] > now["all"]["memory"] + 0.15
            ),
        ),
        Try(
            set={"false_notes": 1},
            then=(
                "Let every right note name another city of the same country: of the rare, notes now get "
                "even fewer right than memory alone, while most of the 10 most famous are still right. "
                "Where the recollection is vague, the notes decide, be they false."
            ),
            shows=lambda _, now: (
                now["groups"][-1]["5 notes"] < now["groups"][-1]["memory"] - 0.15
                and now["groups"][0]["5 notes"] > 0.6
            ),
        ),
    ),
    seconds=0.1,
)

NOTES = (5, 50, 400)
OTHER_WORDS = 1.0  # how far a name in a note is from the same name in a question
FOCUS, ALIKE = 40.0, 0.88  # attention is sharp, and heeds names whose cosine is above this
CHOICES = (5.0, 10.0, 20.0, 40.0), (0.3, 0.5, 0.7), (0.0, 1.0, 3.0, 10.0, 30.0)  # focus, alike, trust

Ints = NDArray[np.int64]


def recall(weights: Array, asked: Array) -> Array:
    """(people, cities): scores from the parameters alone."""
    return asked @ weights


def attend(
    asked: Array, noted_names: Array, noted_homes: Ints, focus: float = FOCUS, alike: float = ALIKE
) -> Array:
    """(people, cities): how much attention falls on notes that name each city.

    ``asked`` is (people, width); ``noted_names`` (people, notes, width) and ``noted_homes`` (people,
    notes) are the notes in each one's prompt. Where no note's name is alike, attention rests on none.
    """
    cosine = np.einsum("pw,pnw->pn", _unit(asked), _unit(noted_names))
    powers = np.exp(focus * (cosine - alike))
    attention = powers / (1 + powers.sum(axis=1, keepdims=True))  # 1: the blank start of the prompt
    return np.asarray(np.einsum("pn,pnc->pc", attention, np.eye(len(CITIES))[noted_homes]))


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def prompts(
    rng: np.random.Generator, names: Array, count: int, about: bool, other_words: float = OTHER_WORDS
) -> tuple[Array, Ints]:
    """For each person ``count`` notes, and whom they are ``about``: the right one among them, or not."""
    everyone = np.arange(PEOPLE)
    whom = (everyone[:, None] + rng.integers(1, PEOPLE, (PEOPLE, count))) % PEOPLE  # (people, notes)
    if about:
        whom[everyone, rng.integers(0, count, PEOPLE)] = everyone
    return names[whom] + other_words * rng.normal(size=(*whom.shape, WIDTH)) / np.sqrt(WIDTH), whom


def run(
    seed: int = 0,
    *,
    the_right_notes: bool = True,
    other_words: float = OTHER_WORDS,
    false_notes: float = 0.0,
) -> Numbers:
    """Ask for the homes of 400 people: from memory, with few and many notes, and with notes on others."""
    rng = np.random.default_rng(seed)
    names, homes = people(rng, WIDTH)
    memory = recall(read(names, homes, np.round(2000 / np.arange(1, PEOPLE + 1))), names)

    told = homes

    def answers(noted: tuple[Array, Ints], focus: float, alike: float, trust: float) -> Array:
        return memory + trust * attend(names, noted[0], told[noted[1]], focus, alike)

    lessons = [
        prompts(rng, names, NOTES[1], about, other_words) for about in (the_right_notes, False)
    ]  # two kinds

    def loss(choice: tuple[float, ...]) -> float:
        """How much the right homes in the lessons surprise it."""
        scores = np.concatenate([answers(lesson, *choice) for lesson in lessons])
        return float(
            (np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(scores)), [*homes] * 2]).mean()
        )

    learned = min(product(*CHOICES), key=loss)
    if false_notes:  # what it learned from was true
        moved = np.random.default_rng(seed + 1).random(PEOPLE) < false_notes
        told = np.where(moved, homes // 4 * 4 + (homes + 1) % 4, homes)
    tests = {f"{count} notes": prompts(rng, names, count, the_right_notes, other_words) for count in NOTES}
    tests["on others"] = prompts(rng, names, NOTES[1], False, other_words)
    said = {"memory": memory} | {way: answers(noted, *learned) for way, noted in tests.items()}
    right = {way: scores.argmax(axis=1) == homes for way, scores in said.items()}
    one = max(np.flatnonzero(~right["memory"]))
    return {
        "groups": [
            {"first": a + 1, "last": b, **{way: float(np.mean(held[a:b])) for way, held in right.items()}}
            for a, b in GROUPS
        ],
        "all": {way: float(np.mean(held)) for way, held in right.items()},
        "trust": learned[2],
        "one": int(one) + 1,
        "one_cities": [CITIES[i] for i in (homes[one], memory[one].argmax(), said["5 notes"][one].argmax())],
    }


def check(numbers: Numbers) -> None:
    groups, share = numbers["groups"], numbers["all"]
    gains = [group["5 notes"] - group["memory"] for group in groups]
    expect(numbers["trust"] > 1, "it has learned to rely on notes")
    expect(gains[-1] > 0.3, "of the rare, far more is right with a few notes than from memory")
    expect(all(b >= a - 0.02 for a, b in pairwise(gains)), "the rarer the fact, the more the notes are worth")
    expect(share["5 notes"] > share["400 notes"] + 0.01, "with very many notes, fewer again")
    expect(share["on others"] < share["memory"] + 0.03, "notes on others do not help")
    expect(groups[0]["memory"] > 0.9, "of the famous, memory will do")


def lines(numbers: Numbers) -> list[str]:
    home, recalled, found = numbers["one_cities"]
    ways = list(numbers["all"])
    return [
        "A model with 480 parameters has read where 400 people live, of the first on 2,000 pages, of the",
        "last on 5. Asked for every home, it is right",
        f"{'':<12}from memory   with notes in the prompt, the right one among them   with 50 notes",
        f"   person{'':<15}" + "".join(f"{way:>15}" for way in ways[1:]),
        *(
            f"{group['first']:>6} to {group['last']:<4}{group['memory']:>9.0%} "
            + "".join(f"{group[way]:>15.0%}" for way in ways[1:])
            for group in numbers["groups"]
        ),
        f"Number {numbers['one']} lives in {home}. From memory: {recalled}. With 5 notes: {found}.",
        "Memory is as good as the fact was frequent; what stands in the prompt is there in full.",
        "So paste the chapter, not the library: the more besides the right note, the more to mistake for it.",
    ]
