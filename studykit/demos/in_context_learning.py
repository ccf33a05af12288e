"""In-context learning: a frozen model picks up a new task from the examples in its prompt.

Every machine has three dials and a needle, and each is wired in a way of its own. A layer of
attention is trained on thousands of machines, never on the one it will be asked about, and frozen.
Then it gets a prompt: some settings of a new machine with the needle's place, and a setting to
complete. Attention compares the new setting with those in the prompt and mixes their answers. What
it learns about the machine is in the prompt and gone with it; the weights stay as they are.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="in_context_learning",
    title="In-context learning: a new task from examples, with frozen weights",
    layer="inference",
    terms=("in-context-learning", "few-shot-prompting"),
    claim="With more examples in the prompt a frozen model errs less on a task that it was never trained on.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:42:52",
            claim="Ten English-Korean pairs and one English word more, and a base model completes the "
            "translation: it learns in place, as it reads, that there is a pattern, and continues it.",
        ),
    ),
    cannot_show="All machines are of one family, so one rule for comparing examples is enough; whether large "
    "models do the like with words is still studied.",
    mechanism=Mechanism(
        keyword="shuffled",
        off=True,
        without="What the examples show: the needles in the prompt are shuffled among them.",
    ),
    knobs=(
        Knob(name="wide", low=0.1, high=3, help="how much further dials are turned than in training"),
        Knob(name="noise", low=0, high=5, help="how unsteady the needles in the prompt are"),
    ),
    tries=(
        Try(
            set={"wide": 2},
            then=(
                "Turn the dials twice as far as in training: now more examples make it worse, not better. "
                "It has learned a rule that fits the machines it knew, not how to learn."
            ),
            shows=lambda was, now: now["error"]["64"] > now["error"]["1"] > 1 > was["error"]["1"],
        ),
        Try(
            set={"wide": 0.1},
            then=(
                "Turn them a tenth as far: 64 examples teach it next to nothing. It goes by how large the "
                "numbers are, and such small ones look like nothing to it."
            ),
            shows=lambda _, now: now["error"]["64"] > 0.9,
        ),
        Try(
            set={"noise": 1},
            then=(
                "Make the needles in the prompt shake: with 8 examples it errs more than before, with 64 "
                "hardly more. Attention mixes their answers, so that what shakes cancels out."
            ),
            shows=lambda was, now: (
                now["error"]["8"] > 1.2 * was["error"]["8"] and now["error"]["64"] < was["error"]["64"] + 0.06
            ),
        ),
    ),
    seconds=0.3,
)

Array = NDArray[np.float64]
Prompts = tuple[Array, Array, Array]  # settings, needles, the setting asked about
SPREAD = np.array([1.3, 1.0, 0.7])  # some dials are turned far, some a little
DIALS, STEPS, BATCH, RATE = 3, 1500, 64, 0.05
SHOTS = (0, 1, 2, 4, 8, 16, 32, 64)


def attend(weights: Array, sink: float, dials: Array, needles: Array, asked: Array) -> Array:
    """(prompts,): the needle at ``asked``, from the examples in each prompt.

    ``dials`` is (prompts, examples, 3), ``needles`` (prompts, examples), ``asked`` (prompts, 3);
    ``weights`` (3, 3) say which settings are alike. This is attention without its softmax; ``sink``
    is what it pays to the start of the prompt, so that one example does not count for everything.
    """
    alike = np.einsum("pa,ab,pnb->pn", asked, weights, dials)  # (prompts, examples)
    return np.asarray((alike * needles).sum(axis=1) / (needles.shape[1] + sink))


def machines(rng: np.random.Generator, prompts: int, examples: int) -> tuple[Prompts, Array]:
    """A new machine for every prompt, and the right answers."""
    wiring = rng.normal(size=(prompts, DIALS)) / np.sqrt(DIALS)
    dials = rng.normal(size=(prompts, examples + 1, DIALS)) * SPREAD
    needles = np.einsum("pd,pnd->pn", wiring, dials)
    return (dials[:, :-1], needles[:, :-1], dials[:, -1]), needles[:, -1]


def gradient(weights: Array, sink: float, prompts: Prompts, right: Array) -> tuple[Array, float]:
    """Of the mean squared error, by ``weights`` and by ``sink``."""
    dials, needles, asked = prompts
    room = needles.shape[1] + sink
    said = attend(weights, sink, *prompts)
    wrong = 2 * (said - right) / len(right)  # (prompts,)
    summed = np.einsum("pn,pnd->pd", needles, dials)  # (prompts, 3)
    return np.einsum("p,pa,pb->ab", wrong, asked, summed) / room, float(-(wrong * said).sum() / room)


def train(rng: np.random.Generator) -> tuple[Array, float]:
    """Gradient descent on ``STEPS`` batches of machines, with prompts of all lengths."""
    weights, sink = np.zeros((DIALS, DIALS)), 1.0
    for _ in range(STEPS):
        by_weights, by_sink = gradient(weights, sink, *machines(rng, BATCH, int(rng.choice(SHOTS[1:]))))
        weights -= RATE * by_weights
        sink = max(0.0, sink - 10 * RATE * by_sink)
    return weights, sink


def run(seed: int = 0, *, shuffled: bool = False, wide: float = 1.0, noise: float = 0.0) -> Numbers:
    """Train, freeze, and ask about 2,000 new machines with prompts of 0 to 64 examples."""
    rng = np.random.default_rng(seed)
    weights, sink = train(rng)
    frozen = weights.tobytes()
    (dials, needles, asked), right = machines(rng, 2000, SHOTS[-1])
    dials, asked, right, needles = wide * dials, wide * asked, wide * right, wide * needles
    if noise:
        needles = needles + noise * rng.normal(size=needles.shape)
    shown = rng.permuted(needles, axis=1) if shuffled else needles
    said = {n: attend(weights, sink, dials[:, :n], shown[:, :n], asked) for n in SHOTS}
    one = int(np.argsort(right)[-100])  # a machine whose needle goes far up
    return {
        "heeds": np.diag(weights).tolist(),
        "unchanged": weights.tobytes() == frozen,
        "error": {str(n): float(np.mean((said[n] - right) ** 2) / np.mean(right**2)) for n in SHOTS},
        "one_right": float(right[one]),
        "one_said": {str(n): float(said[n][one]) for n in SHOTS},
        "one_example": [*dials[one, 0].tolist(), float(shown[one, 0])],
    }


def check(numbers: Numbers) -> None:
    error = list(numbers["error"].values())
    expect(all(b < a for a, b in pairwise(error)), "every doubling of the examples lowers the error")
    expect(numbers["error"]["8"] < 0.5, "8 examples more than halve it")
    expect(numbers["error"]["64"] < 0.125, "64 examples leave less than an eighth")
    expect(numbers["unchanged"], "the weights are the same after as before")


def lines(numbers: Numbers) -> list[str]:
    *dials, needle = numbers["one_example"]
    heeds = ", ".join(f"{weight:.1f}" for weight in numbers["heeds"])
    settings = " ".join(f"{dial:+.1f}" for dial in dials)
    return [
        "A machine has 3 dials and a needle, and each is wired differently. The model was trained on",
        f"{STEPS * BATCH:,} of them, then frozen. Its prompt now shows one that it has never met:",
        f"  dials {settings}  needle {needle:+.1f}, and so on; then other dials, needle ?",
        "examples     its answer      error on 2,000",
        f"in prompt  (right: {numbers['one_right']:+.1f})      new machines",
        *(
            f"{n:>9} {numbers['one_said'][n]:>+13.1f} {error:>17.2f}  {'#' * min(50, round(40 * error))}"
            for n, error in numbers["error"].items()
        ),
        f"An error of 1 is knowing nothing. Training taught to heed the dials by {heeds}: most the one",
        "that moves least. No weight has changed since: what it knows of this machine is in the prompt.",
    ]


def plot(numbers: Numbers) -> str:
    error = [(float(n), value) for n, value in numbers["error"].items()]
    return svg.lines(
        "More examples, less error, the same weights",
        {"error": error},
        x="examples in the prompt",
        y="squared error",
    )
