"""Three stages make an assistant: read documents, imitate answers, practise.

One tiny model goes through all three. Pre-training on documents gives it knowledge, but asked a question
it only writes more questions. Fine-tuning on a few conversations teaches it to answer, in two styles:
at once, or step by step. Practice with a reward for right answers shows it which style works for it.
All stages make the same small step, "this word a little more probable here"; only the text differs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Numbers, Said, expect

DEMO = Demo(
    name="three_stages",
    title="Three stages: documents, worked answers, practice",
    layer="data and tokens",
    terms=("pre-training", "supervised-fine-tuning", "post-training"),
    claim="A model that only read documents does not answer; after fine-tuning it answers, often wrongly; after "
    "practice with a reward most answers are right.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="02:07:28",
            claim="A textbook explains, shows worked examples and sets practice problems: these are pre-training, "
            "supervised fine-tuning and reinforcement learning.",
        ),
    ),
    cannot_show="Pre-training takes months on thousands of computers and fine-tuning hours; here all take a "
    "second. The two styles of answers were given; a large model also finds its own.",
    seconds=1.5,
)

Floats = npt.NDArray[np.float64]
Tokens = npt.NDArray[np.int64]

PEOPLE = "Ann Bo Cem Dina Eva Finn Gita Hugo Ines Jon Kim Lea Max Nora Oskar Pia Quin Ravi Sue Tom Uma Vera Will Zoe".split()
CITIES = "Rome Paris Lima Cairo Delhi Oslo Seoul Quito".split()
KNOWN = [" ", *PEOPLE, *CITIES, *"where does 's friend live ? in . the is , who lives".split()]
NUMBER = {word: i for i, word in enumerate(KNOWN)}
WINDOW = 8  # words that the model looks back


def tokens(text: str) -> list[int]:
    return [NUMBER[word] for word in text.split()]


def say(votes: Floats, contexts: Tokens) -> Floats:
    """Each word in the window, together with the last one, votes for the next: (places, known)."""
    scores = votes[contexts, contexts[:, -1:]].sum(1)
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def learn(votes: Floats, contexts: Tokens, right: Tokens, worth: Floats) -> None:
    """The one step of all three stages: make ``right`` more probable there, as far as it is ``worth`` it."""
    error = say(votes, contexts)
    error[np.arange(len(right)), right] -= 1
    np.add.at(votes, (contexts, contexts[:, -1:]), -(worth[:, None] * error)[:, None, :])


def places(texts: list[list[int]], begin: int = 0) -> tuple[Tokens, Tokens]:
    """Every place from word ``begin`` on: the window before it (places, WINDOW), and the word there."""
    padded = [[0] * WINDOW + text for text in texts]
    found = [(text[i : i + WINDOW], text[i + WINDOW]) for text in padded for i in range(begin, len(text) - WINDOW)]
    return np.array([window for window, _ in found]), np.array([word for _, word in found])


def answer(votes: Floats, question: list[int], rows: int, chance: np.random.Generator, length: int = 9) -> Tokens:
    """What the model writes after a question, ``rows`` times: (rows, length)."""
    text = np.tile([0] * WINDOW + question, (rows, 1))
    for _ in range(length):
        said = say(votes, text[:, -WINDOW:])
        drawn = (said.cumsum(1) < chance.random((rows, 1))).sum(1).clip(max=len(KNOWN) - 1)
        text = np.column_stack([text, drawn])
    return text[:, -length:]
