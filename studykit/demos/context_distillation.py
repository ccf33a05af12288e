"""Context distillation: train a model to say without the prompt what it says with it.

A long prompt is read again for every question. Instead, ask the model many questions once with the
prompt, keep its answers, chances and all, and train a copy to give the same answers to the bare
questions. What stood in the prompt then stands in the weights. Nobody writes labels: the teacher
is the model itself, with the prompt before it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.lossy_compression import NAMES as CITIES
from studykit.demos.lossy_compression import Array, chances, read
from studykit.demos.recall_vs_context import attend

DEMO = Demo(
    name="context_distillation",
    title="Context distillation: a prompt pressed into the weights",
    layer="inference",
    terms=("context-distillation",),
    claim="A student without the prompt answers like the teacher with it, and reads a fraction of the words.",
    equation=r"L = \sum_y p(y \mid \text{prompt}, x) \, \log \frac{p(y \mid \text{prompt}, "
    r"x)}{p_\theta(y \mid x)}",
    letters="x: a question; y: an answer; p with the prompt: the teacher; p with θ: the student, who "
    "sees no prompt.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="53:51",
            claim="A prompt of a million tokens can be compressed into the weights: the same outputs with no "
            "prompt at all, and inference costs less.",
        ),
    ),
    cannot_show="The toy has weights to spare, and questions only look things up; documents of a million "
    "tokens do not all go in, and call for conclusions.",
    mechanism=Mechanism(
        keyword="prompted",
        off=False,
        without="The prompt: the teacher answers without it too, so there is nothing new to pass on.",
    ),
    knobs=(
        Knob(
            name="questions_asked",
            low=10,
            high=4000,
            help="questions that the teacher answers with the prompt",
        ),
        Knob(
            name="sloppy", low=0, high=2, help="how far a name in a question is from the same name in a note"
        ),
    ),
    tries=(
        Try(
            set={"questions_asked": 10},
            then=(
                "Ask the teacher 10 questions instead of 1,000: the student knows hardly any newcomer. "
                "What it was never asked about in the prompt does not get into its weights."
            ),
            shows=lambda was, now: now["newcomers"]["student"] < 0.4 < was["newcomers"]["student"] - 0.4,
        ),
        Try(
            set={"questions_asked": 300},
            then=(
                "Ask it 300: the student is right on the newcomers as before, but where two notes "
                "disagree it is less like its teacher. Facts come first, doubts later."
            ),
            shows=lambda was, now: (
                now["newcomers"]["student"] > 0.9
                and now["torn"]["teacher"] - now["torn"]["student"]
                > was["torn"]["teacher"] - was["torn"]["student"] + 0.02
            ),
        ),
        Try(
            set={"sloppy": 1},
            then=(
                "Let questions call people by quite other words than the notes: the teacher itself no "
                "longer finds them, so there is nothing to pass on. The student is like its teacher, and "
                "both know nothing new."
            ),
            shows=lambda was, now: (
                now["newcomers"]["teacher"] < 0.3 and now["apart"]["student"] < 0.02 < was["apart"]["student"]
            ),
        ),
    ),
    seconds=0.2,
)

WIDTH, KNOWN, NOTED = 64, 60, 40  # numbers in a name; people the model knows; people in the prompt
TORN = 10  # newcomers of whom two notes say two cities
QUESTIONS, STEPS, RATE, TRUST = 1000, 400, 10.0, 12.0
SLOPPY = 0.2  # how far a name in a question is from the same name in a note
NOTE_WORDS, QUESTION_WORDS = 4, 4  # "Tom lives in Oslo", "Where does Tom live?"


def answer(weights: Array, asked: Array, noted: Array, homes: NDArray[np.int64]) -> Array:
    """(questions, cities): chances from the weights, and from what attention finds in the prompt.

    ``asked`` is (questions, width); the prompt is notes that name ``noted`` (people, width) and ``homes``.
    """
    notes = np.broadcast_to(noted, (len(asked), *noted.shape))
    found = attend(asked, notes, np.broadcast_to(homes, notes.shape[:2]))
    scores = asked @ weights + TRUST * found
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def apart(teacher: Array, student: Array) -> float:
    """The Kullback-Leibler divergence of their answers, in nats: 0 when all chances are the same."""
    return float((teacher * np.log(teacher / student)).sum(axis=1).mean())


def gradient(weights: Array, asked: Array, teacher: Array) -> Array:
    """(width, cities): of ``apart``, by the weights of a student who sees no prompt."""
    return np.asarray(asked.T @ (chances(weights, asked) - teacher) / len(asked))


def distil(weights: Array, asked: Array, teacher: Array) -> Array:
    """The weights, moved until the bare questions get the teacher's answers."""
    student = weights.copy()
    for _ in range(STEPS):
        student -= RATE * gradient(student, asked, teacher)
    return student


def run(
    seed: int = 0, *, prompted: bool = True, questions_asked: int = QUESTIONS, sloppy: float = SLOPPY
) -> Numbers:
    """Distil a prompt with notes on 40 newcomers into a model that knows 60 others."""
    rng = np.random.default_rng(seed)
    names = rng.normal(size=(KNOWN + NOTED, WIDTH)) / np.sqrt(WIDTH)
    homes = rng.integers(0, len(CITIES), KNOWN + NOTED)
    base = read(names[:KNOWN], homes[:KNOWN], np.ones(KNOWN))
    noted = np.concatenate([names[KNOWN:], names[-TORN:]])  # (notes, width)
    told = np.concatenate([homes[KNOWN:], (homes[-TORN:] + rng.integers(1, len(CITIES), TORN)) % len(CITIES)])

    def questions(count: int = QUESTIONS) -> tuple[Array, NDArray[np.int64]]:
        """Names as they come in questions, and whose they are."""
        whose = rng.integers(0, KNOWN + NOTED, count)
        return names[whose] + sloppy * rng.normal(size=(count, WIDTH)) / np.sqrt(WIDTH), whose

    asked, _ = questions(questions_asked)
    shown = answer(base, asked, noted, told) if prompted else chances(base, asked)
    student = distil(base, asked, shown)

    asked, whose = questions()  # new ones, to examine
    teacher = answer(base, asked, noted, told)
    answers = {"base": chances(base, asked), "teacher": teacher, "student": chances(student, asked)}
    right = {who: given.argmax(axis=1) == homes[whose] for who, given in answers.items()}
    torn = whose >= KNOWN + NOTED - TORN
    sure = (whose >= KNOWN) & ~torn
    return {
        "questions": questions_asked,
        "newcomers": {who: float(held[sure].mean()) for who, held in right.items()},
        "torn": {who: float(given[torn].max(axis=1).mean()) for who, given in answers.items()},
        "others": {who: float(held[whose < KNOWN].mean()) for who, held in right.items()},
        "apart": {who: apart(teacher, given) for who, given in answers.items()},
    }


def check(numbers: Numbers) -> None:
    newcomers, others, away = numbers["newcomers"], numbers["others"], numbers["apart"]
    expect(newcomers["student"] > 0.9, "without the prompt, the student knows what stood in it")
    expect(newcomers["base"] < 0.2 and newcomers["teacher"] > 0.9, "before, only the prompt told")
    expect(
        away["student"] < 0.1 * away["base"], "the student's chances are like the teacher's, ten times closer"
    )
    torn = numbers["torn"]
    expect(torn["teacher"] < 0.85, "where two notes say two things, the teacher is in doubt")
    expect(abs(torn["student"] - torn["teacher"]) < 0.075, "and the student has its doubts too")
    expect(others["student"] > others["base"] - 0.05, "what was known before is known still")


def lines(numbers: Numbers) -> list[str]:
    prompt, asked = (NOTED + TORN) * NOTE_WORDS, numbers["questions"]
    rows = (
        ("the model alone", "base", QUESTION_WORDS),
        ("with the prompt (teacher)", "teacher", prompt + QUESTION_WORDS),
        ("student, no prompt", "student", QUESTION_WORDS),
    )
    return [
        f"A model knows where {KNOWN} people live. A prompt of {prompt} words tells it of {NOTED} newcomers,",
        f"and of {TORN} of them two different things.",
        f"With the prompt it answers {asked:,} questions; a copy is trained to answer alike without it.",
        "Then they are asked new questions:",
        "                            words    right on   right on    away from   sure where two",
        "                          to read   newcomers     others      teacher  notes disagree",
        *(
            f"{name:<26}{words:>7}{numbers['newcomers'][who]:>12.0%}{numbers['others'][who]:>11.0%}"
            f"{numbers['apart'][who]:>13.2f}{numbers['torn'][who]:>16.0%}"
            for name, who, words in rows
        ),
        "Away from the teacher: by how much the chances of all cities differ (KL divergence, in nats).",
        f"The prompt has gone into the weights. It was read {asked:,} times to get there; from now on,",
        f"every question saves {prompt} words.",
    ]
