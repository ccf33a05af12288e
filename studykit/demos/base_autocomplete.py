"""A base model continues the page that it takes your text for.

Pre-training leaves a model that has read web pages and can only go on with one. A question is to it
not a question but the beginning of a page, and pages with questions are mostly worksheets, quizzes
and forums, where the next thing is another question, or a remark. Lay the same question out as a
page on which questions get answers, and the same model answers.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="base_autocomplete",
    title="A base model does not answer, it continues the page",
    layer="inference",
    terms=("base-model", "prompt"),
    claim="After a bare question comes what follows questions on web pages, mostly another question; the "
    "answer comes when the prompt looks like a page with answers.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:42:52",
            claim="'What is 2 plus 2' is only a prefix to a base model, a very expensive autocomplete: asked "
            "three times, it once answered in passing and went on to something else each time.",
        ),
    ),
    cannot_show="A real base model also continues text whose like it has never read; this one looks up the "
    "longest ending of the prompt that its pages hold.",
    mechanism=Mechanism(
        keyword="web",
        off=False,
        without="The web: the model has read nothing but pages with answers.",
    ),
    knobs=(
        Knob(
            name="answered_pages", low=1, high=100, help="pages with answers, for every 95 of the other kinds"
        ),
        Knob(name="context", low=1, high=12, help="words that the model looks back"),
    ),
    tries=(
        Try(
            set={"answered_pages": 1},
            then=(
                "Leave one page with answers where there were five: laid out as such a page, most "
                "questions are answered all the same. A prompt finds what the model has read, however "
                "little it was."
            ),
            shows=lambda was, now: now["laid_out"] > 0.75 and now["bare"] < was["bare"],
        ),
        Try(
            set={"answered_pages": 95},
            then=(
                "Let half of the pages be pages with answers: now the bare question is mostly answered "
                "too, without any training to answer. What a base model does is what its pages do."
            ),
            shows=lambda was, now: now["bare"] > 0.45 > was["bare"] + 0.2,
        ),
        Try(
            set={"context": 1},
            then=(
                "Let it look back 1 word instead of 12: the right layout does not help any more. It no "
                "longer sees which page it is on, nor what was asked."
            ),
            shows=lambda was, now: now["laid_out"] < 0.3 < was["laid_out"] - 0.5,
        ),
    ),
    seconds=0.2,
)

CONTEXT = 12  # words that the model looks back
END = "<end>"
PAGES = {"worksheets": 50, "forums": 30, "essays": 15, "pages with answers": 5}  # percent
QUESTION = "what is 2 + 2 ?"
LAYOUT = "question : what is 1 + 2 ? answer : 3 . question : {} answer :"


def learn(pages: list[list[str]], context: int = CONTEXT) -> dict[tuple[str, ...], Counter[str]]:
    """What followed each run of up to ``CONTEXT`` words, and how often."""
    followed = defaultdict[tuple[str, ...], Counter[str]](Counter)
    for words in pages:
        for at, word in enumerate(words):
            for length in range(min(at, context) + 1):
                followed[tuple(words[at - length : at])][word] += 1
    return dict(followed)


def predict(model: dict[tuple[str, ...], Counter[str]], text: list[str]) -> Counter[str]:
    """What followed the longest ending of ``text`` that the pages hold."""
    for start in range(max(0, len(text) - CONTEXT), len(text) + 1):
        if (ending := tuple(text[start:])) in model:
            return model[ending]
    raise AssertionError("the empty ending is always held")


def complete(
    model: dict[tuple[str, ...], Counter[str]], prompt: str, most: int, chance: random.Random
) -> str:
    """Up to ``most`` more words: predict, draw one, append. Nothing here knows what a question is."""
    text = prompt.split()
    written: list[str] = []
    while len(written) < most and written[-1:] != [END]:
        counts = predict(model, text + written)
        written += chance.choices([*counts], [*counts.values()])
    return " ".join(written)


def page(kind: str, chance: random.Random) -> str:
    """A made-up page; its kind decides what comes after a question."""
    sums = [(chance.randint(1, 5), chance.randint(1, 5)) for _ in range(5)]
    questions = [f"what is {a} + {b} ?" for a, b in sums]
    who = chance.choice(("teacher", "son", "boss", "neighbour"))
    if kind == "worksheets":
        return f"{' '.join(questions)} name : ______ {END}"
    if kind == "forums":
        return f"{questions[0]} my {who} asked me that , please help {END}"
    if kind == "essays":
        return f"{questions[0]} that depends . a {who} counts differently from a philosopher {END}"
    answered = [f"question : {q} answer : {a + b} ." for q, (a, b) in zip(questions, sums, strict=True)]
    return f"{' '.join(answered)} {END}"


def run(seed: int = 0, *, web: bool = True, answered_pages: int = 5, context: int = CONTEXT) -> Numbers:
    """Ask 25 questions, bare and laid out as a page with answers."""
    chance = random.Random(seed)
    rest = {kind: percent for kind, percent in PAGES.items() if kind != "pages with answers"}
    pages = rest | {"pages with answers": answered_pages} if web else {"pages with answers": 100}
    model = learn(
        [page(kind, chance).split() for kind, percent in pages.items() for _ in range(10 * percent)],
        context,
    )
    asked = {f"what is {a} + {b} ?": a + b for a in range(1, 6) for b in range(1, 6)}

    def answered(layout: str) -> float:
        """How often the right number comes next, with or without the word 'answer' before it."""
        right = 0
        for question, sum_ in list(asked.items()) * 20:
            written = complete(model, layout.format(question), 3, chance)
            right += written.removeprefix("answer : ").split()[0] == str(sum_)
        return right / (20 * len(asked))

    following = sum((predict(model, question.split()) for question in asked), Counter[str]())
    return {
        "pages": pages,
        "next": {word: count / following.total() for word, count in following.most_common(5)},
        "samples": [complete(model, QUESTION, 11, chance) for _ in range(4)],
        "laid_out_sample": complete(model, LAYOUT.format(QUESTION), 2, chance),
        "bare": answered("{}"),
        "laid_out": answered(LAYOUT),
    }


def check(numbers: Numbers) -> None:
    expect(numbers["bare"] < 0.2, "a bare question is mostly not answered")
    expect(next(iter(numbers["next"])) == "what", "the likeliest thing after a question is another question")
    expect(numbers["laid_out"] > 0.9, "laid out as a page with answers, the same questions are answered")


def lines(numbers: Numbers) -> list[str]:
    pages = ", ".join(f"{percent}% {kind}" for kind, percent in numbers["pages"].items())
    return [
        f"Read so far: {10 * sum(numbers['pages'].values()):,} pages ({pages}).",
        f"Prompt: {QUESTION}",
        *(f"  … {sample}" for sample in numbers["samples"]),
        "It is not being rude. To the model this is the beginning of a page, and what comes next there is",
        "  " + ", ".join(f"{word!r} {share:.0%}" for word, share in numbers["next"].items()),
        f"Prompt: {LAYOUT.format(QUESTION)}",
        f"  … {numbers['laid_out_sample']}",
        f"25 questions, 20 times each: {numbers['bare']:.0%} are answered when bare,",
        f"{numbers['laid_out']:.0%} when laid out as a page with answers.",
        "The model is the same; the page that the prompt looks like is another.",
    ]
