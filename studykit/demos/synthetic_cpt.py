"""Synthetic continued pre-training: say the same facts in many ways, and they can be used.

A model reads what 30 firms make, where they are, who leads them and who owns them. Told once, each
fact is learned as the sentence that it came in; ask in other words, and it is not found. So have the
facts reworded, again and again, without adding one, and train on that: the more ways, the better it
answers in a wording in which it has never seen the fact.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="synthetic_cpt",
    title="Synthetic continued pre-training: the same facts in many words",
    layer="knowledge in weights",
    terms=("synthetic-continued-pre-training", "synthetic-data", "knowledge-injection"),
    claim="Facts read in one wording are not found by another; the more wordings of the same facts a model "
    "reads, the more it answers in a new one.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="30:30 to 32:26",
            claim="Text generated from a few documents, hundreds of millions of tokens with no facts but "
            "theirs, teaches what training on the documents themselves does not.",
        ),
    ),
    cannot_show="Here the rewording is perfect and free. A model that rewords makes mistakes and brings in "
    "what it believes, and writing 100 million tokens costs more than training on them.",
    mechanism=Mechanism(
        keyword="reworded",
        off=False,
        without="Other wordings: as many sentences are read, but one wording is copied over and over.",
    ),
    knobs=(
        Knob(name="steps", low=5, high=400, help="steps of training"),
        Knob(name="firms", low=2, high=60, help="firms, with four facts on each"),
        Knob(name="once", low=0, high=30, help="firms of which all texts use one wording"),
    ),
    tries=(
        Try(
            set={"firms": 10},
            then=(
                "Write about 10 firms instead of 30: with four wordings it finds clearly less. Each new "
                "fact also helps to learn which wordings mean the same."
            ),
            shows=lambda was, now: now["rows"][2]["found"] < was["rows"][2]["found"] - 0.1,
        ),
        Try(
            set={"steps": 50},
            then=(
                "Stop after 50 steps: eight wordings are known by heart less well than one, and yet "
                "answer far more questions. Reciting is not knowing."
            ),
            shows=lambda _, now: (
                now["rows"][3]["recited"] < now["rows"][0]["recited"] - 0.1
                and now["rows"][3]["found"] > now["rows"][0]["found"] + 0.2
            ),
        ),
        Try(
            set={"once": 10},
            then=(
                "Tell of 10 of the 30 firms in one wording only, and reword the other 20: in the end most "
                "facts on those 10 are found in new words as well. Which wordings mean the same was learned "
                "from others, and holds for all."
            ),
            shows=lambda was, now: (
                (now["rows"][-1]["found_once"] or 0) > max(0.5, was["rows"][0]["found"] + 0.3)
                and was["rows"][-1]["found_once"] is None
            ),
        ),
    ),
    seconds=0.8,
)

WAYS = (1, 2, 4, 8)
FIRMS, RELATIONS, ANSWERS = 30, 4, 15  # each relation has answers of its own
WORDINGS, ASIDE = 20, 2  # of each relation; wordings kept aside for the test, for each fact others
WIDTH, HIDDEN, STEPS, RATE = 16, 48, 200, 0.01

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Weights = dict[str, Array]


def chances(weights: Weights, firm: Ints, wording: Ints) -> tuple[Array, Array, Array]:
    """(sentences, answers) chances of what follows, and the layers before.

    A sentence is a firm and one of RELATIONS * WORDINGS wordings. The model sees two words; which
    wordings mean the same it has to find out.
    """
    read = np.concatenate([weights["firm"][firm], weights["wording"][wording]], axis=1)
    hidden = np.tanh(read @ weights["hidden"])
    scores = hidden @ weights["out"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True), hidden, read


def gradients(weights: Weights, firm: Ints, wording: Ints, answer: Ints) -> Weights:
    """Slopes of the mean of -log(chance of the right answer)."""
    d_scores, hidden, read = chances(weights, firm, wording)
    d_scores[np.arange(len(answer)), answer] -= 1
    d_scores /= len(answer)
    d_hidden = (d_scores @ weights["out"].T) * (1 - hidden**2)
    d_read = d_hidden @ weights["hidden"].T
    slopes = {"hidden": read.T @ d_hidden, "out": hidden.T @ d_scores}
    for name, rows, part in (("firm", firm, d_read[:, :WIDTH]), ("wording", wording, d_read[:, WIDTH:])):
        slopes[name] = np.zeros_like(weights[name])
        np.add.at(slopes[name], rows, part)
    return slopes


def train(rng: np.random.Generator, firm: Ints, wording: Ints, answer: Ints, steps: int = STEPS) -> Weights:
    """Adam (Kingma and Ba 2015) on batches of 120 sentences."""
    weights = {
        "firm": rng.normal(0, 1, (firm.max() + 1, WIDTH)),
        "wording": rng.normal(0, 1, (RELATIONS * WORDINGS, WIDTH)),
        "hidden": rng.normal(0, (2 * WIDTH) ** -0.5, (2 * WIDTH, HIDDEN)),
        "out": rng.normal(0, HIDDEN**-0.5, (HIDDEN, RELATIONS * ANSWERS)),
    }
    mean, square = ({name: np.zeros_like(value) for name, value in weights.items()} for _ in "12")
    for step in range(1, steps + 1):
        some = rng.integers(0, len(answer), 120)
        for name, slope in gradients(weights, firm[some], wording[some], answer[some]).items():
            mean[name] = 0.9 * mean[name] + 0.1 * slope
            square[name] = 0.99 * square[name] + 0.01 * slope**2
            size = np.sqrt(square[name] / (1 - 0.99**step)) + 1e-8
            weights[name] -= RATE * mean[name] / (1 - 0.9**step) / size
    return weights


def run(
    seed: int = 0, *, reworded: bool = True, steps: int = STEPS, firms: int = FIRMS, once: int = 0
) -> Numbers:
    """The same 120 facts in one, two, four and eight wordings each."""
    rng = np.random.default_rng(seed)
    firm, relation = (a.ravel() for a in np.meshgrid(np.arange(firms), np.arange(RELATIONS)))
    answer = relation * ANSWERS + rng.integers(0, ANSWERS, len(firm))
    order = rng.permuted(np.tile(np.arange(WORDINGS), (len(firm), 1)), axis=1)  # (facts, wordings)
    order += relation[:, None] * WORDINGS
    rows = []
    for ways in WAYS:
        same = (firm < once) | (not reworded)  # facts of which one wording is copied
        known = np.where(same[:, None], order[:, :1], order[:, :ways])
        told = np.repeat(firm, ways), known.ravel(), np.repeat(answer, ways)
        asked = np.repeat(firm, ASIDE), order[:, -ASIDE:].ravel(), np.repeat(answer, ASIDE)
        weights = train(rng, *told, steps)
        recited, found = (
            float(np.mean(chances(weights, f, w)[0].argmax(axis=1) == a)) for f, w, a in (told, asked)
        )
        few = asked[0] < once
        right = chances(weights, asked[0][few], asked[1][few])[0].argmax(axis=1) == asked[2][few]
        found_once = float(np.mean(right)) if once else None
        row = {"ways": ways, "sentences": len(told[0]), "recited": recited, "found": found}
        rows.append({**row, "found_once": found_once})
    return {"facts": len(firm), "once": once, "rows": rows}


def check(numbers: Numbers) -> None:
    rows = numbers["rows"]
    expect(all(row["recited"] > 0.97 for row in rows), "what was read is known by heart, in every case")
    expect(rows[0]["found"] < 0.4, "in one wording, facts are hardly found by another")
    expect(rows[-1]["found"] > 0.9, "in eight wordings, nearly all are")
    lost = [1 - row["found"] for row in rows]  # its fall shows also where hardly anything is left to find
    expect(all(b < 0.9 * a for a, b in pairwise(lost)), "more ways, more found")


def lines(numbers: Numbers) -> list[str]:
    firms, once, last = numbers["facts"] // RELATIONS, numbers["once"], numbers["rows"][-1]
    apart = (
        f"Facts on {once} firms stay in one wording; in a new one {last['found_once'] or 0:.0%} are found."
    )
    return [
        f"{numbers['facts']} facts on {firms} firms. They are written in one, two, four and eight ways;",
        "each text is read by a new model.",
        "each fact   sentences   what it read,   the same facts asked in a",
        "written         in all     by heart       wording not read of them",
        *(
            f"{row['ways']:>4} way{'s' if row['ways'] > 1 else ' '}{row['sentences']:>12}"
            f"{row['recited']:>13.0%}{row['found']:>20.0%}  {'#' * round(30 * row['found'])}"
            for row in numbers["rows"]
        ),
        *([apart] if once else []),
        "By heart it knows them all, in every row. But one way of saying a thing teaches a sentence;",
        "many ways teach which wordings mean the same, and so the fact. Not one fact was added.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        title: [(float(row["ways"]), row[key]) for row in numbers["rows"]]
        for title, key in (("by heart", "recited"), ("in new words", "found"))
    }
    return svg.lines("Facts known, by how many ways they were told", series, x="ways", y="share right")
