"""Three stages make an assistant: read documents, imitate answers, practise.

One tiny model goes through all three. From documents it learns facts; but to a question it only adds
more questions, as its documents do. From a few worked examples it learns to answer, mostly at once and
sometimes step by step. Practice with a reward for right answers shows it which way works for it. All
three are the same small step, "make this word more probable here"; only the texts differ.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="three_stages",
    title="Three stages: documents, worked examples, practice",
    layer="data and tokens",
    terms=("training-pipeline", "pre-training", "supervised-fine-tuning", "post-training"),
    claim="After documents alone a model does not answer; after worked examples it answers, mostly wrongly; "
    "after practice with a reward most of its answers are right.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="02:07:28",
            claim="A textbook explains, then shows worked examples, then sets problems to practise: so do "
            "pre-training, supervised fine-tuning and reinforcement learning.",
        ),
    ),
    cannot_show="Pre-training takes months on thousands of computers, fine-tuning hours. And practice "
    "here only chooses between ways of answering that were shown; a large model also finds its own.",
    mechanism=Mechanism(
        keyword="reward",
        off=False,
        without="The reward: whatever the model tries in practice counts the same, so nothing says which "
        "try was better.",
    ),
    knobs=(
        Knob(
            name="in_steps_shown",
            low=0,
            high=10,
            help="of the ten people in the worked examples, how many are answered step by step as well",
        ),
        Knob(name="tries_each", low=1, high=32, help="tries at a problem in practice"),
        Knob(name="readings", low=5, high=400, help="times that the documents are read"),
    ),
    tries=(
        Try(
            set={"in_steps_shown": 0},
            then=(
                "Show nobody's way of answering in steps: practice then finds nothing, for a reward can "
                "only choose among ways that the model tries by itself."
            ),
            shows=lambda was, now: now["stages"][2][2] <= 0.4 * was["stages"][2][2],
        ),
        Try(
            set={"tries_each": 1},
            then=(
                "Let it try each problem once: practice changes nothing at all, since a try is only "
                "better or worse than other tries at the same problem."
            ),
            shows=lambda was, now: now["stages"][2][2] == now["stages"][1][2] < was["stages"][2][2] - 3,
        ),
        Try(
            set={"readings": 5},
            then=(
                "Let the documents be read 5 times only: after the worked examples it answers as boldly "
                "as ever, but practice no longer helps. No later stage brings in the facts."
            ),
            shows=lambda was, now: (
                now["stages"][1][1] >= 8 and now["stages"][2][2] <= 0.4 * was["stages"][2][2]
            ),
        ),
    ),
    seconds=0.7,
)

Floats = npt.NDArray[np.float64]
Tokens = npt.NDArray[np.int64]

WINDOW, QUESTION, RATE = 8, 7, 0.3  # words that the model looks back at, words in a question, size of a step
READINGS, LESSONS, ROUNDS, TRIES = 200, 10, 20, 8
PEOPLE = (
    "Abe Ann Bo Cem Dina Eva Finn Gita Hugo Ines Jon Kim Lea Max Nora Oskar Pia Quin Ravi Sue Tom Uma Vera "
    "Will Xena Yan Zoe Carl Dora Britt"
).split()
CITIES = "Rome Paris Lima Cairo Delhi Oslo Seoul Quito".split()
KNOWN = ["_", *PEOPLE, *CITIES, *"where does 's friend live ? the is . lives in <end>".split()]


def say(votes: Floats, contexts: Tokens) -> Floats:
    """Every word in the window, together with the last one, votes for the next: (places, known)."""
    scores = votes[contexts, contexts[:, -1:]].sum(1)  # contexts: (places, WINDOW)
    powers: Floats = np.exp(scores - scores.max(1, keepdims=True))
    total: Floats = powers.sum(1, keepdims=True)
    return powers / total


def learn(votes: Floats, contexts: Tokens, following: Tokens, worth: Floats) -> None:
    """The one step of all stages: make the words that follow more probable, each as far as it is worth it."""
    error = say(votes, contexts)
    error[np.arange(len(following)), following] -= 1
    error *= worth[:, None]
    change, cast = np.zeros_like(votes), np.zeros((*votes.shape[:2], 1))
    np.add.at(change, (contexts, contexts[:, -1:]), error[:, None])
    np.add.at(cast, (contexts, contexts[:, -1:]), 1)
    votes -= RATE * change / np.maximum(cast, 1)  # each vote moves by the mean error where it was cast


def numbered(text: str) -> list[int]:
    return [KNOWN.index(word) for word in text.split()]


def places(texts: list[str], worth: list[float], begin: int) -> tuple[Tokens, Tokens, Floats]:
    """All places from word ``begin`` on: the window before each, the word there, what its text is worth."""
    found = []
    for text, value in zip(texts, worth, strict=True):
        words = [0] * WINDOW + numbered(text)
        found += [(words[i - WINDOW : i], words[i], value) for i in range(begin + WINDOW, len(words))]
    contexts, following, values = zip(*found, strict=True)
    return np.array(contexts), np.array(following), np.array(values)


def answers(votes: Floats, question: str, tries: int, chance: np.random.Generator | None) -> list[str]:
    """What the model writes after a question: drawn by chance, or without it the likeliest words."""
    text = np.tile([0] * WINDOW + numbered(question), (tries, 1))
    for _ in range(10):
        said = say(votes, text[:, -WINDOW:])
        noise = 0 if chance is None else chance.gumbel(size=said.shape)  # which word wins, goes by said
        text = np.column_stack([text, (np.log(said) + noise).argmax(1)])
    written = (" ".join(KNOWN[i] for i in row[-10:]) for row in text)
    return ["".join(words.partition("<end>")[:2]) for words in written]


def run(
    seed: int = 0,
    *,
    reward: bool = True,
    in_steps_shown: int = 5,
    tries_each: int = TRIES,
    readings: int = READINGS,
) -> Numbers:
    """Three stages in a world of made-up facts; without ``reward`` all tries are worth the same."""
    chance = np.random.default_rng(seed)
    ring, people = chance.permutation(PEOPLE).tolist(), chance.permutation(PEOPLE).tolist()
    friend = dict(zip(ring, ring[1:] + ring[:1], strict=True))
    home = {person: str(chance.choice(CITIES)) for person in people}
    ask = {person: f"where does {person} 's friend live ?" for person in people}
    at_once = {person: f"in {home[friend[person]]} . <end>" for person in people}
    in_steps = {person: f"the friend is {friend[person]} . lives {at_once[person]}" for person in people}
    taught, practised, exam = people[:10], people[10:20], people[20:]
    votes, stages = np.zeros((len(KNOWN),) * 3), list[list[str | int]]()

    def examine(after: str) -> None:
        """Ask about people of whom the model has only read."""
        said = {person: answers(votes, ask[person], 1, None)[0] for person in exam}
        right = sum(text.endswith(at_once[person]) for person, text in said.items())
        own = sum(text.endswith(f"in {home[person]} . <end>") for person, text in said.items())
        stages.append([after, sum("<end>" in text for text in said.values()), right, own, said[exam[0]]])

    documents = [f"{person} 's friend is {friend[person]} ." for person in people]
    documents += [f"{person} lives in {home[person]} ." for person in people]
    documents += [" ".join(ask[person] for person in chance.choice(people, 3)) for _ in range(8)]
    text = places(documents, [1] * len(documents), 0)
    for _ in range(readings):
        learn(votes, *text)
    examine(f"{len(documents)} documents")

    worked = [f"{ask[person]} {at_once[person]}" for person in taught]
    worked += [f"{ask[person]} {in_steps[person]}" for person in taught[:in_steps_shown]]
    text = places(worked, [1] * len(worked), QUESTION)  # the answers are learned, not the questions
    for _ in range(LESSONS):
        learn(votes, *text)
    examine(f"{len(worked)} worked examples")

    for _ in range(ROUNDS):
        texts, worth = [], []
        for person in practised:
            tries = answers(votes, ask[person], tries_each, chance)
            rewards = np.array([reward and words.endswith(at_once[person]) for words in tries], float)
            texts += [f"{ask[person]} {words}" for words in tries]
            worth += (rewards - rewards.mean()).tolist()  # better than the other tries, or worse
        learn(votes, *places(texts, worth, QUESTION))
    examine(f"{len(practised)} problems to practise")
    one, other = exam[0], friend[exam[0]]
    facts = f"{one} 's friend is {other} . {other} lives in {home[other]} . {one} lives in {home[one]} ."
    return {"stages": stages, "exam": len(exam), "facts": facts, "question": ask[one]}


def check(numbers: Numbers) -> None:
    (_, ended, *_), (_, answered, few, own, _), (_, _, many, *_) = numbers["stages"]
    expect(ended == 0, "after documents alone the model only adds questions")
    expect(answered >= 0.9 * numbers["exam"], "after worked examples it answers")
    expect(few <= 0.5 * numbers["exam"], "but mostly wrongly")
    expect(own >= 0.7 * numbers["exam"], "with the city of the person, not of the friend")
    expect(many >= max(few + 0.3 * numbers["exam"], 0.7 * numbers["exam"]), "after practice most is right")


def lines(numbers: Numbers) -> list[str]:
    own = numbers["stages"][1][3]
    return [
        f"The model will read:  {numbers['facts']}",
        f"It will be asked:     {numbers['question']}   (and {numbers['exam'] - 1} more like it)",
        "",
        f"{'after':<24}{'answers':>8}{'right':>7}   what it says to the first question",
        *(f"{after:<24}{ended:>8}{right:>7}   {said}" for after, ended, right, _, said in numbers["stages"]),
        "",
        "Documents gave it the facts; but they do not answer questions, so neither does it.",
        f"Worked examples, mostly short, made it answer at once: {own} times with the person's own city.",
        "Practice rewarded right answers, and nothing else. It found that going in steps pays.",
    ]
