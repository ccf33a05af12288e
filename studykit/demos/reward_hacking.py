"""Reward hacking: press a learned reward hard enough and you get what it scores, not what you wanted.

A reward model learned what people like from texts as they are usually written. It is right about those.
Reinforcement learning then moves the texts to where the score is highest, and soon beyond anything the
reward model has seen. There its score goes on rising while the texts turn into nonsense.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="reward_hacking",
    title="Reward hacking: the the the the",
    layer="reinforcement learning",
    terms=("reward-hacking", "adversarial-example", "kl-penalty"),
    claim="Trained on a learned reward, the score rises without end while people like the texts "
    "better at first, and then ever less; stopping early or a KL penalty prevents the fall.",
    equation=r"\max_\pi \; \operatorname{E}_{x \sim \pi}[r(x)] - \beta \, \operatorname{KL}(\pi \,\|\, "
    r"\pi_0)",
    letters="r: the reward model's score; π: the model now; π₀: the model before; β: the price of "
    "moving away.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:48:26",
            claim="Results improve for a few hundred updates and then fall off a cliff: the best joke "
            "becomes something like 'the the the the', with the top score. So one stops early.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 67 % in",
            claim="RLHF does not go on improving with more computing as training on checkable answers does.",
        ),
    ),
    cannot_show="This reward model counts words, so its weakness is plain. That of a network is hidden and "
    "odder; where the peak lies depends on it, on its data and on the penalty.",
    mechanism=Mechanism(
        keyword="learned",
        off=False,
        without="The flaw: it is rewarded with what people really think, so there is nothing to exploit.",
    ),
    knobs=(
        Knob(
            name="penalty",
            low=0,
            high=10,
            help="how much a joke loses for being unlike those written before training",
        ),
        Knob(name="compared", low=5, high=4000, help="pairs of jokes that people have compared"),
    ),
    tries=(
        Try(
            set={"penalty": 0.1},
            then=(
                "Make the penalty a tenth: it is as good as none, and the pelican is back. A leash helps "
                "only if it is shorter than the way to the cliff."
            ),
            shows=lambda was, now: now["held"][-1]["people"] < -3 < was["held"][-1]["people"],
        ),
        Try(
            set={"penalty": 10},
            then=(
                "Make it 10 times as high: nothing is spoiled, and little is gained. The jokes stay close "
                "to those that it wrote at random."
            ),
            shows=lambda was, now: (
                was["held"][-1]["people"] - 0.8 > now["held"][-1]["people"] > now["held"][0]["people"]
            ),
        ),
        Try(
            set={"compared": 5},
            then=(
                "Let people compare 5 pairs: the points mean next to nothing, and are pursued all the "
                "same, to jokes that people like less than ever."
            ),
            shows=lambda _, now: (
                now["agree"] < 0.65 and now["free"][-1]["people"] < now["free"][0]["people"] - 5
            ),
        ),
    ),
    seconds=0.2,
)

FUNNY = {"pelican": 1.2, "banana": 1.0, "waiter": 0.8, "moustache": 0.8, "umbrella": 0.6}
WORDS = (*FUNNY, "the", "walks", "into", "bar", "and", "says", "why", "not", "my", "soup")
LENGTH = 10  # words in a joke
COMPARED = 2000  # pairs of jokes that people have compared
UPDATES, BATCH, RATE, PENALTY = 400, 100, 0.01, 1.0

Array = NDArray[np.float64]


def people(jokes: Array) -> Array:
    """What people think of jokes, given how often each word stands in them: (jokes, words) to (jokes,).

    A funny word is fun once; every repetition of any word is worse than the one before.
    """
    fun = np.array([FUNNY.get(word, 0.0) for word in WORDS])
    # rounded, so that jokes that are equally good stay so on every processor
    return np.asarray((fun * jokes - 0.25 * jokes * (jokes - 1)).sum(1).round(9))


def reward_model(jokes: Array) -> Array:
    """Points for each word, learned from which of two jokes people liked better: (words,)."""
    a, b = jokes[::2], jokes[1::2]  # (pairs, words)
    better = np.where((people(a) > people(b))[:, None], a - b, b - a)
    points = np.zeros(len(WORDS))
    for _ in range(200):  # Bradley and Terry: P(better wins) = sigmoid(difference of the scores)
        points += 0.5 * (1 - sigmoid(better @ points)) @ better / len(better)
    return points


def update(likes: Array, jokes: Array, rewards: Array) -> Array:
    """Policy gradient: words of the jokes that score above average become likelier."""
    slopes = jokes - LENGTH * softmax(likes)  # of the log-probability: (jokes, words)
    return np.asarray(likes + RATE * (rewards - rewards.mean()) @ slopes / len(jokes))


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def softmax(likes: Array) -> Array:
    raised = np.exp(likes - likes.max())
    return np.asarray(raised / raised.sum())


def write(likes: Array, count: int, chance: np.random.Generator) -> Array:
    """Jokes as counts of words, each word drawn for itself: (count, words)."""
    return np.asarray(chance.multinomial(LENGTH, softmax(likes), size=count), dtype=float)


def run(
    seed: int = 0, *, learned: bool = True, penalty: float = PENALTY, compared: int = COMPARED
) -> Numbers:
    """Train a model that writes at random on the points, with and without a penalty."""
    chance = np.random.default_rng(seed)
    start = np.zeros(len(WORDS))
    points = reward_model(write(start, 2 * compared, chance))
    usual = write(start, 4000, chance)
    agree = ((usual[::2] - usual[1::2]) @ points > 0) == (people(usual[::2]) > people(usual[1::2]))

    def train(strength: float) -> list[Numbers]:
        likes, history = start, []
        for _ in range(UPDATES + 1):
            jokes = write(likes, BATCH, chance)
            scores = jokes @ points if learned else people(jokes)
            history.append(
                {
                    "score": float(scores.mean()),
                    "people": float(people(jokes).mean()),
                    "joke": [str(word) for word in chance.choice(WORDS, LENGTH, p=softmax(likes))],
                }
            )
            moved = jokes @ np.log(softmax(likes) / softmax(start))  # its mean is the KL divergence
            likes = update(likes, jokes, scores - strength * moved)
        return history

    return {"compared": compared, "agree": float(agree.mean()), "free": train(0), "held": train(penalty)}


def _smooth(history: list[Numbers], name: str) -> list[float]:
    """The mean of twenty updates each."""
    return [sum(float(row[name]) for row in history[i : i + 20]) / 20 for i in range(0, UPDATES, 20)]


def check(numbers: Numbers) -> None:
    score, liked = (_smooth(numbers["free"], name) for name in ("score", "people"))
    expect(numbers["agree"] > 0.8, "about ordinary jokes the reward model mostly agrees with people")
    expect(all(b > a - 0.1 for a, b in pairwise(score)), "the score rises and rises")
    expect(max(liked) > liked[0] + 0.5, "at first people like the jokes better, too")
    expect(liked[-1] < liked[0] - 3, "then they come to like them far less than at the start")
    expect(_smooth(numbers["held"], "people")[-1] > liked[0] + 0.5, "with a penalty the gain is kept")


def lines(numbers: Numbers) -> list[str]:
    free, held = numbers["free"], numbers["held"]
    smooth = _smooth(free, "people")
    peak = 20 * smooth.index(max(smooth)) + 10

    def row(at: int, history: list[Numbers]) -> str:
        now = history[at]
        return f"{at:>7} {round(now['score']):>6} {now['people']:>8.1f}   {' '.join(now['joke'][:7])} …"

    pairs = numbers["compared"]
    return [
        f"People compare {pairs:,} pairs of jokes. A reward model learns points for words from that;",
        f"of two ordinary jokes it picks the one that people like better in {numbers['agree']:.0%}.",
        "A model that writes at random is trained on its points:",
        "updates  score   people   a joke",
        *(row(at, free) for at in sorted({0, peak, 125, 150, 200, UPDATES})),
        "The score rises to the end. People like the jokes better at first; then it is off a cliff: the",
        "best word once is funny, ten times is not, and nobody had ever written that to be compared.",
        "The same with a KL penalty, a price for moving away from how it wrote before:",
        row(UPDATES, held),
    ]


def plot(numbers: Numbers) -> str:
    series = {}
    for penalty, history in (("", numbers["free"]), (", with a penalty", numbers["held"])):
        for which in ("score", "people"):
            series[which + penalty] = [(20.0 * i, value) for i, value in enumerate(_smooth(history, which))]
    return svg.lines("Score and what people think", series, x="updates", y="mean of the jokes")
