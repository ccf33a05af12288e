"""Hallucination: a model that was only shown confident answers answers everything confidently.

Train on "Who is …?" with an answer every time. The model learns the people, and it learns the manner:
after such a question comes a biography. Asked about someone who does not exist, it still gives one, put
together from what people with similar letters in their names are. Ask again, and the dice fall
differently. "I don't know" is among the words that it could say; nothing has taught it to.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="hallucination",
    title="Hallucination: the manner of an answer without the knowledge",
    layer="post-training",
    terms=("hallucination",),
    claim="A model trained only on confident answers never says that it does not know: of people it has "
    "met it says the same each time, of made-up people each time something else.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:20:32",
            claim="Asked three times who the made-up Orson Kovats is, an older model tells of three "
            "different people, each time in a tone of certainty.",
        ),
    ),
    cannot_show="Large models have since been shown examples of not knowing, and say so often, though not "
    "always when they should.",
    mechanism=Mechanism(
        keyword="confident",
        off=False,
        without='Confidence: training also shows 60 names that get the answer "I do not know".',
    ),
    knobs=(
        Knob(
            name="refusals", low=0, high=60, help='other names that training answers with \\"I do not know\\"'
        ),
        Knob(name="steps", low=1, high=300, help="steps of training"),
    ),
    tries=(
        Try(
            set={"refusals": 1},
            then=(
                "Teach it one refusal: it still never says that it does not know. It has learned that "
                "about one name, not about itself."
            ),
            shows=lambda _, now: now["refusals"] == 1 and now["unsure"]["strangers"] < 0.06,
        ),
        Try(
            set={"refusals": 20},
            then=(
                "Teach it 20: it refuses about as often as its lessons did, whoever is asked about. It "
                "says so without knowing what it knows."
            ),
            shows=lambda was, now: (
                0.12 < now["unsure"]["strangers"] < 0.45 and was["unsure"]["strangers"] < 0.05
            ),
        ),
        Try(
            set={"steps": 1},
            then=(
                "Stop after 1 step of training: it tells something else each time of those it has met as "
                "well, and yet it always gives an answer. Sounding sure is learned first, and who people "
                "are later."
            ),
            shows=lambda was, now: (
                now["same"]["met"] < 0.3 and now["unsure"]["met"] < 0.1 and was["same"]["met"] > 0.8
            ),
        ),
    ),
    seconds=0.3,
)

Floats = npt.NDArray[np.float64]

FEATURES, STEPS, RATE, ASKED = 4096, 150, 4.0, 5
NATIONS = "American British Czech Dutch Greek Indian Kenyan Korean".split()
JOBS = "actor baker boxer chemist dancer judge painter pilot poet singer".split()
UNSURE = "I do not know who that is."
ANSWERS = [f"{nation} {job}" for nation in NATIONS for job in JOBS] + [UNSURE]
FIRST = "Al An Ben Bo Car Da El Fa Gre Hu In Jo Ka Li Mar Na Ol Pe Ro Si To Vi Wa Zo".split()
SECOND = "bert da der fa gan ia la lo man mi na ne nic ra ric son ta van".split()


def features(names: list[str]) -> Floats:
    """Which pieces of three letters, and whole words, a name holds: (names, FEATURES), of length 1."""
    seen = np.zeros((len(names), FEATURES))
    for row, name in zip(seen, names, strict=True):
        pieces = [name[i : i + 3] for i in range(len(name) - 2)] + name.split() + [name]
        row[[zlib.crc32(piece.encode()) % FEATURES for piece in pieces]] = 1
    return np.asarray(seen / np.linalg.norm(seen, axis=1, keepdims=True))


def chances(weights: Floats, seen: Floats) -> Floats:
    """The chance of every answer: (names, answers)."""
    scores = seen @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def train(names: list[str], answers: npt.NDArray[np.int64], steps: int = STEPS) -> Floats:
    """Gradient descent on the surprise at each answer; returns (FEATURES, answers)."""
    seen, weights = features(names), np.zeros((FEATURES, len(ANSWERS)))
    for _ in range(steps):
        error = chances(weights, seen)
        error[np.arange(len(answers)), answers] -= 1
        weights -= RATE * seen.T @ error
    return weights


def people(chance: np.random.Generator, count: int) -> list[str]:
    """Different made-up names."""
    names: dict[str, None] = {}
    while len(names) < count:
        first, last = (chance.choice(FIRST) + chance.choice(SECOND) for _ in range(2))
        names[f"{first} {last}"] = None
    return list(names)


def run(
    seed: int = 0,
    *,
    text: str = "Orson Kovats",
    confident: bool = True,
    refusals: int = 0,
    steps: int = STEPS,
) -> Numbers:
    """Train on 60 people, then ask about them, about 60 others, and about ``text``."""
    chance = np.random.default_rng(seed)
    names = people(chance, 180)
    met, strangers, others = names[:60], names[60:120], names[120:]
    truth = chance.integers(0, len(ANSWERS) - 1, 60)
    refused = others[: refusals if confident else 60]
    weights = train(met + refused, np.append(truth, np.full(len(refused), len(ANSWERS) - 1)), steps)

    def ask(whom: list[str]) -> npt.NDArray[np.int64]:
        """What the model says to each, asked five times: (names, ASKED)."""
        said = chances(weights, features(whom))
        noise = chance.gumbel(size=(ASKED, *said.shape))
        return np.asarray((np.log(said) + noise).argmax(axis=2).T)

    groups = {"met": ask(met), "strangers": ask(strangers)}
    return {
        "name": text,
        "refusals": refusals,
        "answers": [ANSWERS[i] for i in ask([text])[0, :3]],
        "one": met[0],
        "one_answers": [ANSWERS[i] for i in groups["met"][0, :3]],
        "right": float((groups["met"] == truth[:, None]).mean()),
        "same": {who: float((said == said[:, :1]).all(axis=1).mean()) for who, said in groups.items()},
        "unsure": {who: float((said == len(ANSWERS) - 1).mean()) for who, said in groups.items()},
    }


def check(numbers: Numbers) -> None:
    expect(numbers["unsure"]["strangers"] < 0.05, "it practically never says that it does not know")
    expect(numbers["right"] > 0.9, "of people it has met it says what it was told")
    expect(numbers["same"]["met"] > 0.8, "and the same each time")
    expect(numbers["same"]["strangers"] < 0.1, "of strangers it tells something else each time")


def lines(numbers: Numbers) -> list[str]:
    same, unsure = numbers["same"], numbers["unsure"]
    return [
        "A model was told who 60 people are. Every question in its training had an answer.",
        f"Who is {numbers['one']}? (one of the 60, asked three times)",
        f"   {'; '.join(numbers['one_answers'])}",
        f"Who is {numbers['name']}? (never met)",
        f"   {'; '.join(numbers['answers'])}",
        f"Asked {ASKED} times each:       60 it has met   60 made-up names",
        f"   the same every time {same['met']:>16.0%}{same['strangers']:>19.0%}",
        f"   'I do not know'     {unsure['met']:>16.0%}{unsure['strangers']:>19.0%}",
        "Its training taught two things: who the 60 are, and that such questions get an answer.",
        "The second goes for everyone. An answer that changes when asked again is one to distrust.",
    ]
