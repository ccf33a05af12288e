"""Sampling: the model gives chances, and a biased coin picks the next word.

A model never says what comes next; it says how likely each word is. A coin with as many sides as
there are words, weighted by these chances, decides. The word is appended, the model is asked again,
and so on. One prompt therefore has many continuations, made of steps that the training text has, in
sentences that it does not have.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from itertools import pairwise

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="sampling",
    title="Sampling: a biased coin picks the next word",
    layer="inference",
    terms=("sampling",),
    claim="Sampled words come as often as the model's chances say, and most sentences made of them are new.",
    equation=r"p_i' = \frac{p_i^{1/T}}{\sum_j p_j^{1/T}}",
    letters="p: the model's chance of a word; T: temperature.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:26:01",
            claim="Each next token is drawn with a biased coin; after the same four tokens it may be 13659 "
            "where the training text has 3962, so output is a remix of the training data, not a copy.",
        ),
    ),
    cannot_show="A real model looks at thousands of words before it gives chances, not at one, so its "
    "remixes make sense for longer.",
    mechanism=Mechanism(
        keyword="coin",
        off=False,
        without="Chance: the coin always shows the likeliest word.",
    ),
    knobs=(
        Knob(
            name="temperature",
            low=0.05,
            high=5,
            help="near 0 the likeliest word takes all, at 1 chances are the model's, above they even out",
        ),
        Knob(name="sentences", low=1, high=3000, help="made-up sentences that the model has counted"),
    ),
    tries=(
        Try(
            set={"temperature": 0.05},
            then=(
                "Cool it down to 0.05: it says nearly the same each time, and yet what it says is mostly "
                "no sentence of the training text. The likeliest words need never have stood together."
            ),
            shows=lambda was, now: (
                now["new"] > 0.8 and len(set(now["continued"])) < len(set(was["continued"]))
            ),
        ),
        Try(
            set={"temperature": 5},
            then=(
                "Heat it up to 5: rare words come nearly as often as common ones, and still every step is "
                "in the training text. Heat changes how often, not what."
            ),
            shows=lambda was, now: (
                min(now["chances"].values()) > 0.7 * max(now["chances"].values())
                and now["steps_known"]
                and min(was["chances"].values()) < 0.5 * max(was["chances"].values())
            ),
        ),
        Try(
            set={"sentences": 3000},
            then=(
                "Let it read 3,000 sentences instead of 60: now most of what it writes is in the training "
                "text. It has not become a copier; nearly all that can be said has been said."
            ),
            shows=lambda was, now: now["new"] < 0.4 < was["new"] - 0.4,
        ),
    ),
    seconds=0.1,
)

Chances = dict[str, float]
Model = Mapping[str, Mapping[str, float]]  # how often each word follows each other word
END, TOSSES = ".", 10_000
SLOTS = (
    ("she", "he", "we", "they"),
    ("saw", "found", "lost", "painted"),
    ("a",),
    ("small", "green", "quiet", "broken"),
    ("house", "boat", "clock", "bridge"),
    ("near", "in", "behind"),
    ("Oslo", "Lima", "Quito", "Turin"),
)


def flip(chances: Chances, coin: float) -> str:
    """The word whose stretch holds ``coin``, when the chances lie end to end from 0 to 1."""
    end = 0.0
    for word, chance in chances.items():
        end += chance
        if coin < end:
            return word
    return word  # the chances add up to a hair less than 1


def learn(sentences: list[list[str]]) -> dict[str, Counter[str]]:
    """How often each word follows each other word: a model that looks one word back."""
    follows = defaultdict[str, Counter[str]](Counter)
    for sentence in sentences:
        for word, following in pairwise([*sentence, END]):
            follows[word][following] += 1
    return dict(follows)


def predict(model: Model, word: str) -> Chances:
    """The chance of every word that may follow ``word``, the likeliest first."""
    return _chances(model[word])


def _chances(counts: Mapping[str, float]) -> Chances:
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return {word: count / sum(counts.values()) for word, count in ranked}


def heated(counts: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Near 0 the likeliest word takes all; at 1 chances are as counted; above, they even out."""
    return {word: count ** (1 / temperature) for word, count in counts.items()}


def write(model: Model, opening: Chances, toss: Callable[[], float]) -> list[str]:
    """One sentence, word by word: predict, toss the coin, append, and again."""
    words = [flip(opening, toss())]
    while len(words) < 30:
        word = flip(predict(model, words[-1]), toss())
        if word == END:
            break
        words.append(word)
    return words


def run(
    seed: int = 0,
    *,
    text: str | None = None,
    coin: bool = True,
    temperature: float = 1.0,
    sentences: int = 60,
) -> Numbers:
    """Sample from a model of 60 made-up sentences, or of the sentences in ``text``."""
    chance = random.Random(seed)
    read = _made_up(chance, sentences) if text is None else _read(text)
    toss = chance.random if coin else lambda: 0.0
    learned = learn(read)
    watched = max(learned, key=lambda word: (len(learned[word]), learned[word].total()))
    model = {word: heated(counts, temperature) for word, counts in learned.items()}
    opening = _chances(heated(Counter(words[0] for words in read), temperature))
    chances = predict(model, watched)
    tossed = Counter(flip(chances, toss()) for _ in range(TOSSES))
    prompt = next(iter(opening))
    written = [write(model, opening, toss) for _ in range(1000)]
    steps = {step for words in read for step in pairwise(words)}
    return {
        "sentences": len(read),
        "watched": watched,
        "chances": chances,
        "tossed": {word: tossed[word] / TOSSES for word in chances},
        "continued": [" ".join(write(model, {prompt: 1.0}, toss)) for _ in range(4)],
        "no_coin": " ".join(write(model, {prompt: 1.0}, lambda: 0.0)),
        "new": sum(words not in read for words in written) / len(written),
        "steps_known": all(step in steps for words in written for step in pairwise(words)),
    }


def _made_up(chance: random.Random, count: int) -> list[list[str]]:
    """So many sentences; in every slot the first word is the commonest, the last one the rarest."""
    return [[chance.choices(slot, range(len(slot), 0, -1))[0] for slot in SLOTS] for _ in range(count)]


def _read(text: str) -> list[list[str]]:
    """The sentences of a text; a Chinese character counts as a word."""
    parts = re.split(r"[.!?。！？\n]+", text)
    sentences = [words for part in parts if (words := re.findall(r"[一-鿿]|[^\W一-鿿]+", part))]
    if not sentences:
        raise ValueError("there are no words in the text")
    return sentences


def check(numbers: Numbers) -> None:
    chances, tossed = numbers["chances"], numbers["tossed"]
    apart = sum(abs(chances[word] - tossed[word]) for word in chances) / 2
    expect(apart < 0.03, "words come as often as their chances say")
    expect(len(set(numbers["continued"])) > 1, "one prompt has several continuations")
    expect(numbers["new"] > 0.75, "most sentences are in no training text")
    expect(numbers["steps_known"], "every step from word to word is in the training text")


def lines(numbers: Numbers) -> list[str]:
    chances, tossed = numbers["chances"], numbers["tossed"]
    return [
        f"A model has counted, in {numbers['sentences']} sentences, which word follows which.",
        f"After {numbers['watched']!r} it gives chances; {TOSSES:,} tosses of a coin with such sides give:",
        *(f"  {word:<10} chance {chances[word]:.2f}   came up {tossed[word]:.2f}" for word in [*chances][:5]),
        f"The prompt {numbers['continued'][0].split()[0]!r}, continued four times:",
        *(f"  {sentence[:90]}" for sentence in numbers["continued"]),
        f"Without the coin, the likeliest word each time: {numbers['no_coin'][:45]}",
        f"Of 1,000 sentences {numbers['new']:.0%} are not in the training text, though every step from",
        "word to word is: a remix, not a copy.",
    ]


def plot(numbers: Numbers) -> str:
    return svg.bars(
        f"The word after {numbers['watched']!r}",
        {w: 100 * s for w, s in numbers["tossed"].items()},
        unit=" %",
    )
