"""Next-token prediction: nudge the right token up at every place of the text, again and again.

The model holds one score for every pair of tokens: how well the second follows the first. Softmax turns
the scores into probabilities for the next token. Nobody labels anything: the text itself says which
token came next, and a step moves its probability up and all others down. Done for all places at once,
many times, the probabilities become those of the text.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="next_token",
    title="Next-token prediction: the text is its own teacher",
    layer="objective and architecture",
    terms=("next-token-prediction", "cross-entropy", "self-supervised-learning", "bigram-model"),
    claim="A step makes the right token more probable and every other less; many steps bring the loss down "
    "to the least that the last token alone allows.",
    equation=r"p(j \mid i) = \frac{e^{s_{ij}}}{\sum_k e^{s_{ik}}}, \qquad L = -\frac{1}{N} "
    r"\sum_{t=1}^{N} \log p(x_{t+1} \mid x_t)",
    letters="s: the score of token j after token i; x: the tokens of the text; N: how many; L: the loss.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:14:27",
            claim="The network gives each of 100,277 tokens a probability; an update moves the right "
            "one from 3 % to perhaps 4 % and others down, at all places of the text in parallel.",
        ),
    ),
    cannot_show="This model looks at one token back. A large one looks at thousands: its floor lies far "
    "lower, and no table of counts could hold what it learns.",
    mechanism=Mechanism(
        keyword="shuffled",
        off=True,
        without="The order: the same steps, towards tokens that did not come next (the text's own, "
        "shuffled).",
    ),
    knobs=(
        Knob(name="rate", low=0.1, high=2000, help="size of a step"),
        Knob(name="sentences", low=3, high=1000, help="made-up sentences to learn from"),
    ),
    tries=(
        Try(
            set={"rate": 100},
            then=(
                "Take steps of 100 instead of 15: the first one brings the loss lower than usual, but "
                "then it never settles, and in the end stands above where it was after that first step."
            ),
            shows=lambda was, now: (
                now["losses"][1] < was["losses"][1] - 0.4 and now["losses"][-1] > now["losses"][1] + 0.05
            ),
        ),
        Try(
            set={"rate": 500},
            then=(
                "Take steps of 500: the loss ends far above blind guessing. The model is certain, and "
                "mostly wrong."
            ),
            shows=lambda was, now: (
                now["losses"][-1] > 3 * now["losses"][0] and was["losses"][-1] < was["losses"][0]
            ),
        ),
        Try(
            set={"sentences": 3},
            then=(
                "Learn from 3 sentences: the loss falls much lower than with 300. A low loss may only "
                "mean that there was little to know."
            ),
            shows=lambda was, now: now["losses"][-1] < 0.6 * was["losses"][-1],
        ),
    ),
    seconds=0.4,
)

Floats = npt.NDArray[np.float64]
Tokens = npt.NDArray[np.int64]

STEPS, RATE, NUDGE = 400, 15.0, 0.25
SHOWN = (0, 1, 10, 100, STEPS)


def softmax(scores: Floats) -> Floats:
    """Scores as probabilities: positive, and 1 in sum over the last axis."""
    powers: Floats = np.exp(scores - scores.max(-1, keepdims=True))
    total: Floats = powers.sum(-1, keepdims=True)
    return powers / total


def loss(scores: Floats, now: Tokens, following: Tokens) -> float:
    """Cross-entropy: the mean of -log p(right token)."""
    return float(-np.log(softmax(scores)[now, following]).mean())


def slope(scores: Floats, now: Tokens, following: Tokens) -> Floats:
    """The gradient of the loss: (tokens known, tokens known), like the scores."""
    error = softmax(scores[now])  # (places, tokens known): what the model said
    error[np.arange(len(now)), following] -= 1  # minus what was right
    gradient = np.zeros_like(scores)
    np.add.at(gradient, now, error / len(now))
    return gradient


def counted(now: Tokens, following: Tokens, size: int) -> Floats:
    """How often each token followed each, as shares: no bigram model can have a lower loss."""
    pairs = np.zeros((size, size))
    np.add.at(pairs, (now, following), 1)
    total: Floats = pairs.sum(-1, keepdims=True)
    return pairs / total


def write(chance: np.random.Generator, sentences: int = 300) -> str:
    """Sentences in which every noun has verbs that it likes."""
    nouns = "cat dog bird child teacher".split()
    verbs = "sees hears follows draws finds".split()
    likes = chance.dirichlet([0.5] * len(verbs), len(nouns))
    written = []
    for _ in range(sentences):
        who, whom = chance.integers(len(nouns), size=2)
        verb = chance.choice(verbs, p=likes[who])
        one, other = chance.choice(["the", "a"]), chance.choice(["the", "every"])
        written.append(f"{one} {nouns[who]} {verb} {other} {nouns[whom]} .")
    return " ".join(written)


def run(
    seed: int = 0,
    *,
    text: str | None = None,
    shuffled: bool = False,
    rate: float = RATE,
    sentences: int = 300,
) -> Numbers:
    """Learn made-up sentences, or the words of your ``text``; ``shuffled`` teaches wrong next tokens."""
    chance = np.random.default_rng(seed)
    words = (write(chance, sentences) if text is None else text).split()
    known = sorted(set(words))
    now = np.array([known.index(word) for word in words])
    following = np.roll(now, -1)  # the label: simply the next token; after the last comes the first
    taught = chance.permutation(following) if shuffled else following
    scores = chance.normal(0, 0.1, (len(known), len(known)))

    one = slice(0, 1)  # a single place of the text, as a first try
    before = softmax(scores[now[0]])
    after = softmax((scores - NUDGE * slope(scores, now[one], taught[one]))[now[0]])
    losses = [loss(scores, now, following)]
    for _ in range(STEPS):  # from here on, all places at once
        scores = scores - rate * slope(scores, now, taught)
        losses.append(loss(scores, now, following))

    shares = counted(now, following, len(known))
    right = following[0]
    top = np.argsort(-shares[right], kind="stable")[:3]
    return {
        "tokens": len(words),
        "known": len(known),
        "begins": words[:6],
        "pair": [known[now[0]], known[right]],
        "nudged": [float(before[right]), float(after[right])],
        "others_fall": bool(np.all(np.delete(after, right) < np.delete(before, right))),
        "losses": losses,
        "floor": float(-np.log(shares[now, following]).mean()),
        "next": [[known[i], float(shares[right, i]), float(softmax(scores[right])[i])] for i in top],
    }


def check(numbers: Numbers) -> None:
    (before, after), losses, floor = numbers["nudged"], numbers["losses"], numbers["floor"]
    expect(
        after > 1.1 * before and numbers["others_fall"], "a step lifts the right token and lowers all others"
    )
    expect(abs(losses[0] - np.log(numbers["known"])) < 0.15, "to begin with, one guess is as good as another")
    expect(floor < losses[-1] < floor + 0.02, "in the end the loss is the least that counting pairs allows")
    expect(floor < 0.7 * losses[0], "and that is far lower")
    expect(all(abs(c - p) < 0.02 for _, c, p in numbers["next"]), "probabilities are the counted shares")


def lines(numbers: Numbers) -> list[str]:
    (before, after), losses, (first, second) = numbers["nudged"], numbers["losses"], numbers["pair"]
    return [
        f"{numbers['tokens']:,} tokens, {numbers['known']} different: {' '.join(numbers['begins'])} …",
        f"At first any token may follow {first!r}. The right one, {second!r}, gets {before:.1%}. "
        f"One nudge: {after:.1%}.",
        "The others fall, each a little. Now the same at every place of the text at once:",
        " step    loss    the right token gets",
        *(f"{step:>5}{losses[step]:>8.2f}{np.exp(-losses[step]):>12.0%}" for step in SHOWN),
        f"floor{numbers['floor']:>8.2f}{np.exp(-numbers['floor']):>12.0%}    by counting who follows whom",
        f"{f'After {second!r}':<14} counted    the model says",
        *(f"  {word:<14}{share:>6.0%}{said:>14.0%}" for word, share, said in numbers["next"]),
        "Nobody labelled anything. To predict the next token is to learn how the text goes.",
    ]


def plot(numbers: Numbers) -> str:
    losses, floor = numbers["losses"], numbers["floor"]
    return svg.lines(
        "The loss falls to the floor",
        {
            "loss": [(float(i), value) for i, value in enumerate(losses[:101])],
            "floor, by counting": [(0.0, floor), (100.0, floor)],
        },
        x="steps",
        y="loss",
    )
