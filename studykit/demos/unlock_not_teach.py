"""Reinforcement learning unlocks what a model can already do; it does not teach what it cannot.

For each kind of puzzle the model knows several ways, and one of them is right. Where it goes the right
way now and then, rewards find that out and make it go so nearly always. Where it never does, there is
no reward and nothing changes, however long one trains. A few worked examples do change it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="unlock_not_teach",
    title="Unlocked, not taught: one try against many",
    layer="reinforcement learning",
    terms=("rlvr", "pass-at-k"),
    claim="Rewards for right answers make one try solve several times as much (pass@1); 64 tries together "
    "solve no more than before (pass@64), and what was never tried is not learned.",
    equation=r"\text{pass@}k = 1 - (1 - p)^k",
    letters="p: chance that one try is right; k: tries.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 60 % in",
            claim="A Qwen3 base model went from 15 % to 50 % on MATH-500 in 50 steps, a few minutes: that is "
            "unlocking what was there, not teaching.",
        ),
    ),
    cannot_show="Ways are numbered and fixed. In a real model a new way may be put together from known "
    "ones, so that long training on varied problems may teach after all; that is disputed.",
    mechanism=Mechanism(
        keyword="shown",
        off=True,
        without="Practice: the model is shown the right way from the start, which teaches what it never "
        "tried.",
    ),
    knobs=(
        Knob(name="tries", low=2, high=512, help="tries at each kind of problem in a step of practice"),
        Knob(name="examples", low=1, high=30, help="worked examples of what practice could not teach"),
        Knob(name="towers", low=1e-9, high=0.3, help="how often the base model gets towers right"),
    ),
    tries=(
        Try(
            set={"examples": 3},
            then=(
                "Give it 3 worked examples of towers instead of 10: nothing is to be seen of them. Where "
                "it begins from almost nothing, examples work unseen for a while, and then all at once."
            ),
            shows=lambda was, now: now["taught"]["1"][-1] < 0.05 and was["taught"]["1"][-1] > 0.8,
        ),
        Try(
            set={"tries": 512},
            then=(
                "Let it try 8 times as often: towers stay at nothing, and the others come out as before. "
                "More of the same practice does not reach what it never does."
            ),
            shows=lambda was, now: (
                now["after"]["1"][-1] < 0.01
                and abs(_mean(now["after"]["1"]) - _mean(was["after"]["1"])) < 0.05
                and now["after"] != was["after"]
            ),
        ),
        Try(
            set={"towers": 0.01},
            then=(
                "Let the base model get towers right 1 time in 100 instead of never: the same practice "
                "brings them to nearly always, with no example shown. Between never and hardly ever lies "
                "the whole difference."
            ),
            shows=lambda was, now: (
                now["before"]["1"][-1] < 0.02 and now["after"]["1"][-1] > 0.9 and was["after"]["1"][-1] < 0.01
            ),
        ),
    ),
    seconds=0.03,
)

KINDS = ("ages", "trains", "coins", "clocks", "towers")
FIRST = np.array([0.3, 0.2, 0.1, 0.05, 1e-9])  # how often the base model goes the right way
ODD = np.array([0.15, 0.15, 0.15, 0.15, 0.0])  # problems that look alike but need another way,
ODDLY = 0.05  # which it goes so often
WAYS, USUAL, OTHER = 20, 0, 1  # all further ways lead nowhere
STEPS, TRIES, RATE, EXAMPLES = 50, 64, 3.0, 10

Array = NDArray[np.float64]


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def practise(scores: Array, chance: np.random.Generator, tries: int = TRIES) -> Array:
    """Policy gradient: 64 tries at each kind; the ways that came out right become likelier.

    ``scores``: (kinds, ways).
    """
    share = softmax(scores)
    tried = np.array([chance.choice(WAYS, size=tries, p=row) for row in share])  # (kinds, tries)
    needed = np.where(chance.random(tried.shape) < ODD[:, None], OTHER, USUAL)
    reward = (tried == needed).astype(float)
    better = reward - reward.mean(1, keepdims=True)
    slopes = np.eye(WAYS)[tried] - share[:, None]  # of the log-probability: (kinds, tries, ways)
    return np.asarray(scores + RATE * (better[:, :, None] * slopes).mean(1))


def teach(scores: Array, kinds: slice) -> Array:
    """One worked example of the right way, for each of ``kinds``: up the gradient of its log-probability."""
    taught = scores.copy()
    taught[kinds] += RATE * (np.eye(WAYS)[USUAL] - softmax(scores[kinds]))
    return taught


def base_model(towers: float = FIRST[-1]) -> Array:
    """How it likes each way, by kind of problem: (kinds, ways)."""
    share = np.empty((len(KINDS), WAYS))
    share[:, USUAL], share[:, OTHER] = [*FIRST[:-1], towers], ODDLY
    share[:, 2:] = (1 - share[:, :2].sum(1, keepdims=True)) / (WAYS - 2)
    return np.asarray(np.log(share))


def solved(scores: Array, tries: int) -> Array:
    """pass@k: the share of problems, by kind, that one of ``tries`` tries gets right: (kinds,)."""
    missed = (1 - softmax(scores)) ** tries
    return np.asarray((1 - ODD) * (1 - missed[:, USUAL]) + ODD * (1 - missed[:, OTHER]))


def run(
    seed: int = 0,
    *,
    shown: bool = False,
    tries: int = TRIES,
    examples: int = EXAMPLES,
    towers: float = float(FIRST[-1]),
) -> Numbers:
    """Fifty steps of practice, then ten worked examples of what practice could not teach."""
    chance = np.random.default_rng(seed)
    before = base_model(towers)
    after = before
    for _ in range(STEPS):
        after = teach(after, slice(None)) if shown else practise(after, chance, tries)
    taught = after
    for _ in range(examples):
        taught = teach(taught, slice(-1, None))
    models = {"before": before, "after": after, "taught": taught}
    return {
        name: {str(2**i): [float(share) for share in solved(model, 2**i)] for i in range(0, 11)}
        for name, model in models.items()
    } | {"examples": examples}


def _mean(shares: list[float]) -> float:
    return sum(shares) / len(shares)


def check(numbers: Numbers) -> None:
    before, after, taught = (numbers[name] for name in ("before", "after", "taught"))
    expect(_mean(after["1"]) > 3 * _mean(before["1"]), "with one try, over three times as much is solved")
    expect(_mean(after["64"]) < _mean(before["64"]) - 0.05, "with 64 tries no more than before, rather less")
    expect(max(before["1024"][-1], after["1024"][-1]) < 0.01, "what it never tries it does not learn")
    expect(taught["1"][-1] > 0.8, "a few worked examples teach it")


def lines(numbers: Numbers) -> list[str]:
    before, after, taught = (numbers[name] for name in ("before", "after", "taught"))

    def row(name: str, shares: list[float]) -> str:
        return f"{name:<12}" + "".join(
            f"{share:>{15 if i % 2 == 0 else 8}.0%}" for i, share in enumerate(shares)
        )

    columns = [(model, tries) for tries in ("1", "64") for model in (before, after)]
    return [
        f"Five kinds of problems, {WAYS} ways to go about each. {STEPS} updates; reward: is it right?",
        f"{'':<12}{'solved at the first try':>23}{'solved in 64 tries':>23}",
        f"{'':<12}" + f"{'before':>15}{'after':>8}" * 2,
        *(row(kind, [model[tries][i] for model, tries in columns]) for i, kind in enumerate(KINDS)),
        row("all", [_mean(model[tries]) for model, tries in columns]),
        "One try now does nearly what 64 did. But 64 tries solve less than they did: some problems need an",
        "unusual way, and it has given up the unusual ways.",
        f"Towers it never got right, so nothing was rewarded: {after['1024'][-1]:.0%} even in 1,024 tries."
        if before["1024"][-1] < 0.01
        else f"Towers it got right now and then: {after['1'][-1]:.0%} after practice.",
        "Then {} worked examples of towers: {:.0%} at once. That is teaching.".format(
            numbers["examples"], taught["1"][-1]
        ),
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(i), _mean(shares)) for i, shares in enumerate(numbers[which].values())]
        for name, which in (("before practice", "before"), ("after", "after"))
    }
    return svg.lines("Unlocked, not taught", series, x="tries", x_base=2, y="problems solved")
