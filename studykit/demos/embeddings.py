"""Embeddings: words that keep the same company come to lie in the same place.

Give every word a few random numbers, and train these so that a word's numbers foretell the words around it.
Nothing says what a word means. But cat and dog stand before the same verbs, so the same numbers serve
both; and where man differs from woman as king does from queen, the same step leads from one to the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="embeddings",
    title="Embeddings: known by the company they keep",
    layer="objective and architecture",
    terms=("embedding", "word-embedding", "word2vec", "cosine-similarity"),
    claim="Trained only to foretell a word's neighbours, vectors of words of one kind come to lie together, "
    "even of words that never meet, and the step from king to queen is the one from man to woman.",
    said=(
        Said(
            talk="a Chinese podcast on language models",
            where="about 40 % in",
            claim="Who can predict the next token well must have understood; so a language model's embedding "
            "holds what there is to know of the text.",
        ),
    ),
    cannot_show="A word has one place here, whatever it means in its sentence; a language model begins with "
    "such vectors and changes them layer by layer. Real text fits analogies far less neatly.",
    mechanism=Mechanism(
        keyword="in_order",
        off=False,
        without="The order of words: the text is shuffled, so that every word has the same neighbours.",
    ),
    knobs=(
        Knob(name="window", low=1, high=4, help="how many words on each side are foretold"),
        Knob(name="width", low=1, high=32, help="numbers in a vector"),
        Knob(name="sentences", low=50, high=8000, help="sentences read"),
    ),
    tries=(
        Try(
            set={"width": 2},
            then="Give each word two numbers only: the kinds are still mostly found, but the steps no longer "
            "fit. Kind needs little room, differences within a kind need more.",
            shows=lambda as_it_is, turned: (
                turned["kind"] > 0.6 and turned["analogies"] < 0.5 < as_it_is["analogies"]
            ),
        ),
        Try(
            set={"window": 1},
            then="Look at the next word on each side only: kinds are found as before, yet king no longer "
            "leads to queen. What tells them apart stands three words away.",
            shows=lambda as_it_is, turned: (
                turned["kind"] > 0.85 and turned["analogies"] < 0.5 < as_it_is["analogies"]
            ),
        ),
        Try(
            set={"sentences": 200},
            then="Read 200 sentences instead of 4,000: the words already find their kind, but some of the "
            "steps go wrong. Likeness comes early, exact relations late.",
            shows=lambda as_it_is, turned: (
                turned["kind"] > 0.9 and turned["analogies"] < as_it_is["analogies"] - 0.05
            ),
        ),
    ),
    equation=r"P(\text{neighbour } c \mid \text{word } w) = "
    r"\frac{e^{u_w \cdot v_c}}{\sum_{c'} e^{u_w \cdot v_{c'}}}",
    letters="u: vectors of words; v: vectors of neighbours.",
    seconds=0.4,
)

KINDS = {
    "animal": "cat dog horse cow fox wolf".split(),
    "food": "soup rice bread cheese fish cake".split(),
    "city": "Rome Paris Oslo Lima Cairo Delhi".split(),
    "heat": "hot cold warm cool".split(),
    "person": "man woman king queen actor actress waiter waitress uncle aunt".split(),
}
OF = {  # what belongs to the people of each pair
    "man woman": "house coat", "king queen": "crown throne", "actor actress": "role stage",
    "waiter waitress": "tray menu", "uncle aunt": "garden family",
}  # fmt: skip
STEPS, RATE = 400, 0.05

Array = NDArray[np.float64]


def write(chance: np.random.Generator) -> list[str]:
    """A sentence of one of four patterns."""

    def one(words: str) -> str:
        return str(chance.choice(KINDS[words] if words in KINDS else words.split()))

    pattern = chance.integers(4)
    if pattern == 0:
        return ["the", one("animal"), one("eats smells chases finds"), "the", one("food")]
    if pattern == 1:
        return ["we", "had", one("heat"), one("food"), one("today yesterday")]
    if pattern == 2:
        return ["we", one("went drove flew"), "to", one("city"), one("today yesterday")]
    pair = str(chance.choice(list(OF)))
    who = int(chance.integers(2))
    return ["the", pair.split()[who], one("lost sold loved"), ("his", "her")[who], one(OF[pair])]


def neighbours(text: list[list[str]], vocabulary: list[str], window: int) -> Array:
    """How often each word stands within ``window`` words of each: (words, words)."""
    index = {word: i for i, word in enumerate(vocabulary)}
    counts = np.zeros((len(index), len(index)))
    for sentence in text:
        for i, word in enumerate(sentence):
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                if i != j:
                    counts[index[word], index[sentence[j]]] += 1
    return counts


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def train(counts: Array, width: int, chance: np.random.Generator) -> Array:
    """A vector for each word, (words, width), from which its neighbours can be foretold.

    Each step is scaled by how large its slopes have been (Adam's way), since words differ in frequency.
    """
    wanted = counts / counts.sum(1, keepdims=True)
    both = chance.normal(0, 0.1, (2, len(counts), width))  # as a word, and as a neighbour
    mean, square = np.zeros_like(both), np.zeros_like(both)
    for _ in range(STEPS):
        wrong = softmax(both[0] @ both[1].T) - wanted
        slopes = np.stack([wrong @ both[1], wrong.T @ both[0]]) + 0.01 * both
        mean, square = 0.9 * mean + 0.1 * slopes, 0.99 * square + 0.01 * slopes**2
        both = both - RATE * mean / (np.sqrt(square) + 1e-8)
    return np.asarray(both[0])


def nearest(vectors: Array, to: Array, but: list[int]) -> int:
    """The word with the smallest angle to ``to``."""
    likeness = (vectors @ to / np.sqrt((vectors**2).sum(1) * (to @ to) + 1e-12)).round(9)
    likeness[but] = -np.inf
    return int(likeness.argmax())


def run(
    seed: int = 0, *, window: int = 3, width: int = 12, sentences: int = 4000, in_order: bool = True
) -> Numbers:
    """Read, train, and look at what has come to lie near what."""
    chance = np.random.default_rng(seed)
    text = [write(chance) for _ in range(sentences)]
    if not in_order:
        words = chance.permutation([word for sentence in text for word in sentence]).tolist()
        text = [words[i : i + 5] for i in range(0, len(words), 5)]
    vocabulary = sorted({word for sentence in text for word in sentence})
    index = {word: i for i, word in enumerate(vocabulary)}
    counts = neighbours(text, vocabulary, window)
    vectors = train(counts, width, chance)
    vectors = vectors - vectors.mean(0)
    close = {}
    for word in (word for kind in KINDS.values() for word in kind if word in index):
        close[word] = vocabulary[nearest(vectors, vectors[index[word]], [index[word]])]
    kind_of = {word: kind for kind, words in KINDS.items() for word in words}
    same = [kind_of[word] == kind_of.get(other) for word, other in close.items()]
    met = [counts[index[word], index[other]] > 0 for word, other in close.items()]
    steps = []
    pairs = [pair.split() for pair in OF if set(pair.split()) <= set(index)]
    for a, b in pairs:
        for c, d in pairs:
            if a != c:
                place = vectors[index[b]] - vectors[index[a]] + vectors[index[c]]
                steps.append([a, b, c, vocabulary[nearest(vectors, place, [index[w] for w in (a, b, c)])], d])
    return {
        "window": window,
        "width": width,
        "sentences": sentences,
        "words": len(vocabulary),
        "close": close,
        "kind": sum(same) / len(same),
        "met": sum(met) / len(met),
        "analogies": sum(found == right for *_, found, right in steps) / max(1, len(steps)),
        "steps": steps,
    }


def check(numbers: Numbers) -> None:
    expect(numbers["kind"] > 0.9, "the nearest word is of the same kind")
    expect(numbers["met"] < 0.1, "though the two have never stood together")
    expect(numbers["analogies"] > 0.8, "the step from one to the other is the same in every pair")


def lines(numbers: Numbers) -> list[str]:
    close = numbers["close"]
    shown = [word for word in ("cat", "bread", "Rome", "hot", "queen") if word in close]
    return [
        f"{numbers['sentences']:,} sentences of {numbers['words']} words, as: the fox finds the cheese.",
        f"Each word gets {numbers['width']} numbers, trained to foretell the words up to "
        f"{numbers['window']} places away. Then:",
        *(f"   nearest to {word:<8}{close[word]}" for word in shown),
        f"Nearest is a word of the same kind: {numbers['kind']:.0%}. "
        f"Pairs that ever met: {numbers['met']:.0%}.",
        "Steps, as from man to woman, taken from another word:",
        *(f"   {a} to {b}, from {c}: {found}" for a, b, c, found, _ in numbers["steps"][:3]),
        f"Of {len(numbers['steps'])} such steps {numbers['analogies']:.0%} lead to the right word.",
        "Alike means used alike: hot and cold keep the same company, so they lie together.",
    ]
