"""Regurgitation: a text that was read often enough is recited word for word.

The model counts which word follows the last four. Where many pages have been there, there are many
ways on, and it soon leaves any one of them. A page that was read again and again outweighs the other
ways, at one crossing after another, until nothing leads off it any more. Nobody told the model to
learn it by heart.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from itertools import pairwise

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="regurgitation",
    title="Regurgitation: read often, recited word for word",
    layer="data and tokens",
    terms=("regurgitation", "epoch"),
    claim="The more often a page is repeated in the training text, the longer the model recites it: a few "
    "words after one reading, most of the page after a hundred.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:42:52",
            claim="Given the first sentence of an encyclopedia's page on zebras, a base model recites it for "
            "a long stretch before it deviates; such pages are read perhaps ten times in training.",
        ),
    ),
    cannot_show="A large network needs fewer readings, since it takes far more than four words into account; "
    "how few depends on its size, and the largest recite some passages that they read once.",
    mechanism=Mechanism(
        keyword="repeats",
        off=False,
        without="Repetition: in place of the copies stand as many other pages of the same kind, each read "
        "once.",
    ),
    knobs=(
        Knob(name="context", low=1, high=8, help="words before the next one that the model counts by"),
        Knob(name="pages", low=10, high=300, help="other pages that it reads"),
        Knob(name="temperature", low=0.1, high=2, help="of the sampling; less takes likely words more often"),
    ),
    tries=(
        Try(
            set={"context": 8},
            then="Let the model look back eight words: a single reading is enough for nearly all of the "
            "page. Nowhere else has it seen those eight.",
            shows=lambda as_it_is, turned: turned["recited"]["1"] > 48 and as_it_is["recited"]["1"] < 5,
        ),
        Try(
            set={"context": 1},
            then="Let it look back one word: even a page read 100 times is left at the first crossing.",
            shows=lambda as_it_is, turned: turned["recited"]["100"] < 3 and as_it_is["recited"]["100"] > 25,
        ),
        Try(
            set={"temperature": 0.5},
            then="Sample at a temperature of 0.5: ten readings are now enough for most of the page. "
            "How much is recited is also a matter of how one asks.",
            shows=lambda as_it_is, turned: turned["recited"]["10"] > 29 and as_it_is["recited"]["10"] < 15,
        ),
    ),
    equation=r"P(\text{next word of the page}) = \frac{k + c_{\text{same}}}{k + c_{\text{all}}}",
    letters="k: how often the page was read; c: how often, in other pages, the same word or any word "
    "followed the same ones.",
    seconds=0.8,
)

TIMES = (0, 1, 3, 10, 30, 100)
LENGTH, GIVEN, SAMPLES = 66, 8, 100  # words of a page, given as a prompt, recitals
WHO = (
    "zebra lion farmer traveller painter river village forest herd child teacher bird wind town king "
    "ship doctor horse moon stranger"
)
DOES = "crosses follows watches finds leaves remembers forgets reaches loves fears paints hides"
WHAT = (
    "grassland mountain road market valley coat song garden night water bridge island door letter "
    "fire winter lake city desert story"
)
JOINS = "and but while because until before although when"

Pages = list[tuple[list[str], int]]
Counts = dict[tuple[str, ...], Counter[str]]


def write(chance: random.Random) -> list[str]:
    """A page: clauses such as "the zebra crosses the road because", none with a noun that it had before."""
    who, what = (chance.sample(part.split(), LENGTH // 6) for part in (WHO, WHAT))
    words: list[str] = []
    for one, other in zip(who, what, strict=True):
        words += ["the", one, chance.choice(DOES.split()), "the", other, chance.choice(JOINS.split())]
    return words


def train(pages: Pages, context: int) -> Counts:
    """How often each word follows each run of one to ``context`` words, in pages that are read so often."""
    counts: Counts = defaultdict(Counter)
    for page, times in pages:
        for i in range(1, len(page)):
            for before in range(max(0, i - context), i):
                counts[tuple(page[before:i])][page[i]] += times
    return counts


def recite(
    counts: Counts, page: list[str], temperature: float, context: int, chance: random.Random
) -> list[str]:
    """What the model writes after the first words of ``page``, until the page would end."""
    words = page[:GIVEN]
    while len(words) < len(page):
        runs = (tuple(words[-n:]) for n in range(context, 0, -1))
        after = next(counts[run] for run in runs if run in counts)  # the longest run that it has read
        weights = [count ** (1 / temperature) for count in after.values()]
        words.append(chance.choices(list(after), weights)[0])
    return words[GIVEN:]


def same(words: list[str], page: list[str]) -> int:
    """For how many words the model keeps to the page."""
    kept = [a == b for a, b in zip(words, page[GIVEN:], strict=False)]
    return kept.index(False) if False in kept else len(kept)


def run(
    seed: int = 0, *, context: int = 4, pages: int = 60, temperature: float = 1.0, repeats: bool = True
) -> Numbers:
    """Read a page 0 to 100 times among others, and have it continued a hundred times each."""
    chance = random.Random(seed)
    page, others = write(chance), [(write(chance), 1) for _ in range(pages)]
    more = [(write(chance), 1) for _ in range(TIMES[-1])]
    recited, example = {}, {}
    for times in TIMES:
        counts = train(
            others + ([(page, times)] if repeats and times else more[: 0 if repeats else times]), context
        )
        tries = [recite(counts, page, temperature, context, chance) for _ in range(SAMPLES)]
        kept = sorted(same(words, page) for words in tries)
        recited[str(times)] = sum(kept) / SAMPLES
        example[str(times)] = [" ".join(tries[0][:9]), same(tries[0], page)]
    return {
        "context": context,
        "pages": pages,
        "page": " ".join(page[GIVEN - 5 : GIVEN + 9]),
        "recited": recited,
        "example": example,
        "whole": LENGTH - GIVEN,
    }


def check(numbers: Numbers) -> None:
    recited = list(numbers["recited"].values())
    expect(recited[1] < 6, "after one reading it leaves the page at once")
    expect(all(b > a for a, b in pairwise(recited[1:])), "the more often it was read, the longer")
    expect(recited[-1] > 0.5 * numbers["whole"], "after a hundred it recites most of it")
    expect(recited[0] < 4, "a page that it never read is not recited")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"A model counts what follows each run of {numbers['context']} words, in "
        f"{numbers['pages']} pages and some",
        "copies of one more. That page begins, after the words it is given:",
        f"   {numbers['page']} …",
        "copies    recited, of",
        f"{'read':>6}{numbers['whole']:>8} words    it goes on:",
        *(
            f"{times:>6}{kept:>14.1f}    {numbers['example'][times][0]}"
            for times, kept in numbers["recited"].items()
        ),
        "At every word the copies vote for the page's next one, and the other pages for theirs.",
        "A text that is copied all over the web is read that often, unless copies are taken out.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(times), kept) for times, kept in numbers["recited"].items()]
    return svg.lines(
        "The more often it was read, the longer it is recited",
        {"recited": points},
        x="times read",
        y="words recited",
    )
