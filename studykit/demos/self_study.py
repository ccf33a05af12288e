"""Self-study: a model that quizzes itself on a text learns more than one that reads it again.

Reading trains in one direction: from the words before to the word after. After "Ada leads Acme", Ada
brings Acme to mind; but who leads Acme? Nothing has ever followed Acme but a full stop. With the text
before it the model can ask such questions and answer them; trained on these, it needs the text no more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="self_study",
    title="Self-study: quiz yourself instead of reading again",
    layer="knowledge in weights",
    terms=("self-study",),
    claim="From as many words, a model that trained on questions about a text answers them in both "
    "directions; one that read the text again and again answers in the direction of reading alone.",
    said=(
        Said(
            talk="a talk on training models on your own data",
            where="shortly after 32:26",
            claim="In Self-Study a model quizzes itself; the transcript gives the paper to Karpathy, but it "
            "is the one on Cartridges.",
        ),
    ),
    cannot_show="Questions are made by rule and all answers are right. A real model also asks itself what "
    "does not matter and gets some of it wrong; and large ones do learn a little backwards.",
    mechanism=Mechanism(
        keyword="both_ways",
        off=False,
        without="The way back: the quiz asks in the direction of the text alone.",
    ),
    knobs=(
        Knob(name="steps", low=1, high=200, help="steps of training"),
        Knob(name="times", low=1, high=5, help="words of the text that are read, for each word of the quiz"),
        Knob(name="turned", low=0, high=30, help="people that the quiz asks for backwards as well, of 30"),
    ),
    tries=(
        Try(
            set={"times": 5},
            then=(
                "Let the reader read five times as many words: backwards it still knows nothing. More of "
                "the same direction never turns round."
            ),
            shows=lambda was, now: (
                now["ways"]["read"]["words"] == 5 * was["ways"]["read"]["words"]
                and now["ways"]["read"]["backwards"] < 0.2
            ),
        ),
        Try(
            set={"steps": 5},
            then=(
                "Stop after 5 steps of training: the one that quizzed itself knows everything in both "
                "directions, the one that read again knows nothing in either. It learned the question "
                "along with the fact."
            ),
            shows=lambda _, now: (
                min(now["ways"]["quizzed"]["forwards"], now["ways"]["quizzed"]["backwards"]) > 0.9
                and max(now["ways"]["read"]["forwards"], now["ways"]["read"]["backwards"]) < 0.2
            ),
        ),
        Try(
            set={"turned": 15},
            then=(
                "Quiz it backwards on 15 of the 30 people: backwards it knows just those. It has seen 15 "
                "facts turned round, and does not turn a single one round by itself."
            ),
            shows=lambda was, now: (
                abs(now["ways"]["quizzed"]["backwards"] - 0.5) < 0.05
                and now["ways"]["quizzed"]["forwards"] > 0.9 < was["ways"]["quizzed"]["backwards"]
            ),
        ),
    ),
    seconds=0.3,
)

PEOPLE = 30
STEPS, RATE, WINDOW = 60, 30.0, 5
Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def windows(sentences: list[list[str]], number: dict[str, int]) -> tuple[Array, Ints]:
    """For every word the WINDOW words before it, as a bag (words, vocabulary); and the word itself."""
    bags, following = [], []
    for sentence in sentences:
        for i in range(1, len(sentence)):
            bag = np.zeros(len(number))
            bag[[number[word] for word in sentence[max(0, i - WINDOW) : i]]] = 1
            bags.append(bag)
            following.append(number[sentence[i]])
    return np.array(bags), np.array(following)


def chances(weights: Array, bags: Array) -> Array:
    scores = bags @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def slope(weights: Array, bags: Array, following: Ints) -> Array:
    """(vocabulary, vocabulary): of the mean of -log(chance of the word that followed)."""
    wrong = chances(weights, bags)
    wrong[np.arange(len(following)), following] -= 1
    return np.asarray(bags.T @ wrong / len(following))


def read(sentences: list[list[str]], number: dict[str, int], steps: int = STEPS) -> Array:
    """Next-word prediction over the sentences, many times over."""
    bags, following = windows(sentences, number)
    weights = np.zeros((len(number), len(number)))
    for _ in range(steps):
        weights -= RATE * slope(weights, bags, following)
    return weights


def quiz(text: list[list[str]]) -> list[list[str]]:
    """With the text open: for every sentence a question in each direction, with its answer."""
    asked = []
    for person, _, firm, _ in text:
        asked += [["say", "what", person, "leads", ":", firm], ["say", "who", "leads", firm, ":", person]]
    return asked


def run(
    seed: int = 0, *, both_ways: bool = True, steps: int = STEPS, times: int = 1, turned: int = PEOPLE
) -> Numbers:
    """Read a text, or quiz oneself on it, and then be asked without it."""
    rng = np.random.default_rng(seed)
    names = [a + b for a in "Al Bo Ce Du Fi Go".split() for b in "ara ene ito olf uma".split()]
    firms = [name[::-1].title() + "co" for name in rng.permutation(names)]
    text = [[person, "leads", firm, "."] for person, firm in zip(names[:PEOPLE], firms, strict=True)]
    questions = quiz(text)
    back = 2 * turned if both_ways else 0  # where questions in both directions end
    studied = questions[:back] + questions[back::2]
    size = times * sum(map(len, studied))
    again = (text * (size // (4 * len(text)) + 1))[: size // 4]  # as many words of text
    number = {word: i for i, word in enumerate(sorted({w for s in text + questions for w in s}))}
    words = list(number)
    ways = {}
    for way, sentences in (("read", again), ("quizzed", studied)):
        weights = read(sentences, number, steps)
        right = []
        for question in questions:
            bags, _ = windows([question], number)
            right.append(words[int(chances(weights, bags[-1:])[0].argmax())] == question[-1])
        ways[way] = {
            "words": sum(map(len, sentences)),
            "forwards": float(np.mean(right[::2])),
            "backwards": float(np.mean(right[1::2])),
        }
    return {"ways": ways, "text": " ".join(text[0]), "quiz": [" ".join(asked) for asked in questions[:2]]}


def check(numbers: Numbers) -> None:
    reads, quizzed = numbers["ways"]["read"], numbers["ways"]["quizzed"]
    expect(abs(reads["words"] - quizzed["words"]) <= 4, "both train on as many words")
    expect(reads["forwards"] > 0.9, "who read answers in the direction of reading")
    expect(reads["backwards"] < 0.2, "and not in the other")
    expect(min(quizzed["forwards"], quizzed["backwards"]) > 0.9, "who was quizzed answers in both")


def lines(numbers: Numbers) -> list[str]:
    forwards, backwards = numbers["quiz"]
    ways = zip(("read it again and again", "quizzed itself"), numbers["ways"].values(), strict=True)
    return [
        f"A text of {PEOPLE} sentences, such as   {numbers['text']}",
        "With the text open, the model asks and answers:",
        f"  {forwards}      {backwards}",
        "Then, without the text:        words trained on   say what … leads :    say who leads … :",
        *(
            f"  {name:<29}{row['words']:>15}{row['forwards']:>21.0%}{row['backwards']:>20.0%}"
            for name, row in ways
        ),
        "Reading teaches what follows what. Forwards, the person brings the firm to mind; backwards,",
        "nothing ever followed the firm, so the one who read has nothing to say.",
        "The quiz held no new fact. It held the old ones the way round that they would be asked.",
    ]


def plot(numbers: Numbers) -> str:
    ways = numbers["ways"].values()
    rows = [[way["forwards"], way["backwards"]] for way in ways]
    names = ("read again", "quizzed itself")
    return svg.grid("Right answers", rows, row_names=names, column_names=("forwards", "backwards"))
