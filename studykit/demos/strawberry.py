"""How many r's are in "strawberry"? A model cannot look: it sees tokens, and a token is only a number.

Two learners answer the same question, with the same method: one number to learn for every symbol, and
their sum is the answer. One sees letters, and needs to learn that r counts 1 and any other letter 0.
The other sees tokens, and must be told of every single token how many r's are in it.
"""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.bpe import encode, train, vocabulary
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="strawberry",
    title="Strawberry: why a model of tokens spells badly",
    layer="data and tokens",
    terms=("spelling", "subword", "byte-level-model"),
    claim="From the same examples, a learner that sees letters counts them in new words without a mistake, "
    "while one that sees tokens often fails; a line of code never does.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="02:01:11",
            claim="Models see tokens, not characters: 'ubiquitous' is three tokens, so printing every third "
            "letter fails, and models long counted two r's in 'strawberry', where there are three.",
        ),
    ),
    cannot_show="A large model meets most tokens spelled out somewhere in its text and so knows many of "
    "their letters by heart; it fails on the rest, and on doing several such look-ups at once.",
    mechanism=Mechanism(
        keyword="merges",
        off=0,
        without="Merging: tokens are single letters, so both learners see the same.",
    ),
    knobs=(
        Knob(
            name="merges",
            low=0,
            high=1000,
            help="how many pairs the tokenizer has made one token; 0 leaves single letters",
        ),
        Knob(
            name="ridge",
            low=0.0001,
            high=100,
            help="how strongly a symbol is held to count 0 until words show otherwise",
        ),
    ),
    tries=(
        Try(
            set={"merges": 20},
            then=(
                "Merge 20 pairs instead of 400: the one that sees tokens is never wrong now. The r is "
                "still a token of its own in nearly all words."
            ),
            shows=lambda was, now: (
                min(now["tokens"]["accuracy"]) > 0.98 and was["tokens"]["accuracy"][1] < 0.7
            ),
        ),
        Try(
            set={"merges": 100},
            then=(
                'Merge 100 pairs: "strawberry" still hides two r\'s in one token, yet after 100 words '
                "nearly all other words are right. With fewer tokens to learn, each is met more often."
            ),
            shows=lambda was, now: (
                "rr" in now["pieces"]
                and now["tokens"]["accuracy"][1] > 0.9 > was["tokens"]["accuracy"][1] + 0.2
            ),
        ),
        Try(
            set={"ridge": 100},
            then=(
                "Hold all symbols firmly to 0, so that much evidence is needed: seeing letters, it doubts "
                "with few words but is right again with 400; seeing tokens, it never gets there."
            ),
            shows=lambda was, now: (
                now["letters"]["accuracy"][0] < 0.8
                and now["letters"]["accuracy"][-1] > 0.98
                and now["tokens"]["accuracy"][-1] < 0.6 < was["tokens"]["accuracy"][-1]
            ),
        ),
    ),
    seconds=0.6,
)

Cut = dict[tuple[int, int], int]  # the tokenizer's merges, in order

MERGES, RIDGE = 400, 1e-3
LESSONS = (50, 100, 200, 400)  # words whose answer is told
# the parts of made-up words
STARTS = "st str dr b br bl cr r gr l m fl t tr p sh w th"
MIDDLES = "a e i o u aw ea oo ou"
ENDS = "r rr rd n nd ck m ll t rt s sh b p"
LAST = "y er or le ow"


def make_words(chance: random.Random, count: int) -> list[str]:
    """Different made-up words that look English, such as "blorty" or "strawmer"."""
    words: dict[str, None] = {}
    while len(words) < count:
        parts = (STARTS, MIDDLES, ENDS) * chance.choice((1, 2)) + (LAST,)
        words["".join(chance.choice(part.split()) for part in parts)] = None
    return list(words)


def seen(words: list[str], cut: Cut) -> npt.NDArray[np.float64]:
    """How often each symbol occurs in each word: (words, symbols). Without merges, symbols are letters."""
    counts = np.zeros((len(words), 256 + len(cut)))
    for row, word in zip(counts, words, strict=True):
        np.add.at(row, encode(word.encode(), cut), 1)
    return counts


def learn(
    counts: npt.NDArray[np.float64], answers: npt.NDArray[np.int64], ridge: float = RIDGE
) -> npt.NDArray[np.float64]:
    """One number for every symbol, such that their sum comes close to the answer: (symbols,)."""
    symbols = counts.shape[1]
    pull = ridge * np.eye(symbols)  # without evidence, a symbol counts 0
    return np.linalg.solve(counts.T @ counts + pull, counts.T @ answers.astype(float))


def run(seed: int = 0, *, text: str = "strawberry", merges: int = MERGES, ridge: float = RIDGE) -> Numbers:
    """Tell both learners the answers for made-up words; then ask about new ones, and about ``text``."""
    words = make_words(random.Random(seed), 800)
    _, cut, _ = train(" ".join(words).encode(), merges)
    lessons, exam = words[:400], [*words[400:], text.lower()]
    told = np.array([word.count("r") for word in lessons])
    truth = np.array([word.count("r") for word in exam])  # a line of code: it sees the letters
    spelled, pieces = vocabulary(cut), encode(exam[-1].encode(), cut)
    numbers: Numbers = {
        "word": exam[-1],
        "count": int(truth[-1]),
        "pieces": [spelled[piece].decode("utf-8", "backslashreplace") for piece in pieces],
        "ids": pieces,
    }
    for name, merged in (("letters", {}), ("tokens", cut)):
        then, now = seen(lessons, merged), seen(exam, merged)
        guesses = [np.rint(now @ learn(then[:size], told[:size], ridge)).astype(int) for size in LESSONS]
        numbers[name] = {
            "accuracy": [float(np.mean((guess == truth)[:-1])) for guess in guesses],
            "answers": [int(guess[-1]) for guess in guesses],
        }
    return numbers


def check(numbers: Numbers) -> None:
    letters, tokens = numbers["letters"]["accuracy"], numbers["tokens"]["accuracy"]
    expect(min(letters) > 0.98, "whoever sees letters counts them in new words, from few examples")
    expect(letters[1] - tokens[1] > 0.2, "from the same 100 examples tokens do worse by 20 points")
    expect(tokens[-1] - tokens[0] > 0.2, "tokens are learned by heart, one by one, from many examples")
    expect(numbers["letters"]["answers"][-1] == numbers["count"], "letters give the word's true count")


def lines(numbers: Numbers) -> list[str]:
    letters, tokens = numbers["letters"], numbers["tokens"]
    rows = zip(LESSONS, letters["accuracy"], tokens["accuracy"], tokens["answers"], strict=True)
    return [
        f"{numbers['word']!r} is cut into the tokens {' | '.join(numbers['pieces'])}",
        f"All that the model gets to see: {' '.join(map(str, numbers['ids']))}",
        f"How many r's? No number says. Right answers for 400 new words, and for {numbers['word']!r}:",
        "words with answers    sees letters    sees tokens    tokens say",
        *(f"{size:>18}{right:>15.0%}{by_heart:>15.0%}{answer:>14}" for size, right, by_heart, answer in rows),
        f"Seeing letters, one rule does for all words: r counts 1. The word has {numbers['count']}.",
        "Seeing tokens, every token's letters are learned by heart, or not at all.",
        f"A line of code is never wrong: {numbers['word']!r}.count('r') = {numbers['count']}",
    ]


def plot(numbers: Numbers) -> str:
    wrong = {name: [1 - share for share in numbers[name]["accuracy"]] for name in ("letters", "tokens")}
    series = {f"sees {name}": [*zip(map(float, LESSONS), wrong[name], strict=True)] for name in wrong}
    return svg.lines(
        "Counting r's in new words", series, x="words whose answer was told", y="share of mistakes"
    )
