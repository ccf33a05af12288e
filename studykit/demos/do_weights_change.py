"""Does RLHF change the weights? A prompt does not, a judge does not, training does.

A model is made polite in five ways. In three only its input changes, or what is picked from its output:
take that away, and it is the old one. In two its weights change, and it stays polite. RLHF is of this
kind, though it keeps two copies of the model whose weights stay.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="do_weights_change",
    title="Does RLHF change the weights?",
    layer="reinforcement learning",
    terms=("rlhf", "weights"),
    claim="Prompts, examples in the context and a judge that picks answers leave every weight as it was; "
    "fine-tuning and RLHF change the weights of the model that answers, but not of the copies beside it.",
    said=(
        Said(
            talk="a Chinese podcast on language models",
            where="between 71 and 77 % in",
            claim="A clone of the model becomes the reward model. One side: the weights of the model stay, "
            "as with a prompt. The other: reinforcement learning changes them.",
        ),
    ),
    cannot_show="Real RLHF moves each of billions of weights very little. With LoRA, an addition changes and "
    "the file of the base model stays; the model that answers is the two together.",
    mechanism=Mechanism(
        keyword="rate",
        off=0.0,
        without="The steps of RLHF: each has the size nought.",
    ),
    knobs=(
        Knob(name="rate", low=0, high=1, help="size of the steps of RLHF"),
        Knob(name="picked", low=1, high=64, help="answers of which the reward model picks one"),
        Knob(name="liked", low=0, high=2000, help="pairs of answers of which people say which one they like"),
    ),
    tries=(
        Try(
            set={"picked": 64},
            then=(
                "Let the reward model pick from 64 answers instead of 8: it is more polite than any "
                "training has made it, and not one weight has changed. Asked plainly, it is as rude as "
                "ever."
            ),
            shows=lambda was, now: (
                now["ways"][3]["polite"] > max(row["polite"] for row in now["ways"][4:])
                and now["ways"][3]["same"]
                and now["ways"][3]["polite"] > was["ways"][3]["polite"] + 0.03
            ),
        ),
        Try(
            set={"rate": 0.01},
            then=(
                "Take a tenth of the step in RLHF: its weights have changed, and it is still less polite "
                "than the old model with 8 tries and a judge. Changed does not mean changed enough."
            ),
            shows=lambda was, now: (
                not now["ways"][5]["same"]
                and now["ways"][5]["polite"] < now["ways"][3]["polite"] - 0.1
                and was["ways"][5]["polite"] > now["ways"][5]["polite"] + 0.1
            ),
        ),
        Try(
            set={"liked": 0},
            then=(
                "Ask nobody what they like, so that the reward model is a mere clone: RLHF changes the "
                "weights all the same, and the model gets ruder than it was. Rewarded by its own likes, "
                "it does more of what it did."
            ),
            shows=lambda was, now: (
                not now["ways"][5]["same"]
                and now["ways"][5]["polite"] < now["ways"][0]["polite"] - 0.05
                and was["ways"][5]["polite"] > was["ways"][0]["polite"] + 0.3
            ),
        ),
    ),
    seconds=0.2,
)

QUESTIONS = ("help?", "time?", "coffee?")
POLITE, CURT = ("certainly", "gladly"), ("sure", "nah")
ANSWERS = POLITE + CURT
WORDS = ("letter:", "chat:", *QUESTIONS, *ANSWERS)
ONE_HOT = dict(zip(ANSWERS, np.eye(len(ANSWERS)), strict=True))
RATE, PICKED, LIKED = 0.1, 8, 600

Array = NDArray[np.float64]
Words = tuple[str, ...]


def scores(weights: Array, context: Words) -> Array:
    """What the words of a context say for each answer: (words, answers) to (answers,)."""
    return np.asarray(weights[[WORDS.index(word) for word in context]].sum(0))


def answers(weights: Array, context: Words) -> Array:
    """How likely each answer is: (answers,)."""
    raised = np.exp(scores(weights, context))
    return np.asarray(raised / raised.sum())


def learn(weights: Array, context: Words, push: Array) -> None:
    """Change the weights, so that scores in this context move along ``push`` (answers,)."""
    for word in context:
        weights[WORDS.index(word)] += push


def pretrain(chance: np.random.Generator) -> Array:
    """Learns from letters and chats: what stands before shows the tone, and so what to answer."""
    weights = np.zeros((len(WORDS), len(ANSWERS)))
    for _ in range(3000):
        name, tone = ("letter:", POLITE) if chance.random() < 0.25 else ("chat:", CURT)
        before: list[Words] = [(name,), (pick(QUESTIONS, chance), pick(tone, chance)), ()]
        context = (*before[chance.integers(3)], pick(QUESTIONS, chance))
        learn(weights, context, RATE * (ONE_HOT[pick(tone, chance)] - answers(weights, context)))
    return weights


def fine_tune(weights: Array, chance: np.random.Generator) -> None:
    """Learns from polite answers that people wrote."""
    for _ in range(300):
        context = (pick(QUESTIONS, chance),)
        learn(weights, context, RATE * (ONE_HOT[pick(POLITE, chance)] - answers(weights, context)))


def reward_model(clone: Array, chance: np.random.Generator, liked: int = LIKED) -> None:
    """Makes a reward model of a clone of the model, by what people like: its scores are the rewards."""
    for _ in range(liked):
        context = (pick(QUESTIONS, chance),)
        apart = ONE_HOT[pick(POLITE, chance)] - ONE_HOT[pick(CURT, chance)]
        surprise = 1 / (1 + np.exp(scores(clone, context) @ apart))  # Bradley and Terry
        learn(clone, context, RATE * surprise * apart)


def rlhf(weights: Array, judge: Array, frozen: Array, chance: np.random.Generator, *, rate: float) -> None:
    """The model answers, the reward model says how good that was, and the model's weights move."""
    for _ in range(1000):
        context = (pick(QUESTIONS, chance),)
        share = answers(weights, context)
        rewards = scores(judge, context) - np.log(share / answers(frozen, context))  # less the KL penalty
        given = chance.choice(len(ANSWERS), p=share)
        better = rewards[given] - share @ rewards
        learn(weights, context, rate * better * (ONE_HOT[ANSWERS[given]] - share))


def fingerprint(weights: Array) -> str:
    return sha256(weights.tobytes()).hexdigest()


def pick(words: Words, chance: np.random.Generator) -> str:
    return words[chance.integers(len(words))]


def run(seed: int = 0, *, rate: float = RATE, picked: int = PICKED, liked: int = LIKED) -> Numbers:
    """Five ways to make one model polite, and what is left when it is then asked plainly."""
    chance = np.random.default_rng(seed)
    base = pretrain(chance)
    judge, tuned, rewarded = base.copy(), base.copy(), base.copy()
    reward_model(judge, chance, liked)
    before = fingerprint(base), fingerprint(judge)
    fine_tune(tuned, chance)
    rlhf(rewarded, judge, base, chance, rate=rate)

    def polite(weights: Array, *first: str) -> float:
        return float(np.mean([answers(weights, (*first, ask))[:2].sum() for ask in QUESTIONS]))

    best = []  # of eight answers, the one that the reward model likes best
    for ask in QUESTIONS * 100:
        tried = chance.choice(len(ANSWERS), size=picked, p=answers(base, (ask,)))
        best.append(tried[scores(judge, (ask,))[tried].argmax()] < 2)
    ways = {  # the weights used, and how polite it is
        "as it is": (base, polite(base)),
        "prompt: 'letter:'": (base, polite(base, "letter:")),
        "two examples in the context": (base, polite(base, "time?", "gladly", "help?", "certainly")),
        f"reward model picks 1 of {picked}": (base, float(np.mean(best))),
        "supervised fine-tuning": (tuned, polite(tuned)),
        "RLHF": (rewarded, polite(rewarded)),
    }
    rows = [
        {"way": way, "polite": now, "plainly": polite(used), "same": fingerprint(used) == before[0]}
        for way, (used, now) in ways.items()
    ]
    return {"ways": rows, "copies_same": (fingerprint(base), fingerprint(judge)) == before}


def check(numbers: Numbers) -> None:
    start, *ways = numbers["ways"]
    expect(all(way["same"] for way in ways[:3]), "prompt, examples and judge leave the weights alone")
    expect(not any(way["same"] for way in ways[3:]), "fine-tuning and RLHF change them")
    expect(all(way["plainly"] > start["plainly"] + 0.4 for way in ways[3:]), "and so the tone stays")
    expect(numbers["copies_same"], "the old model and the reward model stay as they were")
    expect(all(way["polite"] > start["polite"] + 0.3 for way in ways), "all five ways make it polite")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"A small model, asked {', '.join(QUESTIONS)} It can answer {', '.join(ANSWERS)}.",
        f"{'':<30}{'polite':>8}{'weights':>14}{'asked plainly again':>22}",
        *(
            f"{way['way']:<30}{way['polite']:>8.0%}{('CHANGED', 'the same')[way['same']]:>14}"
            f"{way['plainly']:>22.0%}"
            for way in numbers["ways"]
        ),
        "One side: the weights stay. True of a prompt, examples, a judge that picks: without them it is the",
        "old model. True also of two copies that RLHF keeps: the old model, and the reward model.",
        "The other side: the weights change. True of the model that answers: RLHF trains it, and what it",
        "learned is in its weights from then on.",
    ]


def plot(numbers: Numbers) -> str:
    polite = {row["way"]: 100 * row["plainly"] for row in numbers["ways"]}
    return svg.bars("Polite answers, asked plainly again", polite, unit=" %")
