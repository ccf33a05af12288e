"""Watch the loss: one number falls, and from noise come letters, then words.

A small network reads six characters and predicts the seventh. Before training it knows nothing, and the
loss is the logarithm of the number of characters: pure guessing. Every step takes some places of the
text, and moves all weights a little so that the next characters there become more probable. While
people who train a model watch the loss, what it writes turns from noise into words.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="watch_loss",
    title="Watch the loss: from noise to words",
    layer="objective and architecture",
    terms=("loss", "training", "optimization-step"),
    claim="The loss starts at that of guessing and falls as training goes on, and more and more of what the "
    "model writes are real words.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:31:09",
            claim="The number to watch is the loss: each line is one update on a million tokens, some seven "
            "seconds, 32,000 of them in all; what the model writes gets more coherent as it falls.",
        ),
    ),
    cannot_show="The loss is that of the text trained on, and says nothing about text kept aside. Nor is a "
    "low loss a proof of sense: these words stand in no order, in the text as in what is written.",
    mechanism=Mechanism(
        keyword="jumbled",
        off=True,
        without="The order: the same characters jumbled, so all there is to learn is how frequent each one "
        "is.",
    ),
    knobs=(
        Knob(name="rate", low=0.001, high=20, help="size of a step"),
        Knob(name="batch", low=1, high=1024, help="places of the text that a step looks at"),
    ),
    tries=(
        Try(
            set={"rate": 3},
            then=(
                "Take steps of 3 instead of 1: after 200 steps the loss is higher than usual, and yet "
                "more words are real. The loss also punishes a model for being too sure of the wrong one."
            ),
            shows=lambda was, now: (
                now["looks"][3][1] > 1.03 * was["looks"][3][1]
                and now["looks"][3][2] > was["looks"][3][2] + 0.08
            ),
        ),
        Try(
            set={"rate": 20},
            then=(
                "Take steps of 20: the loss ends far above that of guessing, and no words come. Each step "
                "goes past the place that it was meant to reach."
            ),
            shows=lambda _, now: now["looks"][-1][1] > 2 * now["looks"][0][1] and now["looks"][-1][2] < 0.2,
        ),
        Try(
            set={"batch": 1},
            then=(
                "Let each step look at 1 place instead of 256: the loss climbs. One place says little "
                "about the text, and such a step undoes what the ones before it did."
            ),
            shows=lambda _, now: now["looks"][-1][1] > 2 * now["looks"][0][1],
        ),
    ),
    seconds=0.4,
)

Floats = npt.NDArray[np.float64]
Tokens = npt.NDArray[np.int64]

CONTEXT, WIDTH, HIDDEN = 6, 8, 64
STEPS, BATCH, RATE = 600, 256, 1.0
START_SIZES = (1.0, 0.05, 0.03)  # of the random weights; small in the end, so that all scores are alike
LOOKS = (0, 30, 100, 200, STEPS)
WORDS = (
    "the sun warms old stones while small birds sing over green fields and a quiet river turns by night "
    "snow falls on dark roofs where children dream about ships winds carry salt from far islands"
)


def forward(weights: list[Floats], contexts: Tokens) -> tuple[Floats, Floats, Floats]:
    """From the last characters (places, CONTEXT) to a probability for every next one (places, known)."""
    vectors, inward, outward = weights
    seen = vectors[contexts].reshape(len(contexts), -1)  # (places, CONTEXT * WIDTH)
    hidden = np.tanh(seen @ inward)  # (places, HIDDEN)
    scores = hidden @ outward  # (places, known)
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return seen, hidden, powers / powers.sum(1, keepdims=True)


def loss_and_gradients(weights: list[Floats], contexts: Tokens, right: Tokens) -> tuple[float, list[Floats]]:
    """Mean of -log p(right character), and how it changes with every weight (chain rule, backwards)."""
    vectors, inward, outward = weights
    seen, hidden, said = forward(weights, contexts)
    places = np.arange(len(right))
    loss = float(-np.log(said[places, right] + 1e-300).mean())
    error = said.copy()
    error[places, right] -= 1
    error /= len(right)  # by how much each score was too high: (places, known)
    before_tanh = (error @ outward.T) * (1 - hidden**2)
    to_vectors = np.zeros_like(vectors)
    np.add.at(to_vectors, contexts, (before_tanh @ inward.T).reshape(*contexts.shape, WIDTH))
    return loss, [to_vectors, seen.T @ before_tanh, hidden.T @ error]


def at(tokens: Tokens, places: Tokens) -> tuple[Tokens, Tokens]:
    """The characters before those places (places, CONTEXT), and the right ones there (places,)."""
    return tokens[places[:, None] + np.arange(-CONTEXT, 0)], tokens[places]


def write(weights: list[Floats], start: Tokens, length: int, chance: np.random.Generator) -> Tokens:
    """Let the model write on, a character at a time, for every row of ``start`` (rows, CONTEXT)."""
    text = start
    for _ in range(length):
        said = forward(weights, text[:, -CONTEXT:])[2]
        drawn = (said.cumsum(1) < chance.random((len(text), 1))).sum(1).clip(max=said.shape[1] - 1)
        text = np.column_stack([text, drawn])
    return text[:, start.shape[1] :]


def run(
    seed: int = 0, *, text: str | None = None, jumbled: bool = False, rate: float = RATE, batch: int = BATCH
) -> Numbers:
    """Train on made-up text, or on yours; ``jumbled`` shuffles its characters first."""
    chance = np.random.default_rng(seed)
    words = chance.choice(WORDS.split(), 3000).tolist() if text is None else text.split()
    learned = " ".join(words)
    known, real_words = sorted(set(learned)), set(words)
    tokens = np.resize([known.index(c) for c in learned], max(len(learned), 4 * CONTEXT))
    if jumbled:
        tokens = chance.permutation(tokens)
    shapes = (len(known), WIDTH), (CONTEXT * WIDTH, HIDDEN), (HIDDEN, len(known))
    weights = [chance.normal(0, size, shape) for size, shape in zip(START_SIZES, shapes, strict=True)]

    same = at(tokens, chance.integers(CONTEXT, len(tokens), 4000))  # measured at every look
    losses, looks = list[float](), list[list[str | int | float]]()
    for step in range(STEPS + 1):
        if step in LOOKS:
            steady, _ = loss_and_gradients(weights, *same)
            rows = write(weights, np.tile(tokens[:CONTEXT], (20, 1)), 80, chance)
            samples = ["".join(known[i] for i in row) for row in rows]
            whole = [word for sample in samples for word in sample.split(" ")[1:-1]]
            real = len([word for word in whole if word in real_words]) / (len(whole) or 1)
            looks.append([step, steady, real, samples[0][:44].strip()])
        contexts, right = at(tokens, chance.integers(CONTEXT, len(tokens), batch))
        loss, gradients = loss_and_gradients(weights, contexts, right)
        losses.append(loss)
        weights = [w - rate * gradient for w, gradient in zip(weights, gradients, strict=True)]
    return {"characters": len(learned), "known": len(known), "losses": losses, "looks": looks, "batch": batch}


def check(numbers: Numbers) -> None:
    losses, real = [look[1] for look in numbers["looks"]], [look[2] for look in numbers["looks"]]
    expect(abs(losses[0] - np.log(numbers["known"])) < 0.1, "at first the loss is that of guessing")
    expect(all(b < 0.95 * a for a, b in pairwise(losses)), "the loss falls from look to look")
    expect(losses[-1] < 0.3 * losses[0], "to less than a third")
    expect(real[0] < 0.05 and real[-1] > 0.8, "from hardly any real word to nearly all of them")
    expect(real[1] < real[2] < real[3] < real[4], "and with every look there are more")


def lines(numbers: Numbers) -> list[str]:
    looks, known = numbers["looks"], numbers["known"]
    return [
        f"A text of {numbers['characters']:,} characters, {known} different. "
        f"Guessing blindly costs ln {known} = {np.log(known):.2f}.",
        " step   loss   real words   what the model writes",
        *(f"{step:>5}{loss:>7.2f}{real:>11.0%}     {sample}" for step, loss, real, sample in looks),
        f"Each step looks at {numbers['batch']} places and moves every weight a little.",
        "Nobody told it what a word is. The loss fell, and words came.",
    ]


def plot(numbers: Numbers) -> str:
    curve = [(float(step), loss) for step, loss in enumerate(numbers["losses"])]
    return svg.lines("The one number to watch", {"loss": curve}, x="steps", y="loss")
