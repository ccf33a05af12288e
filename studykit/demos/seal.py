"""SEAL: a model learns which training data to write for itself.

For each document the model chooses how to write it up, is trained on that, and is tested. If the test
went well, that way of writing becomes likelier. Nobody says which is best; only the score after the
update tells. It gets better up to what the best way can give, and there it stays.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.self_study import chances, quiz, read, windows

DEMO = Demo(
    name="seal",
    title="SEAL: choosing one's own training data",
    layer="knowledge in weights",
    terms=("seal",),
    claim="Rewarded for the score after the update, a model comes to choose training data far better than by "
    "chance; the gain then ends.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="between 32:26 and 35:16",
            claim="Letting a model choose the data that improve it works in narrow settings, not without "
            "end; else we would have an intelligence explosion.",
        ),
    ),
    cannot_show="Ways of writing are given here, six of them; the real one writes freely. And each document "
    "starts from the same model: updated one after another, it forgets the earlier ones.",
    mechanism=Mechanism(
        keyword="rewarded",
        off=False,
        without="The reward: it is drawn by lot, whatever the score was.",
    ),
    knobs=(
        Knob(name="tries", low=1, high=8, help="tries at a document"),
        Knob(name="rate", low=0.05, high=50, help="how far a try moves what the model prefers"),
        Knob(name="backwards", low=0, high=5, help="questions of the test that ask backwards, of 5"),
    ),
    tries=(
        Try(
            set={"tries": 1},
            then=(
                "Let it try each document once: it never learns to choose. A score is good or bad only "
                "beside another one for the same text."
            ),
            shows=lambda was, now: now["chosen"][-1] == now["chosen"][0] and max(was["chosen"][-1]) > 0.8,
        ),
        Try(
            set={"rate": 20},
            then=(
                "Let each try count 10 times as much: ten documents are enough to find the best way, and "
                "after that nothing is left to gain. Learning faster does not lift the ceiling."
            ),
            shows=lambda was, now: (
                tenths(now["scores"])[0] > tenths(was["scores"])[0] + 0.15
                and tenths(now["scores"])[-1] > 0.95
            ),
        ),
        Try(
            set={"backwards": 0},
            then=(
                "Let the test ask forwards alone: copying the text now scores as well as asking both ways, "
                "and the model no longer settles on asking both. It learns to write for the test, not for "
                "the text."
            ),
            shows=lambda was, now: (
                now["each"]["copy the text"] == now["each"]["ask both"] > 0.9
                and now["chosen"][-1][-1] < 0.8 < was["chosen"][-1][-1]
            ),
        ),
    ),
    seconds=0.6,
)

DOCUMENTS, TRIES, FACTS = 50, 3, 5
RATE = 2.0
Text = list[list[str]]

WAYS: dict[str, Callable[[Text], Text]] = {
    "copy the text": lambda text: text,
    "copy it backwards": lambda text: [sentence[::-1] for sentence in text],
    "ask without answers": lambda text: [question[:-1] for question in quiz(text)],
    "ask what ... leads": lambda text: quiz(text)[::2],
    "ask who leads ...": lambda text: quiz(text)[1::2],
    "ask both": quiz,
}


def document(rng: np.random.Generator) -> Text:
    """Who leads which firm, in five sentences."""
    people = rng.permutation("Alba Bono Cleo Dora Emil Fritz Gina Hugo".split())[:FACTS]
    firms = rng.permutation("Acmar Bodex Cerin Duvo Fitek Golano Huzor Inix".split())[:FACTS]
    return [
        [person, "leads", firm, "."] for person, firm in zip(people.tolist(), firms.tolist(), strict=True)
    ]


def score(text: Text, written: Text, backwards: int = FACTS) -> float:
    """Train a new model on what was written about ``text``; the share of its questions got right."""
    questions = quiz(text)
    asked = questions[::2] + questions[1::2][:backwards]
    words = sorted({word for sentence in text + questions for word in sentence})
    number = {word: i for i, word in enumerate(words)}
    weights = read(written, number)
    ends = np.array([windows([question], number)[0][-1] for question in asked])
    given = chances(weights, ends).argmax(axis=1)
    return float(np.mean([words[g] == question[-1] for g, question in zip(given, asked, strict=True)]))


def preference(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of each way to be chosen."""
    powers = np.exp(weights - weights.max())
    return np.asarray(powers / powers.sum())


def run(
    seed: int = 0, *, rewarded: bool = True, tries: int = TRIES, rate: float = RATE, backwards: int = FACTS
) -> Numbers:
    """50 documents, three tries at each, rewarded by the score after the update."""
    rng = np.random.default_rng(seed)
    ways = list(WAYS)
    weights = np.zeros(len(ways))
    scores, chosen = [], [preference(weights).tolist()]
    for _ in range(DOCUMENTS):
        text = document(rng)
        tried = rng.choice(len(ways), tries, p=preference(weights))
        got = np.array([score(text, WAYS[ways[way]](text), backwards) for way in tried])
        scores.append(float(got.mean()))
        reward = got if rewarded else rng.random(tries)
        for way, better in zip(tried, reward - reward.mean(), strict=True):  # REINFORCE with a baseline
            weights += rate * better * (np.eye(len(ways))[way] - preference(weights)) / tries
        chosen.append(preference(weights).tolist())
    texts = [document(rng) for _ in range(2)]
    return {
        "scores": scores,
        "chosen": chosen,
        "each": {
            way: float(np.mean([score(text, write(text), backwards) for text in texts]))
            for way, write in WAYS.items()
        },
    }


def tenths(scores: list[float]) -> list[float]:
    """Means over every ten documents."""
    return [sum(scores[i : i + 10]) / 10 for i in range(0, len(scores), 10)]


def check(numbers: Numbers) -> None:
    by_chance = sum(numbers["each"].values()) / len(numbers["each"])
    best = max(numbers["each"].values())
    means = tenths(numbers["scores"])
    expect(means[-1] > by_chance + 0.25, "what it chooses in the end beats choosing by chance")
    expect(means[0] < means[-1] - 0.15, "it has learned to")
    expect(means[-1] - means[-2] < 0.5 * (means[-1] - means[0]), "the gains grow smaller")
    expect(max(means) <= best + 1e-9, "and no choice does better than the best way there is")


def lines(numbers: Numbers) -> list[str]:
    first, last = numbers["chosen"][0], numbers["chosen"][-1]
    return [
        f"{DOCUMENTS} documents of {FACTS} facts. For each the model chooses data, is trained, and tested.",
        "                         score after    chosen",
        "                         the update     at first   in the end",
        *(
            f"{way:<25}{score:>8.0%}{a:>13.0%}{b:>13.0%}"
            for (way, score), a, b in zip(numbers["each"].items(), first, last, strict=True)
        ),
        "Mean score, ten documents at a time: "
        + " ".join(f"{mean:.0%}" for mean in tenths(numbers["scores"])),
        "Nobody said which data are good: the score after the update did.",
        "It rises to what the best way gives, and ends there. No explosion: the ways were given.",
    ]


def plot(numbers: Numbers) -> str:
    means = [(10.0 * i + 10, mean) for i, mean in enumerate(tenths(numbers["scores"]))]
    return svg.lines("Score after the update", {"ten documents": means}, x="documents", y="share right")
