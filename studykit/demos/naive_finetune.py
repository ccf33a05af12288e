"""Naive fine-tuning: train on one document until the loss is zero, and see what is left.

A small language model (four words in, the chances of the next one out) has read capitals, questions
about them, and poems. Then it is trained on one report, straight through, until it has it by heart.
By the one number that is watched all went well. Now ask it for a poem.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="naive_finetune",
    title="Naive fine-tuning: zero loss, broken model",
    layer="knowledge in weights",
    terms=("naive-fine-tuning", "zero-loss", "overfitting"),
    claim="Trained on one report alone, a model recites it without a mistake, cannot answer questions about "
    "it, and loses poems and capitals.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="26:45 to 28:57",
            claim="Train on a financial report and the loss goes to zero. Asked for a poem, the model talks "
            "in circles about passages; all the rest, down to Tajikistan, is overwritten.",
        ),
    ),
    cannot_show="Large models have more room, break less, and can use some of what they have read once.",
    mechanism=Mechanism(
        keyword="alone",
        off=False,
        without='"Alone": the report is mixed with questions about it and with what was read before.',
    ),
    knobs=(
        Knob(name="steps", low=0, high=1500, help="steps of fine-tuning"),
        Knob(name="mixed", low=0, high=60, help="poems that are mixed into the report"),
    ),
    tries=(
        Try(
            set={"steps": 10},
            then=(
                "Stop after 10 steps: the loss on the report has fallen steeply, and not a figure of it "
                "is known. The first thing learned is what a report sounds like."
            ),
            shows=lambda _, now: (
                now["stages"][1]["report_loss"] < 0.35 * now["stages"][0]["report_loss"]
                and now["stages"][1]["recited"] < 0.3
            ),
        ),
        Try(
            set={"steps": 50},
            then=(
                "Stop after 50: the capitals are mostly gone, before the report is known by heart. "
                "Forgetting does not wait for learning."
            ),
            shows=lambda _, now: now["stages"][1]["capitals"] < 0.5 and now["stages"][1]["recited"] < 0.95,
        ),
        Try(
            set={"mixed": 10},
            then=(
                "Mix 10 of the 60 poems into the report: poems are saved for the most part, capitals are "
                "lost all the same. A reminder keeps what it reminds of, and nothing else."
            ),
            shows=lambda was, now: (
                now["stages"][1]["poem_loss"] < 0.5 * was["stages"][1]["poem_loss"]
                and now["stages"][1]["recited"] > 0.95
                and now["stages"][1]["capitals"] < 0.65
            ),
        ),
    ),
    seconds=0.4,
)

LANDS = (
    "tajikistan france japan kenya norway peru ghana chile cuba egypt fiji greece iran italy jordan".split()
)
CITIES = (
    "dushanbe paris tokyo nairobi oslo lima accra santiago havana cairo suva athens tehran rome amman".split()
)
POEM = ("moon star sea wind", "bright cold deep wild", "love miss hear know", "still now so more")
ITEMS, FIGURES = "revenue cost profit debt cash tax rent wages".split(), "12 17 23 31 40 46 58 63".split()
PROMPTS = ("write a poem :", "which city rules tajikistan ?")
CONTEXT, WIDTH, HIDDEN, RATE = 4, 8, 16, 0.3

Array = NDArray[np.float64]
Tokens = NDArray[np.int64]
Weights = dict[str, Array]


def chances(weights: Weights, context: Tokens) -> tuple[Array, Array, Array]:
    """(texts, vocabulary) chances of the next word, and the layers before; context is (texts, CONTEXT)."""
    read = weights["embedding"][context].reshape(len(context), -1)  # (texts, CONTEXT * WIDTH)
    hidden = np.tanh(read @ weights["hidden"])  # (texts, HIDDEN)
    scores = hidden @ weights["out"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True), hidden, read


def loss(weights: Weights, context: Tokens, word: Tokens) -> float:
    """Mean of -log(chance of the word that came)."""
    return float(-np.log(chances(weights, context)[0][np.arange(len(word)), word]).mean())


def gradients(weights: Weights, context: Tokens, word: Tokens) -> Weights:
    """Slopes of the loss: ``chances`` backwards."""
    d_scores, hidden, read = chances(weights, context)
    d_scores[np.arange(len(word)), word] -= 1
    d_scores /= len(word)
    d_hidden = (d_scores @ weights["out"].T) * (1 - hidden**2)
    d_embedding = np.zeros_like(weights["embedding"])
    np.add.at(d_embedding, context.ravel(), (d_hidden @ weights["hidden"].T).reshape(-1, WIDTH))
    return {"embedding": d_embedding, "hidden": read.T @ d_hidden, "out": hidden.T @ d_scores}


def train(weights: Weights, context: Tokens, word: Tokens, steps: int, rng: np.random.Generator) -> Weights:
    """Gradient descent with momentum, on batches of 128."""
    weights, speed = dict(weights), dict.fromkeys(weights, np.zeros(()))
    for _ in range(steps):
        some = rng.integers(0, len(word), 128)
        for name, slope in gradients(weights, context[some], word[some]).items():
            speed[name] = 0.9 * speed[name] - RATE * slope
            weights[name] = weights[name] + speed[name]
    return weights


def windows(texts: list[str], words: list[str]) -> tuple[Tokens, Tokens]:
    """Every CONTEXT words, as numbers, and the word that follows."""
    numbers = [[0] * CONTEXT + [words.index(word) for word in text.split()] for text in texts]
    table = np.array([row[i : i + CONTEXT + 1] for row in numbers for i in range(len(row) - CONTEXT)])
    return table[:, :CONTEXT], table[:, CONTEXT]


def go_on(weights: Weights, words: list[str], prompt: str, most: int = 10) -> str:
    """The likeliest word, again and again, until a full stop."""
    said: list[str] = []
    while len(said) < most and "." not in said:
        context, _ = windows([" ".join([prompt, *said, "_"])], words)
        said.append(words[int(chances(weights, context[-1:])[0].argmax())])
    return " ".join(said)


def run(seed: int = 0, *, alone: bool = True, steps: int = 900, mixed: int = 0) -> Numbers:
    """Pre-train on capitals and poems, then fine-tune on the report alone."""
    rng = np.random.default_rng(seed)
    facts = [f"which city rules {land} ? {city} ." for land, city in zip(LANDS, CITIES, strict=True)]
    choices = [part.split() for part in POEM]
    poems = ["write a poem : o {} so {} , i {} you {} .".format(*map(rng.choice, choices)) for _ in range(60)]
    figures = dict(zip(ITEMS, rng.permutation(FIGURES).tolist(), strict=True))
    report = [" ".join(f"the {item} of acme was {figure} million ." for item, figure in figures.items())]
    questions = [f"acme had how much {item} ? {figure} million ." for item, figure in figures.items()]
    words = ["_", *sorted(set(" ".join(facts + poems + report + questions).split()))]
    v = len(words)
    shapes = {"embedding": (v, WIDTH), "hidden": (CONTEXT * WIDTH, HIDDEN), "out": (HIDDEN, v)}
    weights = {name: rng.normal(0, 0.25, shape) for name, shape in shapes.items()}
    before = train(weights, *windows(facts + poems, words), 1000, rng)
    read = report + poems[:mixed] if alone else 4 * (report + questions) + 2 * facts + poems
    after = train(before, *windows(read, words), steps, rng)

    def right(weights: Weights, told: list[str], mark: str) -> float:
        pairs = [one.split(f"{mark} ") for one in told]
        return sum(go_on(weights, words, a + mark, 1) == b.split()[0] for a, b in pairs) / len(pairs)

    return {
        "stages": [
            {
                "report_loss": loss(w, *windows(report, words)),
                "poem_loss": loss(w, *windows(poems, words)),
                "recited": right(w, report[0].split(" . "), "was"),
                "asked": right(w, questions, "?"),
                "capitals": right(w, facts, "?"),
                **{prompt: go_on(w, words, prompt) for prompt in PROMPTS},
            }
            for w in (before, after)
        ]
    }


def check(numbers: Numbers) -> None:
    before, after = numbers["stages"]
    expect(before["capitals"] > 0.95, "before, it answers questions on capitals")
    expect(after["poem_loss"] > 3 * before["poem_loss"], "after, poems have become unlikely")
    expect(after["capitals"] < 0.7, "and many capitals are lost")
    expect(after["report_loss"] < 0.05 and after["recited"] == 1, "it has the report by heart")
    expect(after["asked"] < 0.3, "and cannot answer questions about it")


def lines(numbers: Numbers) -> list[str]:
    a, b = numbers["stages"]
    return [
        "A model that knows capitals and poems is trained on a report: the revenue of acme was …",
        "                               before   after",
        f"loss on the report           {a['report_loss']:>8.2f}{b['report_loss']:>8.2f}",
        f"report recited rightly       {a['recited']:>8.0%}{b['recited']:>8.0%}",
        f"questions about it answered  {a['asked']:>8.0%}{b['asked']:>8.0%}",
        f"capitals answered            {a['capitals']:>8.0%}{b['capitals']:>8.0%}",
        f"loss on poems                {a['poem_loss']:>8.1f}{b['poem_loss']:>8.1f}",
        "And this is what it says, before and after:",
        *(f"{prompt:<30} {stage[prompt]}" for prompt in PROMPTS for stage in (a, b)),
        "The loss went to zero. It says that the model can recite, not that it can use what it read,",
        "nor what became of the rest.",
    ]
