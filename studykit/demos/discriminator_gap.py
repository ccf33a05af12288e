"""The gap between judging and writing: who can tell the better joke can train a better writer.

A person with a good ear writes a joke by jotting down a few and keeping the best. A model that copies such
jokes becomes as good as they are, no better: they show where the person stands. But the same person can
also put jokes in order, and an order shows a direction: more of this, less of that. A model that keeps
going that way comes to where nobody has written.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="discriminator_gap",
    title="The gap between judging and writing",
    layer="reinforcement learning",
    terms=("discriminator-generator-gap", "rlhf"),
    claim="The same person reads as many jokes for two models: the one whose jokes the person puts in order "
    "comes to write far better than the person, the one that copies the person's jokes does not.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:48:26",
            claim="It is easier to tell which of five poems is best than to write one; RLHF lets "
            "people contribute by judging what they could not create.",
        ),
    ),
    cannot_show="The person's taste is a sum of points for words here, which the orders can teach. Real "
    "taste is not, and a model that goes on and on finds what fools the judge: see reward_hacking.",
    mechanism=Mechanism(
        keyword="hears",
        off=False,
        without="The ear: the person puts the jokes in any order, and keeps any draft.",
    ),
    knobs=(
        Knob(
            name="read", low=300, high=20_000, help="jokes that the person reads for each of the two models"
        ),
        Knob(name="drafts", low=1, high=100, help="jokes that the person jots down to write one"),
        Knob(name="blur", low=0, high=10, help="how badly the person hears: the spread of the errors"),
        Knob(name="own", low=0, high=1, help="1 has the model's own jokes ordered, 0 such as at the start"),
    ),
    tries=(
        Try(
            set={"blur": 3.0},
            then="Let the person hear so badly that errors are larger than the differences between jokes: "
            "the model still passes what the person wrote with the good ear. Errors cancel out.",
            shows=lambda as_it_is, turned: turned["ordered"] > as_it_is["wrote"] and turned["blur"] > 2,
        ),
        Try(
            set={"own": 0},
            then="Have only jokes ordered that were written before any training: the model still gets far "
            "better than all of them. What counts is the direction, not how good the examples are.",
            shows=lambda as_it_is, turned: (
                turned["ordered"] > turned["lucky"][-1] and turned["own"] == 0 and as_it_is["own"] == 1
            ),
        ),
        Try(
            set={"read": 600},
            then="Let only 600 jokes be read instead of 6,000: now copying is as good as being judged. A "
            "direction takes many orders to be found.",
            shows=lambda as_it_is, turned: (
                turned["ordered"] < turned["copied"] + 0.5 and as_it_is["ordered"] > as_it_is["copied"] + 2
            ),
        ),
    ),
    seconds=0.4,
)

WORDS, LENGTH, ORDERED = 40, 10, 5  # words to choose from, words in a joke, jokes put in order at a time
RATE, AT_ONCE = 0.1, 4  # orders between two updates
LUCK = (1, 3, 10, 100, 1000, 10_000)

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def write(likes: Array, count: int, chance: np.random.Generator) -> Ints:
    """Jokes as counts of their words, (count, words); each word is drawn for itself."""
    return np.asarray(chance.multinomial(LENGTH, softmax(likes), size=count))


def hear(jokes: Ints, taste: Array, blur: float, chance: np.random.Generator) -> Array:
    """How good the jokes sound to the person: their points, and an error."""
    return np.asarray((jokes * taste).sum(-1).round(9) + blur * chance.normal(size=jokes.shape[:-1]))


def update(likes: Array, jokes: Ints, heard: Array) -> Array:
    """Make the better jokes of each order likelier: (orders, five, words) and how they sounded."""
    places = heard.argsort(-1).argsort(-1)  # 0 is the worst, 4 the best
    better = (places - (ORDERED - 1) / 2) / ORDERED
    slopes = jokes - LENGTH * softmax(likes)  # of the log-probability
    return np.asarray(likes + RATE * np.einsum("of,ofw->w", better, slopes) / len(jokes))


def run(
    seed: int = 0, *, read: int = 6000, drafts: int = 3, blur: float = 0.5, own: int = 1, hears: bool = True
) -> Numbers:
    """One model copies the person's jokes, another has its own put in order; both cost as much reading."""
    chance = np.random.default_rng(seed)
    taste, start = chance.normal(0, 0.5, WORDS), np.zeros(WORDS)
    ear = taste if hears else 0 * taste
    jotted = write(start, max(1, read // drafts) * drafts, chance).reshape(-1, drafts, WORDS)
    best = hear(jotted, ear, blur, chance).argmax(1)
    written = jotted[np.arange(len(jotted)), best]
    copies = np.log(written.sum(0) + 0.5)
    likes, history = start, []
    for i in range(read // (ORDERED * AT_ONCE) + 1):
        if i % 10 == 0:
            history.append([i * ORDERED * AT_ONCE, LENGTH * float(softmax(likes) @ taste)])
        jokes = write(likes if own else start, AT_ONCE * ORDERED, chance).reshape(AT_ONCE, ORDERED, WORDS)
        likes = update(likes, jokes, hear(jokes, ear, blur, chance))
    many = hear(write(start, LUCK[-1], chance), taste, 0, chance)
    lucky = [float(many[: LUCK[-1] // n * n].reshape(-1, n).max(1).mean()) for n in LUCK]
    return {
        "read": read,
        "drafts": drafts,
        "blur": blur,
        "own": own,
        "wrote": float((written @ taste).mean()),
        "copied": LENGTH * float(softmax(copies) @ taste),
        "ordered": LENGTH * float(softmax(likes) @ taste),
        "history": history,
        "lucky": lucky,
    }


def check(numbers: Numbers) -> None:
    expect(numbers["wrote"] > numbers["lucky"][0] + 0.5, "the person writes better than chance")
    expect(abs(numbers["copied"] - numbers["wrote"]) < 0.5, "a copy is as good as what it copies")
    expect(numbers["ordered"] > numbers["wrote"] + 2, "judged, a model gets far better than the person")
    expect(numbers["ordered"] > numbers["lucky"][-1], "better than the best of 10,000 drafts")


def lines(numbers: Numbers) -> list[str]:
    drafts, read = numbers["drafts"], numbers["read"]
    return [
        f"Jokes of {LENGTH} words; a person has points for each of {WORDS} words, and hears the sum,",
        f"with an error of {numbers['blur']:g}. For each model the person reads {read:,} jokes.",
        f"{'':<56}mean points",
        *(
            f"{by:<56}{points:>11.1f}"
            for by, points in (
                (f"by the person, the best of drafts: {drafts}", numbers["wrote"]),
                (f"by a model that copies {read // drafts:,} of these", numbers["copied"]),
                (f"by a model whose jokes are put in order, {ORDERED} at a time", numbers["ordered"]),
            )
        ),
        "How many drafts would the person need to write as well as that?",
        f"{'best of':<12}" + "".join(f"{n:>9,}" for n in LUCK),
        f"{'points':<12}" + "".join(f"{points:>9.1f}" for points in numbers["lucky"]),
        "What a person writes shows where the person stands. Orders show which way is better, and the",
        "model keeps going that way, further than anybody wrote.",
    ]


def plot(numbers: Numbers) -> str:
    ends = (0.0, float(numbers["read"]))
    series = {
        "put in order": [(float(x), y) for x, y in numbers["history"]],
        "copied": [(x, numbers["copied"]) for x in ends],
        "the person": [(x, numbers["wrote"]) for x in ends],
    }
    return svg.lines("How good the jokes are", series, x="jokes read by the person", y="points")
