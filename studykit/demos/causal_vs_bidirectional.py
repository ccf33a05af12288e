"""One side or both: filling a blank is easier with both, writing needs one.

A model that sees the words before and after a blank fills it better than one that sees only those before:
what comes later is a clue. But chances that look to the left alone can be multiplied along a sentence, and
add up to one over all sentences: that is a model of text, and it can write. Chances that look both ways
cannot. To write with them one must put words at random and go over them again and again.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="causal_vs_bidirectional",
    title="One side or both: filling blanks and writing",
    layer="objective and architecture",
    terms=("bidirectional-attention", "masked-language-modeling", "autoregressive-model"),
    claim="With the words on both sides a blank is filled right more often; but only chances from the left "
    "multiply to those of a sentence, and write one word by word, where both sides need many rounds.",
    said=(
        Said(
            talk="a Chinese podcast on language models",
            where="about 25 % in",
            claim="BERT looks in both directions and was far ahead of GPT-2, which looks back only; keeping "
            "to one direction was an act of faith, until GPT-3.",
        ),
    ),
    cannot_show="These models see one word on each side, counted. A transformer sees all of them, and one "
    "trained on blanks of every number can write in a few rounds: see text_diffusion.",
    mechanism=Mechanism(
        keyword="looks_right",
        off=False,
        without="The right side: it is covered for both models, and then they are the same.",
    ),
    knobs=(
        Knob(name="read", low=20, high=5000, help="sentences that both models read"),
        Knob(name="follow", low=2, high=10, help="words that may follow a word"),
        Knob(name="blank", low=0, high=8, help="place of the blank; 0 is any"),
    ),
    tries=(
        Try(
            set={"blank": 8},
            then="Put the blank at the end: both sides are no better than one. For the next word nothing "
            "stands on the right, and that is the place where a writer always is.",
            shows=lambda as_it_is, turned: (
                abs(turned["filled"]["both sides"] - turned["filled"]["left"]) < 0.03
                and as_it_is["filled"]["both sides"] > as_it_is["filled"]["left"] + 0.2
            ),
        ),
        Try(
            set={"read": 30},
            then="Read 30 sentences instead of 2,000: from left to right it still writes soundly, but going "
            "over random words no longer gets there. Two neighbours take more text to know than one.",
            shows=lambda as_it_is, turned: (
                turned["in_turn"] > 0.9 and turned["rounds"]["20"] < 0.8 < as_it_is["rounds"]["20"]
            ),
        ),
        Try(
            set={"follow": 2},
            then="Let only two words follow each: blanks are filled still better, and mending random words "
            "gets harder. What is strict leaves few ways from a wrong sentence to a right one.",
            shows=lambda as_it_is, turned: (
                turned["filled"]["both sides"] > as_it_is["filled"]["both sides"]
                and turned["rounds"]["5"] < as_it_is["rounds"]["5"] - 0.1
            ),
        ),
    ),
    equation=r"\sum_{w_1 \dots w_n} \prod_i P(w_i \mid w_{i-1}) = 1 \ne "
    r"\sum_{w_1 \dots w_n} \prod_i P(w_i \mid w_{i-1}, w_{i+1})",
    letters="w: the words of a sentence, and those beside them.",
    seconds=0.3,
)

WORDS, LENGTH, TEST, WRITTEN = 12, 8, 2000, 500
ROUNDS = (0, 1, 2, 5, 20)
EDGE = WORDS  # stands before and after every sentence
SHORT = 4  # words in the sentences whose chances are added up: all 20,736 of them

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def language(follow: int, chance: np.random.Generator) -> Array:
    """How likely each word follows each: (words and edge, words); few may, and one mostly does."""
    follows = np.zeros((WORDS + 1, WORDS))
    for word in follows:
        word[chance.choice(WORDS, follow, replace=False)] = 0.6 ** np.arange(follow)
    return np.asarray(follows / follows.sum(1, keepdims=True))


def draw(chances: Array, chance: np.random.Generator) -> Ints:
    """A word from each row: (..., words) to (...,)."""
    return np.asarray(
        (chances.cumsum(-1).round(9) > chance.random((*chances.shape[:-1], 1)) * 0.999).argmax(-1)
    )


def write(left: Array, count: int, chance: np.random.Generator) -> Ints:
    """From left to right, each word after the one before: (count, length with the edges)."""
    text = np.full((count, LENGTH + 2), EDGE)
    for i in range(1, LENGTH + 1):
        text[:, i] = draw(left[text[:, i - 1]], chance)
    return text


def train(text: Ints, *, looks_right: bool) -> tuple[Array, Array]:
    """P(word | before), (words, words), and P(word | before, after), (words, words, words), by counting."""
    counts = np.full((WORDS + 1, WORDS + 1, WORDS), 0.001)  # before, after, the word itself
    before, word, after = text[:, :-2].ravel(), text[:, 1:-1].ravel(), text[:, 2:].ravel()
    np.add.at(counts, (before, after, word), 1.0)
    left = counts.sum(1) / counts.sum((1, 2))[:, None]
    both = counts / counts.sum(-1, keepdims=True)
    return left, both if looks_right else np.repeat(left[:, None], WORDS + 1, axis=1)


def go_over(both: Array, text: Ints, chance: np.random.Generator) -> Ints:
    """One round: every word is drawn anew, in turn, from what now stands on its two sides."""
    text = text.copy()
    for i in range(1, LENGTH + 1):
        text[:, i] = draw(both[text[:, i - 1], text[:, i + 1]], chance)
    return text


def sums(left: Array, both: Array) -> list[float]:
    """The chances of all sentences of four words, multiplied word by word, added up, for both models."""
    text = np.array([(EDGE, *words, EDGE) for words in product(range(WORDS), repeat=SHORT)])
    one, two = np.ones(len(text)), np.ones(len(text))
    for i in range(1, SHORT + 1):
        one *= left[text[:, i - 1], text[:, i]]
        two *= both[text[:, i - 1], text[:, i + 1], text[:, i]]
    return [float(one.sum()), float(two.sum())]


def run(
    seed: int = 0, *, read: int = 2000, follow: int = 3, blank: int = 0, looks_right: bool = True
) -> Numbers:
    """Count, fill blanks, and write, with both models."""
    chance = np.random.default_rng(seed)
    truth = language(follow, chance)
    left, both = train(write(truth, read, chance), looks_right=looks_right)
    new = write(truth, TEST, chance)
    place = np.full(TEST, blank) if blank else chance.integers(1, LENGTH + 1, TEST)
    rows = np.arange(TEST)
    before, word, after = (new[rows, place + i] for i in (-1, 0, 1))
    filled = [(left[before].argmax(1) == word).mean(), (both[before, after].argmax(1) == word).mean()]

    def sound(text: Ints) -> float:  # sentences in which every word may follow the one before
        return float((truth[text[:, :-2], text[:, 1:-1]] > 0).all(1).mean())

    text, rounds = new[:WRITTEN].copy(), {}
    text[:, 1:-1] = chance.integers(WORDS, size=(WRITTEN, LENGTH))
    for i in range(max(ROUNDS) + 1):
        if i in ROUNDS:
            rounds[str(i)] = sound(text)
        text = go_over(both, text, chance)
    return {
        "read": read,
        "follow": follow,
        "filled": {"left": float(filled[0]), "both sides": float(filled[1])},
        "sums": sums(left, both),
        "in_turn": sound(write(left, WRITTEN, chance)),
        "rounds": rounds,
    }


def check(numbers: Numbers) -> None:
    filled, rounds = numbers["filled"], numbers["rounds"]
    expect(filled["both sides"] > filled["left"] + 0.08, "both sides fill blanks better")
    expect(abs(numbers["sums"][0] - 1) < 1e-6, "from the left all sentences together have the chance one")
    expect(abs(numbers["sums"][1] - 1) > 0.3, "from both sides they have not")
    expect(numbers["in_turn"] > 0.95, "from left to right it writes in one go")
    expect(rounds["1"] < 0.5 < rounds["20"], "with both sides only after many rounds")
    expect(rounds["20"] > rounds["5"] > rounds["1"], "the more, the better")


def lines(numbers: Numbers) -> list[str]:
    filled, (one, two) = numbers["filled"], numbers["sums"]
    return [
        f"{numbers['read']:,} sentences of {LENGTH} words; "
        f"{numbers['follow']} of {WORDS} words may follow each.",
        f"{'':<44}{'left only':>12}{'both sides':>12}",
        f"{'blanks filled right':<44}{filled['left']:>12.0%}{filled['both sides']:>12.0%}",
        f"{f'chances of all sentences of {SHORT} words, added up':<44}{one:>12.2f}{two:>12.2f}",
        f"Written from left to right, {numbers['in_turn']:.0%} of the sentences are sound. With both sides",
        "there is no beginning: put words at random, draw each anew from its neighbours, in rounds:",
        f"   {'rounds':<12}" + "".join(f"{n:>8}" for n in ROUNDS),
        f"   {'sound':<12}" + "".join(f"{share:>8.0%}" for share in numbers["rounds"].values()),
        "Both sides understand better what is there. One side can add what is not.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(n), 100 * share) for n, share in zip(ROUNDS, numbers["rounds"].values(), strict=True)]
    series = {"both sides": points, "left to right": [(x, 100 * numbers["in_turn"]) for x, _ in points]}
    return svg.lines("Sound sentences", series, x="rounds", y="%")
