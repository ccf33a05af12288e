"""Prefix tuning: train a few entries of the KV cache, and nothing else.

In attention a query looks at keys and takes from their values. Keys and values come from the tokens
read, and are kept in the KV cache. So put in a few entries that no token has written: train their keys
and values directly, with all weights frozen. Load them and the model has learned; take them out and it
is what it was.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="prefix_tuning",
    title="Prefix tuning: train the cache, not the model",
    layer="knowledge in weights",
    terms=("prefix-tuning", "cartridges"),
    claim="The more trained entries the cache gets the more new answers a frozen model learns; without them "
    "it is unchanged to the last bit.",
    equation=r"o = \operatorname{softmax}\left( q \, [P_k; K]^\top \right) [P_v; V]",
    letters="q: a question; K, V: keys and values of the text in the cache; P: the trained entries "
    "before them.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="between 41:08 and 42:06",
            claim="One paper finds it far better than LoRA, people at Meta find the reverse; and software "
            "for serving models handles it well.",
        ),
    ),
    cannot_show="Which of the two sides is right: that depends on task and model. A real model has a cache "
    "in every layer, and prefixes take room in the context window.",
    mechanism=Mechanism(
        keyword="trained",
        off=False,
        without="Training: entries are put into the cache, but stay random.",
    ),
    knobs=(
        Knob(name="new_questions", low=2, high=200, help="new questions that are to be answered"),
        Knob(name="strength", low=1, high=20, help="how loud the old entries of the cache answer"),
        Knob(name="rehearsed", low=0, high=24, help="old questions that are practised as well, of 24"),
    ),
    tries=(
        Try(
            set={"new_questions": 200},
            then=(
                "Let it learn 200 new questions instead of 24: 16 entries answer most of them, and the "
                "old answers are all but lost. Entries that serve so many draw attention from everything."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["new"] > 0.7 and now["rows"][-1]["old"] < 0.4 < was["rows"][-1]["old"]
            ),
        ),
        Try(
            set={"new_questions": 2},
            then=(
                "Let it learn 2: a single entry answers both, and few old answers suffer. How much is "
                "forgotten depends on how much is asked of the entries."
            ),
            shows=lambda _, now: now["rows"][1]["new"] > 0.95 and now["rows"][1]["old"] > 0.8,
        ),
        Try(
            set={"rehearsed": 24},
            then=(
                "Let the 24 old questions be practised along with the new: not one old answer is lost, and "
                "the new ones come nearly as well. There was room for both; nobody had asked for the old."
            ),
            shows=lambda was, now: (
                all(row["old"] > 0.95 for row in now["rows"])
                and now["rows"][-1]["new"] > 0.85
                and was["rows"][-1]["old"] < 0.85
            ),
        ),
    ),
    seconds=0.4,
)

WIDTH, ANSWERS = 16, 8
OLD, NEW = 24, 24  # questions that the prompt answers, and new ones
PREFIXES = (0, 1, 2, 4, 8, 16)
STEPS, RATE = 300, 0.1

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def attend(query: Array, keys: Array, values: Array, readout: Array) -> tuple[Array, Array]:
    """(questions, ANSWERS) chances, and where each question looks, (questions, entries)."""
    looks = softmax(query @ keys.T)
    return softmax(looks @ values @ readout), looks


def gradients(query: Array, right: Ints, keys: Array, values: Array, readout: Array) -> tuple[Array, Array]:
    """Slopes of the mean of -log(chance of the right answer), for every key and value in the cache."""
    d_scores, looks = attend(query, keys, values, readout)
    d_scores[np.arange(len(right)), right] -= 1
    d_taken = d_scores @ readout.T / len(right)
    d_looks = d_taken @ values.T
    d_fit = looks * (d_looks - (d_looks * looks).sum(axis=1, keepdims=True))
    return d_fit.T @ query, looks.T @ d_taken


def train(
    rng: np.random.Generator,
    query: Array,
    right: Ints,
    cache: tuple[Array, Array],
    readout: Array,
    *,
    count: int,
) -> tuple[Array, Array]:
    """The cache with ``count`` trained entries in front; Adam, and only they are moved."""
    prefix = rng.normal(0, 1, (2, count, WIDTH))  # keys and values
    mean, square = np.zeros_like(prefix), np.zeros_like(prefix)
    for step in range(1, STEPS + 1):
        keys, values = (np.concatenate(pair) for pair in zip(prefix, cache, strict=True))
        slope = np.stack([part[:count] for part in gradients(query, right, keys, values, readout)])
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        prefix -= RATE * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return np.concatenate([prefix[0], cache[0]]), np.concatenate([prefix[1], cache[1]])


def run(
    seed: int = 0,
    *,
    trained: bool = True,
    new_questions: int = NEW,
    strength: float = 6.0,
    rehearsed: int = 0,
) -> Numbers:
    """New answers for a frozen model, from no trained entries to 16."""
    rng = np.random.default_rng(seed)
    readout = rng.normal(0, 1, (WIDTH, ANSWERS))
    readout /= np.linalg.norm(readout, axis=0)
    keys, query = rng.normal(0, 1, (OLD, WIDTH)), rng.normal(0, 1, (new_questions, WIDTH))
    old_right, right = rng.integers(0, ANSWERS, OLD), rng.integers(0, ANSWERS, new_questions)
    cache = keys, strength * readout.T[old_right]  # each entry says: whoever asks for me, here is the answer
    before = attend(keys, *cache, readout)[0]
    frozen = readout.tobytes() + cache[0].tobytes() + cache[1].tobytes()
    practised = np.concatenate([query, keys[:rehearsed]])
    wanted = np.concatenate([right, old_right[:rehearsed]])
    rows = []
    for count in PREFIXES:
        if trained:
            longer = train(rng, practised, wanted, cache, readout, count=count)
        else:
            added = rng.normal(size=(2, count, WIDTH))
            longer = np.concatenate([added[0], cache[0]]), np.concatenate([added[1], cache[1]])
        new, old = attend(query, *longer, readout)[0], attend(keys, *longer, readout)[0]
        taken_out = attend(keys, longer[0][count:], longer[1][count:], readout)[0]
        rows.append(
            {
                "entries": count,
                "trained": 2 * count * WIDTH,
                "new": float(np.mean(new.argmax(axis=1) == right)),
                "old": float(np.mean(old.argmax(axis=1) == old_right)),
                "restored": bool(np.array_equal(taken_out, before)),
            }
        )
    still = readout.tobytes() + cache[0].tobytes() + cache[1].tobytes() == frozen
    return {"new_questions": new_questions, "rows": rows, "frozen": still}


def check(numbers: Numbers) -> None:
    new = {row["entries"]: row["new"] for row in numbers["rows"]}
    expect(new[0] < 0.4, "without a prefix new answers are guessed")
    expect(new[16] > 0.8, "with 16 trained entries nearly all are right")
    expect(new[0] + 0.1 < new[2] < new[8] - 0.1, "more entries, more answers")
    expect(numbers["frozen"], "no weight has changed")
    expect(all(row["restored"] for row in numbers["rows"]), "without the prefix all is as before")


def lines(numbers: Numbers) -> list[str]:
    new = numbers["new_questions"]
    return [
        f"A frozen model finds the answers to {OLD} questions in its prompt.",
        f"It is to learn {new} more, of {ANSWERS} kinds, by entries put into its KV cache and trained:",
        "entries   numbers trained   new questions right   old questions right",
        *(
            f"{row['entries']:>7}{row['trained']:>18}{row['new']:>22.0%}{row['old']:>22.0%}"
            for row in numbers["rows"]
        ),
        "No weight was touched. Take the entries out of the cache, and all answers are as before,",
        "to the last bit: one model can serve many people, each with a cache of their own.",
        "But while they are in, old answers may suffer: the entries draw attention from the prompt.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        f"{name} questions": [(float(row["entries"]), row[name]) for row in numbers["rows"]]
        for name in ("new", "old")
    }
    return svg.lines("Answers right, by trained entries", series, x="entries in the cache", y="share right")
