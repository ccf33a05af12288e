"""Parameters are a vague recollection, the context is working memory.

Unlike in ``lossy_compression``, the model now has two ways to an answer, and adds them up: what its
parameters recall of the pages that it was trained on, and what attention finds in notes pasted into
the prompt. Recall is as good as the fact was frequent. The notes are there in full, so a rare fact
is found in them as easily as a famous one; but only what was pasted can be found.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Mechanism, Numbers, Said, expect
from studykit.demos.lossy_compression import GROUPS, PEOPLE, WIDTH, Array, people, read
from studykit.demos.lossy_compression import NAMES as CITIES

DEMO = Demo(
    name="recall_vs_context",
    title="Vague recollection in the parameters, working memory in the context",
    layer="inference",
    terms=("context-window", "working-memory"),
    claim="From the parameters only famous facts are got right; with notes in the prompt, rare ones as well.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:20:32",
            claim="Knowledge in the parameters is a vague recollection, what stands in the context window is "
            "working memory; so paste the chapter that a question is about, rather than rely on memory.",
        ),
    ),
    cannot_show="Here a question names a person just as the notes do; with other wording, and with very many "
    "notes, reading goes wrong too.",
    mechanism=Mechanism(
        keyword="the_right_notes",
        off=False,
        without="The right notes: those in the prompt are about other people.",
    ),
    seconds=0.1,
)

NOTES = 20
FOCUS, ALIKE = 40.0, 0.88  # attention is sharp, and heeds names whose cosine is above this
TRUST = 20.0  # how much a note counts against recall


def recall(weights: Array, asked: Array) -> Array:
    """(people, cities): scores from the parameters alone."""
    return asked @ weights


def attend(asked: Array, noted_names: Array, noted_homes: NDArray[np.int64]) -> Array:
    """(people, cities): how much attention falls on notes that name each city.

    ``asked`` is (people, width); ``noted_names`` (people, notes, width) and ``noted_homes`` (people,
    notes) are the notes in each one's prompt. Where no note's name is alike, attention rests on none.
    """
    cosine = np.einsum("pw,pnw->pn", _unit(asked), _unit(noted_names))
    powers = np.exp(FOCUS * (cosine - ALIKE))
    attention = powers / (1 + powers.sum(axis=1, keepdims=True))  # 1: the blank start of the prompt
    return np.asarray(np.einsum("pn,pnc->pc", attention, np.eye(len(CITIES))[noted_homes]))


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def run(seed: int = 0, *, the_right_notes: bool = True) -> Numbers:
    """Ask for the homes of 400 people: from memory, with notes, and with notes on others."""
    rng = np.random.default_rng(seed)
    names, homes = people(rng, WIDTH)
    weights = read(names, homes, np.round(2000 / np.arange(1, PEOPLE + 1)))
    everyone = np.arange(PEOPLE)
    others = (everyone[:, None] + rng.integers(1, PEOPLE, (PEOPLE, NOTES))) % PEOPLE  # (people, notes)
    noted = others.copy()
    if the_right_notes:  # somewhere among them is the one that matters
        noted[everyone, rng.integers(0, NOTES, PEOPLE)] = everyone

    memory = recall(weights, names)
    reading = memory + TRUST * attend(names, names[noted], homes[noted])
    misled = memory + TRUST * attend(names, names[others], homes[others])
    answers = {"memory": memory, "notes": reading, "wrong_notes": misled}
    right = {way: scores.argmax(axis=1) == homes for way, scores in answers.items()}
    one = max(np.flatnonzero(~right["memory"]))
    return {
        "groups": [
            {"first": a + 1, "last": b, **{way: float(np.mean(held[a:b])) for way, held in right.items()}}
            for a, b in GROUPS
        ],
        "one": int(one) + 1,
        "one_cities": [CITIES[i] for i in (homes[one], memory[one].argmax(), reading[one].argmax())],
    }


def check(numbers: Numbers) -> None:
    groups = numbers["groups"]
    gains = [group["notes"] - group["memory"] for group in groups]
    expect(gains[-1] > 0.4, "of the rare, far more is right with the notes than from memory")
    expect(all(group["notes"] > 0.95 for group in groups), "with the notes, rare or famous, all is right")
    expect(all(b >= a for a, b in pairwise(gains)), "the rarer the fact, the more the notes are worth")
    expect(groups[0]["memory"] > 0.9, "of the famous, memory will do")


def lines(numbers: Numbers) -> list[str]:
    home, recalled, found = numbers["one_cities"]
    return [
        "A model with 480 parameters has read where 400 people live, of the first on 2,000 pages, of the",
        "last on 5. Asked for every home, it is right",
        f"   person       from memory   with {NOTES} notes   with notes on others",
        *(
            f"{group['first']:>6} to {group['last']:<4}{group['memory']:>10.0%}{group['notes']:>15.0%}"
            f"{group['wrong_notes']:>18.0%}"
            for group in numbers["groups"]
        ),
        f"Number {numbers['one']} lives in {home}. From memory: {recalled}. With the note in the prompt: "
        f"{found}.",
        "Memory is as good as the fact was frequent; what stands in the prompt is there in full.",
        f"So paste the chapter. The price is {NOTES} notes to read for every question, and it must be the",
        "right chapter.",
    ]
