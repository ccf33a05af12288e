"""Bits per episode: how much a reward can tell, and how much a right answer does.

Somebody has an answer in mind, one of thousands. Shown the answer, you know it: all its bits at once. If
you may only guess, and hear "right" or "wrong", then nearly every guess rules out one answer and no more.
A reward of two values tells one bit at most, and that only where right and wrong are equally likely;
however long the episode was, it is all that comes back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="rl_bits",
    title="Bits per episode: what a reward tells",
    layer="reinforcement learning",
    terms=("bits-per-episode", "binary-reward", "entropy"),
    claim="A reward of right or wrong tells at most one bit an episode, far less when success is rare; the "
    "right answer itself tells a thousand times as much.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="shortly after 43:21",
            claim="Reinforcement learning gets at most one bit from an episode, supervised training many "
            "from every token; so it needs about a thousand times fewer parameters.",
        ),
    ),
    cannot_show="Bits say how much can be learned, not what is. A model may do more with one bit about "
    "its own attempt than with many about the wording of somebody else's answer.",
    mechanism=Mechanism(
        keyword="reveals",
        off=True,
        without="The narrow channel: after every guess the right answer is shown, so that a single "
        "episode teaches it all.",
    ),
    knobs=(
        Knob(name="length", low=1, high=5, help="tokens in the answer"),
        Knob(name="choices", low=2, high=9, help="possible tokens at each place"),
        Knob(name="known", low=0, high=4, help="tokens that the model knows before, from the left"),
    ),
    tries=(
        Try(
            set={"known": 3},
            then="Let the model know three of the four tokens before: the same reward now tells more than "
            "100 times as much an episode. That is why it comes after pre-training.",
            shows=lambda as_it_is, turned: (
                turned["teachers"]["right or wrong"]["mean"]
                > 100 * as_it_is["teachers"]["right or wrong"]["mean"]
            ),
        ),
        Try(
            set={"length": 1, "choices": 2},
            then="An answer of one token out of two: now a reward tells as much as the answer. A wrong guess "
            "is as good as a right one.",
            shows=lambda as_it_is, turned: (
                turned["teachers"]["right or wrong"]["episodes"] == 1
                and as_it_is["teachers"]["right or wrong"]["episodes"] > 1000
            ),
        ),
        Try(
            set={"length": 5},
            then="One token more: the shown answer tells three bits more. Right or wrong needs eight "
            "times as many episodes.",
            shows=lambda as_it_is, turned: (
                abs(turned["bits"] - as_it_is["bits"] - 3) < 1e-9
                and 5 * as_it_is["teachers"]["right or wrong"]["episodes"]
                < turned["teachers"]["right or wrong"]["episodes"]
                < 12 * as_it_is["teachers"]["right or wrong"]["episodes"]
            ),
        ),
    ),
    equation=r"H(p) = -p \log_2 p - (1-p) \log_2 (1-p) \le 1",
    letters="p: chance that a guess is right; H: bits that the reward then tells.",
    seconds=0.2,
)

SECRETS = 100
RATES = (0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.99)

Ints = NDArray[np.int64]


def entropy(counts: Ints) -> float:
    """The bits that one draw tells, if outcomes come in these proportions."""
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def heard(guess: Ints, answers: Ints) -> dict[str, Ints]:
    """What each teacher says to ``guess`` if an answer is the right one, as a number: (answers,) each."""
    same = answers == guess  # (answers, length)
    return {
        "the answer, shown": np.arange(len(answers)),
        "tokens right": same.sum(1),
        "right or wrong": same.all(1).astype(np.int64),
    }


def learn(teacher: str, answers: Ints, secret: int, chance: np.random.Generator, *, reveals: bool) -> int:
    """Episodes until only one answer is left: guess one that is still possible, hear, strike out."""
    possible, episodes = np.arange(len(answers)), 0
    while len(possible) > 1:
        said = heard(answers[chance.choice(possible)], answers)["the answer, shown" if reveals else teacher]
        possible = possible[said[possible] == said[secret]]
        episodes += 1
    return episodes


def guess_all(count: int, chance: np.random.Generator) -> int:
    """The same for "right or wrong", without striking out one by one: the place of the secret in a row.

    The last answer left need not be tried.
    """
    return min(int(chance.integers(count)) + 1, count - 1)


def run(
    seed: int = 0, *, length: int = 4, choices: int = 8, known: int = 0, reveals: bool = False
) -> Numbers:
    """Learn a hundred secret answers from each of three teachers."""
    chance = np.random.default_rng(seed)
    unknown = max(length - known, 0)
    answers = np.indices((choices,) * unknown).reshape(unknown, -1).T if unknown else np.zeros((1, 1), int)
    bits, teachers = float(np.log2(len(answers))), {}
    for name, said in heard(answers[0], answers).items():
        secrets = chance.integers(len(answers), size=SECRETS)
        needed = [
            guess_all(len(answers), chance)
            if name == "right or wrong" and not reveals
            else learn(name, answers, secret, chance, reveals=reveals)
            for secret in secrets
        ]
        mean = float(np.mean(needed))
        first = bits if reveals else entropy(np.bincount(said))
        teachers[name] = {"first": first, "episodes": mean, "mean": bits / mean if mean else 0.0}

    def tells(right: int) -> float:  # of a thousand attempts
        return entropy(np.array([right, 1000 - right]))

    return {
        "length": length,
        "choices": choices,
        "answers": len(answers),
        "bits": bits,
        "teachers": teachers,
        "told": [tells(round(1000 * rate)) for rate in RATES],
        "curve": [[right / 1000, tells(right)] for right in range(0, 1001, 20)],
    }


def check(numbers: Numbers) -> None:
    shown, tokens, reward = numbers["teachers"].values()
    expect(shown["episodes"] == 1, "shown the answer, one episode is enough")
    expect(reward["first"] <= 1 and reward["mean"] < 0.02, "right or wrong tells a small part of a bit")
    expect(shown["mean"] > 1000 * reward["mean"], "a thousand times less than the answer")
    expect(0.5 < tokens["mean"] < 4, "a reward of several values tells a few bits")
    expect(max(numbers["told"]) == numbers["told"][4] == 1, "one bit at most, where half is right")


def lines(numbers: Numbers) -> list[str]:
    def small(bits: float) -> str:
        return f"{bits:.1f}" if bits >= 0.95 or not bits else f"{bits:.1g}"

    return [
        f"Tokens in the answer: {numbers['length']}, each one of {numbers['choices']}. "
        f"Possible answers: {numbers['answers']:,}. Bits to learn: {numbers['bits']:.0f}.",
        f"What is heard after each guess; mean of {SECRETS} secret answers:",
        f"{'':<22}{'bits told by the':>18}{'episodes':>14}{'bits':>12}",
        f"{'':<22}{'first episode':>18}{'needed':>14}{'each':>12}",
        *(
            f"{name:<22}{small(one['first']):>18}{one['episodes']:>14,.0f}{small(one['mean']):>12}"
            for name, one in numbers["teachers"].items()
        ),
        "What right or wrong can tell depends on how often the model is right:",
        f"{'right':<10}" + "".join(f"{rate:>9.1%}" for rate in RATES),
        f"{'bits':<10}" + "".join(f"{bits:>9.2f}" for bits in numbers["told"]),
        "One bit at most, whether the episode was four tokens long or ten thousand.",
    ]


def plot(numbers: Numbers) -> str:
    return svg.lines(
        "What one reward tells", {"bits": numbers["curve"]}, x="how often the model is right", y="bits"
    )
