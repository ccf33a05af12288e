"""Temperature and top-p: how to keep a model from drawing nonsense, and what each way costs.

A model gives every word a chance, also those that make no sense: each a tiny one, but there are
many, and in a long text some of them come up. Lower the temperature, and they hardly do, but the
text gets dull as well. Cut after a number of words (top-k), and it is too many at one place and too
few at the next. Top-p cuts where the chances add up to p: far down when much is possible, high up
when the next word is nearly certain.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import partial
from typing import Any

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Try, expect

DEMO = Demo(
    name="nucleus",
    title="Temperature, top-k, top-p: what each cuts off",
    layer="inference",
    terms=("top-p-sampling", "temperature", "min-p-sampling"),
    claim="Top-p takes away most of the nonsense that comes up in sampling; a lower temperature that leaves "
    "the text as varied leaves far more of it, and no top-k suits both open and settled places.",
    said=(),
    cannot_show="Here sense and nonsense are known word by word. In a real text a rare word may be the best "
    "one, and top-p cuts it as well.",
    mechanism=Mechanism(
        keyword="cut",
        off=False,
        without="Cutting: all words stay in the draw, whatever their chances add up to.",
    ),
    knobs=(
        Knob(name="p", low=0.05, high=1, help="top-p keeps the likeliest words up to this sum of chances"),
        Knob(name="temperature", low=0.2, high=3, help="used before top-p cuts"),
    ),
    tries=(
        Try(
            set={"temperature": 2},
            then="Heat the model to 2 before top-p cuts: half of all words are nonsense, top-p or not. Heat "
            "lifts what is unlikely, until it belongs to the p.",
            shows=lambda before, after: (
                after["ways"]["top-p"]["nonsense"] > 0.4 and before["ways"]["top-p"]["nonsense"] < 0.02
            ),
        ),
        Try(
            set={"p": 0.99},
            then="Leave 99 % of the chances instead of 90 %: that sounds as good, but most of the nonsense "
            "is back, since nearly all of it sits in the last few percent.",
            shows=lambda before, after: (
                after["ways"]["top-p"]["nonsense"] > 0.6 * before["ways"]["as learned"]["nonsense"]
            ),
        ),
        Try(
            set={"p": 0.5},
            then="Cut at half of the chances: no nonsense that 0.9 would have left, but where there are many "
            "ways on, a quarter of the choices.",
            shows=lambda before, after: (
                after["ways"]["top-p"]["varied"][OPEN] < 0.3 * before["ways"]["top-p"]["varied"][OPEN]
            ),
        ),
    ),
    equation=r"p_i = \frac{e^{s_i / T}}{\sum_j e^{s_j / T}}, \quad "
    r"\text{kept: the fewest words with } \sum p_i \ge p",
    letters="s: scores of the words; T: temperature; p: chances, and the share to keep.",
    seconds=0.2,
)

WORDS, SMOOTHING, READ, ERROR = 1000, 0.05, 1000, 0.7
PLACES = {"nearly settled": 2, "a few ways on": 15, "many ways on": 150}  # words that make sense there
OPEN = "many ways on"
FEW_MANY = (15, 150)

EACH = 6  # places of each kind

Chances = list[float]
Place = tuple[str, list[float]]  # its kind, and the scores of all words


def softmax(scores: list[float], temperature: float) -> Chances:
    """Scores divided by the temperature, then as chances."""
    best = max(scores)
    powers = [math.exp((score - best) / temperature) for score in scores]
    total = math.fsum(powers)
    return [power / total for power in powers]


def top_p(chances: Chances, p: float) -> Chances:
    """Only the likeliest words, as many as it takes to reach ``p``."""
    kept, total = [0.0] * len(chances), 0.0
    for word in sorted(range(len(chances)), key=lambda word: -chances[word]):
        kept[word] = chances[word]
        total += chances[word]
        if total >= p:
            break
    return [chance / total for chance in kept]


def most_likely(k: int, scores: list[float]) -> Chances:
    """Top-k: only the ``k`` likeliest words."""
    chances = softmax(scores, 1.0)
    least = sorted(chances)[-k]
    kept = [chance if chance >= least else 0.0 for chance in chances]
    total = math.fsum(kept)
    return [chance / total for chance in kept]


def learn(sense: int, chance: random.Random) -> list[float]:
    """Scores of all words after ``READ`` examples; as in any softmax, no chance is quite zero."""
    counts = [SMOOTHING] * WORDS
    for word in chance.choices(range(sense), [1 / (1 + i / 3) for i in range(sense)], k=READ):
        counts[word] += 1
    return [math.log(count) + chance.gauss(0, ERROR) for count in counts]


def varied(chances: Chances, sense: int) -> float:
    """As varied as a choice between so many equally likely words; nonsense does not count."""
    total = math.fsum(chances[:sense])
    return math.exp(-math.fsum(c / total * math.log(c / total) for c in chances[:sense] if c))


def measure(places: list[Place], way: Callable[[list[float]], Chances]) -> dict[str, Any]:
    """Nonsense among all that is drawn, and how varied the rest is, by kind of place."""
    found = [(kind, way(scores)) for kind, scores in places]
    return {
        "nonsense": sum(math.fsum(chances[PLACES[kind] :]) for kind, chances in found) / len(found),
        "varied": {
            kind: sum(varied(chances, sense) for one, chances in found if one == kind) / EACH
            for kind, sense in PLACES.items()
        },
    }


def as_varied(places: list[Place], wanted: float) -> float:
    """The temperature at which a place with many ways on is as varied as ``wanted``."""
    low, high = 0.05, 3.0
    for _ in range(15):
        middle = (low + high) / 2
        found = [varied(softmax(scores, middle), PLACES[kind]) for kind, scores in places if kind == OPEN]
        low, high = (middle, high) if sum(found) / EACH < wanted else (low, middle)
    return low


def run(seed: int = 0, *, p: float = 0.9, temperature: float = 1.0, cut: bool = True) -> Numbers:
    """Places in a text, and the chances there before and after each way of cutting."""
    chance = random.Random(seed)
    places = [(kind, learn(sense, chance)) for kind, sense in PLACES.items() for _ in range(EACH)]

    def nucleus(scores: list[float]) -> Chances:
        chances = softmax(scores, temperature)
        return top_p(chances, p) if cut else chances

    ways = {
        "as learned": measure(places, lambda scores: softmax(scores, 1.0)),
        "top-p": measure(places, nucleus),
    }
    cool = as_varied(places, ways["top-p"]["varied"][OPEN])
    ways["cooler"] = measure(places, lambda scores: softmax(scores, cool))
    for k in FEW_MANY:
        ways[f"top-k {k}"] = measure(places, partial(most_likely, k))
    return {"ways": ways, "p": p, "temperature": temperature, "cool": cool}


def check(numbers: Numbers) -> None:
    ways, (few, many) = numbers["ways"], FEW_MANY
    plain, nucleus, cooler = (ways[way] for way in ("as learned", "top-p", "cooler"))
    expect(plain["nonsense"] > 0.02, "left alone, more than 2 words in 100 are nonsense")
    expect(nucleus["nonsense"] < 0.15 * plain["nonsense"], "top-p takes away most of them")
    expect(nucleus["varied"][OPEN] > 0.7 * plain["varied"][OPEN], "and keeps most of the variety")
    expect(cooler["nonsense"] > 0.3 * plain["nonsense"], "a temperature as varied leaves a third of them")
    expect(ways[f"top-k {few}"]["varied"][OPEN] < 0.5 * nucleus["varied"][OPEN], "a small k is far duller")
    expect(ways[f"top-k {many}"]["nonsense"] > 2 * nucleus["nonsense"], "a large k lets nonsense through")


def lines(numbers: Numbers) -> list[str]:
    names = {
        "as learned": "all words, as learned",
        "top-p": f"top-p {numbers['p']:g}",
        "cooler": f"temperature {numbers['cool']:.2f}",
    }
    if numbers["temperature"] != 1:
        names["top-p"] += f", temperature {numbers['temperature']:g}"
    return [
        f"A model has learned {len(PLACES) * EACH} places of a text, each from {READ:,} examples. Of its "
        f"{WORDS:,} words,",
        "2, 15 or 150 make sense there; all others have a small chance too, as softmax gives no zero.",
        "                            nonsense     as varied as so many equal choices, where there are",
        "                            in 100 words  " + "".join(f"{kind:>17}" for kind in PLACES),
        *(
            f"{names.get(name, name):<27}{100 * way['nonsense']:>10.1f}   "
            + "".join(f"{choices:>17.1f}" for choices in way["varied"].values())
            for name, way in numbers["ways"].items()
        ),
        "The temperature is the one that leaves as many choices as top-p, where there are many ways on.",
        "Top-k 15 cuts off nine tenths of what makes sense there; top-k 150 lets 148 words of nonsense",
        "through where 2 words make sense. Top-p cuts where the chances add up, so it suits both.",
    ]


def plot(numbers: Numbers) -> str:
    nonsense = {name: 100 * way["nonsense"] for name, way in numbers["ways"].items()}
    return svg.bars("Words of nonsense in 100", nonsense)
