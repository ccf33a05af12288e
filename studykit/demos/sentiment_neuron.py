"""The sentiment neuron: nobody asked for the mood, and one number comes to hold it.

A small recurrent network reads reviews and learns to foretell the next word, nothing else. Whether the
writer was pleased is never said. But it decides which words come after "was", again and again, with
other words between; so to foretell well, the network must carry the mood along. Afterwards one of its
numbers tells the mood of reviews that it has never read.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="sentiment_neuron",
    title="The sentiment neuron: the mood that nobody asked for",
    layer="objective and architecture",
    terms=("sentiment-neuron", "recurrent-neural-network", "hidden-state"),
    claim="In a network trained only to foretell the next word of reviews, without a label, one number comes "
    "to tell whether the writer was pleased, right in nearly all new reviews.",
    said=(
        Said(
            talk="a Chinese podcast on language models",
            where="about 40 % in",
            claim="A network that foretold the next character of Amazon reviews turned out to hold their "
            "sentiment, which told OpenAI that the way through predicting the next token might be possible.",
        ),
    ),
    cannot_show="Here mood is all that a review's words have in common, and several numbers hold it. In 2017 "
    "it was one of 4,096 numbers, found among much else, in a network that read 82 million reviews.",
    mechanism=Mechanism(
        keyword="own",
        off=False,
        without="The review's own next words: those of another review are to be foretold, for which its mood "
        "is of no use, and no number holds it.",
    ),
    knobs=(
        Knob(name="steps", low=20, high=400, help="steps of training"),
        Knob(name="width", low=4, high=32, help="numbers in the network's state"),
        Knob(name="gap", low=1, high=8, help="other words before the last verdict"),
    ),
    tries=(
        Try(
            set={"width": 6},
            then="Give the network six numbers instead of 24: it never finds the mood, and its loss is "
            "hardly higher. The mood is worth little to the loss, and is the last thing to be learned.",
            shows=lambda as_it_is, turned: (
                turned["tells"] < 0.75
                and turned["loss"] < as_it_is["loss"] + 0.25
                and as_it_is["tells"] > 0.95
            ),
        ),
        Try(
            set={"steps": 30},
            then="Stop after 30 steps: no number tells the mood well yet. It is learned after the words "
            "themselves, within a few dozen steps.",
            shows=lambda as_it_is, turned: turned["tells"] < 0.9 and as_it_is["tells"] > 0.95,
        ),
        Try(
            set={"gap": 8},
            then="Put eight other words before the last verdict instead of five: the number holds the mood "
            "all the way. What is worth foretelling is remembered.",
            shows=lambda as_it_is, turned: turned["gap"] > as_it_is["gap"] and turned["tells"] > 0.95,
        ),
    ),
    seconds=0.9,
)

OPEN = ("loved liked enjoyed praised".split(), "hated loathed disliked cursed".split())  # pleased or not
VERDICT = ("great lovely superb fine".split(), "awful dreadful dull poor".split())
THINGS = "film book soup hotel phone chair".split()
OTHERS = "it came on monday in a box with my cousin from town by the door".split()
WORDS = sorted(
    {*OPEN[0], *OPEN[1], *VERDICT[0], *VERDICT[1], *THINGS, *OTHERS, "i", "the", "was", "all", "."}
)
INDEX = {word: i for i, word in enumerate(WORDS)}
PLEASED, NOT = ([INDEX[word] for word in words] for words in VERDICT)
READ, TESTED, BATCH, RATE = 1000, 500, 32, 0.02

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Weights = dict[str, Array]


def write(count: int, gap: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Reviews, (count, words), and the moods of their writers, 1 or 0, which no training sees."""
    moods = chance.integers(2, size=count)
    reviews = []
    for mood in moods:
        text = ["i", chance.choice(OPEN[1 - mood]), "the", chance.choice(THINGS)]
        for between in (1, 3, gap):
            text += [*chance.choice(OTHERS, between), "was", chance.choice(VERDICT[1 - mood])]
        reviews.append([INDEX[word] for word in (*text, ".")])
    return np.array(reviews), moods


def read(weights: Weights, text: Ints) -> Array:
    """The state after each word: (reviews, words, width)."""
    state, states = np.zeros((len(text), len(weights["keep"]))), []
    for i in range(text.shape[1]):
        state = np.tanh(weights["hear"][text[:, i]] + state @ weights["keep"])
        states.append(state)
    return np.stack(states, 1)


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def slopes(weights: Weights, text: Ints, following: Ints) -> tuple[float, Weights]:
    """The loss of foretelling ``following``, in nats a word, and its slopes, back through all words."""
    states = read(weights, text)
    wrong = softmax(states @ weights["say"])  # (reviews, words, vocabulary)
    right = np.eye(len(WORDS))[following]
    loss = float(-np.log((wrong * right).sum(-1)).mean())
    wrong = (wrong - right) / following.size
    found = {name: np.zeros_like(weight) for name, weight in weights.items()}
    found["say"] = np.einsum("rih,riw->hw", states, wrong)
    later = np.zeros_like(states[:, 0])
    for i in range(text.shape[1] - 1, -1, -1):
        inner = (later + wrong[:, i] @ weights["say"].T) * (1 - states[:, i] ** 2)
        np.add.at(found["hear"], text[:, i], inner)
        if i:
            found["keep"] += states[:, i - 1].T @ inner
        later = inner @ weights["keep"].T
    return loss, found


def train(
    text: Ints, following: Ints, steps: int, width: int, chance: np.random.Generator
) -> tuple[Weights, float]:
    """Adam on the loss of the next word; at first the state is only turned, so nothing fades."""
    turn = np.linalg.qr(chance.normal(size=(width, width)))[0]
    shapes = {"hear": (len(WORDS), width), "say": (width, len(WORDS))}
    weights = {"keep": turn} | {name: chance.normal(0, 0.3, shape) for name, shape in shapes.items()}
    mean, square = ({name: np.zeros_like(weight) for name, weight in weights.items()} for _ in range(2))
    losses = []
    for _ in range(steps):
        some = chance.integers(len(text), size=BATCH)
        loss, found = slopes(weights, text[some], following[some])
        losses.append(loss)
        for name, slope in found.items():
            mean[name] = 0.9 * mean[name] + 0.1 * slope
            square[name] = 0.99 * square[name] + 0.01 * slope**2
            weights[name] = weights[name] - RATE * mean[name] / (np.sqrt(square[name]) + 1e-8)
    return weights, float(np.mean(losses[-20:]))


def tells(number: Array, moods: Ints) -> float:
    """In how many pairs it is higher for the pleased writer, or in how many for the other (AUC)."""
    pleased, other = number[moods == 1], number[moods == 0]
    higher = float((pleased[:, None] > other).mean() + (pleased[:, None] == other).mean() / 2)
    return max(higher, 1 - higher)


def run(seed: int = 0, *, steps: int = 300, width: int = 24, gap: int = 5, own: bool = True) -> Numbers:
    """Train on the next words, then look into the network while it reads new reviews."""
    chance = np.random.default_rng(seed)
    text, _ = write(READ, gap, chance)
    following = (text if own else text[chance.permutation(READ)])[:, 1:]
    weights, loss = train(text[:, :-1], following, steps, width, chance)
    new, moods = write(TESTED, gap, chance)
    asked = new[:, :-2]  # up to the last "was"
    states = read(weights, asked)[:, -2]  # before it, at the end of the words that tell nothing
    each = sorted((tells(states[:, i].round(6), moods) for i in range(width)), reverse=True)
    say = softmax(read(weights, asked)[:, -1] @ weights["say"])
    ends = say[:, PLEASED].sum(1) > say[:, NOT].sum(1)  # as the network expects the review to end
    return {
        "steps": steps,
        "width": width,
        "gap": gap,
        "loss": loss,
        "example": " ".join(WORDS[i] for i in new[0]),
        "tells": each[0],
        "each": each,
        "ends": float((ends == moods).mean()),
    }


def check(numbers: Numbers) -> None:
    expect(numbers["tells"] > 0.95, "one number tells the mood of reviews that it has not read")
    expect(numbers["ends"] > 0.9, "and the network expects them to end in that mood")


def lines(numbers: Numbers) -> list[str]:
    best = " ".join(f"{one:.0%}" for one in numbers["each"][:4])
    return [
        f"{READ:,} reviews of pleased and displeased writers, without a label, such as",
        f"   {numbers['example'][:97]}",
        f"A network with a state of {numbers['width']} numbers learns to foretell the next word, "
        f"{numbers['steps']} steps;",
        f"loss at the end {numbers['loss']:.2f} nats a word.",
        f"Then it reads {TESTED} new reviews, up to the {numbers['gap']} words before the last verdict.",
        "How well does one number tell a pleased from a displeased writer? A guess is 50%.",
        f"   the best of the {numbers['width']}: {numbers['tells']:.0%}; the best four: {best}",
        f"It expects {numbers['ends']:.0%} of the reviews to end in the writer's mood.",
        "Nobody asked for the mood. To foretell the last word, it had to be carried along.",
    ]


def plot(numbers: Numbers) -> str:
    found = {f"number {i}": round(100 * one, 1) for i, one in enumerate(numbers["each"], 1)}
    return svg.bars("Pairs told apart by each number, from the best", found, unit=" %")
