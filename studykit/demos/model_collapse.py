"""Model collapse: a model trained on what a model wrote forgets the rare, generation after generation.

Count words in a text, write a text of the same length by those counts, count again. A word that happens not
to be written is gone: no later generation can bring it back. So the rare words go first, then the less
rare. Text that people have had a hand in brings in new words each time, and a part of it is enough.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="model_collapse",
    title="Model collapse: learning from one's own texts",
    layer="data and tokens",
    terms=("model-collapse", "synthetic-data"),
    claim="Trained only on its own texts, a model loses most of its words in twenty generations, the rare "
    "ones first; with a share of human text in each generation it keeps far more.",
    equation=r"P(\text{a word of share } p \text{ is lost}) = (1 - p)^N",
    letters="p: the word's share of the text; N: words that a generation writes.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 47 % in",
            claim="Raw text of language models differs from such text with a person in the loop; the work "
            "that counts is choosing and correcting.",
        ),
    ),
    cannot_show="People also choose among texts and correct them, which can make them better than either "
    "alone; here they only contribute words.",
    mechanism=Mechanism(
        keyword="handed_down",
        off=False,
        without="Handing down: every generation is trained on human text, none on what the one before it "
        "wrote.",
    ),
    knobs=(
        Knob(name="length", low=1000, high=500000, help="words that each generation reads"),
        Knob(
            name="people", low=0.001, high=0.49, help="share of each text that people write in the second row"
        ),
    ),
    tries=(
        Try(
            set={"length": 1000},
            then=(
                "Let each generation read 1,000 words instead of 10,000: now even the commonest words die "
                "out, about half of them."
            ),
            shows=lambda was, now: (
                now["kept"]["own texts"][0][1] < 0.6 * now["kept"]["own texts"][0][0]
                and was["kept"]["own texts"][0][1] > 0.9 * was["kept"]["own texts"][0][0]
            ),
        ),
        Try(
            set={"length": 500000},
            then=(
                "Let each generation read 500,000 words: after twenty generations hardly a word is "
                "missing. A word dies when it is so rare that one generation happens not to write it."
            ),
            shows=lambda was, now: (
                now["words"]["own texts"][-1] > 0.95 * now["words"]["own texts"][0]
                and was["words"]["own texts"][-1] < 0.5 * was["words"]["own texts"][0]
            ),
        ),
        Try(
            set={"people": 0.01},
            then=(
                "Let people write 1 % instead of 10 %: the second row then falls nearly as far as the "
                "first. How much human text it takes depends on how rare the words are."
            ),
            shows=lambda was, now: (
                list(now["words"].values())[1][-1] < 0.4 * list(now["words"].values())[1][0]
                and list(was["words"].values())[1][-1] > 0.6 * list(was["words"].values())[1][0]
            ),
        ),
    ),
    seconds=0.1,
)

Counts = npt.NDArray[np.int64]

WORDS, LENGTH, GENERATIONS = 2000, 10_000, 20
GROUPS = (slice(0, 50), slice(1000, None))  # the 50 most frequent words, the rarer half of all


def human(chance: np.random.Generator, length: int) -> Counts:
    """How often each word comes in a text by people, (words,): word number n about 1/n of the time."""
    shares = 1 / np.arange(1, WORDS + 1)
    return np.asarray(chance.multinomial(length, shares / shares.sum()))


def train(text: Counts) -> npt.NDArray[np.float64]:
    """The model: the share of each word in its training text, (words,)."""
    return np.asarray(text / text.sum())


def write(model: npt.NDArray[np.float64], chance: np.random.Generator, length: int) -> Counts:
    """A text by the model, again as counts: (words,)."""
    return np.asarray(chance.multinomial(length, model))


def generations(chance: np.random.Generator, human_share: float, length: int = LENGTH) -> list[Counts]:
    """The training texts of each generation; all but the first mostly written by the one before."""
    texts = [human(chance, length)]
    people = round(human_share * length)
    for _ in range(GENERATIONS):
        written = write(train(texts[-1]), chance, length - people)
        texts.append(written + human(chance, people))
    return texts


def run(seed: int = 0, *, handed_down: bool = True, length: int = LENGTH, people: float = 0.1) -> Numbers:
    """Twenty generations on own texts alone, and with a tenth or half written by people."""
    chance = np.random.default_rng(seed)
    words, kept = {}, {}
    for share in (0.0, people, 0.5):
        name = f"{100 * share:g} % by people" if share else "own texts"
        texts = generations(chance, share if handed_down else 1.0, length)
        words[name] = [int((text > 0).sum()) for text in texts]
        kept[name] = [[int((text[some] > 0).sum()) for text in (texts[0], texts[-1])] for some in GROUPS]
    return {"words": words, "kept": kept, "length": length, "people": people}


def check(numbers: Numbers) -> None:
    own, tenth, half = numbers["words"].values()
    expect(own[-1] < 0.4 * own[0], "on its own texts alone the model loses most of its words")
    expect(all(b <= a for a, b in pairwise(own)), "a word that is gone never comes back")
    (common, still), (rare, left) = numbers["kept"]["own texts"]
    expect(still > 0.75 * common and left < 0.25 * rare, "the rare ones first")
    expect(tenth[-1] > 1.5 * own[-1], "a tenth by people saves many")
    expect(half[-1] > 0.75 * half[0], "half by people saves nearly all")


def lines(numbers: Numbers) -> list[str]:
    words, ((common, still), (rare, left)) = numbers["words"], numbers["kept"]["own texts"]
    shown = (0, 1, 2, 5, 10, 20)
    length, share = numbers["length"], "a tenth" if numbers["people"] == 0.1 else f"{numbers['people']:.1%}"
    return [
        f"People write a text of {length:,} words. A model learns how often each word comes, and writes",
        "a text as long; the next model learns from that text; and so on.",
        "How many different words each generation reads:",
        f"{'generation':<18}" + "".join(f"{g:>8}" for g in shown),
        *(f"{name:<18}" + "".join(f"{found[g]:>8,}" for g in shown) for name, found in words.items()),
        f"On its own texts, {still} of the {common} commonest words are left, of {rare} rare ones {left}:",
        "what one generation happens not to write does not exist for the next.",
        f"It is not machine text that does the harm, but nothing else: {share} by people stops the decline.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(g), float(n)) for g, n in enumerate(found)] for name, found in numbers["words"].items()
    }
    return svg.lines("Model collapse", series, x="generation", y="different words")
