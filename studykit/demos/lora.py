"""LoRA: leave the weights as they are, and learn the change as the product of two thin matrices.

Fine-tuning adds a change to a weight matrix W. If the change is simple, which here means of low rank,
it can be written as A B, with A tall and thin and B short and wide: far fewer numbers to train, to
store and to send. B starts at zero, so nothing changes at first; in the end A B can be added to W,
and the model is as fast as before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="lora",
    title="LoRA: a change to the weights as two thin matrices",
    layer="knowledge in weights",
    terms=("lora", "low-rank-method", "parameter-efficient-fine-tuning"),
    claim="A change of rank 4 is learned by matrices of rank 4, with an eighth of the numbers, and not by "
    "thinner ones; at the start LoRA changes nothing, and merged it computes the same.",
    equation=r"W' = W + A B, \qquad A \in \mathbb{R}^{d \times r}, \quad B \in \mathbb{R}^{r \times d}",
    letters="W: the frozen weights; A, B: what is trained; r: rank; d: width.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="between 35:30 and 37:55",
            claim="Of a model of 10 billion parameters one trains about 10 million.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 94 % in",
            claim="LoRA updates few weights and is cheap, but it learns less, and forgets less.",
        ),
    ),
    cannot_show="The change wanted here has a rank by construction. That fine-tuning of real models wants "
    "changes of low rank is a finding, and holds less the more there is to learn.",
    mechanism=Mechanism(
        keyword="true_rank",
        off=64,
        without="Low rank: the wanted change has full rank, and no thin matrices will do.",
    ),
    knobs=(
        Knob(name="true_rank", low=1, high=64, help="rank of the change that is wanted"),
        Knob(name="examples", low=8, high=1000, help="examples to train on"),
        Knob(name="spread", low=0, high=4, help="how large the random numbers in A are at first"),
    ),
    tries=(
        Try(
            set={"examples": 40},
            then=(
                "Train on 40 examples instead of 128: no rank does well now, and more rank does not help. "
                "In 64 dimensions, 40 examples do not show what the change is."
            ),
            shows=lambda was, now: (
                min(row["error"] for row in now["rows"]) > 0.35 and was["rows"][2]["error"] < 0.05
            ),
        ),
        Try(
            set={"true_rank": 16},
            then=(
                "Want a change of rank 16: rank 8 then leaves half of the error and rank 4 three "
                "quarters. No direction is worth more than another here, so each that is missing costs "
                "the same."
            ),
            shows=lambda _, now: (
                abs(now["rows"][3]["error"] - 0.5) < 0.06 and abs(now["rows"][2]["error"] - 0.75) < 0.06
            ),
        ),
        Try(
            set={"spread": 0},
            then=(
                "Start A at zero as well: no rank learns anything, ever. The slope of each matrix is "
                "multiplied by the other one, so that two zeros hold each other fast."
            ),
            shows=lambda was, now: (
                min(row["error"] for row in now["rows"]) > 0.99 and was["rows"][-1]["error"] < 0.05
            ),
        ),
    ),
    seconds=0.2,
)

WIDTH, TRUE_RANK = 64, 4
RANKS = (1, 2, 4, 8)
STEPS, RATE, MOMENTUM, EXAMPLES = 200, 0.1, 0.9, 128

Array = NDArray[np.float64]


def output(x: Array, frozen: Array, a: Array, b: Array) -> Array:
    """(examples, WIDTH). ``frozen`` is (WIDTH, WIDTH), ``a`` (WIDTH, rank), ``b`` (rank, WIDTH)."""
    return x @ frozen + (x @ a) @ b


def gradients(x: Array, wanted: Array, frozen: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """Slopes of half the squared error, mean over examples, for ``a`` and ``b`` alone."""
    error = (output(x, frozen, a, b) - wanted) / len(x)
    return x.T @ error @ b.T, (x @ a).T @ error


def start(rng: np.random.Generator, rank: int, spread: float = 1.0) -> tuple[Array, Array]:
    """``a`` random, ``b`` zero: their product changes nothing yet."""
    return rng.normal(0, spread * WIDTH**-0.5, (WIDTH, rank)), np.zeros((rank, WIDTH))


def train(
    rng: np.random.Generator, x: Array, wanted: Array, frozen: Array, rank: int, *, spread: float = 1.0
) -> tuple[Array, Array]:
    a, b = start(rng, rank, spread)
    speed_a, speed_b = np.zeros_like(a), np.zeros_like(b)
    for _ in range(STEPS):
        slope_a, slope_b = gradients(x, wanted, frozen, a, b)
        speed_a, speed_b = MOMENTUM * speed_a - RATE * slope_a, MOMENTUM * speed_b - RATE * slope_b
        a, b = a + speed_a, b + speed_b
    return a, b


def run(
    seed: int = 0, *, true_rank: int = TRUE_RANK, examples: int = EXAMPLES, spread: float = 1.0
) -> Numbers:
    """Fine-tune a layer whose wanted change has rank 4."""
    rng = np.random.default_rng(seed)
    frozen = rng.normal(0, WIDTH**-0.5, (WIDTH, WIDTH))
    directions = [np.linalg.qr(rng.normal(size=(WIDTH, true_rank)))[0] for _ in range(2)]
    change = directions[0] @ directions[1].T  # rank true_rank, all directions of equal weight
    x, fresh = rng.normal(size=(2, examples, WIDTH))
    rows = []
    for rank in RANKS:
        a, b = start(rng, rank, spread)
        untouched = bool(np.array_equal(output(x, frozen, a, b), x @ frozen))
        a, b = train(rng, x, x @ (frozen + change), frozen, rank, spread=spread)
        missed = output(fresh, frozen, a, b) - fresh @ (frozen + change)
        merged = fresh @ (frozen + a @ b)
        rows.append(
            {
                "rank": rank,
                "trained": a.size + b.size,
                "untouched": untouched,
                "error": float(np.mean(missed**2) / np.mean((fresh @ change) ** 2)),
                "merged_apart": float(np.abs(merged - output(fresh, frozen, a, b)).max()),
            }
        )
    return {"full": frozen.size, "true_rank": true_rank, "rows": rows}


def check(numbers: Numbers) -> None:
    errors = {row["rank"]: row["error"] for row in numbers["rows"]}
    expect(max(errors[TRUE_RANK], errors[2 * TRUE_RANK]) < 0.05, "rank 4 learns a change of rank 4")
    expect(min(errors[1], errors[2]) > 0.3, "thinner matrices do not")
    expect(all(row["untouched"] for row in numbers["rows"]), "at the start nothing has changed")
    expect(all(row["merged_apart"] < 1e-9 for row in numbers["rows"]), "merged, it computes the same")


def lines(numbers: Numbers) -> list[str]:
    true_rank = numbers["true_rank"]
    full = numbers["full"]
    return [
        f"A layer of {WIDTH} × {WIDTH} weights, frozen. A new task wants {true_rank} directions changed.",
        "           numbers trained   of all   error left",
        *(
            f"  rank {row['rank']}{row['trained']:>19,}{row['trained'] / full:>9.0%}{row['error']:>12.0%}"
            + f"  {'#' * round(30 * row['error'])}".rstrip()
            for row in numbers["rows"]
        ),
        f"  all weights{full:>14,}{1:>9.0%}",
        f"Each pair of thin matrices learns as many directions as its rank; {true_rank} are all there are.",
        "Before the first step the outputs are the same to the last bit, since B is zero.",
        "In the end A B can be added to the weights: same outputs, nothing more to compute.",
        f"The wider the layer the smaller the share: 4096 × 4096 at rank 2, {4 / 4096:.1%}. So 10 billion",
        "parameters are tuned with 10 million, and a person's own model is a small file.",
    ]


def plot(numbers: Numbers) -> str:
    values = {f"rank {row['rank']}": 100 * row["error"] for row in numbers["rows"]}
    return svg.bars("Error left, by the rank of A and B", values, unit=" %")
