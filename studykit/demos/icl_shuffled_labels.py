"""Examples with the wrong labels: why a prompt can lie and still help.

The model has read thousands of lists, each of some task: dishes with sweet or salty, dishes with hot or
cold, films with old or new. A prompt with examples tells it two things: which task is meant, and what
goes with what. It knew the second before. So give the examples labels at random: as long as they are
the words of that task, it is found all the same, and answered from memory.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="icl_shuffled_labels",
    title="Examples with the wrong labels still help",
    layer="inference",
    terms=("task-recognition", "in-context-learning"),
    claim="Examples whose labels are drawn at random help nearly as much as right ones, as long as they are "
    "the task's own words: they tell which task is meant, and the rest is known from training.",
    said=(
        Said(
            talk="a Chinese podcast on language models",
            where="about 65 % in",
            claim="In-context learning needs the set of inputs and the set of labels; which label goes "
            "with which input hardly matters.",
        ),
    ),
    cannot_show="So it was measured on models of 2022 and tasks that they knew. Larger models do follow "
    "labels that are swapped, and a task that is nowhere in the training text must be learned from pairs.",
    mechanism=Mechanism(
        keyword="own_words",
        off=False,
        without="The task's own words: the labels are signs that no list has, so nothing says which task is "
        "meant.",
    ),
    knobs=(
        Knob(name="examples", low=1, high=32, help="examples in the prompt"),
        Knob(name="lists", low=60, high=1200, help="lists that the model has read"),
    ),
    tries=(
        Try(
            set={"examples": 1},
            then="Give one example, with a label drawn at random: it already brings most of what eight "
            "right ones do.",
            shows=lambda as_it_is, turned: (
                turned["right"]["at random"] - turned["right"]["none"]
                > 0.5 * (as_it_is["right"]["right"] - as_it_is["right"]["none"])
                and turned["examples"] == 1
            ),
        ),
        Try(
            set={"examples": 32},
            then="Give 32 examples with swapped labels: not even now does the model learn the swap. Who "
            "knows the task does not read the labels.",
            shows=lambda as_it_is, turned: (
                turned["examples"] > as_it_is["examples"] and turned["follows_swap"] < 0.15
            ),
        ),
        Try(
            set={"lists": 60},
            then="Let it read 60 lists instead of 600: it knows the tasks less well, and right labels in "
            "the prompt do not make up for it. They help no more than random ones.",
            shows=lambda as_it_is, turned: (
                turned["right"]["right"] < as_it_is["right"]["right"] - 0.08
                and turned["right"]["right"] < turned["right"]["at random"] + 0.03
            ),
        ),
    ),
    equation=r"P(y \mid x, \text{prompt}) = \sum_{\text{list}} P(\text{list} \mid \text{prompt})\, "
    r"P(y \mid x, \text{list})",
    letters="x: what is asked; y: its label; list: a task that the model has read lists of.",
    seconds=0.5,
)

TOPICS, INPUTS, ASKED, LABELS = 5, 16, 4, 2  # of each topic 16 things, and 4 tasks with 2 labels each
TASKS = TOPICS * ASKED
LINES, ERRORS = 24, 0.1  # lines in a list that was read; how many of its labels are wrong
PROMPTS = 500
UNKNOWN = TASKS * LABELS  # two labels that no list has: UNKNOWN and UNKNOWN + 1
WORDS = UNKNOWN + LABELS

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Pairs = tuple[Ints, Ints]  # inputs and labels


def read(things: Ints, labels: Ints) -> Array:
    """P(label | thing) for each list: (lists, things, labels), from counts, smoothed twice.

    What a list does not say about a thing is expected to be one of the labels it uses elsewhere.
    """
    lists = len(things)
    counts = np.zeros((lists, TOPICS * INPUTS, WORDS))
    np.add.at(counts, (np.arange(lists)[:, None], things, labels), 1.0)
    used = counts.sum(1, keepdims=True) + 0.01  # (lists, 1, labels)
    counts += used / used.sum(-1, keepdims=True)
    return np.asarray(counts / counts.sum(-1, keepdims=True))


def about(things: Ints) -> Array:
    """P(thing) in each list: (lists, things)."""
    counts = np.full((len(things), TOPICS * INPUTS), 0.01)
    np.add.at(counts, (np.arange(len(things))[:, None], things), 1.0)
    return np.asarray(counts / counts.sum(1, keepdims=True))


def complete(says: Array, of: Array, prompt: Pairs, asked: int) -> int:
    """The likeliest label: every list counts by how well it explains the prompt."""
    things, labels = prompt
    explains = np.log(of[:, [*things, asked]]).sum(1) + np.log(says[:, things, labels]).sum(1)
    weights = np.exp(explains - explains.max())  # (lists,)
    return int((weights @ says[:, asked]).round(9).argmax())


def run(seed: int = 0, *, examples: int = 8, lists: int = 600, own_words: bool = True) -> Numbers:
    """Read lists, then complete prompts without examples and with examples of four kinds."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(LABELS, size=(TASKS, INPUTS))  # of each task, which label a thing has

    def draw(task: Ints, count: int) -> Pairs:
        """Things of each task's topic, with its labels: (tasks, count) both."""
        things = chance.integers(INPUTS, size=(len(task), count))
        labels = LABELS * task[:, None] + truth[task[:, None], things]
        return INPUTS * (task[:, None] // ASKED) + things, labels

    things, labels = draw(chance.integers(TASKS, size=lists), LINES)
    labels = np.where(chance.random(labels.shape) < ERRORS, labels ^ 1, labels)  # the task's other label
    says, of = read(things, labels), about(things)
    right, swapped = dict.fromkeys(("none", "other words", "at random", "right"), 0), 0
    tasks = chance.integers(TASKS, size=PROMPTS)
    things, labels = draw(tasks, examples + 1)
    for (*shown, asked), (*own, answer) in zip(things.tolist(), labels.tolist(), strict=True):
        other = [UNKNOWN + label % LABELS for label in own]
        given = own if own_words else other
        at_random = [label ^ int(chance.integers(2)) for label in given]
        for kind, prompt in {
            "none": ([], []),
            "other words": (shown, other),
            "at random": (shown, at_random),
            "right": (shown, given),
        }.items():
            pair = np.array(prompt[0], int), np.array(prompt[1], int)
            right[kind] += complete(says, of, pair, asked) == answer
        swap = np.array(shown), np.array([label ^ 1 for label in given])
        swapped += complete(says, of, swap, asked) == answer ^ 1
    return {
        "examples": examples,
        "lists": lists,
        "right": {kind: count / PROMPTS for kind, count in right.items()},
        "follows_swap": swapped / PROMPTS,
    }


def check(numbers: Numbers) -> None:
    none, other, at_random, right = numbers["right"].values()
    expect(none < 0.4, "without examples it does not know what is asked")
    expect(right > 0.9, "right examples tell it")
    expect(at_random > right - 0.1, "labels at random do nearly as well")
    expect(other < 0.4, "labels in other words do not")
    expect(numbers["follows_swap"] < 0.15, "labels that are all swapped teach it no swap")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"The model has read {numbers['lists']} lists of {LINES} lines: {TASKS} tasks on {TOPICS} topics,",
        f"{ASKED} tasks a topic on the same {INPUTS} things, each task with {LABELS} labels of its own.",
        f"Of the labels in the lists {ERRORS:.0%} are wrong. Then come {PROMPTS} prompts;",
        f"each has some examples, here {numbers['examples']}, and a thing without its label.",
        f"{'labels of the examples':<26}right",
        *(
            f"   {kind:<22}{share:>6.0%}  {'#' * round(40 * share)}"
            for kind, share in numbers["right"].items()
        ),
        f"With every label swapped for the other, it follows the swap in {numbers['follows_swap']:.0%}.",
        "Without examples it knows the topic, but not which of the tasks is meant. The words of the",
        "labels say which; what goes with what, it had learned before, and does not learn now.",
    ]


def plot(numbers: Numbers) -> str:
    values = {kind: round(100 * share, 1) for kind, share in numbers["right"].items()}
    return svg.bars("Right answers, by the labels of the examples", values, unit=" %")
