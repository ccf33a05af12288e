"""Text diffusion: a sentence out of blanks, several words at once, and what that costs.

The model sees a sentence with blanks and says of every blank how likely each word is there. Fill one
blank, look again, fill the next: as many looks as words, like a model that writes from left to right.
Or fill many blanks after one look: faster, but words that are drawn at the same moment cannot heed each
other, and "a" meets "dogs".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="text_diffusion",
    title="Text diffusion: many words at once",
    layer="inference",
    terms=("text-diffusion-model", "denoising"),
    claim="Filled all at once, blanks become sentences with mistakes; the more rounds, the fewer, and with "
    "one word a round they are as good as those written from left to right, for as many looks.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 87 % in",
            claim="More rounds give better text; to be as good as an autoregressive model it ends up "
            "spending as much computing.",
        ),
    ),
    cannot_show="Only neighbours depend on each other here, and the model knows exactly how. In real text "
    "anything may, and which words can safely be filled at once has to be guessed.",
    mechanism=Mechanism(
        keyword="apart",
        off=False,
        without="Drawing apart: words filled in the same round are drawn one after the other, each with "
        "its own look, so that one round is as good as eleven.",
    ),
    knobs=(
        Knob(name="clauses", low=1, high=3, help="clauses in a sentence, of five words each"),
        Knob(name="surest", low=0, high=1, help="1 fills the blanks first of which the model is surest"),
    ),
    tries=(
        Try(
            set={"surest": 1},
            then="Fill the blanks first of which the model is surest: four rounds now do without a mistake "
            "what took eleven. Not how many at once matters, but which.",
            shows=lambda as_it_is, turned: turned["right"]["4"] > 0.99 and as_it_is["right"]["4"] < 0.8,
        ),
        Try(
            set={"clauses": 3, "surest": 1},
            then="Longer sentences, 17 words, surest blanks first: six rounds are still enough, where "
            "writing from left to right now takes 17 looks. So it can pay.",
            shows=lambda as_it_is, turned: (
                turned["length"] == 17 and turned["right"]["6"] > 0.99 and as_it_is["right"]["6"] < 0.95
            ),
        ),
        Try(
            set={"clauses": 1},
            then="Sentences of five words: an eighth of them are right although all five were drawn at once, "
            "since just three pairs must agree.",
            shows=lambda as_it_is, turned: (
                0.06 < turned["right"]["1"] < 0.19 and turned["right"]["1"] > 2 * as_it_is["right"]["1"]
            ),
        ),
    ),
    equation=r"\prod_i P(w_i \mid \text{seen}) \ne P(w_1, \dots, w_n \mid \text{seen})",
    letters="w: the words of the blanks; seen: the words that are there already.",
    seconds=0.4,
)

ONE, TWO = ("a", "the"), ("two", "both")
NOUNS = "cat dog bird horse fox cow".split()
VERBS = "see hear like chase find know".split()
WORDS = (*ONE, *TWO, *NOUNS, *(f"{n}s" for n in NOUNS[:4]), "foxes", "cows")
WORDS = (*WORDS, *VERBS, *(f"{v}s" for v in VERBS), "while")
INDEX = {word: i for i, word in enumerate(WORDS)}
MANY = np.array([word in (*TWO, *VERBS, "foxes") or word[:-1] in NOUNS for word in WORDS])
READ, WRITTEN = 2000, 300  # sentences

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
BLANK = -1


def clause(chance: np.random.Generator) -> list[str]:
    """As "a cat sees two dogs": each noun agrees with the word before it, the verb with its noun."""
    drawn: list[str] = []
    for many in chance.integers(2, size=2):
        noun = int(chance.integers(len(NOUNS)))
        drawn += [str(chance.choice(TWO if many else ONE)), WORDS[len(ONE + TWO) + 6 * int(many) + noun]]
        if len(drawn) == 2:
            drawn.append(str(chance.choice(VERBS)) + ("" if many else "s"))
    return drawn


def sentences(count: int, clauses: int, chance: np.random.Generator) -> Ints:
    """(count, words): clauses with "while" between them."""
    written = [" while ".join(" ".join(clause(chance)) for _ in range(clauses)).split() for _ in range(count)]
    return np.array([[INDEX[word] for word in one] for one in written])


def train(read: Ints) -> Array:
    """How often each word follows each word at each place: (places, words, words), as shares."""
    counts = np.full((read.shape[1], len(WORDS), len(WORDS)), 1e-6)
    for place in range(read.shape[1]):
        before = read[:, place - 1] if place else np.zeros(len(read), int)
        np.add.at(counts[place], (before, read[:, place]), 1.0)
    return np.asarray(counts / counts.sum(-1, keepdims=True))


def look(follows: Array, seen: Ints) -> Array:
    """P(word at each place | all that is seen, left and right): (sentences, places, words)."""
    allowed = np.where(seen[:, :, None] == BLANK, 1.0, np.eye(len(WORDS))[seen])
    left, right = np.zeros_like(allowed), np.ones_like(allowed)
    for place in range(seen.shape[1]):
        passed = left[:, place - 1] @ follows[place] if place else follows[0, 0]
        left[:, place] = passed * allowed[:, place]
        left[:, place] /= left[:, place].sum(-1, keepdims=True)
    for place in range(seen.shape[1] - 2, -1, -1):
        right[:, place] = (right[:, place + 1] * allowed[:, place + 1]) @ follows[place + 1].T
        right[:, place] /= right[:, place].sum(-1, keepdims=True)
    both = left * right
    return np.asarray(both / both.sum(-1, keepdims=True))


def draw(chances: Array, luck: Array) -> Ints:
    """One word from each row of chances: (..., words) to (...,)."""
    reached = chances.cumsum(-1).round(9) > luck[..., None] * (1 - 1e-6)
    return np.asarray(reached.argmax(-1))


def denoise(follows: Array, rounds: int, chance: np.random.Generator, first: str, *, apart: bool) -> Ints:
    """Fill all blanks in so many rounds, ``first`` those on the left, the surest, or any."""
    length, rows = len(follows), np.arange(WRITTEN)[:, None]
    seen = np.full((WRITTEN, length), BLANK)
    luck = np.tile(-np.arange(length), (WRITTEN, 1)) if first == "left" else chance.random(seen.shape)
    for places in np.array_split(np.arange(length), rounds):
        wish = look(follows, seen).max(-1).round(6) if first == "surest" else luck
        order = np.argsort(-np.where(seen == BLANK, wish, -np.inf), axis=1, kind="stable")
        now = order[:, : len(places)]
        for some in [now] if apart else np.split(now, now.shape[1], axis=1):
            chances = look(follows, seen)[rows, some]  # (sentences, blanks, words)
            seen[rows, some] = draw(chances, chance.random(some.shape))
    return seen


def correct(written: Ints) -> Array:
    """Whether everything agrees that must: one or several, from the word before: (sentences,)."""
    many, starts = MANY[written], np.arange(0, written.shape[1], 6)
    pairs = [(starts, starts + 1), (starts + 1, starts + 2), (starts + 3, starts + 4)]
    return np.asarray(np.all([(many[:, a] == many[:, b]).all(1) for a, b in pairs], axis=0))


def run(seed: int = 0, *, clauses: int = 2, surest: int = 0, apart: bool = True) -> Numbers:
    """Learn from sentences, then write some in 1, 2, 4, … rounds, and from left to right."""
    chance = np.random.default_rng(seed)
    follows = train(sentences(READ, clauses, chance))
    length, right, samples = len(follows), {}, {}
    for rounds in [n for n in (1, 2, 4, 6) if n < length] + [length]:
        written = denoise(follows, rounds, chance, "surest" if surest else "any", apart=apart)
        right[str(rounds)] = float(correct(written).mean())
        samples[str(rounds)] = " ".join(WORDS[i] for i in written[0])
    written = denoise(follows, length, chance, "left", apart=True)
    return {
        "length": length,
        "right": right,
        "samples": samples,
        "in_turn": float(correct(written).mean()),
        "in_turn_sample": " ".join(WORDS[i] for i in written[0]),
    }


def check(numbers: Numbers) -> None:
    right = numbers["right"]
    one, *between, all_rounds = right.values()
    expect(one < 0.1, "filled all at once, few sentences are right")
    expect(one < between[1] - 0.1 and between[1] < all_rounds - 0.1, "with four rounds more are, not all")
    expect(all_rounds > 0.99, "with a round for every word they are")
    expect(numbers["in_turn"] > 0.99, "as those written from left to right are")


def lines(numbers: Numbers) -> list[str]:
    def row(rounds: str, share: float, sample: str) -> str:
        return f"{rounds:>13}{share:>9.0%}   {sample[:70]}"

    return [
        f"Sentences of {numbers['length']} words, out of blanks. Each round is one look at the sentence, in",
        "which every word that is filled is drawn for itself:",
        f"{'rounds':>13}{'right':>9}   the first",
        *(row(rounds, share, numbers["samples"][rounds]) for rounds, share in numbers["right"].items()),
        row("left to right", numbers["in_turn"], numbers["in_turn_sample"]),
        "What is filled in the same round cannot agree with itself. One word a round: no mistake, and",
        f"{numbers['length']} looks at the sentence, as many as writing from left to right takes.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(float(rounds), 100 * share) for rounds, share in numbers["right"].items()]
    series = {
        "from blanks": points,
        "left to right": [(x, 100 * numbers["in_turn"]) for x, _ in points],
    }
    return svg.lines("Sentences without a mistake", series, x="rounds", y="%")
