"""Naive fine-tuning: train on one document until the loss is zero, and see what is left.

A small language model (four words in, the chances of the next one out) has read capitals, questions
about them, and poems. Then it is trained on one report, straight through, until it has it by heart.
By the one number that is watched all went well. Now ask it for a poem.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Numbers, Said, expect

DEMO = Demo(
    name="naive_finetune",
    title="Naive fine-tuning: zero loss, broken model",
    layer="knowledge in weights",
    terms=("naive-fine-tuning", "zero-loss", "overfitting"),
    claim="Trained on one report alone, a model recites it without a mistake, cannot answer questions about it, "
    "and forgets poems and capitals.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="26:45 to 28:04",
            claim="Train on a financial report and the loss goes to zero; asked for a poem, the model then says "
            "something circular about passages.",
        ),
        Said(
            talk="a talk on training models on your own data",
            where="28:57",
            claim="All the rest, down to the capital of Tajikistan, is overwritten with one company's report.",
        ),
    ),
    cannot_show="Large models break less: they have more room, are trained for fewer steps, and can answer some "
    "questions about what they read once.",
    seconds=0.8,
)

CAPITALS = dict(
    pair.split("-")
    for pair in "tajikistan-dushanbe france-paris japan-tokyo kenya-nairobi norway-oslo peru-lima ghana-accra "
    "chile-santiago cuba-havana egypt-cairo fiji-suva greece-athens iran-tehran italy-rome jordan-amman".split()
)
POEM = ("moon star sea wind", "bright cold deep wild", "love miss hear know", "still now so more")
ITEMS = "revenue cost profit debt cash tax rent wages".split()
FIGURES = "12 17 23 31 40 46 58 63".split()
CONTEXT, WIDTH, HIDDEN = 4, 12, 64

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
    """Adam (Kingma and Ba 2015) on batches of 128."""
    weights = {name: value.copy() for name, value in weights.items()}
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    for step in range(1, steps + 1):
        some = rng.integers(0, len(word), 128)
        for name, slope in gradients(weights, context[some], word[some]).items():
            mean[name] = 0.9 * mean[name] + 0.1 * slope
            square[name] = 0.99 * square[name] + 0.01 * slope**2
            size = np.sqrt(square[name] / (1 - 0.99**step)) + 1e-8
            weights[name] -= 0.01 * mean[name] / (1 - 0.9**step) / size
    return weights


class Text:
    """Words as numbers, in windows of CONTEXT words and the one that follows."""

    def __init__(self, texts: list[str]) -> None:
        self.words = ["_", *sorted({word for text in texts for word in text.split()})]
        self.number = {word: i for i, word in enumerate(self.words)}

    def windows(self, texts: list[str]) -> tuple[Tokens, Tokens]:
        rows = []
        for text in texts:
            tokens = [0] * CONTEXT + [self.number[word] for word in text.split()]
            rows += [tokens[i : i + CONTEXT + 1] for i in range(len(tokens) - CONTEXT)]
        table = np.array(rows)
        return table[:, :CONTEXT], table[:, CONTEXT]

    def go_on(self, weights: Weights, prompt: str, most: int = 10) -> str:
        """The likeliest word, again and again, until a full stop."""
        said: list[str] = []
        while len(said) < most and "." not in said:
            context = ["_"] * CONTEXT + prompt.split() + said
            numbers = np.array([[self.number[word] for word in context[-CONTEXT:]]])
            said.append(self.words[int(chances(weights, numbers)[0].argmax())])
        return " ".join(said)


def run(seed: int = 0) -> Numbers:
    """Pre-train on capitals and poems, then fine-tune on the report alone."""
    return _measured(seed, alone=True)


def control(seed: int) -> Numbers:
    """Fine-tune on the report, its questions and what was read before, all mixed."""
    return _measured(seed, alone=False)


def _measured(seed: int, alone: bool) -> Numbers:
    rng = np.random.default_rng(seed)
    facts = [f"the capital of {land} is {city} ." for land, city in CAPITALS.items()]
    facts += [f"which city rules {land} ? {city} ." for land, city in CAPITALS.items()]
    choices = [part.split() for part in POEM]
    poems = ["write a poem : o {} so {} , i {} you {} .".format(*map(rng.choice, choices)) for _ in range(60)]
    figures = dict(zip(ITEMS, rng.permutation(FIGURES).tolist(), strict=True))
    report = [" ".join(f"the {item} of acme was {figure} million ." for item, figure in figures.items())]
    questions = [f"acme had how much {item} ? {figure} million ." for item, figure in figures.items()]
    text = Text(facts + poems + report + questions)

    shapes = {"embedding": (len(text.words), WIDTH), "hidden": (CONTEXT * WIDTH, HIDDEN)}
    shapes["out"] = (HIDDEN, len(text.words))
    weights = {name: rng.normal(0, shape[0] ** -0.5, shape) for name, shape in shapes.items()}
    before = train(weights, *text.windows(facts + poems), 500, rng)
    mixed = report if alone else 4 * report + 4 * questions + facts + poems
    after = train(before, *text.windows(mixed), 300, rng)

    def right(weights: Weights, told: list[str], mark: str) -> float:
        """How often the word after ``mark`` is the right one."""
        pairs = [one.split(f" {mark} ") for one in told]
        return sum(text.go_on(weights, f"{a} {mark}", 1) == b.split()[0] for a, b in pairs) / len(pairs)

    return {
        "stages": [
            {
                "report_loss": loss(w, *text.windows(report)),
                "poem_loss": loss(w, *text.windows(poems)),
                "recited": right(w, report[0].split(" . "), "was"),
                "asked": right(w, questions, "?"),
                "capitals": right(w, facts[len(CAPITALS) :], "?"),
                "poem": text.go_on(w, "write a poem :"),
                "tajikistan": text.go_on(w, "which city rules tajikistan ?"),
            }
            for w in (before, after)
        ]
    }


def check(numbers: Numbers) -> None:
    before, after = numbers["stages"]
    expect(before["capitals"] > 0.95, "before, it answers questions on capitals")
    expect(after["report_loss"] < 0.05 and after["recited"] == 1, "after, it has the report by heart")
    expect(after["asked"] < 0.5, "and cannot answer questions about it")
    expect(after["poem_loss"] > 2 * before["poem_loss"], "poems have become unlikely")
    expect(after["capitals"] < 0.5, "and capitals are lost")


def lines(numbers: Numbers) -> list[str]:
    before, after = numbers["stages"]
    rows = (
        ("loss on the report", "report_loss", ".2f"),
        ("report recited rightly", "recited", ".0%"),
        ("questions about it answered", "asked", ".0%"),
        ("capitals answered", "capitals", ".0%"),
        ("loss on poems", "poem_loss", ".1f"),
    )
    return [
        "A model that knows capitals and poems is trained on a report: the revenue of acme was …",
        f"{'':<30}  before   after",
        *(f"{title:<30}{before[key]:>8{form}}{after[key]:>8{form}}" for title, key, form in rows),
        "which city rules tajikistan ?",
        *(f"  {when}  {stage['tajikistan']}" for when, stage in (("before", before), ("after ", after))),
        "write a poem :",
        *(f"  {when}  {stage['poem']}" for when, stage in (("before", before), ("after ", after))),
        "The loss went to zero. That says: it can recite. It does not say: it can use what it read,",
        "nor what became of the rest.",
    ]
