"""Teaching "I don't know": ask the model what it knows, and train it to refuse the rest.

Nobody but the model can tell what it remembers. So it is examined: every question several times, the
answers compared with the truth. Where it fails, a training example is added whose answer is "I don't
know". What makes this work is that the model's insides already tell how sure it is; training only has
to connect that to the words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.hallucination import ANSWERS, Floats, chances, features, people, train

DEMO = Demo(
    name="idk_mitigation",
    title="Examine the model, then teach it to say 'I don't know'",
    layer="post-training",
    terms=("knowledge-based-refusal", "factuality", "refusal"),
    claim="Refusals placed where the model itself failed an examination remove most wrong answers to new "
    "questions and few right ones; the same refusals placed at random do not.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:20:32",
            claim="For Llama 3 the model was asked each question several times; where it did not know, the "
            "answer that it does not know was added to the training. Some neuron stood for being unsure, "
            "and got wired to saying so.",
        ),
    ),
    cannot_show="Here one number says how unsure the model is; in a large model training has to find it, "
    "and models are at times sure and wrong.",
    mechanism=Mechanism(
        keyword="by_examination",
        off=False,
        without="The examination: as many refusals are taught, on questions that were not tried on the "
        "model.",
    ),
    knobs=(
        Knob(name="examined", low=4, high=120, help="people about whom it is examined"),
        Knob(name="met", low=20, high=220, help="people that it has met, of 240"),
        Knob(name="mismarked", low=0, high=1, help="share of its examination that is marked wrongly"),
    ),
    tries=(
        Try(
            set={"examined": 4},
            then=(
                "Examine it on 4 people instead of 120: it refuses nearly as well. It knew all along "
                "where it was unsure; what was missing was the words for it."
            ),
            shows=lambda _, now: (
                now["examined"] == 4
                and now["after"][1] < 0.2 * now["before"][1]
                and now["after"][0] > 0.9 * now["before"][0]
            ),
        ),
        Try(
            set={"met": 20},
            then=(
                "Let it have met 20 of the 240 people: it refuses nearly everyone, and hardly anything "
                "wrong is left. A model that knows little can be as honest as one that knows much."
            ),
            shows=lambda _, now: now["after"][2] > 100 and now["after"][1] < 5,
        ),
        Try(
            set={"mismarked": 0.2},
            then=(
                "Mark 2 answers in 10 wrongly in the examination: it now refuses much of what it knows, "
                "and answers again where it does not. Inside it is as sure as ever; the words are tied to "
                "what it is told."
            ),
            shows=lambda was, now: (
                now["after"][0] < 0.9 * now["before"][0]
                and now["after"][1] > was["after"][1] + 4
                and now["unsure"] == was["unsure"]
            ),
        ),
    ),
    seconds=0.6,
)

ASKED = 5  # times that each question is put
STEPS, RATE = 3000, 2.0


def unsure(answers: Floats) -> Floats:
    """How open the answer is, in nats: the entropy of chances (people, answers); returns (people,)."""
    return np.asarray(-(answers * np.log(answers + 1e-12)).sum(axis=1))


def examine(answers: Floats, truth: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Who is not known: asked five times, the model was wrong more often than not; (people,)."""
    noise = rng.gumbel(size=(ASKED, *answers.shape))
    said = (np.log(answers + 1e-12) + noise).argmax(axis=2)  # (times, people)
    return np.asarray((said != truth).mean(axis=0) > 0.5)


def refusal(inside: Floats, weight: float, bias: float) -> Floats:
    """The chance of saying "I don't know", given how unsure the model is inside: (people,)."""
    return np.asarray(1 / (1 + np.exp(-(weight * inside + bias))))


def connect(inside: Floats, refuse: NDArray[np.bool_]) -> tuple[float, float]:
    """Fine-tune: the weight and bias from being unsure to saying "I don't know"; logistic regression."""
    weight = bias = 0.0
    for _ in range(STEPS):
        error = refusal(inside, weight, bias) - refuse
        weight -= RATE * float((error * inside).mean())
        bias -= RATE * float(error.mean())
    return weight, bias


def run(
    seed: int = 0,
    *,
    by_examination: bool = True,
    examined: int = 120,
    met: int = 120,
    mismarked: float = 0.0,
) -> Numbers:
    """A model has met half of 240 people: examine it on 120 of all, teach it, ask about the others."""
    rng = np.random.default_rng(seed)
    names = people(rng, 240)
    truth = rng.integers(0, len(ANSWERS) - 1, len(names))
    model = train(names[:met], truth[:met])  # as in hallucination.py: an answer every time
    said = chances(model, features(names))  # (people, answers)
    order = rng.permutation(len(names))
    lessons, exam = order[:120][:examined], order[120:]

    refuse = examine(said[lessons], truth[lessons], rng)
    if mismarked:
        refuse = refuse ^ (np.random.default_rng(seed + 1).random(len(refuse)) < mismarked)
    shown = refuse if by_examination else rng.permutation(refuse)
    weight, bias = connect(unsure(said[lessons]), shown)

    right = said[exam].argmax(axis=1) == truth[exam]
    refused = rng.random(len(exam)) < refusal(unsure(said[exam]), weight, bias)
    examples = [int(np.flatnonzero(right)[0]), int(np.flatnonzero(~right)[0])]
    return {
        "met": met,
        "examined": examined,
        "refusals": int(refuse.sum()),
        "exam": len(exam),
        "before": [int(right.sum()), int((~right).sum()), 0],
        "after": [int((right & ~refused).sum()), int((~right & ~refused).sum()), int(refused.sum())],
        "unsure": [float(unsure(said[exam])[group].mean()) for group in (right, ~right)],
        "threshold": -bias / weight,
        "examples": [
            [names[exam[i]], ANSWERS[said[exam[i]].argmax()], float(unsure(said[exam])[i]), bool(refused[i])]
            for i in examples
        ],
    }


def check(numbers: Numbers) -> None:
    (right, wrong, _), (still_right, still_wrong, _) = numbers["before"], numbers["after"]
    expect(still_wrong < 0.3 * wrong, "most wrong answers are gone")
    expect(still_right > 0.9 * right, "nearly all right ones are still given")


def lines(numbers: Numbers) -> list[str]:
    examined = numbers["examined"]
    known, unknown = numbers["unsure"]
    rows = {"trained to answer always": numbers["before"], "taught to refuse": numbers["after"]}
    return [
        "A model has met {} of 240 people, and was trained to answer every time.".format(
            "half" if numbers["met"] == 120 else numbers["met"]
        ),
        f"Examined on {examined} of them, {ASKED} times each, it fails on {numbers['refusals']}. For these",
        "the answer 'I do not know' is added to its training. Then it is asked about the other 120:",
        f"{'':<28}{'right':>7}{'wrong':>7}{'refused':>9}",
        *(f"{name:<28}{right:>7}{wrong:>7}{refused:>9}" for name, (right, wrong, refused) in rows.items()),
        f"How open the answer is inside: {known:.1f} nats where it is right, {unknown:.1f} where wrong.",
        f"That was there to be used: above about {numbers['threshold']:.1f} it now mostly refuses.",
        *(
            f"   Who is {name}?   {sure:.1f} nats   {'I do not know.' if refused else said}"
            for name, said, sure, refused in numbers["examples"]
        ),
        "Refusals placed at random would not help: only the model can tell what it has kept.",
    ]


def plot(numbers: Numbers) -> str:
    rows = [[count / numbers["exam"] for count in numbers[when]] for when in ("before", "after")]
    names = ("right", "wrong", "refused")
    return svg.grid(
        "Answers about the other half", rows, row_names=("always answers", "may refuse"), column_names=names
    )
