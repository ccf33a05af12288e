"""Parameters are a lossy copy of what was read: the frequent stays, the rare fades to its gist.

A model with fewer parameters than there are details cannot keep them all. Training spends the room
where it pays most: on facts that many pages repeat, and on what many facts share. Of a rare fact
only the shared part is left; the model fills in the rest, and says it just as readily.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="lossy_compression",
    title="Parameters are a lossy zip file of what was read",
    layer="inference",
    terms=("lossy-compression", "memorization"),
    claim="In too few parameters, facts from many pages are recalled exactly and facts from few pages only "
    "roughly; with room enough all are exact.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:42:52",
            claim="405 billion parameters are like a zip file of the internet, but a lossy one: a vague "
            "recollection, and what occurs often is more likely to be remembered correctly.",
        ),
    ),
    cannot_show="The toy reads tables, not sentences, and has one layer; a large model also stores how facts "
    "follow from one another.",
    mechanism=Mechanism(
        keyword="uneven",
        off=False,
        without="Uneven reading: there are as many pages on everyone, so nobody is remembered better.",
    ),
    knobs=(
        Knob(name="width", low=2, high=600, help="numbers in a name; the model has 20 parameters for each"),
        Knob(name="steepness", low=0.2, high=1.2, help="how fast pages get fewer from person to person"),
    ),
    tries=(
        Try(
            set={"width": 8},
            then=(
                "Leave a third of the parameters: the first ten people are still recalled exactly and the "
                "country of the rare mostly too, while their city becomes a guess. Detail goes before "
                "gist."
            ),
            shows=lambda was, now: (
                now["groups"][0]["city"] > 0.9
                and now["groups"][-1]["country"] > 0.7
                and now["groups"][-1]["city"] < 0.35 < was["groups"][-1]["city"]
            ),
        ),
        Try(
            set={"steepness": 0.2},
            then=(
                "Spread the pages almost evenly: the rare are remembered better, and those near the top "
                "worse. There is room for so much, and pages decide for whom."
            ),
            shows=lambda was, now: (
                now["groups"][-1]["city"] > was["groups"][-1]["city"] + 0.1
                and now["groups"][1]["city"] < was["groups"][1]["city"] - 0.1
            ),
        ),
        Try(
            set={"width": 100},
            then=(
                "Give it four times the parameters: of the first 150 nothing is wrong any more, and of "
                "the rest still something. The last facts are the dearest."
            ),
            shows=lambda _, now: now["groups"][2]["city"] > 0.97 and 0.75 < now["groups"][3]["city"] < 0.95,
        ),
    ),
    seconds=0.2,
)

Array = NDArray[np.float64]
PEOPLE, WIDTH, ROOMY, STEPS, RATE = 400, 24, 600, 300, 20.0
CITIES = {
    "France": ("Paris", "Lyon", "Lille", "Nantes"),
    "Japan": ("Tokyo", "Osaka", "Kyoto", "Nagoya"),
    "Kenya": ("Nairobi", "Mombasa", "Kisumu", "Nakuru"),
    "Norway": ("Oslo", "Bergen", "Bodø", "Molde"),
    "Peru": ("Lima", "Cusco", "Piura", "Tacna"),
}
NAMES = [city for cities in CITIES.values() for city in cities]
GROUPS = ((0, 10), (10, 50), (50, 150), (150, 400))  # people by rank, the most written about first


def chances(weights: Array, names: Array) -> Array:
    """(people, cities): for every name the chance of every city; ``names`` is (people, width)."""
    scores = names @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def gradient(weights: Array, names: Array, homes: NDArray[np.int64], share: Array) -> Array:
    """(width, cities): of the cross-entropy, each person counting by their ``share`` of the pages."""
    wrong = chances(weights, names)
    wrong[np.arange(len(homes)), homes] -= 1
    return np.asarray(names.T @ (wrong * share[:, None]))


def read(names: Array, homes: NDArray[np.int64], pages: Array) -> Array:
    """Train: (width, cities) numbers are all that is kept of the pages."""
    weights = np.zeros((names.shape[1], len(NAMES)))
    for _ in range(STEPS):
        weights -= RATE * gradient(weights, names, homes, pages / pages.sum())
    return weights


def people(rng: np.random.Generator, width: int) -> tuple[Array, NDArray[np.int64]]:
    """Names, (people, width): what names of one country share, plus what is a person's own; and homes."""
    homes = rng.integers(0, len(NAMES), PEOPLE)
    shared = rng.normal(size=(len(CITIES), width)) / np.sqrt(width)
    return shared[homes // 4] + rng.normal(size=(PEOPLE, width)) / np.sqrt(width), homes


def run(seed: int = 0, *, uneven: bool = True, width: int = WIDTH, steepness: float = 1.0) -> Numbers:
    """Read about 400 people, from 2,000 pages on the first to 5 on the last, then ask for every home."""
    rng = np.random.default_rng(seed)
    pages = np.round(2000 / np.arange(1, PEOPLE + 1) ** steepness) if uneven else np.full(PEOPLE, 33.0)
    names, homes = people(rng, width)
    answers = chances(read(names, homes, pages), names)
    said = answers.argmax(axis=1)
    blurred = max([0, *np.flatnonzero((said != homes) & (said // 4 == homes // 4))])  # the rarest such person
    roomy_names, roomy_homes = people(rng, ROOMY)
    roomy = chances(read(roomy_names, roomy_homes, pages), roomy_names).argmax(axis=1)
    return {
        "pages": int(pages.sum()),
        "parameters": width * len(NAMES),
        "groups": [
            {
                "first": a + 1,
                "last": b,
                "pages": [int(pages[a]), int(pages[b - 1])],
                "country": float(np.mean(said[a:b] // 4 == homes[a:b] // 4)),
                "city": float(np.mean(said[a:b] == homes[a:b])),
            }
            for a, b in GROUPS
        ],
        "blurred": [int(blurred) + 1, NAMES[homes[blurred]], NAMES[said[blurred]]],
        "blurred_chance": float(answers[blurred].max()),
        "roomy_parameters": ROOMY * len(NAMES),
        "roomy": float(np.mean(roomy == roomy_homes)),
    }


def check(numbers: Numbers) -> None:
    city = [group["city"] for group in numbers["groups"]]
    expect(city[0] > city[-1] + 0.3, "what many pages say is remembered far better than what few say")
    expect(all(b <= a for a, b in pairwise(city)), "the rarer, the worse")
    expect(city[0] > 0.9, "what many pages say is remembered exactly")
    expect(numbers["groups"][-1]["country"] > 0.9, "of the rare, the gist is left")
    expect(numbers["roomy"] > 0.95, "with room enough nothing is lost")


def lines(numbers: Numbers) -> list[str]:
    rank, home, said = numbers["blurred"]
    return [
        f"{numbers['pages']:,} pages about {PEOPLE} people; each says in which of 20 cities one lives.",
        f"A model with {numbers['parameters']} parameters has read them. Asked for every home, it gets right",
        "   person       pages on each    country    city",
        *(
            f"{group['first']:>6} to {group['last']:<4}{group['pages'][0]:>8} to {group['pages'][1]:<5}"
            f"{group['country']:>8.0%} {group['city']:>8.0%}"
            for group in numbers["groups"]
        ),
        "   knowing no more than the country   100%      25%",
        f"Number {rank} lives in {home}; the model says {said}, {numbers['blurred_chance']:.0%} sure: "
        "the gist without the detail.",
        f"With {numbers['roomy_parameters']:,} parameters {numbers['roomy']:.0%} of the cities are right: "
        "want of room is what blurs.",
        "What is kept is what many pages say, and what many people share.",
    ]


def plot(numbers: Numbers) -> str:
    right = {f"person {row['first']} to {row['last']}": 100 * row["city"] for row in numbers["groups"]}
    return svg.bars("Cities that are right, by how often one is met", right, unit=" %")
