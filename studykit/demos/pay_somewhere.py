"""Pay somewhere: train once and answer cheaply, or read again for every question.

Every token that a model reads costs one multiplication per weight; a token that it is trained on costs
three. So training on a text pays off after so many questions, and the number is a simple fraction in
which the size of the model does not occur. Here both are done, and each multiplication is counted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="pay_somewhere",
    title="Pay somewhere: at training or at every question",
    layer="retrieval",
    terms=("training-inference-trade-off",),
    claim="Training costs less than reading from some number of questions on; counted, it is the number that "
    "the formula gives, whatever the size of the model.",
    equation=r"n^* = \frac{3 \, E \, T}{\text{tokens saved for each question}}",
    letters="n: questions from which training pays; E: how often the text is trained on; T: its tokens.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="21:57",
            claim="For something better one has to pay somewhere: for data, for training or at inference.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 35 % in",
            claim="Training is a fixed cost, inference one per query; a model is replaced in half a year.",
        ),
    ),
    cannot_show="Only multiplications are counted: no attention, no price of memory or of people, and not "
    "whether the answers are as good. A stored KV cache makes reading cheaper.",
    mechanism=Mechanism(
        keyword="still_read",
        off=400,
        without="The saving: the trained model is still given the documents with every question.",
    ),
    knobs=(
        Knob(
            name="still_read",
            low=0,
            high=400,
            help="tokens of the documents that the trained model is still given",
        ),
        Knob(name="epochs", low=1, high=64, help="times that the model is trained on the documents"),
        Knob(name="documents", low=40, high=4000, help="tokens of the documents"),
    ),
    tries=(
        Try(
            set={"epochs": 1},
            then=(
                "Train on the documents once instead of 8 times: it pays after 3 questions. Whether once "
                "is enough to learn them is another matter, which no count of multiplications shows."
            ),
            shows=lambda was, now: (
                now["models"][-1]["crossings"]["read all"] < 0.2 * was["models"][-1]["crossings"]["read all"]
            ),
        ),
        Try(
            set={"still_read": 40},
            then=(
                "Let the trained model read 40 tokens as well, as many as a search brings: training never "
                "pays against search. What is still read has to be paid again at each question."
            ),
            shows=lambda was, now: (
                now["models"][-1]["crossings"]["search"] >= 10000 > was["models"][-1]["crossings"]["search"]
            ),
        ),
        Try(
            set={"documents": 4000},
            then=(
                "Let the documents have 4,000 tokens instead of 400: against reading all, training still "
                "pays from question 24 on. Ten times as long to train on is also ten times as long to read; "
                "only against search does it cost ten times as many questions."
            ),
            shows=lambda was, now: (
                now["models"][-1]["crossings"]["read all"] == was["models"][-1]["crossings"]["read all"]
                and now["models"][-1]["crossings"]["search"] == 10 * was["models"][-1]["crossings"]["search"]
            ),
        ),
    ),
    seconds=0.1,
)

TEXT, EPOCHS, QUESTION = 400, 8, 20  # tokens of the documents, times they are trained on, tokens asked
FETCHED = 40  # tokens that a search puts into the prompt
ASKED = (1, 10, 100, 1000)
Array = NDArray[np.float64]


class Model:
    """Square layers without more; it counts its multiplications."""

    def __init__(self, rng: np.random.Generator, width: int, layers: int) -> None:
        self.layers = [rng.normal(0, width**-0.5, (width, width)) for _ in range(layers)]
        self.spent = 0

    @property
    def size(self) -> int:
        return sum(layer.size for layer in self.layers)

    def times(self, a: Array, b: Array) -> Array:
        """``a @ b``, counted."""
        self.spent += a.shape[0] * a.shape[1] * b.shape[1]
        return a @ b

    def read(self, tokens: Array) -> list[Array]:
        """What every layer makes of the tokens, (tokens, width) each."""
        seen = [tokens]
        for layer in self.layers:
            seen.append(np.tanh(self.times(seen[-1], layer)))
        return seen

    def learn(self, tokens: Array, wanted: Array, rate: float = 0.01) -> None:
        """One step of gradient descent on the squared error, backwards through all layers."""
        seen = self.read(tokens)
        slope = (seen[-1] - wanted) / len(tokens)
        for i in reversed(range(len(self.layers))):
            slope = slope * (1 - seen[i + 1] ** 2)
            change = self.times(seen[i].T, slope)
            slope = self.times(slope, self.layers[i].T)
            self.layers[i] -= rate * change


def break_even(saved: int, epochs: int = EPOCHS, documents: int = TEXT) -> float:
    """Questions from which on training is cheaper, if it saves reading ``saved`` tokens at each."""
    return 3 * epochs * documents / saved


def run(seed: int = 0, *, still_read: int = 0, epochs: int = EPOCHS, documents: int = TEXT) -> Numbers:
    """Count for a small and a larger model what training costs, and what it saves."""
    rng = np.random.default_rng(seed)
    models = []
    for width, layers in ((16, 2), (32, 4)):
        text, wanted = rng.normal(size=(documents, width)), np.tanh(rng.normal(size=(documents, width)))
        costs = {}
        for way, tokens in (("read all", documents), ("search", FETCHED), ("trained", still_read)):
            model = Model(rng, width, layers)
            model.read(rng.normal(size=(tokens + QUESTION, width)))
            costs[way] = model.spent
        model = Model(rng, width, layers)
        for _ in range(epochs):
            model.learn(text, wanted)
        crossings = {}
        for way in ("read all", "search"):
            asked = 1
            while model.spent + asked * costs["trained"] > asked * costs[way] and asked < 10_000:
                asked += 1
            crossings[way] = asked
        models.append({"size": model.size, "training": model.spent, "costs": costs, "crossings": crossings})
    return {
        "models": models,
        "formula": {
            "read all": break_even(documents, epochs, documents),
            "search": break_even(FETCHED, epochs, documents),
        },
        "epochs": epochs,
        "documents": documents,
    }


def check(numbers: Numbers) -> None:
    for model in numbers["models"]:
        for way, formula in numbers["formula"].items():
            expect(abs(model["crossings"][way] - formula) <= 1, "training pays from where the formula says")
        expect(model["training"] > 3 * model["costs"]["read all"], "for one question it does not pay")


def lines(numbers: Numbers) -> list[str]:
    epochs, text = numbers["epochs"], numbers["documents"]
    small, large = numbers["models"]

    def million(way: str, asked: int) -> str:
        trained = large["training"] if way == "trained" else 0
        return f"{(trained + asked * large['costs'][way]) / 1e6:,.1f}"

    return [
        f"Documents of {text} tokens, a model of {large['size']:,} weights. Millions of multiplications for",
        "questions asked" + "".join(f"{asked:>12,}" for asked in ASKED),
        f"{f'read all {text}':<15}" + "".join(f"{million('read all', asked):>12}" for asked in ASKED),
        f"search, read {FETCHED}" + "".join(f"{million('search', asked):>12}" for asked in ASKED),
        f"train, {epochs} times " + "".join(f"{million('trained', asked):>12}" for asked in ASKED),
        f"Counted: training is cheaper than reading all from {large['crossings']['read all']} questions on, "
        f"than searching from {large['crossings']['search']}.",
        "Formula: 3 × times trained × tokens trained on ÷ tokens saved at each question",
        f"         3 × {epochs} × {text} ÷ {text} = {numbers['formula']['read all']:.0f},   "
        f"3 × {epochs} × {text} ÷ {FETCHED} = {numbers['formula']['search']:.0f}",
        f"With {small['size']} weights it is the same: {small['crossings']['read all']} and "
        f"{small['crossings']['search']}. The size drops out.",
        "And when the model is replaced after half a year, training is to be paid anew.",
    ]


def plot(numbers: Numbers) -> str:
    large = numbers["models"][1]
    series = {
        way: [
            (n, ((large["training"] if way == "trained" else 0) + n * cost) / 1e6) for n in range(0, 400, 10)
        ]
        for way, cost in large["costs"].items()
    }
    return svg.lines("Multiplications, in millions", series, x="questions asked", y="millions")
